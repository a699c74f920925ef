package install

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/apimachinery/pkg/util/wait"
)

// graceLimit is the terminationGracePeriodSeconds of config/manager.
const graceLimit = time.Minute

// Terminate ends the webhook as a kubelet does: with SIGTERM, after which it has its grace period to end by itself.
func (i *Installation) Terminate(ctx context.Context) error {
	if err := i.cluster.Signal(i.process.name, unix.SIGTERM); err != nil {
		return err
	}
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, graceLimit, true, func(context.Context) (bool, error) {
		process, err := i.cluster.Process(i.process.name)
		return !process.Alive, err
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("%s is still there %s after SIGTERM: %w", i.process.name, graceLimit, err)
	}
	return err
}

// Ready says why the webhook is not ready: nil while it is.
func (i *Installation) Ready(ctx context.Context) error { return i.process.ready(ctx) }

// Alive says why the kubelet would start the webhook anew: nil while it would not.
func (i *Installation) Alive(ctx context.Context) error {
	return probe(ctx, i.process.health, "/livez")
}
