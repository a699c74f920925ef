package cluster

// Annotations on a pod that steer the kubelet that kwok plays.
const (
	// ReadyAnnotation set to "false" fails the readiness probe of a running pod, now or from the start; set to "true",
	// or taken away, it lets the pod become ready.
	ReadyAnnotation = "greenlight.test/ready"

	// ReadyAfterAnnotation holds a running pod not ready for a duration such as "3s". The wait begins anew when the pod
	// is changed, and ReadyAnnotation "true" ends it.
	ReadyAfterAnnotation = "greenlight.test/ready-after"

	// WaitingAnnotation keeps the containers of a new pod waiting for the reason given, such as "ImagePullBackOff", and
	// its phase Pending, until the annotation is taken away.
	WaitingAnnotation = "greenlight.test/waiting"

	// EndsAfterAnnotation keeps a deleted pod terminating for a duration such as "3s"; without it the pod ends at once.
	EndsAfterAnnotation = "greenlight.test/ends-after"
)
