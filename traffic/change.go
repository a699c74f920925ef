package traffic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// ChangesTraffic reports whether an update of a Service can change who serves it. The webhook
// configuration's matchConditions ask the same of the API server.
func ChangesTraffic(old, updated *corev1.Service) bool {
	return Describe(old, updated) != ""
}

// Describe says what an update of a Service changes of who serves it: "selector version 1.0.0 →
// 2.0.0". It is empty where nothing is changed.
func Describe(old, updated *corev1.Service) string {
	var changes []string
	if selector := describeSelector(old.Spec.Selector, updated.Spec.Selector); selector != "" {
		changes = append(changes, selector)
	}
	if old.Spec.Type != updated.Spec.Type {
		changes = append(changes, fmt.Sprintf("type %s → %s", old.Spec.Type, updated.Spec.Type))
	}
	if old.Spec.PublishNotReadyAddresses != updated.Spec.PublishNotReadyAddresses {
		changes = append(changes, fmt.Sprintf("publishNotReadyAddresses %t → %t",
			old.Spec.PublishNotReadyAddresses, updated.Spec.PublishNotReadyAddresses))
	}
	if !slices.EqualFunc(old.Spec.Ports, updated.Spec.Ports, sameTarget) {
		changes = append(changes, fmt.Sprintf("targetPorts %s → %s", list(targets(old)), list(targets(updated))))
	}
	return strings.Join(changes, ", ")
}

func describeSelector(old, updated map[string]string) string {
	keys := maps.Clone(old)
	if keys == nil {
		keys = map[string]string{}
	}
	maps.Copy(keys, updated)
	var changes []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		before, had := old[key]
		after, has := updated[key]
		if had != has || before != after {
			changes = append(changes, fmt.Sprintf("%s %s → %s", key, orNone(before, had), orNone(after, has)))
		}
	}
	if len(changes) == 0 {
		return ""
	}
	return "selector " + strings.Join(changes, ", ")
}

func orNone(value string, present bool) string {
	switch {
	case !present:
		return "(none)"
	case value == "":
		return `""`
	}
	return value
}

func list(values []string) string {
	return orNone(strings.Join(values, " "), len(values) > 0)
}

// sameTarget compares names as they are: clients of EndpointSlices tell ports apart by them.
func sameTarget(a, b corev1.ServicePort) bool {
	return a.Name == b.Name && protocol(a.Protocol) == protocol(b.Protocol) && a.TargetPort == b.TargetPort
}

func targets(service *corev1.Service) []string {
	var targets []string
	for _, port := range service.Spec.Ports {
		name := cmp.Or(port.Name, "port")
		targets = append(targets, fmt.Sprintf("%s/%s:%s", name, protocol(port.Protocol), port.TargetPort.String()))
	}
	return targets
}

// BringsIn reports whether the switch makes the Service select pods with these labels.
func (s Switch) BringsIn(podLabels map[string]string) bool {
	return Selects(s.New, podLabels) && !Selects(s.Old, podLabels)
}

// losesPods reports whether the Service stops selecting, or resolving a port of, any pod at all, or one that
// takes the place of another.
func (s Switch) losesPods() bool {
	return slices.ContainsFunc(s.Pods, func(pod *corev1.Pod) bool {
		return Selects(s.Old, pod.Labels) && (!Selects(s.New, pod.Labels) || s.losesPort(pod) || s.LoseSuccessor[pod.Name])
	})
}

func (s Switch) servingOld() []*corev1.Pod { return Serving(s.Pods, s.Old) }

func (s Switch) servingNew() []*corev1.Pod { return Serving(s.Pods, s.New) }

// remaining returns the pods that would serve after the change for more than a moment.
func (s Switch) remaining() []*corev1.Pod {
	return slices.DeleteFunc(s.servingNew(), func(pod *corev1.Pod) bool { return s.Going[pod.Name] })
}

// narrowsToWhatGoes reports whether the new selector leaves out what the old one may select, and what it leaves
// goes. That nothing else serves yet excuses it not: what takes pods away at the same moment may count on it.
func (s Switch) narrowsToWhatGoes() bool {
	return !Selects(s.New, s.Old.Spec.Selector) && len(s.servingNew()) > 0 && len(s.remaining()) == 0
}

// lost returns the pods that serve now, and would not after the change, or not on each port, or not for long.
func (s Switch) lost() []*corev1.Pod {
	after := s.servingNew()
	return slices.DeleteFunc(s.servingOld(), func(pod *corev1.Pod) bool {
		return slices.Contains(after, pod) && !s.losesPort(pod) && !s.LoseSuccessor[pod.Name]
	})
}

// TakesPods reports whether the change takes pods from the Service that serve it now, or other endpoints.
func (s Switch) TakesPods() bool { return len(s.lost()) > 0 || s.replacesEndpoints() }

// stayServing returns the pods that would serve, without those of workloads that want none of them.
func (s Switch) stayServing() []*corev1.Pod {
	return slices.DeleteFunc(s.servingNew(), func(pod *corev1.Pod) bool {
		return slices.ContainsFunc(s.Incoming, func(w Workload) bool { return w.isIdle(s) && w.controls(pod) })
	})
}

// unverifiable says why the change cannot be judged by pods: empty where it can.
func (s Switch) unverifiable() string {
	switch {
	case s.New.Spec.Type == corev1.ServiceTypeExternalName:
		return "whether the external name serves cannot be verified"
	case !selectsPods(s.Old) && !selectsPods(s.New):
		return "what serves a Service without a selector cannot be verified"
	}
	return ""
}

// onlyWarns says why a switch of this Service is never denied: empty where it may be. Anybody may write an
// annotation, so that it counts only where a Rollout controls the pods.
func (s Switch) onlyWarns() string {
	_, argo := s.Old.Annotations[ArgoRolloutsAnnotation]
	switch {
	case argo && s.OfRollout:
		return "Argo Rollouts manages this Service"
	case s.isHeadless():
		return "clients of a headless Service choose its pods themselves"
	}
	return ""
}

func (s Switch) isHeadless() bool { return s.Old.Spec.ClusterIP == corev1.ClusterIPNone }
