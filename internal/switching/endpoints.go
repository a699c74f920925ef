package switching

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// patience is how long the endpoints of a Service may take to follow its selector before that is told.
const patience = 30 * time.Second

// Endpoints waits until the Service's EndpointSlices hold ready endpoints of the pods that it selects, and
// of no others, and returns these by the names of their pods.
func (s *Switcher) Endpoints(ctx context.Context, look Look) ([]string, error) {
	var ready []string
	err := wait.PollUntilContextTimeout(ctx, period/4, patience, true, func(ctx context.Context) (bool, error) {
		selected, err := s.selected(ctx, look)
		if err != nil {
			return false, err
		}
		ready, err = s.ready(ctx, look)
		follow := len(ready) > 0 && !slices.ContainsFunc(ready, func(name string) bool { return !selected[name] })
		return follow, err
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return ready, fmt.Errorf("the endpoints of Service %s do not follow its selector after %s: they are %s",
			look.Service(), patience, strings.Join(ready, ", "))
	}
	return ready, err
}

func (s *Switcher) selected(ctx context.Context, look Look) (map[string]bool, error) {
	pods := &corev1.PodList{}
	err := s.API.List(ctx, pods, client.InNamespace(look.old.Namespace), client.MatchingLabels(look.Selector()))
	names := map[string]bool{}
	for _, pod := range pods.Items {
		names[pod.Name] = true
	}
	return names, err
}

// ready returns the pods of the ready endpoints, sorted, each once: a Service of two IP families has a slice for each.
func (s *Switcher) ready(ctx context.Context, look Look) ([]string, error) {
	endpointSlices := &discoveryv1.EndpointSliceList{}
	err := s.API.List(ctx, endpointSlices, client.InNamespace(look.old.Namespace),
		client.MatchingLabels{discoveryv1.LabelServiceName: look.old.Name})
	var names []string
	for _, endpointSlice := range endpointSlices.Items {
		for _, endpoint := range endpointSlice.Endpoints {
			if endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready && endpoint.TargetRef != nil {
				names = append(names, endpoint.TargetRef.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}
