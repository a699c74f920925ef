package mutate

import (
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

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
	client, err := p.clientSideApplied()
	if err != nil {
		return false, err
	}
	server, err := p.serverSideApplied()
	return (client.template || server.template) && !client.grace && !server.grace, err
}

// written says what of a Deployment its author is known to have written.
type written struct{ template, grace bool }

// clientSideApplied reads what kubectl apply noted. A note that does not parse proves nothing.
func (p *Pass) clientSideApplied() (written, error) {
	note, err := decode[string](p.Object, lastAppliedPath)
	if err != nil || note == "" {
		return written{}, err
	}
	grace, err := lookup([]byte(note), gracePath)
	return written{template: err == nil, grace: grace != nil}, nil
}

// serverSideApplied reads what server-side apply owns. Entries of the operation Update tell nothing:
// the API server fills in its defaults before it computes them, so they own what was left out as well.
func (p *Pass) serverSideApplied() (written, error) {
	var all written
	err := elements(p.Object, managedFieldsPath, func(entry jsontext.Value) error {
		operation, err := decode[metav1.ManagedFieldsOperationType](entry, "/operation")
		if err != nil || operation != metav1.ManagedFieldsOperationApply {
			return err
		}
		template, err := lookup(entry, "/fieldsV1/f:spec/f:template")
		if err != nil || template == nil {
			return err
		}
		grace, err := lookup(template, "/f:spec/f:terminationGracePeriodSeconds")
		all.template, all.grace = true, all.grace || grace != nil
		return err
	})
	return all, err
}
