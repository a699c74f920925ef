package shipped

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

const (
	period = 100 * time.Millisecond
	limit  = 2 * time.Minute
)

// From installation to removal by the commands of docs/install.md. No webhook ever answers, because its pods
// are only simulated, so this is also the cluster of a cold start.
func TestInstallationWithoutAWebhookThatAnswers(t *testing.T) {
	u, err := fixture.StartUnguarded(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := u.Stop(); err != nil {
			t.Error(err)
		}
	})
	kubectl(t, u, "apply", "--server-side", "-f", filepath.Join(module(t, "github.com/cert-manager/cert-manager"), "deploy", "crds"))
	own := ownFolder(t, "default")
	kubectl(t, u, "apply", "-k", config(t, "crd"))
	kubectl(t, u, "wait", "--for=condition=Established", "crd/rolloutpolicies.greenlight.dev")
	kubectl(t, u, "apply", "-k", own, "-l", "greenlight.dev/apply!=last")

	t.Run("its pods are admitted in a namespace that enforces restricted", func(t *testing.T) {
		waitForPods(t, u, 3, "greenlight-system", map[string]string{"app.kubernetes.io/name": "greenlight-webhook"})
		waitForPods(t, u, 1, "greenlight-system", map[string]string{"app.kubernetes.io/name": "greenlight-scanner"})
		err := u.Client.Create(t.Context(), rootPod("greenlight-system"), client.DryRunAll)
		if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), `violates PodSecurity "restricted:latest"`) {
			t.Errorf("a pod that is not restricted is answered with %v", err)
		}
	})
	namespace, err := u.Namespace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the webhook is called by the last step", func(t *testing.T) {
		isGone(t, u, "greenlight", &admissionregistrationv1.ValidatingWebhookConfiguration{})
		isGone(t, u, "greenlight", &admissionregistrationv1.MutatingWebhookConfiguration{})
		want := []string{
			"mutatingwebhookconfiguration.admissionregistration.k8s.io/greenlight created",
			"validatingwebhookconfiguration.admissionregistration.k8s.io/greenlight created",
		}
		applied := lines(kubectl(t, u, "apply", "-k", own), "created")
		if diff := cmp.Diff(want, applied); diff != "" {
			t.Errorf("what it creates (-want +got):\n%s", diff)
		}
	})
	t.Run("Deployments, their pods, nodes and pods of the system are created", func(t *testing.T) {
		if err := u.Client.Create(t.Context(), fixture.Deployment(namespace, "web", "1")); err != nil {
			t.Fatal(err)
		}
		waitForPods(t, u, 3, namespace, fixture.Labels("1"))
		comesUp(t, u, namespace)
	})
	t.Run("a scanner as it is installed waits for its CRD, and then reports", func(t *testing.T) { scansAsInstalled(t, u, namespace) })
	t.Run("switches are held until the configurations are removed by the line for an emergency", func(t *testing.T) {
		service := fixture.Service(namespace, "1")
		if err := u.Client.Create(t.Context(), service); err != nil {
			t.Fatal(err)
		}
		service.Spec.Selector = fixture.Labels("2")
		held := u.Client.Update(t.Context(), service.DeepCopy())
		if held == nil || !strings.Contains(held.Error(), `failed calling webhook "services.validate.greenlight.dev"`) {
			t.Errorf("the switch is answered with %v", held)
		}
		kubectl(t, u, "delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "greenlight")
		poll(t, "the switch", func(ctx context.Context) error { return u.Client.Update(ctx, service.DeepCopy()) })
	})
	t.Run("an overlay is applied over it and removed, the configurations first", func(t *testing.T) {
		own := ownFolder(t, "overlays/audit-only")
		kubectl(t, u, "apply", "-k", own)
		deleted := lines(kubectl(t, u, "delete", "-k", own, "--ignore-not-found"), "deleted")
		want := []string{
			`mutatingwebhookconfiguration.admissionregistration.k8s.io "greenlight" deleted`,
			`validatingwebhookconfiguration.admissionregistration.k8s.io "greenlight" deleted`,
			`rolloutpolicy.greenlight.dev "audit-only" deleted`,
			`namespace "greenlight-system" deleted`,
		}
		if diff := cmp.Diff(want, deleted[:min(len(want), len(deleted))]); diff != "" {
			t.Errorf("the order of deletion (-want +got):\n%s", diff)
		}
		isGone(t, u, "greenlight-system", &corev1.Namespace{})
	})
	t.Run("its pods are admitted where they issue their certificate by themselves, and all is removed", func(t *testing.T) {
		kubectl(t, u, "apply", "-k", config(t, selfSigned))
		waitForPods(t, u, 3, "greenlight-system", map[string]string{"app.kubernetes.io/name": "greenlight-webhook"})
		kubectl(t, u, "delete", "-k", config(t, selfSigned), "--ignore-not-found")
		isGone(t, u, "greenlight-system", &corev1.Namespace{})
		isGone(t, u, selfSignedName, &rbacv1.ClusterRole{})
		isGone(t, u, selfSignedName, &rbacv1.ClusterRoleBinding{})
	})
}

func isGone(t *testing.T, u *fixture.Unguarded, name string, object client.Object) {
	t.Helper()
	if left := u.Client.Get(t.Context(), client.ObjectKey{Name: name}, object); !apierrors.IsNotFound(left) {
		t.Errorf("%T %s is still there: %v", object, name, left)
	}
}

// lines are those of what kubectl says that end so.
func lines(output, end string) []string {
	var found []string
	for line := range strings.Lines(output) {
		if line = strings.TrimSpace(line); strings.HasSuffix(line, " "+end) {
			found = append(found, line)
		}
	}
	return found
}

func waitForPods(t *testing.T, u *fixture.Unguarded, count int, namespace string, labels map[string]string) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), period, limit, true, func(ctx context.Context) (bool, error) {
		var pods corev1.PodList
		err := u.Client.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabels(labels))
		return len(pods.Items) == count, err
	})
	if err != nil {
		t.Errorf("waiting for %d pods in %s: %v", count, namespace, err)
	}
}

func poll(t *testing.T, what string, try func(context.Context) error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), period, limit, true, func(ctx context.Context) (bool, error) {
		last = try(ctx)
		return last == nil, nil
	})
	if err != nil {
		t.Errorf("%s: %v (%v)", what, err, last)
	}
}

func rootPod(namespace string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "root"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "root", Image: "root:1"}}},
	}
}

func kubectl(t *testing.T, u *fixture.Unguarded, args ...string) string {
	t.Helper()
	output, err := u.Kubectl(t.Context(), "", args...)
	if err != nil {
		t.Fatalf("kubectl %v: %v\n%s", args, err, output)
	}
	return output
}

// module is the folder of the sources of a Go module.
func module(t *testing.T, path string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		t.Fatalf("finding module %s: %v", path, err)
	}
	return strings.TrimSpace(string(output))
}
