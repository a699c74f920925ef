package mutate_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/mutate"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

const bare = `{"metadata":{"name":"web","uid":"web-uid"},"spec":{"template":{"metadata":{"labels":{"app":"web"}},
	"spec":{"containers":[{"name":"web","ports":[{"containerPort":8080}]}]}}}}`

var (
	newer      = strings.Replace(bare, `"name":"web","ports"`, `"name":"web","image":"web:2","ports"`, 1)
	worker     = strings.Replace(bare, `"ports":[{"containerPort":8080}]`, `"image":"worker:1"`, 1)
	relabelled = strings.Replace(bare, `"uid"`, `"labels":{"team":"cart"},"uid"`, 1)
)

func TestAGracePeriodThatNobodyFilledInIsADefault(t *testing.T) {
	request := newRequest(t, []byte(bare), &world{})
	request.Deployment.Spec.Template.Spec.TerminationGracePeriodSeconds = nil
	patched := defaulted(t, apply(t, request.Object, mutateUnharmed(t, request).Patch))
	if grace := *patched.Spec.Template.Spec.TerminationGracePeriodSeconds; grace != 35 {
		t.Errorf("grace period %d, want 35", grace)
	}
}

func TestTheClusterIsAskedOnlyForWhatIsNeeded(t *testing.T) {
	for name, test := range map[string]struct {
		object, old string
		want        []string
	}{
		"nothing is missing":               {worker, "", nil},
		"nothing is missing in the update": {worker, bare, nil},
		"the template stays as it is":      {relabelled, bare, nil},
		"it is created":                    {bare, "", []string{"Service"}},
		"its template changes":             {newer, bare, []string{"Service", "ReplicaSet"}},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := &world{}
			request := newRequest(t, []byte(test.object), cluster)
			if test.old != "" {
				request.Old = []byte(test.old)
			}
			mutateUnharmed(t, request)
			if diff := gocmp.Diff(test.want, cluster.listed); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAReplicaSetThatTheCacheHasStrippedCounts(t *testing.T) {
	cluster := &world{objects: []state.Object{replicaSet(t, bare)}}
	request := newRequest(t, []byte(bare), cluster)
	request.Old = []byte(newer)
	if result := mutateUnharmed(t, request); len(result.Patch) > 0 {
		t.Errorf("a rollback was patched: %v", result.Patch)
	}
}

func TestARollbackIsUnknownWhenReplicaSetsMayBeMissing(t *testing.T) {
	request := newRequest(t, []byte(newer), &world{incomplete: true})
	request.Old = []byte(bare)
	_, err := mutate.Mutate(t.Context(), request)
	if _, unknown := errors.AsType[state.Unknown](err); !unknown {
		t.Errorf("error %v, want state.Unknown", err)
	}
}

func TestWhatTheAuthorWritesIsNotRecorded(t *testing.T) {
	request := newRequest(t, []byte(bare), &world{})
	request.Unrecorded = true
	var paths []string
	for _, operation := range mutateUnharmed(t, request).Patch {
		paths = append(paths, operation.Path)
	}
	want := []string{
		"/spec/template/spec/containers/0/readinessProbe",
		"/spec/template/spec/containers/0/lifecycle",
		"/spec/template/spec/terminationGracePeriodSeconds",
	}
	if diff := gocmp.Diff(want, paths); diff != "" {
		t.Errorf("patched (-want +got):\n%s", diff)
	}
}

func TestAnErrorNamesTheMutatorAndWhatFailed(t *testing.T) {
	unreachable := newRequest(t, []byte(bare), down{})
	broken := newRequest(t, []byte(bare), &world{})
	broken.Object, broken.Old = []byte(`{"spec":{"template":`), []byte(bare)
	for want, request := range map[string]mutate.Request{
		`mutator readiness-probe: listing Service in namespace "": connection refused`: unreachable,
		`mutator readiness-probe: reading /spec/template: `:                            broken,
	} {
		if _, err := mutate.Mutate(t.Context(), request); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func replicaSet(t *testing.T, deployment string) *appsv1.ReplicaSet {
	t.Helper()
	objects := readCluster(t, []byte(`{"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-1","ownerReferences":
		[{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"web-uid","controller":true}]}}`)).objects
	made := objects[0].(*appsv1.ReplicaSet)
	var maker appsv1.Deployment
	if err := json.Unmarshal([]byte(deployment), &maker); err != nil {
		t.Fatal(err)
	}
	made.Spec.Template = maker.Spec.Template
	made.Spec.Template.Labels[appsv1.DefaultDeploymentUniqueLabelKey] = "5d59d67564"
	traffic.StripTemplate(&made.Spec.Template)
	return made
}

// down is a cluster that cannot be asked.
type down struct{}

func (down) List(context.Context, state.Query) (state.Listing, error) {
	return state.Listing{}, errors.New("connection refused")
}
