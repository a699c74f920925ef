package mutate

import (
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
)

// revisitSleeps removes or shortens injected sleeps for which there is no room any more: the
// Deployment's author added a handler of their own, or wrote a shorter grace period. The API server
// would reject the Deployment because of what we injected, so no switch turns this off.
func (p *Pass) revisitSleeps() error {
	longest := longestSleep(p.gracePeriod())
	for i := range p.podSpec().Containers {
		container := &p.podSpec().Containers[i]
		if lacksPreStop(container) || container.Lifecycle.PreStop.Sleep == nil {
			continue
		}
		hook := container.Lifecycle.PreStop
		shared := sharesHook(hook)
		if !shared && hook.Sleep.Seconds <= longest || !p.ownsSleep(container) {
			continue
		}
		if err := p.revisitSleep(i, shared, longest); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pass) ownsSleep(container *corev1.Container) bool {
	injected := p.injected(container.Name).PreStop
	return injected != nil && apiequality.Semantic.DeepEqual(container.Lifecycle.PreStop.Sleep, injected.Sleep)
}

func (p *Pass) revisitSleep(index int, shared bool, longest int64) error {
	switch {
	case shared:
		p.patch.Remove(containerPath(index, "lifecycle", "preStop", "sleep"))
	case longest == 0:
		return p.removePreStop(index)
	default:
		p.patch.Replace(containerPath(index, "lifecycle", "preStop", "sleep", "seconds"), longest)
		p.recordPreStop(p.podSpec().Containers[index].Name, sleepFor(longest))
	}
	return nil
}

// removePreStop removes the lifecycle too if nothing else is in it: a field that this build does not
// know counts, hence the look into the JSON.
func (p *Pass) removePreStop(index int) error {
	path := containerPath(index, "lifecycle")
	lifecycle, err := decode[map[string]jsontext.Value](p.Object, path)
	if err != nil {
		return err
	}
	if len(lifecycle) > 1 {
		path = path.AppendToken("preStop")
	}
	p.patch.Remove(path)
	return nil
}
