package mutate

// All is every mutator, in the order in which they run.
var All = []Mutator{
	readinessProbe,
	preStopSleep,
}
