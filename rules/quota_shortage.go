package rules

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"greenlight.dev/greenlight/state"
)

// shortage is a resource of a ResourceQuota that has room for fewer pods than are to be made.
type shortage struct {
	quota            string
	resource         corev1.ResourceName
	hard, used, each resource.Quantity
	room             int
}

func (s *shortage) numbers() string {
	return fmt.Sprintf("%s: %s of %s used, %s a pod", s.resource, s.used.String(), s.hard.String(), s.each.String())
}

// findShortage returns where there is the least room for so many more pods of the Deployment: nil if
// every quota has room for all. It returns state.Unknown where none is short and not all is known.
func findShortage(ctx context.Context, pass *Pass, deployment *appsv1.Deployment, needed int) (*shortage, error) {
	quotas, complete, err := state.List[*corev1.ResourceQuota](ctx, pass.State, state.Query{
		Kind: state.ResourceQuota, Namespace: deployment.Namespace,
	})
	if err != nil {
		return nil, err
	}
	var unknown error
	if !complete {
		unknown = state.Unknown{Reason: "not every ResourceQuota of the namespace is known"}
	}
	quotas = slices.DeleteFunc(quotas, isConditional)
	if len(quotas) == 0 {
		return nil, unknown
	}
	each := quotaUsage(&deployment.Spec.Template.Spec)
	var tightest *shortage
	for _, quota := range quotas {
		if len(quota.Status.Hard) < len(quota.Spec.Hard) {
			unknown = state.Unknown{Reason: fmt.Sprintf("what is used of ResourceQuota %s is not known", quota.Name)}
		}
		if found := shortest(quota, each, needed); found != nil && (tightest == nil || found.room < tightest.room) {
			tightest = found
		}
	}
	if tightest != nil {
		return tightest, nil
	}
	return nil, unknown
}

// isConditional reports whether a quota counts some pods only. Of the scopes NotTerminating takes in all
// of a Deployment, which may not set activeDeadlineSeconds.
func isConditional(quota *corev1.ResourceQuota) bool {
	conditional := func(scope corev1.ResourceQuotaScope) bool { return scope != corev1.ResourceQuotaScopeNotTerminating }
	return quota.Spec.ScopeSelector != nil || slices.ContainsFunc(quota.Spec.Scopes, conditional)
}

// shortest returns the resource of a quota with the least room: nil if all have room for so many pods.
func shortest(quota *corev1.ResourceQuota, each corev1.ResourceList, needed int) *shortage {
	var tightest *shortage
	for _, name := range slices.Sorted(maps.Keys(quota.Status.Hard)) {
		pod, counted := each[name]
		if !counted {
			continue
		}
		found := &shortage{
			quota: "ResourceQuota " + quota.Name, resource: name,
			hard: quota.Status.Hard[name], used: quota.Status.Used[name], each: pod,
		}
		found.room = found.roomFor(needed)
		if found.room < needed && (tightest == nil || found.room < tightest.room) {
			tightest = found
		}
	}
	return tightest
}

// roomFor returns how many of so many pods fit.
func (s *shortage) roomFor(needed int) int {
	return sort.Search(needed, func(fitting int) bool {
		total := s.each.DeepCopy()
		total.Mul(int64(fitting) + 1)
		total.Add(s.used)
		return total.Cmp(s.hard) > 0
	})
}
