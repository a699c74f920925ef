package check

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	clientscheme "k8s.io/client-go/kubernetes/scheme"

	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/state"
)

// applyTo makes the object what the one in the cluster becomes when the manifest is applied to it, as kubectl
// works it out: what was applied before and is left out now goes; what others set, what was injected and what
// the API server filled in stays.
func (o *object) applyTo(old state.Object) error {
	if old == nil || o.document.Kind() != old.GetObjectKind().GroupVersionKind() {
		return nil
	}
	original, err := appliedBefore(old)
	if err != nil {
		return err
	}
	modified, err := o.modified()
	if err != nil {
		return err
	}
	current, err := json.Marshal(old)
	if err != nil {
		return err
	}
	merged, err := merge(original, modified, current, old)
	if err != nil {
		return err
	}
	applied, err := clientscheme.Scheme.New(o.document.Kind())
	if err != nil {
		return err
	}
	if err := json.Unmarshal(merged, applied); err != nil {
		return err
	}
	o.Object = applied.(state.Object)
	manifest.SetDefaults(o.Object)
	return nil
}

// modified is the manifest without what applying it does not change.
func (o *object) modified() ([]byte, error) {
	written, err := o.document.JSON()
	if err != nil {
		return nil, err
	}
	var modified unstructured.Unstructured
	if err := json.Unmarshal(written, &modified.Object); err != nil {
		return nil, err
	}
	delete(modified.Object, "status")
	modified.SetNamespace(o.GetNamespace())
	for _, field := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"} {
		unstructured.RemoveNestedField(modified.Object, "metadata", field)
	}
	return json.Marshal(modified.Object)
}

// merge applies what changed between original and modified to current, all of them JSON of the kind of like.
func merge(original, modified, current []byte, like state.Object) ([]byte, error) {
	schema, err := strategicpatch.NewPatchMetaFromStruct(like)
	if err != nil {
		return nil, err
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(original, modified, current, schema, true)
	if err != nil {
		return nil, err
	}
	return strategicpatch.StrategicMergePatchUsingLookupPatchMeta(current, patch, schema)
}

// appliedBefore returns the manifest that was applied last: nil where that is not known, so that nothing goes.
func appliedBefore(old state.Object) ([]byte, error) {
	if note := old.GetAnnotations()[corev1.LastAppliedConfigAnnotation]; note != "" {
		return []byte(note), nil
	}
	manager := onlyApplier(old)
	if manager == "" {
		return nil, nil
	}
	return ownedBy(old, manager)
}
