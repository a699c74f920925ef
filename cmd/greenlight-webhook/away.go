package main

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// awayPeriod is the time between two lines about an API server that is away.
const awayPeriod = 10 * time.Second

// tellWhileAway logs why the API server does not answer, until ctx is done: client-go keeps to itself that a connection
// was refused.
func tellWhileAway(ctx context.Context, mgr manager.Manager) {
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		if err := askVersion(ctx, mgr); err != nil && ctx.Err() == nil {
			mgr.GetLogger().Error(err, "waiting for the API server")
		}
	}, awayPeriod)
}

func askVersion(ctx context.Context, mgr manager.Manager) error {
	client, err := discovery.NewDiscoveryClientForConfigAndClient(mgr.GetConfig(), mgr.GetHTTPClient())
	if err != nil {
		return err
	}
	_, err = client.ServerVersionWithContext(ctx)
	return err
}
