package shipped

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

// The webhook is called by URL here, because a pod of it would only be simulated. In all else the configurations are
// those of config/default.
func TestAColdStartNeedsNoHand(t *testing.T) {
	guarded, err := fixture.Start(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Stop(); err != nil {
			t.Error(err)
		}
	})
	namespace, err := guarded.Namespace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	web, service := fixture.Deployment(namespace, "web", "1"), fixture.Service(namespace, "1")
	create(t, guarded.Unguarded, service, web)
	waitForPods(t, guarded.Unguarded, 3, namespace, fixture.Labels("1"))
	if err := guarded.End(install.Webhook); err != nil {
		t.Fatal(err)
	}

	t.Run("before there is a webhook, all is created and switches are held", func(t *testing.T) {
		comesUp(t, guarded.Unguarded, namespace)
		create(t, guarded.Unguarded, fixture.Deployment(namespace, "unchecked", "2"))
		isHeld(t, "services.validate.greenlight.dev", merge(t, guarded.Unguarded, service, `{"spec":{"selector":{"version":"2"}}}`))
	})
	t.Run("where it enforces, changes of Deployments are held too, and still no pod", func(t *testing.T) {
		enforce(t, guarded.Unguarded)
		poll(t, "holding a creation", func(ctx context.Context) error {
			return held("deployments.validate.greenlight.dev", guarded.Client.Create(ctx, fixture.Deployment(namespace, "held", "3"), client.DryRunAll))
		})
		isHeld(t, "deployments.validate.greenlight.dev", merge(t, guarded.Unguarded, web, `{"spec":{"minReadySeconds":1}}`))
		isHeld(t, "drained.validate.greenlight.dev", guarded.Client.Delete(t.Context(), web))
		comesUp(t, guarded.Unguarded, namespace)
	})
	t.Run("once there is one, it decides", func(t *testing.T) {
		if err := guarded.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		wrong := fixture.Deployment(namespace, "wrong", "3")
		wrong.Spec.Template.Spec.Containers[0].ReadinessProbe.HTTPGet.Port = intstr.FromString("absent")
		isDenied(t, "probe-port-undefined", guarded.Client.Create(t.Context(), wrong))
		isDenied(t, "service-switch-not-ready", merge(t, guarded.Unguarded, service, `{"spec":{"selector":{"version":"9"}}}`))
		create(t, guarded.Unguarded, fixture.Deployment(namespace, "right", "3"))
	})
}

// comesUp creates what every cluster has to before a webhook can run: nodes with their leases, pods of the system, and
// those of ReplicaSets, of which one is lost.
func comesUp(t *testing.T, u *fixture.Unguarded, namespace string) {
	t.Helper()
	pod := rootPod(metav1.NamespaceSystem)
	pod.Name, pod.GenerateName = "", "cold-"
	create(t, u,
		&corev1.Node{ObjectMeta: metav1.ObjectMeta{GenerateName: "cold-"}},
		&coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: corev1.NamespaceNodeLease, GenerateName: "cold-"}},
		pod)
	var pods corev1.PodList
	if err := u.Client.List(t.Context(), &pods, client.InNamespace(namespace), client.MatchingLabels(fixture.Labels("1"))); err != nil {
		t.Fatal(err)
	}
	lost := pods.Items[0]
	if err := u.Client.Delete(t.Context(), &lost, client.GracePeriodSeconds(0)); err != nil {
		t.Fatal(err)
	}
	poll(t, "another pod of the ReplicaSet", func(ctx context.Context) error {
		err := u.Client.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabels(fixture.Labels("1")))
		isLost := func(pod corev1.Pod) bool { return pod.UID == lost.UID }
		if err == nil && (len(pods.Items) != 3 || slices.ContainsFunc(pods.Items, isLost)) {
			return fmt.Errorf("there are %d pods", len(pods.Items))
		}
		return err
	})
}

// enforce makes of the configuration and the policies those of config/overlays/enforce.
func enforce(t *testing.T, u *fixture.Unguarded) {
	t.Helper()
	objects := render(t, "overlays/enforce")
	var want, got admissionregistrationv1.ValidatingWebhookConfiguration
	find(t, objects, "ValidatingWebhookConfiguration", "greenlight", &want)
	if err := u.Client.Get(t.Context(), client.ObjectKeyFromObject(&want), &got); err != nil {
		t.Fatal(err)
	}
	for i := range got.Webhooks {
		got.Webhooks[i].FailurePolicy = want.Webhooks[i].FailurePolicy
	}
	if err := u.Client.Update(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	policy := objects[slices.IndexFunc(objects, func(object *unstructured.Unstructured) bool { return object.GetKind() == "RolloutPolicy" })]
	create(t, u, policy)
}

func create(t *testing.T, u *fixture.Unguarded, objects ...client.Object) {
	t.Helper()
	for _, object := range objects {
		if err := u.Client.Create(t.Context(), object); err != nil {
			t.Fatalf("creating %T %s%s: %v", object, object.GetGenerateName(), object.GetName(), err)
		}
	}
}

func merge(t *testing.T, u *fixture.Unguarded, object client.Object, patch string) error {
	return u.Client.Patch(t.Context(), object.DeepCopyObject().(client.Object), client.RawPatch(types.MergePatchType, []byte(patch)))
}

// held says why an answer is not that of a webhook that fails closed while nobody answers.
func held(webhook string, answer error) error {
	if answer == nil || !strings.Contains(answer.Error(), `failed calling webhook "`+webhook+`"`) {
		return fmt.Errorf("it is answered with: %w", answer)
	}
	return nil
}

func isHeld(t *testing.T, webhook string, answer error) {
	t.Helper()
	if err := held(webhook, answer); err != nil {
		t.Errorf("a change that %s has to judge: %v", webhook, err)
	}
}

func isDenied(t *testing.T, rule string, answer error) {
	t.Helper()
	if !apierrors.IsForbidden(answer) || !strings.Contains(answer.Error(), "denied by "+rule) {
		t.Errorf("what %s finds is answered with: %v", rule, answer)
	}
}
