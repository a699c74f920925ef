package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// Wait polls until something is ready, and gives up at once when a process ends.
func (c *Cluster) Wait(ctx context.Context, what string, ready func(context.Context) error) error {
	last := errors.New("not tried yet")
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, startLimit, true, func(ctx context.Context) (bool, error) {
		if err := c.firstExit(); err != nil {
			return false, err
		}
		last = ready(ctx)
		return last == nil, nil
	})
	if wait.Interrupted(err) {
		return fmt.Errorf("waiting for %s: %w (%w); the logs are in %s", what, err, last, c.Logs())
	}
	return err
}
