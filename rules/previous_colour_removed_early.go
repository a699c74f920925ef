package rules

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var previousColourRemovedEarly = &Rule{
	ID: "previous-colour-removed-early",
	Doc: `# What served before a switch is removed too early

A switch of a Service takes effect at once in the API server, and a little later in each proxy and load
balancer: until then they still send requests to the previous pods. And while these run, one change of the
selector goes back to them. So they are kept for a while after a switch, 30 seconds unless the policy says
otherwise (spec.traffic.keepPreviousSeconds).

Greenlight knows of a switch from its own announcement of it. Where the policy turns these off
(spec.traffic.intents), and outside of the cluster, the rule is not evaluated.

## Wrong

    kubectl patch service hello -p '{"spec":{"selector":{"version":"green"}}}'
    kubectl delete deployment blue

## Right

    kubectl patch service hello -p '{"spec":{"selector":{"version":"green"}}}'
    sleep 30                                  # or until the new version has proved itself
    kubectl delete deployment blue

## How to fix it

Wait until the time that the finding names.
`,
	Kinds:  workloads,
	Ops:    []Operation{Update, Delete},
	Scales: true,
	Reads:  []schema.GroupVersionKind{state.Service},
	Races:  func(pass *Pass) bool { return drains(pass) && !newDrainage(pass).inRollout() },
	Run:    runPreviousColourRemovedEarly,
}

func runPreviousColourRemovedEarly(ctx context.Context, pass *Pass) error {
	keep := time.Duration(*pass.Traffic.KeepPreviousSeconds) * time.Second
	drained := newDrainage(pass)
	// What a Deployment is scaled down to serves the proxies that lag behind.
	if keep == 0 || !drains(pass) || drained.inRollout() {
		return nil
	}
	if pass.Announced == nil || pass.Announced.Err != nil {
		return state.Unknown{Reason: "when a Service was switched is only known in the cluster, from the intents of its policy"}
	}
	recent := slices.DeleteFunc(slices.Clone(pass.Announced.Switches), func(past traffic.PastSwitch) bool {
		return !pass.Now.Before(past.At.Add(keep)) || !past.LeftBehind(state.TemplateLabels(drained.workload))
	})
	if len(recent) == 0 {
		return nil
	}
	services, err := servicesOf(ctx, pass.State, drained.workload.GetNamespace())
	if err != nil {
		return err
	}
	for _, past := range recent {
		// One that was switched again, or was never stored, is in force no more.
		if i := slices.IndexFunc(services, past.InForce); i >= 0 {
			pass.Report(early(pass, services[i], past, past.At.Add(keep)))
		}
	}
	return nil
}

func early(pass *Pass, service *corev1.Service, past traffic.PastSwitch, until time.Time) Finding {
	ago := pass.Now.Sub(past.At).Round(time.Second)
	return Finding{
		Path: drainedPath(pass.Op),
		Message: fmt.Sprintf("Service %s was switched away from these pods %s ago, and proxies may still send them requests.",
			service.Name, ago),
		Fix: fmt.Sprintf("Keep them until %s.", until.UTC().Format("15:04:05 MST")),
	}
}
