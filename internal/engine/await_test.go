package engine_test

import (
	"context"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/state"
)

func TestARollbackWaitsUntilItsReplicaSetTellsOfNoPodsThatAreGone(t *testing.T) {
	tests := map[string]struct {
		blue, green  *appsv1.ReplicaSet
		goesTo       string
		patience     time.Duration
		caughtUpFrom int
		asks         int
	}{
		"its status is late":                    {shrunk("blue", 0, 1), shrunk("green", 1, 1), "blue", time.Minute, 3, 3},
		"its status is up to date by now":       {shrunk("blue", 1, 1), shrunk("green", 1, 1), "blue", time.Minute, 1, 1},
		"nothing is known to be late":           {shrunk("blue", 0, 0), shrunk("green", 1, 1), "blue", time.Minute, 1, 0},
		"the new template was never rolled out": {shrunk("blue", 0, 1), shrunk("green", 1, 1), "red", time.Minute, 1, 0},
		"it is a dry run":                       {shrunk("blue", 0, 1), shrunk("green", 1, 1), "blue", 0, 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			reader := &catchingUp{replicaSets: []state.Object{test.blue, test.green}, from: test.caughtUpFrom}
			verdict := goTo(t, reader, test.goesTo, test.patience)
			if len(verdict.Errors) > 0 || len(verdict.Findings) > 0 {
				t.Errorf("got %+v", verdict)
			}
			if reader.asked != test.asks {
				t.Errorf("it asked for the ReplicaSet %d times, want %d", reader.asked, test.asks)
			}
		})
	}
}

func TestARollbackGoesOnWhenPatienceIsAtItsEnd(t *testing.T) {
	reader := &catchingUp{replicaSets: []state.Object{shrunk("blue", 0, 1), shrunk("green", 1, 1)}, from: 1_000_000}
	verdict := goTo(t, reader, "blue", 120*time.Millisecond)
	if len(verdict.Errors) > 0 || reader.asked < 2 {
		t.Errorf("it asked %d times, and the verdict is %+v", reader.asked, verdict)
	}
}

// goTo judges an update of a Deployment whose template has that name.
func goTo(t *testing.T, reader state.Reader, name string, patience time.Duration) engine.Verdict {
	t.Helper()
	updated := deployment()
	updated.Spec.Template = templateOf(name)
	return judgeChange(t, v1alpha1.RolloutPolicySpec{}, change(func(request *engine.Request) {
		request.Object, request.State, request.Patience = updated, reader, patience
	}))
}

func templateOf(name string) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: name}}}}
}

// shrunk returns a ReplicaSet of the Deployment, which its status says has available pods.
func shrunk(name string, replicas, available int32) *appsv1.ReplicaSet {
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Spec:       appsv1.ReplicaSetSpec{Replicas: &replicas, Template: templateOf(name)},
		Status:     appsv1.ReplicaSetStatus{AvailableReplicas: available},
	}
}

// catchingUp tells of ReplicaSets as a cache does, and of each by its name as the API server does, from one of
// the asks on with its status up to date.
type catchingUp struct {
	replicaSets []state.Object
	from, asked int
}

func (r *catchingUp) List(_ context.Context, query state.Query) (state.Listing, error) {
	if query.Kind != state.ReplicaSet || !query.Live {
		return state.Listing{Items: r.replicaSets, Complete: true}, nil
	}
	r.asked++
	if r.asked < r.from {
		return state.Listing{Items: []state.Object{shrunk(query.Name, 0, 1)}, Complete: true}, nil
	}
	return state.Listing{Items: []state.Object{shrunk(query.Name, 0, 0)}, Complete: true}, nil
}
