package check_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/state"
)

// in is a cluster that holds some manifests, and counts how often it is asked for all of a kind.
type in struct {
	state.Reader
	asked map[string]int
	fails error
}

func (i *in) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if query.Labels == nil && query.Name == "" {
		i.asked[query.Kind.Kind+" in "+query.Namespace]++
	}
	if i.fails != nil {
		return state.Listing{}, i.fails
	}
	return i.Reader.List(ctx, query)
}

func holding(t *testing.T, manifests string) *in {
	t.Helper()
	objects, err := manifest.Objects("cluster.yaml", []byte(strings.ReplaceAll(manifests, "metadata: {name: web", "metadata: {name: web, namespace: shop")))
	if err != nil {
		t.Fatal(err)
	}
	return &in{Reader: cluster.NewManifests(objects, true), asked: map[string]int{}}
}

func applied(to *in) func(*check.Options) {
	return func(o *check.Options) { o.Live = to }
}

func TestTheClusterIsTheStateThatTheInputIsAppliedTo(t *testing.T) {
	result := run(t, map[string]string{"web.yaml": web}, applied(holding(t, service)))
	compare(t, []string{"web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, 0, result.Summary.Skipped)
}

func TestWhatIsInTheInputStandsForWhatIsInTheCluster(t *testing.T) {
	elsewhere := strings.Replace(service, "app: web", "app: api", 1)
	result := run(t, map[string]string{"web.yaml": web, "service.yaml": elsewhere}, applied(holding(t, service)))
	compare(t, []string(nil), denied(result))
}

func TestASwitchIsJudgedByThePodsThatAreThere(t *testing.T) {
	blue := strings.Replace(green, "color: green", "color: blue", 1)
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web, color: blue}}\n" +
		"spec: {containers: [{name: web, image: web}]}\n" +
		"status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: \"True\"}]}\n"
	result := run(t, map[string]string{"service.yaml": green}, applied(holding(t, blue+"---\n"+pod)))
	var found []string
	for _, finding := range result.Findings {
		if finding.Rule == "service-switch-not-ready" {
			found = append(found, finding.Message)
		}
	}
	compare(t, []string{"selector color blue → green: the new selector selects no pod."}, found)
}

func TestReplicasThatAManifestLeavesOutStayAsTheyAre(t *testing.T) {
	open := strings.Replace(web, "  replicas: 3\n", "", 1)
	live := strings.Replace(web, "replicas: 3", "replicas: 5", 1)
	result := run(t, map[string]string{"web.yaml": open}, applied(holding(t, live+"---\n"+service)))
	for _, finding := range result.Findings {
		if finding.Rule == "single-replica" || finding.Rule == "serving-workload-drained" {
			t.Errorf("%s: %s", finding.Rule, finding.Message)
		}
	}
}

func TestAKindIsReadOnceHoweverManyObjectsThereAre(t *testing.T) {
	live := holding(t, service)
	run(t, map[string]string{"web.yaml": web, "api.yaml": strings.ReplaceAll(web, "web", "api"), "db.yaml": strings.ReplaceAll(web, "web", "db")}, applied(live))
	for all, times := range live.asked {
		if times > 1 {
			t.Errorf("asked %d times for every %s", times, all)
		}
	}
	if live.asked["Service in shop"] != 1 {
		t.Errorf("asked for %v", live.asked)
	}
}

func TestAClusterThatCannotBeAskedIsOneError(t *testing.T) {
	live := holding(t, service)
	live.fails = errors.New("no route to host")
	result := run(t, map[string]string{"web.yaml": web, "service.yaml": service}, applied(live))
	compare(t, []string{"no route to host"}, told(result.Errors))
}
