package shipped

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"greenlight.dev/greenlight/test/install"
)

// eachWebhook tries the objects of every folder that has the webhook run in the cluster, with its Deployment.
func eachWebhook(t *testing.T, try func(*testing.T, []*unstructured.Unstructured, *appsv1.Deployment)) {
	for _, folder := range slices.Sorted(maps.Keys(installed)) {
		if folder == "overlays/local" {
			continue
		}
		t.Run(folder, func(t *testing.T) {
			objects := render(t, folder)
			var deployment appsv1.Deployment
			find(t, objects, "Deployment", install.Webhook, &deployment)
			try(t, objects, &deployment)
		})
	}
}

// Neither what else runs on a node nor the loss of a node or a zone takes all of them.
func TestTheWebhookRunsThreeTimesApartAndBeforeOthers(t *testing.T) {
	eachWebhook(t, func(t *testing.T, objects []*unstructured.Unstructured, deployment *appsv1.Deployment) {
		if *deployment.Spec.Replicas != 3 {
			t.Errorf("%d replicas: want 3", *deployment.Spec.Replicas)
		}
		pod := deployment.Spec.Template
		if pod.Spec.PriorityClassName != "system-cluster-critical" {
			t.Errorf("the priority is %q", pod.Spec.PriorityClassName)
		}
		spread := func(topology string) corev1.TopologySpreadConstraint {
			return corev1.TopologySpreadConstraint{
				TopologyKey: topology, MaxSkew: 1, WhenUnsatisfiable: corev1.ScheduleAnyway,
				LabelSelector: &metav1.LabelSelector{MatchLabels: pod.Labels}, MatchLabelKeys: []string{"pod-template-hash"},
			}
		}
		want := []corev1.TopologySpreadConstraint{spread("kubernetes.io/hostname"), spread("topology.kubernetes.io/zone")}
		if diff := cmp.Diff(want, pod.Spec.TopologySpreadConstraints); diff != "" {
			t.Errorf("how they are spread (-want +got):\n%s", diff)
		}
		isAdmitted(t, objects, deployment)
	})
}

// isAdmitted asserts that a quota allows for the priority, as some clusters demand, and for a rollout's pods.
func isAdmitted(t *testing.T, objects []*unstructured.Unstructured, deployment *appsv1.Deployment) {
	t.Helper()
	var quota corev1.ResourceQuota
	find(t, objects, "ResourceQuota", "greenlight-critical-pods", &quota)
	want := &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{{
		ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn,
		Values: []string{deployment.Spec.Template.Spec.PriorityClassName},
	}}}
	if diff := cmp.Diff(want, quota.Spec.ScopeSelector); diff != "" {
		t.Errorf("the pods that the quota is for (-want +got):\n%s", diff)
	}
	if quota.Namespace != deployment.Namespace {
		t.Errorf("the quota is for namespace %s", quota.Namespace)
	}
	rollout := int64(*deployment.Spec.Replicas) + int64(deployment.Spec.Strategy.RollingUpdate.MaxSurge.IntValue())
	if pods := quota.Spec.Hard.Pods().Value(); pods < 2*rollout {
		t.Errorf("the quota is %d pods: want room for those that end beside the %d of a rollout", pods, rollout)
	}
}

// A review that arrives at the end of the drain is still answered.
func TestTheWebhookHasTimeToDrain(t *testing.T) {
	eachWebhook(t, func(t *testing.T, objects []*unstructured.Unstructured, deployment *appsv1.Deployment) {
		var validating admissionregistrationv1.ValidatingWebhookConfiguration
		find(t, objects, "ValidatingWebhookConfiguration", "greenlight", &validating)
		var longest int32
		for _, webhook := range validating.Webhooks {
			longest = max(longest, *webhook.TimeoutSeconds)
		}
		pod := deployment.Spec.Template.Spec
		drain, err := install.Drain(pod.Containers[0])
		if err != nil {
			t.Fatal(err)
		}
		if drain < 10*time.Second || drain > 15*time.Second {
			t.Errorf("it drains for %s: want 10 to 15 seconds", drain)
		}
		needed, grace := drain+time.Duration(longest)*time.Second, time.Duration(*pod.TerminationGracePeriodSeconds)*time.Second
		if grace < needed {
			t.Errorf("it is killed after %s: a review may need it for %s", grace, needed)
		}
	})
}

func TestTheWebhookIsConfined(t *testing.T) {
	eachWebhook(t, func(t *testing.T, _ []*unstructured.Unstructured, deployment *appsv1.Deployment) {
		pod := deployment.Spec.Template.Spec
		container := pod.Containers[0]
		if user := pod.SecurityContext.RunAsUser; user == nil || *user != 65532 || container.SecurityContext.RunAsUser != nil {
			t.Errorf("it runs as %v: want 65532, the user of the image", user)
		}
		if readOnly := container.SecurityContext.ReadOnlyRootFilesystem; readOnly == nil || !*readOnly {
			t.Error("it may write to its image")
		}
		memory := &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "requests.memory"}}
		i := slices.IndexFunc(container.Env, func(env corev1.EnvVar) bool { return env.Name == "GOMEMLIMIT" })
		if i < 0 || !cmp.Equal(memory, container.Env[i].ValueFrom) {
			t.Error("the collector does not keep within what is requested: want GOMEMLIMIT of requests.memory")
		}
	})
}
