package manifest

import (
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"greenlight.dev/greenlight/state"
)

// Autoscaler1 is the kind of autoscalers in a version that Kubernetes still has, and that rules do not read:
// the API server converts it.
var Autoscaler1 = autoscalingv1.SchemeGroupVersion.WithKind("HorizontalPodAutoscaler")

// converted returns the object in the version that rules read, with what they read of it.
func converted(object state.Object) state.Object {
	old, ok := object.(*autoscalingv1.HorizontalPodAutoscaler)
	if !ok {
		return object
	}
	autoscaler := &autoscalingv2.HorizontalPodAutoscaler{
		ObjectMeta: old.ObjectMeta,
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscalingv2.CrossVersionObjectReference(old.Spec.ScaleTargetRef),
			MinReplicas:    old.Spec.MinReplicas,
			MaxReplicas:    old.Spec.MaxReplicas,
		},
	}
	autoscaler.SetGroupVersionKind(state.HorizontalPodAutoscaler)
	return autoscaler
}
