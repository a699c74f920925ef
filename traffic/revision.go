package traffic

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/state"
)

// Revision returns the ReplicaSet of a Deployment that has rolled this very template out before: then going
// to it is a rollback. It is nil where there is none. template is only asked for where there are
// ReplicaSets to compare it with. It returns state.Unknown where none is of this template and there may
// be others.
func Revision(ctx context.Context, reader state.Reader, namespace string, deployment types.UID, template func() (*corev1.PodTemplateSpec, error)) (*appsv1.ReplicaSet, error) {
	replicaSets, complete, err := state.List[*appsv1.ReplicaSet](ctx, reader, state.Query{
		Kind: state.ReplicaSet, Namespace: namespace, OwnedBy: deployment,
	})
	if err != nil || len(replicaSets) == 0 && complete {
		return nil, err
	}
	wanted, err := template()
	if err != nil {
		return nil, err
	}
	fingerprint := TemplateFingerprint(wanted)
	for _, replicaSet := range replicaSets {
		if TemplateFingerprint(&replicaSet.Spec.Template) == fingerprint {
			return replicaSet, nil
		}
	}
	if !complete {
		return nil, state.Unknown{Reason: "whether this is a rollback: not all ReplicaSets of the Deployment are known"}
	}
	return nil, nil
}
