package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

func TestTheLiveReadsOfASwitchDoNotGrowWithTheNamespace(t *testing.T) {
	at := slices.IndexFunc(rules.All, func(entry rules.Entry) bool { return entry.ID == "service-switch-not-ready" })
	c := readCase(t, "testdata/service-switch-not-ready/allowed-when-green-is-fully-ready.txtar")
	for _, others := range []int{0, 1000} {
		request := c.request(t, rules.All[at])
		reader := &counting{Reader: cluster.NewManifests(append(c.objects(t, "cluster.yaml"), deployments(t, others)...), true)}
		request.State = reader
		if findings := c.run(t, rules.All[at], request).Findings; len(findings) > 0 {
			t.Errorf("with %d other Deployments: %v", others, findings)
		}
		// The pods of both selectors, the ReplicaSet of the new ones, their Deployment and its ReplicaSets.
		if reader.live != 5 {
			t.Errorf("with %d other Deployments the switch took %d live reads", others, reader.live)
		}
	}
}

// deployments returns Deployments that have nothing to do with a switch.
func deployments(t *testing.T, count int) []state.Object {
	t.Helper()
	var content strings.Builder
	for i := range count {
		fmt.Fprintf(&content, `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other-%d, namespace: shop}
spec:
  selector: {matchLabels: {app: other-%d}}
  template: {metadata: {labels: {app: other-%d}}, spec: {containers: [{name: web, image: web:1}]}}
`, i, i, i)
	}
	objects, err := manifest.Objects("others.yaml", []byte(content.String()))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// counting counts what is asked past the cache.
type counting struct {
	state.Reader
	live int
}

func (r *counting) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if query.Live {
		r.live++
	}
	return r.Reader.List(ctx, query)
}
