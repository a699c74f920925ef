package mutate

import (
	corev1 "k8s.io/api/core/v1"
)

const (
	// stopSeconds is what a sleep leaves of a grace period for SIGTERM to be handled in.
	stopSeconds = 10
	// leastGrace is the shortest grace period with room for a sleep: 5 s of sleep are the least that
	// is of use.
	leastGrace = 15
)

// gracePeriod returns the grace period of the pods, in seconds.
func (p *Pass) gracePeriod() int64 {
	if grace := p.podSpec().TerminationGracePeriodSeconds; grace != nil {
		return *grace
	}
	return corev1.DefaultTerminationGracePeriodSeconds
}

// longestSleep returns the longest sleep that fits into a grace period: 0 if none does.
func longestSleep(grace int64) int64 {
	if grace < leastGrace {
		return 0
	}
	return grace - stopSeconds
}

// fitSleep returns the sleep to inject, 0 for none, and the grace period that goes with it: a written
// one is never changed.
func (p *Pass) fitSleep() (sleep, grace int64, err error) {
	wanted, grace := p.Defaults.PreStop.SleepSeconds, p.gracePeriod()
	defaulted, err := p.graceIsDefaulted()
	if err != nil {
		return 0, 0, err
	}
	if defaulted {
		return wanted, grace + wanted, nil
	}
	return min(wanted, longestSleep(grace)), grace, nil
}

func (p *Pass) extendGracePeriod(grace int64) {
	// Add replaces as well: the Deployment as it was sent may leave out what the API server fills in.
	p.patch.Add(gracePath, grace)
	p.recordGracePeriod(grace)
}
