package load

import (
	"context"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

const (
	// revisions and replicas are those of each Deployment: 10 ReplicaSets, of which one has 10 pods.
	revisions = 10
	replicas  = 10
	// writers is enough to keep the API server of a small machine busy.
	writers = 16
)

// namespace is one with Deployments of version 1, 2 and so on, of which every pod is ready, and a Service that
// leads to one of the first two.
type namespace struct {
	guarded *fixture.Guarded
	admin   client.Client
	name    string
	serving int
}

func fill(t *testing.T, guarded *fixture.Guarded, admin client.Client, deployments int) *namespace {
	t.Helper()
	name, err := guarded.Namespace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n := &namespace{guarded: guarded, admin: admin, name: name, serving: 1}
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(writers)
	for version := 1; version <= deployments; version++ {
		group.Go(func() error { return n.deploy(ctx, version) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := admin.Create(t.Context(), fixture.Service(name, "1")); err != nil {
		t.Fatal(err)
	}
	return n
}

// deploy writes the Deployment of a version.
func (n *namespace) deploy(ctx context.Context, version int) error {
	label := strconv.Itoa(version)
	deployment := fixture.Deployment(n.name, fixture.App+"-"+label, label)
	deployment.Spec.Replicas = new(int32(replicas))
	return fixture.RollOut(ctx, n.admin, deployment, revisions)
}
