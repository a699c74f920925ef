package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
)

const (
	// Namespace is where Greenlight lives.
	Namespace = "greenlight-system"
	// Webhook is the name of the process, of its program and of its ServiceAccount.
	Webhook = "greenlight-webhook"

	fieldOwner = "greenlight-install"
)

// Options say what to install.
type Options struct {
	// Repository is the folder that holds config/ and bin/.
	Repository string
	// Patient lets the API server wait for the webhooks as long as it can, in place of what is shipped: on a machine that
	// stalls, a test of verdicts must not be told of a failurePolicy.
	Patient bool
}

// Installation is Greenlight as it runs on a cluster.
type Installation struct {
	cluster *cluster.Cluster
	process process
	admin   client.Client
	// hooks are the webhook configurations.
	hooks []*unstructured.Unstructured
}

// Install applies config/overlays/local to the cluster and runs the webhook with the permissions that
// are shipped. It returns once a change really passes through Greenlight. An earlier installation is
// replaced.
func Install(ctx context.Context, c *cluster.Cluster, o Options) (*Installation, error) {
	program := filepath.Join(o.Repository, "bin", Webhook)
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("installing Greenlight: %w; run make build first", err)
	}
	if err := c.Check(ctx); err != nil {
		return nil, err
	}
	admin, err := client.New(c.Config(), client.Options{})
	if err != nil {
		return nil, err
	}
	objects, err := Render(filepath.Join(o.Repository, "config", "overlays", "local"))
	if err != nil {
		return nil, err
	}
	hooks, others := split(objects)
	if o.Patient {
		if err := bePatient(hooks); err != nil {
			return nil, err
		}
	}
	if err := apply(ctx, admin, others); err != nil {
		return nil, err
	}
	if err := waitEstablished(ctx, admin, others); err != nil {
		return nil, err
	}
	i := &Installation{cluster: c, process: process{name: Webhook, program: program}, admin: admin, hooks: hooks}
	if err := i.start(ctx); err != nil {
		return nil, err
	}
	return i, i.guard(ctx, i.process.port)
}

// guard lets the API server ask who listens on a port of this machine, with the certificate of the process.
func (i *Installation) guard(ctx context.Context, port int) error {
	if err := errors.Join(i.process.address(i.hooks, port), apply(ctx, i.admin, i.hooks)); err != nil {
		return err
	}
	return waitGuarded(ctx, i.admin)
}

// Unguard deletes the webhook configurations, as in an emergency, and returns once the API server asks
// Greenlight nothing more.
func (i *Installation) Unguard(ctx context.Context) error {
	for _, hook := range i.hooks {
		if err := i.admin.Delete(ctx, hook.DeepCopy()); err != nil {
			return fmt.Errorf("deleting %s %s: %w", hook.GetKind(), hook.GetName(), err)
		}
	}
	return waitUnguarded(ctx, i.admin)
}

// Replica runs one more webhook of the installation, under a name of its own, with the file of a
// RolloutPolicy or without, and with further flags. The API server does not ask it: Review does, and the balancer
// of Balance.
func (i *Installation) Replica(ctx context.Context, name, policy string, flags ...string) (*Installation, error) {
	replica := &Installation{cluster: i.cluster, process: process{name: name, program: i.process.program, policy: policy, flags: flags}}
	return replica, replica.start(ctx)
}

// Restart ends the webhook, runs it anew at the same addresses, and returns once it is ready.
func (i *Installation) Restart(ctx context.Context) error {
	if err := i.Rerun(); err != nil {
		return err
	}
	return i.cluster.Wait(ctx, i.process.name, i.process.ready)
}

// Rerun ends the webhook and runs it anew, at the same addresses.
func (i *Installation) Rerun() error {
	return i.cluster.Run(i.process.name, i.process.program, i.process.args()...)
}

func (i *Installation) start(ctx context.Context) error {
	if err := i.process.prepare(ctx, i.cluster); err != nil {
		return err
	}
	return cluster.OnFreePorts(portCount, func(ports []int) error { return i.listen(ctx, ports) })
}

func (i *Installation) listen(ctx context.Context, ports []int) error {
	i.process.port, i.process.health, i.process.metrics = ports[0], ports[1], ports[2]
	return i.Restart(ctx)
}

func apply(ctx context.Context, admin client.Client, objects []*unstructured.Unstructured) error {
	for _, object := range objects {
		err := admin.Apply(ctx, client.ApplyConfigurationFromUnstructured(object.DeepCopy()), client.FieldOwner(fieldOwner), client.ForceOwnership)
		if err != nil {
			return fmt.Errorf("applying %s %s: %w", object.GetKind(), object.GetName(), err)
		}
	}
	return nil
}
