package differential

import (
	"cmp"
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// prepare makes the namespace, with what is there before the change.
func (a *api) prepare(ctx context.Context, s *situation) error {
	namespace := &corev1.Namespace{}
	namespace.Name, namespace.Labels = s.namespace, map[string]string{policyLabel: s.policyName}
	if err := a.Create(ctx, namespace); err != nil {
		return err
	}
	slices.SortStableFunc(s.there, func(x, y *unstructured.Unstructured) int {
		return cmp.Compare(slices.Index(around, x.GetKind()), slices.Index(around, y.GetKind()))
	})
	uids := map[types.UID]types.UID{}
	for _, object := range s.there {
		err := a.store(ctx, object.DeepCopy(), uids, s.isApplied(object))
		if isRefusal(err) {
			s.refused = "what is there before: " + err.Error()
			return nil
		}
		if err != nil {
			return err
		}
	}
	tidy(s.applied, uids)
	return nil
}

// store makes an object and its status: what is changed later is applied, so that it is known who wrote what.
// The API server gives it another UID than the one that is written, by which others refer to it.
func (a *api) store(ctx context.Context, object *unstructured.Unstructured, uids map[types.UID]types.UID, applied bool) error {
	written := object.GetUID()
	tidy(object, uids)
	status, hasStatus := object.Object["status"].(map[string]any)
	delete(object.Object, "status")
	var err error
	if applied {
		err = a.Apply(ctx, client.ApplyConfigurationFromUnstructured(object), manager, client.ForceOwnership)
	} else {
		err = a.Create(ctx, object)
	}
	if apierrors.IsAlreadyExists(err) {
		return nil // Of two variants of an object, the first is there.
	}
	if err != nil {
		return err
	}
	if written != "" {
		uids[written] = object.GetUID()
	}
	if !hasStatus {
		return nil
	}
	object.Object["status"] = status
	return a.Status().Update(ctx, object)
}

// tidy leaves of the metadata what an author writes, and makes owners those that are stored.
func tidy(object *unstructured.Unstructured, uids map[types.UID]types.UID) {
	owners := object.GetOwnerReferences()
	for i := range owners {
		owners[i].UID = cmp.Or(uids[owners[i].UID], owners[i].UID)
	}
	kept := map[string]any{"name": object.GetName(), "namespace": object.GetNamespace()}
	metadata := object.Object["metadata"].(map[string]any)
	for _, field := range []string{"labels", "annotations"} {
		if value, written := metadata[field]; written {
			kept[field] = value
		}
	}
	object.Object["metadata"] = kept
	if owners != nil {
		object.SetOwnerReferences(owners)
	}
}
