package mutate

import (
	"context"

	corev1 "k8s.io/api/core/v1"
)

var preStopSleep = Mutator{ID: "prestop-sleep", Doc: preStopSleepDoc, Reads: servicesAndRevisions, Run: runPreStopSleep}

const preStopSleepDoc = `# Inject a preStop sleep

When a pod is deleted, its container gets SIGTERM while proxies still send it requests: they have not
heard of it yet. A preStop hook delays SIGTERM until they have:

    lifecycle:
      preStop:
        sleep:
          seconds: 5

The kubelet itself sleeps: the image needs no shell. The seconds are the policy's. The grace period
counts from the start of the sleep. So where the Deployment leaves terminationGracePeriodSeconds out,
it becomes 30 seconds plus the sleep; where it is written, it stays, and the sleep leaves 10 seconds
of it to stop in.

## When

A Deployment is created or its pod template changes, and a Service targets a TCP port that the
container declares. While no Service selects the pods: the container declares a TCP port. An injected
sleep is shortened, or removed, when the grace period becomes too short for it.

## When not

- The container has a preStop hook. When you add a handler to an injected hook, the sleep is removed.
- It declares no TCP port, is an init container or a sidecar, or is a known proxy such as istio-proxy.
- terminationGracePeriodSeconds is written and below 15.
- The API server or a kubelet is older than Kubernetes 1.30, which has no native sleep.
- The pod template is that of a ReplicaSet of the Deployment: a rollback stays a rollback.
- The Deployment is annotated with greenlight.dev/inject: "false", or the policy says
  spec.defaults.preStop.inject: false.
`

func runPreStopSleep(ctx context.Context, pass *Pass) error {
	if err := pass.revisitSleeps(); err != nil {
		return err
	}
	if !pass.injects(pass.Defaults.PreStop.Inject) {
		return nil
	}
	targets, err := pass.lacking(ctx, lacksPreStop)
	if err != nil || len(targets) == 0 {
		return err
	}
	sleep, grace, err := pass.fitSleep()
	if err != nil || sleep == 0 {
		return err
	}
	if pass.SleepUnsupported != "" {
		pass.warn("no preStop sleep is injected: %s", pass.SleepUnsupported)
		return nil
	}
	for _, target := range targets {
		pass.injectSleep(target.index, sleep)
	}
	if grace != pass.gracePeriod() {
		pass.extendGracePeriod(grace)
	}
	return nil
}

func lacksPreStop(container *corev1.Container) bool {
	return container.Lifecycle == nil || container.Lifecycle.PreStop == nil
}

func (p *Pass) injectSleep(index int, seconds int64) {
	container, hook := &p.podSpec().Containers[index], sleepFor(seconds)
	if container.Lifecycle == nil {
		p.patch.Add(containerPath(index, "lifecycle"), corev1.Lifecycle{PreStop: &hook})
	} else {
		p.patch.Add(containerPath(index, "lifecycle", "preStop"), hook)
	}
	p.recordPreStop(container.Name, hook)
}

func sleepFor(seconds int64) corev1.LifecycleHandler {
	return corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: seconds}}
}
