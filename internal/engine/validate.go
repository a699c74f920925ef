package engine

import (
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

func validate(spec v1alpha1.RolloutPolicySpec, path *field.Path, entries []rules.Entry) field.ErrorList {
	var errs field.ErrorList
	if !slices.Contains(v1alpha1.Profiles, spec.Profile) {
		errs = append(errs, field.NotSupported(path.Child("profile"), spec.Profile, v1alpha1.Profiles))
	}
	errs = append(errs, validateSettings(spec.Rules, path.Child("rules"), entries)...)
	errs = append(errs, warnOrDeny(spec.Existing, path.Child("existing"))...)
	errs = append(errs, warnOrDeny(spec.Ignorable, path.Child("ignorable"))...)
	for i, exemption := range spec.Exemptions {
		errs = append(errs, validateExemption(exemption, path.Child("exemptions").Index(i), entries)...)
	}
	errs = append(errs, validateDefaults(spec.Defaults, path.Child("defaults"))...)
	return append(errs, validateTraffic(spec.Traffic, path.Child("traffic"))...)
}

func validateSettings(settings []v1alpha1.RuleSetting, path *field.Path, entries []rules.Entry) field.ErrorList {
	var errs field.ErrorList
	seen := map[string]bool{}
	for i, setting := range settings {
		at := path.Index(i)
		if _, err := rules.Find(entries, setting.Name); err != nil {
			errs = append(errs, field.Invalid(at.Child("name"), setting.Name, err.Error()))
		}
		if seen[setting.Name] {
			errs = append(errs, field.Duplicate(at.Child("name"), setting.Name))
		}
		seen[setting.Name] = true
		errs = append(errs, validateMode(setting.Mode, at.Child("mode"))...)
	}
	return errs
}

func validateMode(mode v1alpha1.Mode, path *field.Path) field.ErrorList {
	switch {
	case mode == "" || slices.Contains(v1alpha1.Modes, mode):
		return nil
	case mode == "false":
		return field.ErrorList{field.Invalid(path, mode, `YAML takes off without quotes for false: write "off"`)}
	}
	return field.ErrorList{field.NotSupported(path, mode, v1alpha1.Modes)}
}

func warnOrDeny(mode v1alpha1.Mode, path *field.Path) field.ErrorList {
	allowed := []v1alpha1.Mode{v1alpha1.Warn, v1alpha1.Deny}
	if slices.Contains(allowed, mode) {
		return nil
	}
	return field.ErrorList{field.NotSupported(path, mode, allowed)}
}

func validateExemption(exemption v1alpha1.Exemption, path *field.Path, entries []rules.Entry) field.ErrorList {
	var errs field.ErrorList
	if len(exemption.Rules) == 0 {
		errs = append(errs, field.Required(path.Child("rules"), "name the rules to lift"))
	}
	for i, id := range exemption.Rules {
		if _, err := rules.Find(entries, id); err != nil {
			errs = append(errs, field.Invalid(path.Child("rules").Index(i), id, err.Error()))
		}
	}
	if strings.TrimSpace(exemption.Reason) == "" {
		errs = append(errs, field.Required(path.Child("reason"), "say why, for whoever comes across the exemption later"))
	}
	if len(exemption.Kinds)+len(exemption.Namespaces)+len(exemption.Names) == 0 {
		errs = append(errs, field.Required(path, "name kinds, namespaces or names: to lift a rule for everything, set its mode"))
	}
	errs = append(errs, validateGlobs(exemption.Kinds, path.Child("kinds"))...)
	errs = append(errs, validateGlobs(exemption.Namespaces, path.Child("namespaces"))...)
	return append(errs, validateGlobs(exemption.Names, path.Child("names"))...)
}

func validateGlobs(globs []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil || glob == "" {
			errs = append(errs, field.Invalid(at.Index(i), glob, "must be a name, in which * stands for any characters and ? for one"))
		}
	}
	return errs
}

func validateDefaults(defaults v1alpha1.Defaults, path *field.Path) field.ErrorList {
	probe, preStop := path.Child("readinessProbe"), path.Child("preStop")
	return slices.Concat(
		atLeast(1, int64(defaults.ReadinessProbe.PeriodSeconds), probe.Child("periodSeconds")),
		atLeast(1, int64(defaults.ReadinessProbe.TimeoutSeconds), probe.Child("timeoutSeconds")),
		atLeast(1, int64(defaults.ReadinessProbe.FailureThreshold), probe.Child("failureThreshold")),
		atLeast(1, defaults.PreStop.SleepSeconds, preStop.Child("sleepSeconds")),
	)
}

func validateTraffic(traffic v1alpha1.Traffic, path *field.Path) field.ErrorList {
	capacity := path.Child("capacity")
	deny, warn := *traffic.Capacity.DenyBelowPercent, *traffic.Capacity.WarnBelowPercent
	errs := slices.Concat(
		atLeast(0, int64(deny), capacity.Child("denyBelowPercent")),
		atLeast(0, int64(*traffic.KeepPreviousSeconds), path.Child("keepPreviousSeconds")),
	)
	if deny > 100 {
		errs = append(errs, field.Invalid(capacity.Child("denyBelowPercent"), deny, "must be at most 100"))
	}
	if warn < deny {
		errs = append(errs, field.Invalid(capacity.Child("warnBelowPercent"), warn, "must not be less than denyBelowPercent"))
	}
	return errs
}

func atLeast(least, value int64, path *field.Path) field.ErrorList {
	switch {
	case value >= least:
		return nil
	case least == 1:
		return field.ErrorList{field.Invalid(path, value, "must be greater than 0")}
	}
	return field.ErrorList{field.Invalid(path, value, "must not be negative")}
}
