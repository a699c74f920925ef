package shipped

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

const (
	selfSigned     = "overlays/self-signed"
	selfSignedName = "greenlight-self-signed"
)

// Whoever has no cert-manager gets what everybody gets, with another certificate.
func TestSelfSignedInstallsWhatDefaultDoesButForTheCertificate(t *testing.T) {
	want := objects(t, "default")
	for name := range want {
		if strings.HasPrefix(name, "Issuer ") || strings.HasPrefix(name, "Certificate ") {
			delete(want, name)
		}
	}
	for _, kind := range []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"} {
		metadata := want[kind+" greenlight"]["metadata"].(map[string]any)
		delete(metadata, "annotations")
	}
	pod := func(deployment map[string]any) map[string]any {
		return deployment["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
	}(want["Deployment greenlight-webhook"])
	delete(pod, "volumes")
	container := pod["containers"].([]any)[0].(map[string]any)
	delete(container, "volumeMounts")
	container["args"] = append(container["args"].([]any), "--self-signed")

	got := objects(t, selfSigned)
	for _, kind := range []string{"Secret", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"} {
		delete(got, kind+" "+selfSignedName)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-default +self-signed:\n%s", diff)
	}
}

// objects are those of a folder of config/, by kind and name.
func objects(t *testing.T, folder string) map[string]map[string]any {
	t.Helper()
	objects := map[string]map[string]any{}
	for _, object := range render(t, folder) {
		objects[object.GetKind()+" "+object.GetName()] = object.Object
	}
	return objects
}

func TestSelfSignedAllowsNothingButWhatItNames(t *testing.T) {
	rendered := render(t, selfSigned)
	var secret corev1.Secret
	find(t, rendered, "Secret", selfSignedName, &secret)
	if len(secret.Data)+len(secret.StringData) != 0 {
		t.Error("the Secret is not empty: applied again, it would lose what the webhook keeps in it")
	}
	var everywhere rbacv1.ClusterRole
	find(t, rendered, "ClusterRole", selfSignedName, &everywhere)
	var own rbacv1.Role
	find(t, rendered, "Role", selfSignedName, &own)
	want := []rbacv1.PolicyRule{
		{
			APIGroups: []string{"admissionregistration.k8s.io"}, Resources: []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"},
			ResourceNames: []string{"greenlight"}, Verbs: []string{"get", "patch"},
		},
		{APIGroups: []string{""}, Resources: []string{"secrets"}, ResourceNames: []string{secret.Name}, Verbs: []string{"get", "update"}},
	}
	if diff := cmp.Diff(want, slices.Concat(everywhere.Rules, own.Rules)); diff != "" {
		t.Errorf("what it allows (-want +got):\n%s", diff)
	}
	var deployment appsv1.Deployment
	find(t, rendered, "Deployment", "greenlight-webhook", &deployment)
	var everywhereBinding rbacv1.ClusterRoleBinding
	find(t, rendered, "ClusterRoleBinding", selfSignedName, &everywhereBinding)
	var ownBinding rbacv1.RoleBinding
	find(t, rendered, "RoleBinding", selfSignedName, &ownBinding)
	account := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: deployment.Namespace, Name: deployment.Spec.Template.Spec.ServiceAccountName}}
	if diff := cmp.Diff([][]rbacv1.Subject{account, account}, [][]rbacv1.Subject{everywhereBinding.Subjects, ownBinding.Subjects}); diff != "" {
		t.Errorf("whom it allows it (-want +got):\n%s", diff)
	}
}
