package v1alpha1

// SetDefaults fills every field that the policy leaves out.
func (p *RolloutPolicy) SetDefaults() {
	spec := &p.Spec
	setDefault(&spec.Profile, Baseline)
	setDefault(&spec.Existing, Warn)
	setDefault(&spec.Ignorable, Warn)
	spec.Overrides.setDefaults()
	spec.Defaults.setDefaults()
	spec.Traffic.setDefaults()
}

func (o *Overrides) setDefaults() {
	if len(o.Users) == 0 && len(o.Groups) == 0 {
		o.Groups = []string{"system:masters"}
	}
}

func (d *Defaults) setDefaults() {
	setDefault(&d.ReadinessProbe.Inject, new(true))
	setDefault(&d.ReadinessProbe.PeriodSeconds, 5)
	setDefault(&d.ReadinessProbe.TimeoutSeconds, 2)
	setDefault(&d.ReadinessProbe.FailureThreshold, 3)
	setDefault(&d.PreStop.Inject, new(true))
	setDefault(&d.PreStop.SleepSeconds, 5)
}

func (t *Traffic) setDefaults() {
	setDefault(&t.Capacity.DenyBelowPercent, new(int32(50)))
	setDefault(&t.Capacity.WarnBelowPercent, new(max(100, *t.Capacity.DenyBelowPercent)))
	setDefault(&t.KeepPreviousSeconds, new(int32(30)))
	setDefault(&t.Intents, new(true))
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
