package traffic

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

// endpointControllers write the EndpointSlices of a Service, the second those that it mirrors from
// Endpoints. Once the Service has a selector, the first replaces its own by those of the selected pods, and
// the second deletes its own. The sources are pkg/controller/endpointslice and endpointslicemirroring of
// Kubernetes.
var endpointControllers = []string{"endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"}

// selectorAdded judges a Service that gets its endpoints from pods from now on, and not from an external
// name or from EndpointSlices that somebody wrote. The latter stay where they are: kube-proxy adds the
// slices of a Service up, whoever manages them.
func (s Switch) selectorAdded() Decision {
	if kept := s.keptSlices(); len(kept) > 0 {
		names := strings.Join(kept, " and ")
		return Decision{AllowWithWarning,
			"the selector does not replace EndpointSlice " + names + ", whose endpoints get requests as well",
			fmt.Sprintf("Once the new pods serve, run %q.", fmt.Sprintf("kubectl delete -n %s endpointslices %s", s.New.Namespace, strings.Join(kept, " ")))}
	}
	target := s.target()
	if target.Outcome == Deny && !s.replacesEndpoints() {
		return makeSure("this Service has no ready endpoint now, so nothing can be lost")
	}
	return target
}

// replacesEndpoints reports whether a selector takes the place of something else that serves now.
func (s Switch) replacesEndpoints() bool {
	if selectsPods(s.Old) || !selectsPods(s.New) || len(s.keptSlices()) > 0 {
		return false
	}
	return s.Old.Spec.Type == corev1.ServiceTypeExternalName || slices.ContainsFunc(s.EndpointSlices, hasReadyEndpoint)
}

// target judges the pods that come in on their own, where there are no others to compare them with.
func (s Switch) target() Decision {
	if blocked := s.blocked(); blocked.Outcome == Deny {
		return blocked
	}
	if len(s.stayServing()) == 0 {
		return s.nothingServes()
	}
	return join(s.unjudged(), s.olderPods(), s.undeclared())
}

// keptSlices returns the names of the EndpointSlices with ready endpoints that no controller takes away.
func (s Switch) keptSlices() []string {
	var kept []string
	for _, slice := range s.EndpointSlices {
		if hasReadyEndpoint(slice) && !slices.Contains(endpointControllers, slice.Labels[discoveryv1.LabelManagedBy]) {
			kept = append(kept, slice.Name)
		}
	}
	return kept
}

// hasReadyEndpoint takes an endpoint that does not say for ready, as the API does.
func hasReadyEndpoint(slice *discoveryv1.EndpointSlice) bool {
	return slices.ContainsFunc(slice.Endpoints, func(endpoint discoveryv1.Endpoint) bool {
		return endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready
	})
}
