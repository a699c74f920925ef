package traffic

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// Workload is what makes the pods that a Service comes to select: Replicated or a StatefulSet.
type Workload interface {
	// Name is how a person would write the workload: deployment/hello-green.
	Name() string
	// Scaled is how an autoscaler refers to the workload.
	Scaled() state.Workload
	// isIdle reports whether the workload has none of the pods that the switch is to bring in, and wants none.
	isIdle(s Switch) bool
	// blockers returns what keeps the workload from being fully ready for the switch, each as a phrase: none
	// if it is.
	blockers(s Switch) []string
	// progress returns how far the workload is, each of its ReplicaSets on its own.
	progress(s Switch) []Progress
	// advice says how to make the workload fully ready where it is not.
	advice(s Switch) string
	// controls reports whether the pod is one of the workload's.
	controls(pod *corev1.Pod) bool
}

func scaledAs(kind schema.GroupVersionKind, name string) state.Workload {
	return state.Workload{Group: kind.Group, Kind: kind.Kind, Name: name}
}

// retryWhen advises to wait for a command to succeed.
func retryWhen(format string, args ...any) string {
	return fmt.Sprintf("Retry when %q succeeds.", fmt.Sprintf(format, args...))
}

// retryWhenPodsAreReady advises to wait for pods, whatever makes them.
func (s Switch) retryWhenPodsAreReady() string {
	return retryWhen("kubectl wait -n %s pods -l %s --for=condition=Ready", s.New.Namespace, labels.Set(s.New.Spec.Selector))
}

// retryWhenAvailable advises to wait for a workload whose rollout kubectl does not know.
func (s Switch) retryWhenAvailable(workload Workload, replicas int) string {
	return retryWhen("kubectl wait -n %s %s --for=jsonpath={.status.availableReplicas}=%d", s.New.Namespace, workload.Name(), replicas)
}

// retryWhenRolledOut advises to wait for the end of a rollout.
func (s Switch) retryWhenRolledOut(workload Workload) string {
	return retryWhen("%s", s.rolloutStatus(workload))
}

func (s Switch) rolloutStatus(workload Workload) string {
	return fmt.Sprintf("kubectl rollout status -n %s %s", s.New.Namespace, workload.Name())
}
