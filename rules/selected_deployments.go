package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// mostSelected is how many Deployments are read for one Service: each may be a request to the API server.
const mostSelected = 10

// selectedDeployments returns the Deployments that have pods which a Service selects, with their ports. For a
// change they are read as they are now; at rest a cache will do, since what it has not seen yet is judged
// anew. It returns state.Unknown where none is seen and there may be others, and beside the first 10 of more.
func selectedDeployments(ctx context.Context, pass *Pass, service *corev1.Service) ([]*appsv1.Deployment, error) {
	query := state.Query{Kind: state.Deployment, Namespace: service.Namespace, TemplateLabels: state.ServiceSelector(service)}
	known, complete, err := state.List[*appsv1.Deployment](ctx, pass.State, query)
	if err != nil {
		return nil, err
	}
	if len(known) == 0 && !complete {
		return nil, state.Unknown{Reason: "no Deployment that this Service selects was seen, and not every Deployment is known"}
	}
	var selected []*appsv1.Deployment
	names := deploymentNames(known)
	for _, name := range names[:min(len(names), mostSelected)] {
		query.Name, query.Live = name, pass.Op != Rest
		found, _, err := state.List[*appsv1.Deployment](ctx, pass.State, query)
		if err != nil {
			return nil, err
		}
		selected = append(selected, slices.DeleteFunc(found, hasNoPods)...)
	}
	if len(names) > mostSelected {
		return selected, state.Unknown{Reason: fmt.Sprintf("the Service selects %d Deployments, of which only %d are read", len(names), mostSelected)}
	}
	return selected, nil
}

// deploymentNames returns each name once: in manifests, variants of one Deployment may lie side by side.
func deploymentNames(sorted []*appsv1.Deployment) []string {
	var names []string
	for _, deployment := range sorted {
		names = append(names, deployment.Name)
	}
	return slices.Compact(names)
}

func hasNoPods(deployment *appsv1.Deployment) bool {
	return traffic.Replicas(deployment.Spec.Replicas) == 0
}
