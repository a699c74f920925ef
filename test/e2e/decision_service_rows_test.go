package e2e

import (
	"context"

	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/rest"

	"greenlight.dev/greenlight/test/fixture"
)

var capacityRows = []row{
	{
		name: "half of the capacity is warned of", to: to("small"),
		warned: "selector version blue → small: 2 pods serve now, 1 would serve after the change (50%). Scale the new target to 2 replicas first.",
	},
	{
		name: "less than half of the capacity is denied", from: selecting("pair", "yes"), to: selecting("version", "small"),
		denied: "selector pair yes → (none), version (none) → small: 4 pods serve now, 1 would serve after the change (25%; the policy asks for 50%). Scale the new target to 4 replicas first.",
	},
	{
		name: "an autoscaler at its minimum is named", from: selecting("pair", "yes"), to: selecting("version", "minimal"),
		denied: "selector pair yes → (none), version (none) → minimal: 4 pods serve now, 1 would serve after the change (25%; the policy asks for 50%). " +
			"Raise minReplicas of HorizontalPodAutoscaler minimal first, until 4 pods serve: a scale by hand would be undone.",
	},
}

var selectorRows = []row{
	{
		name: "a selector that is removed is denied", to: selecting(),
		denied: "selector app hello → (none), version blue → (none): without a selector nothing keeps the Service's endpoints up to date. Point the selector at pods that are ready.",
	},
	{
		name: "a selector that selects nothing is denied", to: to("nothing"),
		denied: "selector version blue → nothing: the new selector selects no pod. Point the selector at pods that are ready.",
	},
	{name: "a selector that is widened within its app is allowed", to: selecting("app", "hello", "pair", "yes")},
	{
		name: "a selector that is widened beyond its app is warned of", to: selecting("pair", "yes"),
		warned: "selector app hello → (none), pair (none) → yes, version blue → (none): the selector does not ask for app hello any more; " +
			"of the pods that serve then, 2 of 4 are new (50%). Make sure that the new pods are of the same app.",
	},
	{
		name: "a selector that is widened to another port is warned of", to: selecting("app", "hello", "ports", "yes"),
		warned: `selector ports (none) → yes, version blue → (none): port "http" is 9090 on other-port-1-a and 8080 on the pods that serve now; ` +
			"of the pods that serve then, 2 of 4 are new (50%). Make sure that the new pods are of the same app.",
	},
	{
		name: "a selector that is narrowed to half is warned of", from: selecting("pair", "yes"), to: selecting("pair", "yes", "version", "blue"),
		warned: "selector version (none) → blue: 4 pods serve now, 2 would serve after the change (50%). Scale the new target to 4 replicas first.",
	},
	{
		name: "a selector that is narrowed to nothing is denied", from: selecting("pair", "yes"), to: selecting("pair", "yes", "version", "slow"),
		denied: "selector version (none) → slow: the new selector selects no pod. Point the selector at pods that are ready.",
	},
	{
		name: "a Service that nothing serves is warned of", from: to("slow"), to: to("aloof"),
		warned: "selector version slow → aloof: no pod serves this Service now, so nothing can be lost. Make sure that the new target serves.",
	},
}

var portRows = []row{
	{
		name: "a named targetPort that the new pods lack is denied", to: to("portless"),
		denied: `selector version blue → portless: ReplicaSet portless-1 is not fully ready (0/2 available): ` +
			`portless-1-a: declares no TCP port named "http", the targetPort of the Service; portless-1-b: declares no TCP port named "http", the targetPort of the Service. ` + retryAfter("deployment", "portless"),
	},
	{name: "a named targetPort of another number is allowed", to: to("other-port")},
	{name: "a targetPort that changes together with the selector is allowed", to: both(to("portless"), leadingTo(intstr.FromString("web")))},
	{
		name: "a targetPort that changes to a name that no pod has is denied", to: leadingTo(intstr.FromString("web")), at: "spec.ports",
		denied: `targetPorts http/TCP:http → http/TCP:web: none of the pods that the new selector selects can serve: ` +
			`blue-1-a: declares no TCP port named "web", the targetPort of the Service; blue-1-b: declares no TCP port named "web", the targetPort of the Service. Point the selector at pods that are ready.`,
	},
	{
		name: "a numeric targetPort that the new pods do not declare is warned of", from: leadingTo(intstr.FromInt32(8080)), to: to("numberless"),
		warned: "selector version blue → numberless: numberless-1-a declares no TCP port 8080, the targetPort of the Service. Make sure that the pods listen on it.",
	},
}

