package rules

import (
	"context"
	"errors"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/state"
)

// eachClaim visits the claims that a Deployment's pods share, with their access modes. Claims that are not
// known are left out, and make it return state.Unknown in the end.
func eachClaim(ctx context.Context, pass *Pass, deployment *appsv1.Deployment, visit func(corev1.Volume, []corev1.PersistentVolumeAccessMode)) error {
	var unknown error
	for _, volume := range deployment.Spec.Template.Spec.Volumes {
		if volume.PersistentVolumeClaim == nil {
			continue
		}
		modes, err := accessModes(ctx, pass, deployment.Namespace, volume.PersistentVolumeClaim.ClaimName)
		switch {
		case errors.As(err, new(state.Unknown)):
			unknown = err
		case err != nil:
			return err
		default:
			visit(volume, modes)
		}
	}
	return unknown
}

// isExclusive reports whether a claim of these modes cannot be shared. It is bound to a volume that offers
// them all, so that one which many nodes may use is enough. The source is IsMultiAttachAllowed in
// pkg/volume/util of Kubernetes.
func isExclusive(modes []corev1.PersistentVolumeAccessMode) bool {
	return len(modes) > 0 && !slices.ContainsFunc(modes, func(mode corev1.PersistentVolumeAccessMode) bool {
		return mode == corev1.ReadWriteMany || mode == corev1.ReadOnlyMany
	})
}

// accessModes returns the access modes of a claim. One that is not there yet may come with the next file
// that is applied, so that its modes are not known, however complete the listing.
func accessModes(ctx context.Context, pass *Pass, namespace, claim string) ([]corev1.PersistentVolumeAccessMode, error) {
	claims, _, err := state.List[*corev1.PersistentVolumeClaim](ctx, pass.State, state.Query{
		Kind: state.PersistentVolumeClaim, Namespace: namespace, Name: claim,
	})
	if err != nil {
		return nil, err
	}
	if len(claims) > 0 {
		return claims[0].Spec.AccessModes, nil
	}
	return nil, state.Unknown{Reason: fmt.Sprintf("the access modes of PersistentVolumeClaim %s are not known", claim)}
}
