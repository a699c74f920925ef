package traffic

import (
	"maps"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
)

// PastSwitch is a switch of a Service that was admitted.
type PastSwitch struct {
	// Service is the UID of the Service.
	Service types.UID
	// Before and After are its selectors.
	Before, After map[string]string
	// At is when it was admitted.
	At time.Time
}

// InForce reports whether a Service, as it is now, selects what this switch made it select.
func (p PastSwitch) InForce(service *corev1.Service) bool {
	return service.UID == p.Service && maps.Equal(service.Spec.Selector, p.After)
}

// LeftBehind reports whether the Service selected pods with these labels before the switch, and does not
// any more.
func (p PastSwitch) LeftBehind(podLabels map[string]string) bool {
	selects := func(selector map[string]string) bool {
		return len(selector) > 0 && labels.SelectorFromValidatedSet(selector).Matches(labels.Set(podLabels))
	}
	return selects(p.Before) && !selects(p.After)
}
