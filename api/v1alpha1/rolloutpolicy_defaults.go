package v1alpha1

// SetDefaults fills every field that the policy leaves out.
func (p *RolloutPolicy) SetDefaults() {
	setDefault(&p.Spec.Profile, Baseline)
	p.Spec.Defaults.setDefaults()
}

func (d *Defaults) setDefaults() {
	setDefault(&d.ReadinessProbe.Inject, new(true))
	setDefault(&d.ReadinessProbe.PeriodSeconds, 5)
	setDefault(&d.ReadinessProbe.TimeoutSeconds, 2)
	setDefault(&d.ReadinessProbe.FailureThreshold, 3)
	setDefault(&d.PreStop.Inject, new(true))
	setDefault(&d.PreStop.SleepSeconds, 5)
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
