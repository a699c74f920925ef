package load

import (
	"context"
	"testing"

	"golang.org/x/sync/errgroup"
	appsv1 "k8s.io/api/apps/v1"
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

// deploy writes a Deployment, its ReplicaSets and the pods of the newest.
func (n *namespace) deploy(ctx context.Context, version int) error {
	deployment := newDeployment(n.name, version, replicas)
	status := deployment.Status
	if err := n.admin.Create(ctx, deployment); err != nil {
		return err
	}
	deployment.Status = status
	if err := n.admin.Status().Update(ctx, deployment); err != nil {
		return err
	}
	for revision := range revisions {
		if err := n.addRevision(ctx, newReplicaSet(deployment, revision)); err != nil {
			return err
		}
	}
	return nil
}

func (n *namespace) addRevision(ctx context.Context, replicaSet *appsv1.ReplicaSet) error {
	status := replicaSet.Status
	if err := n.admin.Create(ctx, replicaSet); err != nil {
		return err
	}
	replicaSet.Status = status
	if err := n.admin.Status().Update(ctx, replicaSet); err != nil {
		return err
	}
	for number := range int(status.Replicas) {
		pod := newPod(replicaSet, number)
		status := pod.Status
		if err := n.admin.Create(ctx, pod); err != nil {
			return err
		}
		pod.Status = status
		if err := n.admin.Status().Update(ctx, pod); err != nil {
			return err
		}
	}
	return nil
}
