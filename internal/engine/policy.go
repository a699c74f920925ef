package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// Policy is a RolloutPolicy made ready to judge with: every rule that is not off, with its mode and
// its parameters.
type Policy struct {
	Name     string
	rules    []activeRule
	defaults v1alpha1.Defaults
}

type activeRule struct {
	rule   *rules.Rule
	mode   v1alpha1.Mode
	params any
}

// Baseline returns the policy that is built in: the baseline profile, unchanged.
func Baseline(entries []rules.Entry) *Policy {
	policy, err := NewPolicy(&v1alpha1.RolloutPolicy{}, entries)
	if err != nil {
		panic(fmt.Sprintf("the built-in policy is not valid: %v", err))
	}
	policy.Name = string(v1alpha1.Baseline)
	return policy
}

// NewPolicy makes document ready to judge with the rules of entries. Its error lists everything that
// is wrong with the document, each with its field.
func NewPolicy(document *v1alpha1.RolloutPolicy, entries []rules.Entry) (*Policy, error) {
	complete := *document
	complete.SetDefaults()
	path := field.NewPath("spec")
	errs := validate(complete.Spec, path, entries)
	policy := &Policy{Name: complete.Name, defaults: complete.Spec.Defaults}
	for _, entry := range entries {
		active, err := activate(entry, complete.Spec, path.Child("rules"))
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
	if setting.Params == nil {
		return active, nil
	}
	return active, setParams(active.params, setting.Params.Raw, path.Index(index).Child("params"))
}

func setParams(params any, raw []byte, path *field.Path) field.ErrorList {
	if params == nil {
		return field.ErrorList{field.Forbidden(path, "this rule has no parameters: remove them")}
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(params); err != nil {
		return field.ErrorList{field.Invalid(path, string(raw), err.Error())}
	}
	if validated, ok := params.(interface {
		Validate(*field.Path) field.ErrorList
	}); ok {
		return validated.Validate(path)
	}
	return nil
}

func validate(spec v1alpha1.RolloutPolicySpec, path *field.Path, entries []rules.Entry) field.ErrorList {
	var errs field.ErrorList
	if !slices.Contains(v1alpha1.Profiles, spec.Profile) {
		errs = append(errs, field.NotSupported(path.Child("profile"), spec.Profile, v1alpha1.Profiles))
	}
	seen := map[string]bool{}
	for i, setting := range spec.Rules {
		errs = append(errs, validateSetting(setting, path.Child("rules").Index(i), entries)...)
		if seen[setting.Name] {
			errs = append(errs, field.Duplicate(path.Child("rules").Index(i).Child("name"), setting.Name))
		}
		seen[setting.Name] = true
	}
	return append(errs, validateDefaults(spec.Defaults, path.Child("defaults"))...)
}

func validateSetting(setting v1alpha1.RuleSetting, path *field.Path, entries []rules.Entry) field.ErrorList {
	var errs field.ErrorList
	if _, err := rules.Find(entries, setting.Name); err != nil {
		errs = append(errs, field.Invalid(path.Child("name"), setting.Name, err.Error()))
	}
	switch {
	case setting.Mode == "" || slices.Contains(v1alpha1.Modes, setting.Mode):
	case setting.Mode == "false":
		errs = append(errs, field.Invalid(path.Child("mode"), setting.Mode, `YAML takes off without quotes for false: write "off"`))
	default:
		errs = append(errs, field.NotSupported(path.Child("mode"), setting.Mode, v1alpha1.Modes))
	}
	return errs
}

func validateDefaults(defaults v1alpha1.Defaults, path *field.Path) field.ErrorList {
	probe, preStop := path.Child("readinessProbe"), path.Child("preStop")
	return slices.Concat(
		validatePositive(probe.Child("periodSeconds"), int64(defaults.ReadinessProbe.PeriodSeconds)),
		validatePositive(probe.Child("timeoutSeconds"), int64(defaults.ReadinessProbe.TimeoutSeconds)),
		validatePositive(probe.Child("failureThreshold"), int64(defaults.ReadinessProbe.FailureThreshold)),
		validatePositive(preStop.Child("sleepSeconds"), defaults.PreStop.SleepSeconds),
	)
}

func validatePositive(path *field.Path, value int64) field.ErrorList {
	if value > 0 {
		return nil
	}
	return field.ErrorList{field.Invalid(path, value, "must be greater than 0")}
}
