package rules

import (
	"context"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// settlement answers with live reads what becomes of pods, each owner being read once.
type settlement struct {
	reader state.Reader
	// owners holds nil for a workload that is gone, or going.
	owners map[types.UID]*traffic.Owners
}

func newSettlement(reader state.Reader) *settlement {
	return &settlement{reader: reader, owners: map[types.UID]*traffic.Owners{}}
}

// drain says what a Service has left when some of its pods leave. It asks for the owners of the others
// until enough is known to stay.
func (s *settlement) drain(ctx context.Context, service *corev1.Service, leaves func(*corev1.Pod) bool) (traffic.Drain, error) {
	pods, _, err := podsOf(ctx, s.reader, service)
	if err != nil {
		return traffic.Drain{}, err
	}
	drain := traffic.Drain{Service: service, Serving: traffic.Serving(pods, service)}
	var others []*corev1.Pod
	for _, pod := range drain.Serving {
		if leaves(pod) {
			drain.Leaving = append(drain.Leaving, pod)
		} else {
			others = append(others, pod)
		}
	}
	for _, pod := range others {
		if !drain.Loses() {
			break
		}
		settled, err := s.settled(ctx, pod, service)
		if err != nil {
			return traffic.Drain{}, err
		}
		if settled != nil {
			drain.Staying = append(drain.Staying, settled)
		}
	}
	return drain, nil
}

// unservedWithout says what of a Service nothing serves once some pods leave: empty where none of them serve it, or
// others do and stay.
func (s *settlement) unservedWithout(ctx context.Context, service *corev1.Service, leaving map[string]bool) (string, error) {
	if len(leaving) == 0 {
		return "", nil
	}
	drain, err := s.drain(ctx, service, func(pod *corev1.Pod) bool { return leaving[pod.Name] })
	if err != nil {
		return "", err
	}
	return drain.Unserved(), nil
}

// settled returns what a pod is for a Service once its owners have what they want: nil if there is none any
// more. What has no owner, or one of a kind that is not judged, stays as it is.
func (s *settlement) settled(ctx context.Context, pod *corev1.Pod, service *corev1.Service) (*corev1.Pod, error) {
	owner := metav1.GetControllerOf(pod)
	if owner == nil {
		return s.adopted(ctx, pod, service)
	}
	if !isOfKind(owner, state.ReplicaSet) && !isOfKind(owner, state.StatefulSet) {
		return pod, nil
	}
	owners, known := s.owners[owner.UID]
	if !known {
		var err error
		if owners, err = s.ownersOf(ctx, pod.Namespace, owner); err != nil {
			return nil, err
		}
		s.owners[owner.UID] = owners
	}
	if owners == nil {
		return nil, nil
	}
	return owners.Settled(pod, service), nil
}

// adopted is settled for a pod that nothing controls yet.
func (s *settlement) adopted(ctx context.Context, pod *corev1.Pod, service *corev1.Service) (*corev1.Pod, error) {
	replicaSet, err := adopterOf[*appsv1.ReplicaSet](ctx, s.reader, state.ReplicaSet, pod)
	if err != nil {
		return nil, err
	}
	if replicaSet != nil {
		owners, err := s.ownersAbove(ctx, *replicaSet)
		if err != nil || owners == nil {
			return nil, err
		}
		return owners.Settled(pod, service), nil
	}
	set, err := adopterOf[*appsv1.StatefulSet](ctx, s.reader, state.StatefulSet, pod)
	if err != nil || set == nil {
		return pod, err
	}
	return traffic.Owners{StatefulSet: *set}.Settled(pod, service), nil
}

func (s *settlement) ownersOf(ctx context.Context, namespace string, owner *metav1.OwnerReference) (*traffic.Owners, error) {
	if isOfKind(owner, state.StatefulSet) {
		set, err := kept[*appsv1.StatefulSet](ctx, s.reader, state.StatefulSet, namespace, owner)
		if err != nil || set == nil {
			return nil, err
		}
		return &traffic.Owners{StatefulSet: *set}, nil
	}
	replicaSet, err := kept[*appsv1.ReplicaSet](ctx, s.reader, state.ReplicaSet, namespace, owner)
	if err != nil || replicaSet == nil {
		return nil, err
	}
	return s.ownersAbove(ctx, *replicaSet)
}

// ownersAbove returns a ReplicaSet with the Deployment that controls it, or is about to: nil if that is gone.
func (s *settlement) ownersAbove(ctx context.Context, replicaSet *appsv1.ReplicaSet) (*traffic.Owners, error) {
	owner := metav1.GetControllerOf(replicaSet)
	deployment, err := s.deploymentOf(ctx, replicaSet, owner)
	switch {
	case err != nil:
		return nil, err
	case deployment != nil:
		return s.ownersInRollout(ctx, replicaSet, *deployment)
	case owner != nil && isOfKind(owner, state.Deployment):
		return nil, nil
	}
	return &traffic.Owners{ReplicaSet: replicaSet}, nil
}

// ownersInRollout reads the other ReplicaSets of a Deployment where what becomes of one depends on them: in the
// middle of a rollout, and before a scaling that takes all of its pods.
func (s *settlement) ownersInRollout(ctx context.Context, replicaSet *appsv1.ReplicaSet, deployment *appsv1.Deployment) (*traffic.Owners, error) {
	owners := &traffic.Owners{ReplicaSet: replicaSet, Deployment: deployment}
	scaled := traffic.IsScalePending(deployment, replicaSet)
	if !scaled && !owners.IsReplaced() {
		return owners, nil
	}
	replicaSets, err := replicaSetsOf(ctx, s.reader, deployment)
	if err != nil {
		return nil, err
	}
	if scaled {
		sizes, err := traffic.ScaledSizes(deployment, replicaSets)
		if err != nil || sizes[replicaSet.UID] == 0 {
			return nil, err
		}
	}
	owners.Beside = slices.DeleteFunc(replicaSets, func(other *appsv1.ReplicaSet) bool {
		return other.UID == replicaSet.UID
	})
	return owners, nil
}

func (s *settlement) deploymentOf(ctx context.Context, replicaSet *appsv1.ReplicaSet, owner *metav1.OwnerReference) (**appsv1.Deployment, error) {
	switch {
	case owner == nil:
		return adopterOf[*appsv1.Deployment](ctx, s.reader, state.Deployment, replicaSet)
	case isOfKind(owner, state.Deployment):
		return kept[*appsv1.Deployment](ctx, s.reader, state.Deployment, replicaSet.Namespace, owner)
	}
	return nil, nil
}

// kept reads an owner: nil if it is gone or being deleted, or another has its name now.
func kept[T state.Object](ctx context.Context, reader state.Reader, kind schema.GroupVersionKind, namespace string, owner *metav1.OwnerReference) (*T, error) {
	found, err := get[T](ctx, reader, state.Query{Kind: kind, Namespace: namespace, Name: owner.Name})
	if err != nil || found == nil || (*found).GetUID() != owner.UID || (*found).GetDeletionTimestamp() != nil {
		return nil, err
	}
	return found, nil
}
