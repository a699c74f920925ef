package rules

import (
	"context"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// leaveByTemplate judges outside of the cluster, where only the numbers of pods that the workloads ask for
// can say whether another one serves a Service.
func leaveByTemplate(ctx context.Context, pass *Pass) error {
	served, err := servedBy(ctx, pass, pass.Old)
	if err != nil {
		return err
	}
	for _, service := range served {
		if isHeadless(service) || traffic.Selects(service, state.TemplateLabels(pass.Object)) {
			continue
		}
		others, err := selectsAny(ctx, pass, service, servesBeside(pass.Object))
		if err != nil {
			return err
		}
		if !others {
			pass.Report(leaves(pass, service, "it"))
		}
	}
	return nil
}

// servesBeside returns whether a workload other than this one has pods.
func servesBeside(workload state.Object) func(state.Object) bool {
	return func(other state.Object) bool {
		isItself := other.GetObjectKind().GroupVersionKind() == workload.GetObjectKind().GroupVersionKind() && other.GetName() == workload.GetName()
		return !isItself && traffic.ReplicasOf(other) > 0
	}
}
