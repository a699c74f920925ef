package cluster

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

const (
	versionsTimeout = 30 * time.Second
	// versionsPeriod is how long a node that joins with an old kubelet can go unnoticed.
	versionsPeriod = 5 * time.Minute
	// versionsRetry is short, since nothing is injected while versions are unknown.
	versionsRetry  = 10 * time.Second
	versionsJitter = 0.2
)

// Versions knows whether every part of the cluster is new enough for a native preStop sleep. It is a
// manager.Runnable that looks again every few minutes.
type Versions struct {
	read   func(context.Context) (versions, error)
	answer atomic.Pointer[string]
}

// NewVersions returns the versions of the API server and of the nodes that api lists.
func NewVersions(server discovery.ServerVersionInterfaceWithContext, api client.Reader) *Versions {
	return &Versions{read: func(ctx context.Context) (versions, error) { return readVersions(ctx, server, api) }}
}

// SleepUnsupported says why a native preStop sleep cannot be used: empty where it can.
func (v *Versions) SleepUnsupported() string {
	if answer := v.answer.Load(); answer != nil {
		return *answer
	}
	return "the versions of the API server and the nodes are not known yet"
}

// Start implements manager.Runnable.
func (v *Versions) Start(ctx context.Context) error {
	for {
		select {
		case <-time.After(wait.Jitter(v.refresh(ctx), versionsJitter)):
		case <-ctx.Done():
			return nil
		}
	}
}

// NeedLeaderElection says that every replica looks for itself.
func (v *Versions) NeedLeaderElection() bool { return false }

// refresh looks once and returns when to look again. A failure leaves the last answer in force.
func (v *Versions) refresh(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, versionsTimeout)
	defer cancel()
	versions, err := v.read(ctx)
	if err != nil {
		log.FromContext(ctx).Error(err, "Reading the versions of the cluster: the last known ones stay in force",
			"sleepUnsupported", v.SleepUnsupported())
		return versionsRetry
	}
	answer := versions.sleepUnsupported()
	v.answer.Store(&answer)
	return versionsPeriod
}

func readVersions(ctx context.Context, server discovery.ServerVersionInterfaceWithContext, api client.Reader) (versions, error) {
	info, err := server.ServerVersionWithContext(ctx)
	if err != nil {
		return versions{}, fmt.Errorf("asking the API server for its version: %w", err)
	}
	read := versions{server: info.GitVersion}
	err = EachItem(ctx, api, &corev1.NodeList{}, client.ListOptions{}, func(item runtime.Object) error {
		if node, ok := item.(*corev1.Node); ok {
			read.see(node)
		}
		return nil
	})
	if err != nil {
		return versions{}, fmt.Errorf("asking the API server for every Node: %w", err)
	}
	return read, nil
}
