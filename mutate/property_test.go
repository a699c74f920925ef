package mutate_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"
)

func TestWhatWasWrittenStaysAndASecondPassPatchesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		request := drawRequest(t, r)
		result := mutateUnharmed(t, request)
		checkIdempotence(t, request, result)
		patched := apply(t, request.Object, result.Patch)
		if lost := missing("", decoded(t, request.Object), decoded(t, patched)); lost != "" {
			r.Fatalf("the patch changed %s in %s: %s", lost, request.Object, patched)
		}
	})
}

// A later update keeps what was injected, as apply does, and changes things around it.
func TestWhatWasInjectedNeverGetsAnUpdateRejected(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		request := drawRequest(t, r)
		written := request.Deployment
		request.Old = apply(t, request.Object, mutateUnharmed(t, request).Patch)
		request.Object = drawEdit(t, r, written, request.Old)
		request.Deployment = defaulted(t, request.Object)
		result := mutateUnharmed(t, request)
		checkIdempotence(t, request, result)
		checkAcceptable(r, written, defaulted(t, apply(t, request.Object, result.Patch)))
	})
}

// checkAcceptable asserts what the API server does of what was injected: a probe and a hook have one
// handler, and a sleep is no longer than the grace period.
func checkAcceptable(r *rapid.T, written, patched *appsv1.Deployment) {
	spec := patched.Spec.Template.Spec
	for i, container := range spec.Containers {
		before := written.Spec.Template.Spec.Containers[i]
		if probe := container.ReadinessProbe; before.ReadinessProbe == nil && probe != nil && handlers(probe.ProbeHandler) != 1 {
			r.Fatalf("container %s: probe %v", container.Name, probe)
		}
		hook := hookOf(container)
		if hookOf(before) != nil || hook == nil {
			continue
		}
		tooLong := hook.Sleep != nil && hook.Sleep.Seconds > *spec.TerminationGracePeriodSeconds
		if handlers(*hook) != 1 || tooLong {
			r.Fatalf("container %s: hook %v with a grace period of %d", container.Name, hook, *spec.TerminationGracePeriodSeconds)
		}
	}
}

// handlers counts the handlers that are set.
func handlers(handler any) int {
	count := 0
	for _, field := range reflect.ValueOf(handler).Fields() {
		if !field.IsNil() {
			count++
		}
	}
	return count
}

func hookOf(container corev1.Container) *corev1.LifecycleHandler {
	if container.Lifecycle == nil {
		return nil
	}
	return container.Lifecycle.PreStop
}

// missing names the first value of before that after does not have at the same place. The record may
// change, and null is nothing.
func missing(path string, before, after any) string {
	switch b := before.(type) {
	case nil:
		return ""
	case object:
		a, _ := after.(object)
		for key, value := range b {
			if lost := missing(path+"/"+key, value, a[key]); lost != "" && key != "greenlight.dev/injected" {
				return lost
			}
		}
		if a != nil {
			return ""
		}
	case []any:
		a, _ := after.([]any)
		for i := range min(len(a), len(b)) {
			if lost := missing(fmt.Sprint(path, "/", i), b[i], a[i]); lost != "" {
				return lost
			}
		}
		if len(a) == len(b) {
			return ""
		}
	}
	if reflect.DeepEqual(before, after) {
		return ""
	}
	return path
}

func decoded(t *testing.T, document []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
