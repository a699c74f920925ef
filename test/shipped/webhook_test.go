package shipped

import (
	"slices"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
)

// The API server reaches a pod only if Service, Deployment, Certificate and webhook configurations agree.
func TestTheAPIServerReachesTheWebhook(t *testing.T) {
	objects := render(t, "default")
	var service corev1.Service
	find(t, objects, "Service", "greenlight-webhook", &service)
	var deployment appsv1.Deployment
	find(t, objects, "Deployment", "greenlight-webhook", &deployment)
	var certificate certmanagerv1.Certificate
	find(t, objects, "Certificate", "greenlight-webhook", &certificate)
	var mutating admissionregistrationv1.MutatingWebhookConfiguration
	find(t, objects, "MutatingWebhookConfiguration", "greenlight", &mutating)
	var validating admissionregistrationv1.ValidatingWebhookConfiguration
	find(t, objects, "ValidatingWebhookConfiguration", "greenlight", &validating)

	name := service.Name + "." + service.Namespace + ".svc"
	if !slices.Contains(certificate.Spec.DNSNames, name) {
		t.Errorf("the certificate is for %v: the API server asks for %s", certificate.Spec.DNSNames, name)
	}
	if diff := cmp.Diff(deployment.Spec.Template.Labels, service.Spec.Selector); diff != "" {
		t.Errorf("the Service does not select the pods (-labels +selector):\n%s", diff)
	}
	ports := deployment.Spec.Template.Spec.Containers[0].Ports
	for _, port := range service.Spec.Ports {
		if !slices.ContainsFunc(ports, func(p corev1.ContainerPort) bool { return p.Name == port.TargetPort.String() }) {
			t.Errorf("no container has the port %q of the Service", port.TargetPort.String())
		}
	}
	if secret := deployment.Spec.Template.Spec.Volumes[0].Secret.SecretName; secret != certificate.Spec.SecretName {
		t.Errorf("the pod mounts Secret %s: the certificate is in %s", secret, certificate.Spec.SecretName)
	}
	from := map[string]string{"cert-manager.io/inject-ca-from": certificate.Namespace + "/" + certificate.Name}
	if diff := cmp.Diff([]map[string]string{from, from}, []map[string]string{mutating.Annotations, validating.Annotations}); diff != "" {
		t.Errorf("whose CA is injected (-want +got):\n%s", diff)
	}
	for _, client := range clients(mutating, validating) {
		if client.Service.Name != service.Name || client.Service.Namespace != service.Namespace {
			t.Errorf("%s is asked of Service %s/%s", *client.Service.Path, client.Service.Namespace, client.Service.Name)
		}
	}
}

func clients(mutating admissionregistrationv1.MutatingWebhookConfiguration, validating admissionregistrationv1.ValidatingWebhookConfiguration) []admissionregistrationv1.WebhookClientConfig {
	var clients []admissionregistrationv1.WebhookClientConfig
	for _, webhook := range mutating.Webhooks {
		clients = append(clients, webhook.ClientConfig)
	}
	for _, webhook := range validating.Webhooks {
		clients = append(clients, webhook.ClientConfig)
	}
	return clients
}

// A replica that is gone by choice must leave others: neither a drain nor a rollout takes the last two.
func TestTheWebhookOutlivesDrainsAndRollouts(t *testing.T) {
	objects := render(t, "default")
	var deployment appsv1.Deployment
	find(t, objects, "Deployment", "greenlight-webhook", &deployment)
	var budget policyv1.PodDisruptionBudget
	find(t, objects, "PodDisruptionBudget", "greenlight-webhook", &budget)

	if diff := cmp.Diff(deployment.Spec.Template.Labels, budget.Spec.Selector.MatchLabels); diff != "" {
		t.Errorf("the budget is not for the pods (-labels +selector):\n%s", diff)
	}
	if left := int(*deployment.Spec.Replicas) - budget.Spec.MaxUnavailable.IntValue(); left < 2 {
		t.Errorf("a drain leaves %d replicas", left)
	}
	if unavailable := deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue(); unavailable != 0 {
		t.Errorf("a rollout takes %d replicas away", unavailable)
	}
	container := deployment.Spec.Template.Spec.Containers[0]
	requested, limit := container.Resources.Requests.Memory(), container.Resources.Limits.Memory()
	if requested.Value()*100 > limit.Value()*90 {
		t.Errorf("the collector keeps within %s, the limit is %s: want a tenth of room", requested, limit)
	}
	if _, limited := container.Resources.Limits[corev1.ResourceCPU]; limited {
		t.Error("the CPU is limited")
	}
}

// kubectl applies and deletes in this order, so the API server forgets the webhook before the webhook goes, and a
// policy is gone before its kind.
func TestWebhookConfigurationsComeBeforeWhatTheyCall(t *testing.T) {
	configurations := []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}
	for folder, want := range map[string][]string{
		"default":              append(configurations, "Namespace"),
		"overlays/audit-only":  append(configurations, "RolloutPolicy", "Namespace"),
		"overlays/enforce":     append(configurations, "RolloutPolicy", "Namespace"),
		"overlays/self-signed": append(configurations, "Namespace"),
	} {
		if diff := cmp.Diff(want, kindsOf(render(t, folder))[:len(want)]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", folder, diff)
		}
	}
}

// Whoever installs in two steps applies these last: nothing asks the webhook before it answers, or tells it of a rule
// that the version before does not know.
func TestWhatIsAppliedLast(t *testing.T) {
	for _, folder := range []string{"default", "overlays/audit-only", "overlays/enforce", "overlays/self-signed"} {
		for _, object := range render(t, folder) {
			last := object.GetLabels()["greenlight.dev/apply"] == "last"
			if want := slices.Contains([]string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "RolloutPolicy"}, object.GetKind()); last != want {
				t.Errorf("%s: the label of %s %s says %v", folder, object.GetKind(), object.GetName(), last)
			}
		}
	}
}