const wasExternal = "selector app (none) → hello, version (none) → slow, type ExternalName → ClusterIP, targetPorts (none) → http/TCP:http: "

var serviceRows = []row{
	{name: "an external name that becomes pods that are ready is allowed", from: external, to: internal("green")},
	{
		name: "an external name that becomes pods that are not ready is denied", from: external, to: internal("slow"),
		denied: wasExternal + "ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing + ". " + retryAfter("deployment", "slow"),
	},
	{
		name: "pods that become an external name are warned of", at: "spec.type",
		to: func(service *corev1.Service) {
			service.Spec.Type, service.Spec.ExternalName = corev1.ServiceTypeExternalName, "hello.example.com"
		},
		warned: "type ClusterIP → ExternalName: whether the external name serves cannot be verified. Make sure that the new target serves.",
	},
	{
		name: "a headless Service is only warned of", from: headless, to: to("slow"),
		warned: "selector version blue → slow: ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing +
			"; allowed, because clients of a headless Service choose its pods themselves. " + retryAfter("deployment", "slow"),
	},
	{
		name: "pods that are published without being ready do not count", from: published, to: to("slow"),
		denied: "selector version blue → slow: ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing + ". " + retryAfter("deployment", "slow"),
	},
	{
		name: "pods that are not ready and get published are warned of", from: to("rolling"), to: published, at: "spec.publishNotReadyAddresses",
		warned: "publishNotReadyAddresses false → true: 1 pod that is not ready gets requests at once: rolling-2-a: " + failing + ". Wait until they are ready.",
	},
	{name: "pods of a headless Service may be published before they are ready", from: both(headless, to("rolling")), to: published},
	{name: "a first selector for pods that are ready is allowed", from: selecting(), to: to("green")},
	{
		name: "a first selector for pods that are not ready is warned of", from: selecting(), to: to("slow"),
		warned: firstSelector + "this Service has no ready endpoint now, so nothing can be lost. Make sure that the new target serves.",
	},
}

const firstSelector = "selector app (none) → hello, version (none) → slow: "

func external(service *corev1.Service) {
	service.Spec = corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: "hello.example.com"}
}

func internal(version string) func(*corev1.Service) {
	return func(service *corev1.Service) {
		service.Spec = corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP, Ports: []corev1.ServicePort{{Name: "http", Port: 80, TargetPort: intstr.FromString("http")}}}
		to(version)(service)
	}
}

func headless(service *corev1.Service) { service.Spec.ClusterIP = corev1.ClusterIPNone }

func published(service *corev1.Service) { service.Spec.PublishNotReadyAddresses = true }

func leadingTo(port intstr.IntOrString) func(*corev1.Service) {
	return func(service *corev1.Service) { service.Spec.Ports[0].TargetPort = port }
}

// managed is a Service that is said to be managed by Argo Rollouts.
func managed(version string) func(*corev1.Service) {
	return func(service *corev1.Service) {
		service.Annotations = map[string]string{"argo-rollouts.argoproj.io/managed-by-rollouts": "hello"}
		to(version)(service)
	}
}

// argoRollouts is the user that Argo Rollouts writes as, by the permissions that it asks for of Services.
func (w world) argoRollouts(ctx context.Context) *rest.Config {
	const namespace, name = "argo-rollouts", "argo-rollouts"
	w.create(ctx, &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"services"}, Verbs: []string{"get", "update", "patch"}}},
	})
	w.create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: name}},
	})
	config := guarded.Config()
	config.Impersonate.UserName = "system:serviceaccount:" + namespace + ":" + name
	Eventually(fixture.May).WithContext(ctx).WithArguments(config, authorizationv1.ResourceAttributes{
		Namespace: w.namespace, Verb: "update", Resource: "services",
	}).Should(BeTrue())
	return config
}
