package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

// Policies are the policies in force. They do not change.
type Policies struct {
	ordered  []*Policy
	fallback *Policy
}

// NewPolicies returns the policies in force: exactly one of them governs an object, fallback where none
// matches.
func NewPolicies(policies []*Policy, fallback *Policy) *Policies {
	ordered := slices.Clone(policies)
	slices.SortFunc(ordered, func(a, b *Policy) int {
		return cmp.Or(cmp.Compare(b.priority, a.priority), cmp.Compare(a.Name, b.Name))
	})
	return &Policies{ordered: ordered, fallback: fallback}
}

// Only returns policies in force of which one governs every object, whatever it selects.
func Only(policy *Policy) *Policies { return NewPolicies(nil, policy) }

// Governing returns the policy that governs an object with these labels in a namespace with those: of
// the ones that match, the one with the highest priority, then the first by name.
func (p *Policies) Governing(namespaceLabels, objectLabels labels.Set) *Policy {
	for _, policy := range p.ordered {
		if policy.namespaces.Matches(namespaceLabels) && policy.objects.Matches(objectLabels) {
			return policy
		}
	}
	return p.fallback
}

// InNamespace returns the policies that may govern an object in a namespace with these labels, in their
// order: the last is the first that is for every object there.
func (p *Policies) InNamespace(namespaceLabels labels.Set) []*Policy {
	var governing []*Policy
	for _, policy := range p.ordered {
		if !policy.namespaces.Matches(namespaceLabels) {
			continue
		}
		governing = append(governing, policy)
		if policy.objects.Empty() {
			break
		}
	}
	return governing
}

// govern finds the policy of an object. The labels of its namespace are only read where they decide.
func (p *Policies) govern(ctx context.Context, object state.Object, reader state.Reader) (*Policy, error) {
	if !slices.ContainsFunc(p.ordered, func(policy *Policy) bool { return !policy.namespaces.Empty() }) {
		return p.Governing(nil, object.GetLabels()), nil
	}
	namespaceLabels, err := labelsOfNamespace(ctx, object.GetNamespace(), reader)
	if err != nil {
		return nil, fmt.Errorf("finding the policy of %s %s/%s: %w",
			object.GetObjectKind().GroupVersionKind().Kind, object.GetNamespace(), object.GetName(), err)
	}
	return p.Governing(namespaceLabels, object.GetLabels()), nil
}

// labelsOfNamespace asks live where the cache does not know the namespace, which may be a second old.
// One that is nowhere has the label that the API server gives to all.
func labelsOfNamespace(ctx context.Context, name string, reader state.Reader) (labels.Set, error) {
	for _, live := range []bool{false, true} {
		found, _, err := state.List[*corev1.Namespace](ctx, reader, state.Query{Kind: state.Namespace, Name: name, Live: live})
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return found[0].Labels, nil
		}
	}
	return labels.Set{corev1.LabelMetadataName: name}, nil
}
