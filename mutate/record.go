package mutate

import (
	"fmt"

	"github.com/go-json-experiment/json"
	corev1 "k8s.io/api/core/v1"
)

// recordAnnotation says what was injected into a Deployment. It is in the Deployment's metadata: in
// the template it would make a new ReplicaSet.
const recordAnnotation = "greenlight.dev/injected"

// record holds the injected values themselves: only what still equals them is ever taken for ours. It
// is never pruned, for kubectl rollout undo brings back the annotations of that revision as well.
type record struct {
	TerminationGracePeriodSeconds int64                `json:"terminationGracePeriodSeconds,omitzero"`
	Containers                    map[string]injection `json:"containers,omitempty"`
}

// injection is what one container was given.
type injection struct {
	ReadinessProbe *corev1.ProbeHandler     `json:"readinessProbe,omitempty"`
	PreStop        *corev1.LifecycleHandler `json:"preStop,omitempty"`
}

// injected returns what the container was given before.
func (p *Pass) injected(container string) injection {
	return p.readRecord().Containers[container]
}

func (p *Pass) recordProbe(container string, handler corev1.ProbeHandler) {
	entry := p.injected(container)
	entry.ReadinessProbe = &handler
	p.recordInjection(container, entry)
}

func (p *Pass) recordPreStop(container string, handler corev1.LifecycleHandler) {
	entry := p.injected(container)
	entry.PreStop = &handler
	p.recordInjection(container, entry)
}

func (p *Pass) recordInjection(container string, entry injection) {
	record := p.readRecord()
	if record.Containers == nil {
		record.Containers = map[string]injection{}
	}
	record.Containers[container] = entry
	p.recordChanged = true
}

func (p *Pass) recordGracePeriod(seconds int64) {
	p.readRecord().TerminationGracePeriodSeconds = seconds
	p.recordChanged = true
}

// readRecord takes a record that does not parse for none: then nothing is ours to remove.
func (p *Pass) readRecord() *record {
	if p.record != nil {
		return p.record
	}
	p.record = &record{}
	if value, ok := p.Deployment.Annotations[recordAnnotation]; ok {
		if err := json.Unmarshal([]byte(value), p.record); err != nil {
			p.record = &record{}
			p.warn("annotation %s is not what Greenlight wrote there, so nothing counts as injected: remove it", recordAnnotation)
		}
	}
	return p.record
}

// writeRecord adds the record to the patch if it says anything new.
func (p *Pass) writeRecord() error {
	if !p.recordChanged || p.Unrecorded {
		return nil
	}
	encoded, err := json.Marshal(p.record, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("annotation %s: %w", recordAnnotation, err)
	}
	value, path := string(encoded), annotationsPath.AppendToken(recordAnnotation)
	switch old, exists := p.Deployment.Annotations[recordAnnotation]; {
	case !exists && len(p.Deployment.Annotations) == 0:
		p.patch.Add(annotationsPath, map[string]string{recordAnnotation: value})
	case !exists:
		p.patch.Add(path, value)
	case old != value:
		p.patch.Replace(path, value)
	}
	return nil
}
