package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/labels"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// Policy is a RolloutPolicy made ready to judge with: every rule that is not off, with its mode and
// its parameters.
type Policy struct {
	Name string

	priority            int32
	namespaces, objects labels.Selector
	rules               []activeRule
	spec                v1alpha1.RolloutPolicySpec
}

type activeRule struct {
	rule   *rules.Rule
	mode   v1alpha1.Mode
	params any
}

// Defaults returns what the policy injects.
func (p *Policy) Defaults() v1alpha1.Defaults { return p.spec.Defaults }

// Baseline returns the policy that is built in: the baseline profile, unchanged.
func Baseline(entries []rules.Entry) *Policy {
	document := &v1alpha1.RolloutPolicy{ObjectMeta: metav1.ObjectMeta{Name: string(v1alpha1.Baseline)}}
	policy, err := NewPolicy(document, entries)
	if err != nil {
		panic(fmt.Sprintf("the built-in policy is not valid: %v", err))
	}
	return policy
}

// NewPolicy makes document ready to judge with the rules of entries. Its error lists everything that
// is wrong with the document, each with its field.
func NewPolicy(document *v1alpha1.RolloutPolicy, entries []rules.Entry) (*Policy, error) {
	complete := document.DeepCopy()
	complete.SetDefaults()
	spec := complete.Spec
	path := field.NewPath("spec")
	policy := &Policy{Name: complete.Name, priority: spec.Priority, spec: spec}
	errs := validate(spec, path, entries)
	policy.namespaces = selector(spec.NamespaceSelector, path.Child("namespaceSelector"), &errs)
	policy.objects = selector(spec.ObjectSelector, path.Child("objectSelector"), &errs)
	for _, entry := range entries {
		active, err := activate(entry, spec, path.Child("rules"))
		errs = append(errs, err...)
		if active.mode != v1alpha1.Off {
			policy.rules = append(policy.rules, active)
		}
	}
	if len(errs) > 0 {
		return nil, errs.ToAggregate()
	}
	return policy, nil
}

// Faults lists what an error of NewPolicy says.
func Faults(err error) []string {
	all := []error{err}
	var aggregate utilerrors.Aggregate
	if errors.As(err, &aggregate) {
		all = aggregate.Errors()
	}
	faults := make([]string, len(all))
	for i, fault := range all {
		faults[i] = fault.Error()
	}
	return faults
}

// selector parses a selector that matches everything where it is left out.
func selector(written *metav1.LabelSelector, path *field.Path, errs *field.ErrorList) labels.Selector {
	if written == nil {
		return labels.Everything()
	}
	if faults := metav1validation.ValidateLabelSelector(written, metav1validation.LabelSelectorValidationOptions{}, path); len(faults) > 0 {
		*errs = append(*errs, faults...)
		return labels.Nothing()
	}
	parsed, err := metav1.LabelSelectorAsSelector(written)
	if err != nil {
		*errs = append(*errs, field.InternalError(path, err))
	}
	return parsed
}

func activate(entry rules.Entry, spec v1alpha1.RolloutPolicySpec, path *field.Path) (activeRule, field.ErrorList) {
	active := activeRule{rule: entry.Rule, mode: entry.Mode(spec.Profile)}
	if entry.Params != nil {
		active.params = entry.Params()
	}
	index := slices.IndexFunc(spec.Rules, func(setting v1alpha1.RuleSetting) bool { return setting.Name == entry.ID })
	if index < 0 {
		return active, nil
	}
	setting := spec.Rules[index]
	if setting.Mode != "" {
		active.mode = setting.Mode
	}
	path = path.Index(index).Child("params")
	if setting.Params != nil {
		if errs := setParams(active.params, setting.Params.Raw, path); len(errs) > 0 {
			return active, errs
		}
	}
	if active.mode == v1alpha1.Off {
		return active, nil
	}
	return active, validateParams(active.params, path)
}

// setParams puts each parameter that is written in the place of its default.
func setParams(params any, raw []byte, path *field.Path) field.ErrorList {
	if params == nil {
		return field.ErrorList{field.Forbidden(path, "this rule has no parameters: remove them")}
	}
	if errs := unknownParams(params, raw, path); len(errs) > 0 {
		return errs
	}
	if err := json.Unmarshal(raw, params); err != nil {
		return field.ErrorList{field.Invalid(path, string(raw), err.Error())}
	}
	return nil
}

func validateParams(params any, path *field.Path) field.ErrorList {
	if validated, ok := params.(interface {
		Validate(*field.Path) field.ErrorList
	}); ok {
		return validated.Validate(path)
	}
	return nil
}
