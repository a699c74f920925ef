package mutate

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// All is every mutator, in the order in which they run.
var All = []Mutator{
	readinessProbe,
	preStopSleep,
}

// servicesAndRevisions are read for whatever goes into a pod template: who serves, and which templates
// a Deployment has rolled out before.
var servicesAndRevisions = []schema.GroupVersionKind{state.Service, state.ReplicaSet}
