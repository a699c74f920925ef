package mutate

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// managedFields is what is read of an entry of metadata.managedFields.
type managedFields struct {
	Operation metav1.ManagedFieldsOperationType `json:"operation"`
	FieldsV1  struct {
		Spec struct {
			Template *struct {
				Spec struct {
					GracePeriod *struct{} `json:"f:terminationGracePeriodSeconds"`
				} `json:"f:spec"`
			} `json:"f:template"`
		} `json:"f:spec"`
	} `json:"fieldsV1"`
}

// graceIsDefaulted reports whether it is proven that nobody wrote the grace period. A 30 alone proves
// nothing: the API server fills it in before admission.
func (p *Pass) graceIsDefaulted() (bool, error) {
	if p.gracePeriod() != corev1.DefaultTerminationGracePeriodSeconds {
		return false, nil
	}
	grace, err := lookup(p.Object, gracePath)
	if err != nil || grace == nil {
		return err == nil, err
	}
	client := p.clientSideApplied()
	server, err := p.serverSideApplied()
	return (client.template || server.template) && !client.grace && !server.grace, err
}

// written says what of a Deployment its author is known to have written.
type written struct{ template, grace bool }

// clientSideApplied reads what kubectl apply noted. A note that does not parse proves nothing.
func (p *Pass) clientSideApplied() written {
	note, exists := p.Deployment.Annotations[corev1.LastAppliedConfigAnnotation]
	if !exists {
		return written{}
	}
	grace, err := lookup([]byte(note), gracePath)
	return written{template: err == nil, grace: grace != nil}
}

// serverSideApplied reads what server-side apply owns. Entries of the operation Update tell nothing:
// the API server fills in its defaults before it computes them, so they own what was left out as well.
func (p *Pass) serverSideApplied() (written, error) {
	var all written
	entries, err := decode[[]managedFields](p.Object, managedFieldsPath)
	for _, entry := range entries {
		template := entry.FieldsV1.Spec.Template
		if entry.Operation != metav1.ManagedFieldsOperationApply || template == nil {
			continue
		}
		all.template = true
		all.grace = all.grace || template.Spec.GracePeriod != nil
	}
	return all, err
}
