package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
)

// TestAnUpdateWaitsUntilNoPodThatIsGoneCounts goes from green, which has a pod, to another template. Blue was
// scaled to 0 just now, and its status counts a pod until the controllers have caught up.
func TestAnUpdateWaitsUntilNoPodThatIsGoneCounts(t *testing.T) {
	tests := map[string]struct {
		goesTo   string
		change   func(*engine.Request)
		cached   []state.Object
		caughtUp int
		asks     int
	}{
		"it goes back":                                         {goesTo: "blue", caughtUp: 3, asks: 3},
		"it goes back, and all have caught up":                 {goesTo: "blue", caughtUp: 1, asks: 1},
		"the cache has not seen that blue is going":            {goesTo: "blue", cached: []state.Object{shrunk("blue", 1, 1), shrunk("green", 1, 0)}, caughtUp: 3, asks: 3},
		"what it goes to is gone meanwhile":                    {goesTo: "blue", caughtUp: -1, asks: 1},
		"only one ReplicaSet has pods":                         {goesTo: "blue", cached: []state.Object{shrunk("blue", 0, 0), shrunk("green", 1, 1)}, caughtUp: 3},
		"its template was never rolled out":                    {goesTo: "red", caughtUp: 3},
		"its template stays, and its controller has caught up": {goesTo: "green", caughtUp: 1, asks: 1},
		"it is a dry run":                                      {goesTo: "blue", change: func(r *engine.Request) { r.Patience = 0 }, caughtUp: 3},
		"it is scaled":                                         {goesTo: "blue", change: func(r *engine.Request) { r.Scales = true }, caughtUp: 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			reader := &catchingUp{cached: test.cached, caughtUp: test.caughtUp}
			if reader.cached == nil {
				reader.cached = []state.Object{shrunk("blue", 0, 1), shrunk("green", 1, 1)}
			}
			verdict := goTo(t, reader, test.goesTo, time.Minute, test.change)
			if verdict.Late != "" || len(verdict.Errors) > 0 {
				t.Errorf("the verdict is %+v", verdict)
			}
			if reader.asked != test.asks {
				t.Errorf("it asked %d times, want %d", reader.asked, test.asks)
			}
		})
	}
}

func TestAnUpdateGoesOnWhenPatienceIsAtItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader := &catchingUp{cached: []state.Object{shrunk("blue", 0, 1), shrunk("green", 1, 1)}, caughtUp: 1_000_000}
		verdict := goTo(t, reader, "blue", 120*time.Millisecond, nil)
		const want = "Pods of ReplicaSet blue that are gone still count as available: pods that serve may be taken away in their stead."
		if verdict.Late != want || len(verdict.Errors) > 0 || reader.asked != 3 {
			t.Errorf("it asked %d times, and the verdict is %+v", reader.asked, verdict)
		}
	})
}

func TestAnUpdateGoesOnWhenTheCountsCannotBeRead(t *testing.T) {
	reader := &catchingUp{cached: []state.Object{shrunk("blue", 0, 1), shrunk("green", 1, 1)}, err: errors.New("no connection")}
	verdict := goTo(t, reader, "blue", time.Minute, nil)
	const want = `Whether pods that are gone still count as available could not be read: listing Deployment in namespace "shop": no connection.`
	if verdict.Late != want || len(verdict.Errors) > 0 {
		t.Errorf("the verdict is %+v", verdict)
	}
}

// goTo judges an update from green to a template of that name.
func goTo(t *testing.T, reader state.Reader, name string, patience time.Duration, other func(*engine.Request)) engine.Verdict {
	t.Helper()
	return judgeChange(t, v1alpha1.RolloutPolicySpec{}, change(func(request *engine.Request) {
		request.Object, request.Old, request.State, request.Patience = going(name), going("green"), reader, patience
		if other != nil {
			other(request)
		}
	}))
}

// going returns a Deployment on its way to a template.
func going(name string) *appsv1.Deployment {
	going := deployment()
	going.UID = "web-uid"
	going.Spec.Replicas = new(int32(1))
	going.Spec.Template = templateOf(name)
	going.Status.AvailableReplicas = 1
	return going
}

func templateOf(name string) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: name}}}}
}

// shrunk returns a ReplicaSet of the Deployment, which its status says has available pods.
func shrunk(name string, replicas, available int32) *appsv1.ReplicaSet {
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: name, UID: types.UID(name),
			OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(going("green"), state.Deployment)},
		},
		Spec:   appsv1.ReplicaSetSpec{Replicas: &replicas, Template: templateOf(name)},
		Status: appsv1.ReplicaSetStatus{Replicas: available, AvailableReplicas: available},
	}
}

// catchingUp tells of ReplicaSets as a cache does. Live, blue tells of its pod that is gone until it is asked for
// the time of caughtUp, and is gone itself where that is negative.
type catchingUp struct {
	cached          []state.Object
	caughtUp, asked int
	err             error
}

func (r *catchingUp) List(_ context.Context, query state.Query) (state.Listing, error) {
	switch {
	case !query.Live:
		return state.Listing{Items: r.cached, Complete: true}, nil
	case query.Kind == state.Deployment:
		r.asked++
		return state.Listing{Items: []state.Object{going("green")}, Complete: true}, r.err
	case query.Kind == state.ReplicaSet:
		return state.Listing{Items: r.live(), Complete: true}, nil
	}
	return state.Listing{Items: []state.Object{servingPod()}, Complete: true}, nil
}

func (r *catchingUp) live() []state.Object {
	green := shrunk("green", 1, 1)
	switch {
	case r.caughtUp < 0:
		return []state.Object{green}
	case r.asked < r.caughtUp:
		return []state.Object{shrunk("blue", 0, 1), green}
	}
	return []state.Object{shrunk("blue", 0, 0), green}
}

// servingPod returns the pod of green.
func servingPod() *corev1.Pod {
	pod := &corev1.Pod{Status: corev1.PodStatus{Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}}}
	pod.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(shrunk("green", 1, 1), state.ReplicaSet)}
	return pod
}
