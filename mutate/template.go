package mutate

import (
	"bytes"
	"context"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/traffic"
)

// templateIsFree reports whether changing the template starts no rollout but the one that its author
// starts: the Deployment is new, or its template changes to one that it never had.
func (p *Pass) templateIsFree(ctx context.Context) (bool, error) {
	if changes, err := p.templateChanges(); err != nil || !changes || p.Old == nil {
		return changes, err
	}
	rolledOut, err := p.templateRolledOut(ctx)
	return !rolledOut, err
}

func (p *Pass) templateChanges() (bool, error) {
	return p.changed.get(func() (bool, error) {
		if p.Old == nil {
			return true, nil
		}
		return templatesDiffer(p.Object, p.Old)
	})
}

// templatesDiffer decodes the templates only where their bytes differ and that may be without meaning: an
// empty list for none.
func templatesDiffer(object, old []byte) (bool, error) {
	template, err := lookup(object, templatePath)
	if err != nil {
		return false, err
	}
	oldTemplate, err := lookup(old, templatePath)
	switch {
	case err != nil || bytes.Equal(template, oldTemplate):
		return false, err
	case certainlyDiffer(template, oldTemplate):
		return true, nil
	}
	decoded, err := decodeValue[corev1.PodTemplateSpec](template, templatePath)
	if err != nil {
		return false, err
	}
	oldDecoded, err := decodeValue[corev1.PodTemplateSpec](oldTemplate, templatePath)
	return !apiequality.Semantic.DeepEqual(decoded, oldDecoded), err
}

// templateRolledOut reports whether the Deployment controls a ReplicaSet of this very template: then
// the update is a rollback. Its UID is that of the old object, for an update may leave it out: the API
// server fills it in after admission.
func (p *Pass) templateRolledOut(ctx context.Context) (bool, error) {
	uid, err := decode[types.UID](p.Old, uidPath)
	if err != nil {
		return false, err
	}
	revision, err := traffic.Revision(ctx, p.State, p.Deployment.Namespace, uid, func() (*corev1.PodTemplateSpec, error) {
		template, err := decode[corev1.PodTemplateSpec](p.Object, templatePath)
		return &template, err
	})
	return revision != nil, err
}
