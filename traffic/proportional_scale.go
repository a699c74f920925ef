package traffic

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/types"
)

// What the Deployment controller writes on its ReplicaSets, for its next scaling. The source is
// pkg/controller/deployment/util of Kubernetes.
const (
	desiredReplicasAnnotation = "deployment.kubernetes.io/desired-replicas"
	maxReplicasAnnotation     = "deployment.kubernetes.io/max-replicas"
)

// ScaledSizes returns how many pods each ReplicaSet of a Deployment is given, by UID, when its controller sees
// another number of replicas: in the middle of a rollout each in proportion to its size, ready or not. The
// source is scale in pkg/controller/deployment of Kubernetes. It fails as Rolling does.
func ScaledSizes(deployment *appsv1.Deployment, replicaSets []*appsv1.ReplicaSet) (map[types.UID]int, error) {
	replicas, newest := Replicas(deployment.Spec.Replicas), newestOf(deployment, replicaSets)
	sizes := map[types.UID]int{}
	var active []*appsv1.ReplicaSet
	for _, rs := range replicaSets {
		sizes[rs.UID] = Replicas(rs.Spec.Replicas)
		if sizes[rs.UID] > 0 {
			active = append(active, rs)
		}
	}
	switch {
	case len(active) == 1:
		sizes[active[0].UID] = replicas
	case len(active) == 0:
	case newest != nil && isSaturated(newest, replicas):
		for _, rs := range active {
			if rs != newest {
				sizes[rs.UID] = 0
			}
		}
	case deployment.Spec.Strategy.Type == appsv1.RollingUpdateDeploymentStrategyType:
		return sizes, scaleInProportion(deployment, active, sizes)
	}
	return sizes, nil
}

// IsScalePending reports whether the controller of a Deployment has yet to scale one of its ReplicaSets to the
// Deployment's number of replicas. The source is isScalingEvent in pkg/controller/deployment of Kubernetes.
func IsScalePending(deployment *appsv1.Deployment, rs *appsv1.ReplicaSet) bool {
	desired, known := rs.Annotations[desiredReplicasAnnotation]
	return known && desired != strconv.Itoa(Replicas(deployment.Spec.Replicas))
}

// IsRollingOut reports whether a Deployment may have pods of several templates, or its controller has not seen
// its newest spec.
func IsRollingOut(deployment *appsv1.Deployment) bool {
	status, replicas := deployment.Status, int32(Replicas(deployment.Spec.Replicas))
	return status.ObservedGeneration < deployment.Generation || status.UpdatedReplicas != replicas || status.Replicas != replicas
}

// scaleInProportion rounds each ReplicaSet for itself, and has the largest make up for the difference.
func scaleInProportion(deployment *appsv1.Deployment, active []*appsv1.ReplicaSet, sizes map[types.UID]int) error {
	rolling, err := Rolling(deployment)
	if err != nil {
		return err
	}
	allowed := 0
	if rolling.Replicas > 0 {
		allowed = rolling.Replicas + rolling.Surge
	}
	missing := allowed
	for _, rs := range active {
		missing -= sizes[rs.UID]
	}
	slices.SortFunc(active, func(a, b *appsv1.ReplicaSet) int { return bySize(a, b, missing > 0) })
	left := missing
	for _, rs := range active {
		added := fraction(deployment, rs, rolling) - sizes[rs.UID]
		if missing > 0 {
			added = min(added, left)
		} else {
			added = max(added, left)
		}
		if left != 0 {
			sizes[rs.UID] += added
			left -= added
		}
	}
	largest := active[0].UID
	sizes[largest] = max(0, sizes[largest]+left)
	return nil
}

// bySize sorts the larger first: among equals the newer where pods are added, else the older.
func bySize(a, b *appsv1.ReplicaSet, newerFirst bool) int {
	age := byAge(a, b)
	if newerFirst {
		age = -age
	}
	return cmp.Or(Replicas(b.Spec.Replicas)-Replicas(a.Spec.Replicas), age)
}

// byAge sorts the older first. The source is ReplicaSetsByCreationTimestamp in pkg/controller of Kubernetes.
func byAge(a, b *appsv1.ReplicaSet) int {
	return cmp.Or(a.CreationTimestamp.Compare(b.CreationTimestamp.Time), cmp.Compare(a.Name, b.Name))
}

// fraction is the size that a ReplicaSet has in proportion. The source is getReplicaSetFraction in
// pkg/controller/deployment/util of Kubernetes.
func fraction(deployment *appsv1.Deployment, rs *appsv1.ReplicaSet, rolling RollingUpdate) int {
	size := Replicas(rs.Spec.Replicas)
	if rolling.Replicas == 0 {
		return 0
	}
	before, err := strconv.Atoi(rs.Annotations[maxReplicasAnnotation])
	if err != nil || before <= 0 {
		before = int(deployment.Status.Replicas)
	}
	if before == 0 {
		return size
	}
	return int(math.Round(float64(size*(rolling.Replicas+rolling.Surge)) / float64(before)))
}

// isSaturated reports whether the newest ReplicaSet has all the pods that its Deployment wants, and they are
// available.
func isSaturated(newest *appsv1.ReplicaSet, replicas int) bool {
	return Replicas(newest.Spec.Replicas) == replicas && int(newest.Status.AvailableReplicas) == replicas &&
		newest.Annotations[desiredReplicasAnnotation] == strconv.Itoa(replicas)
}

// newestOf returns the oldest of the ReplicaSets that have the Deployment's template: nil if none has. The
// source is FindNewReplicaSet in pkg/controller/deployment/util of Kubernetes.
func newestOf(deployment *appsv1.Deployment, replicaSets []*appsv1.ReplicaSet) *appsv1.ReplicaSet {
	want := TemplateFingerprint(&deployment.Spec.Template)
	var newest *appsv1.ReplicaSet
	for _, rs := range replicaSets {
		if TemplateFingerprint(&rs.Spec.Template) == want && (newest == nil || byAge(rs, newest) < 0) {
			newest = rs
		}
	}
	return newest
}
