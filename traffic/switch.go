package traffic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

// Switch is a change of what a Service selects, with everything that decides it.
type Switch struct {
	Old, New *corev1.Service
	// Pods are all that Old or New selects.
	Pods []*corev1.Pod
	// Incoming are the workloads whose pods New selects and Old does not.
	Incoming []Workload
	// EndpointSlices are all of a Service whose endpoints Old does not take from pods.
	EndpointSlices []*discoveryv1.EndpointSlice
	// Autoscalers are those that target Incoming workloads.
	Autoscalers []*autoscalingv2.HorizontalPodAutoscaler
	// Going are the names of pods that New selects and that are ready, but that are not kept.
	Going map[string]bool
	// LoseSuccessor are the names of those of Going whose place other pods take, which Old selects and New does
	// not.
	LoseSuccessor map[string]bool
	// Unjudged are the controllers of such pods whose readiness is not judged: only their pods count.
	Unjudged []string
	// OfRollout says that a Rollout of Argo Rollouts controls some of Pods.
	OfRollout bool
	Capacity  Capacity
	Now       time.Time
}

// Capacity is how much of what serves now must serve after a switch, in percent.
type Capacity struct{ DenyBelow, WarnBelow int }

// ArgoRolloutsAnnotation is on each Service whose selector Argo Rollouts owns.
const ArgoRolloutsAnnotation = "argo-rollouts.argoproj.io/managed-by-rollouts"

// Decide decides the switch. Nothing is lost where every pod that serves now goes on serving; nothing
// can be lost where none serves, so that an emergency rollback is never in the way of itself.
func (s Switch) Decide() Decision {
	decision := join(s.decide(), s.published())
	if limit := s.onlyWarns(); limit != "" && decision.Outcome == Deny {
		return Decision{Outcome: AllowWithWarning, Reason: decision.Reason + "; allowed, because " + limit, Fix: decision.Fix}
	}
	return decision
}

func (s Switch) decide() Decision {
	if unverified := s.unverifiable(); unverified != "" {
		return makeSure(unverified)
	}
	switch {
	case !selectsPods(s.Old):
		return s.selectorAdded()
	case len(s.servingOld()) > 0 && s.narrowsToWhatGoes():
		return s.nothingServes()
	case !s.losesPods():
		return s.widened()
	case len(s.servingOld()) == 0:
		return makeSure("no pod serves this Service now, so nothing can be lost")
	case len(s.lost()) == 0:
		return s.widened()
	}
	if blocked := s.blocked(); blocked.Outcome == Deny {
		return blocked
	}
	return s.capacity()
}

// blocked denies while a workload that comes in is not fully ready, or wants no pods at all.
func (s Switch) blocked() Decision {
	var blockers, advice, idle []string
	for _, workload := range s.Incoming {
		if workload.isIdle(s) {
			idle = append(idle, workload.Name())
			continue
		}
		if found := workload.blockers(s); len(found) > 0 {
			blockers = append(blockers, found...)
			advice = append(advice, workload.advice(s))
		}
	}
	switch {
	case len(blockers) > 0:
		return Decision{Deny, strings.Join(blockers, "; "), strings.Join(advice, " ")}
	case len(idle) > 0 && len(s.stayServing()) == 0:
		scale := fmt.Sprintf("kubectl scale -n %s %s --replicas=%d", s.New.Namespace, idle[0], max(1, len(s.servingOld())))
		return Decision{Deny, strings.Join(idle, " and ") + plural(len(idle), " is", " are") + " scaled to 0",
			fmt.Sprintf("Run %q, wait for its pods, then retry.", scale)}
	}
	return Decision{}
}

// capacity compares what would serve with what serves now.
func (s Switch) capacity() Decision {
	before, after := s.scarcest()
	percent := 100 * after / before
	reason := fmt.Sprintf("%d %s now, %d would serve after the change (%d%%", before, plural(before, "pod serves", "pods serve"), after, percent)
	switch {
	case after == 0:
		return s.nothingServes()
	case percent < s.Capacity.DenyBelow:
		return Decision{Deny, fmt.Sprintf("%s; the policy asks for %d%%)", reason, s.Capacity.DenyBelow), s.scaleUp(before)}
	}
	var smaller Decision
	if percent < s.Capacity.WarnBelow {
		smaller = Decision{AllowWithWarning, reason + ")", s.scaleUp(before)}
	}
	return join(smaller, s.unjudged(), s.olderPods(), s.undeclared())
}

func (s Switch) unjudged() Decision {
	if len(s.Unjudged) == 0 {
		return Decision{}
	}
	return Decision{AllowWithWarning, "the readiness of " + strings.Join(s.Unjudged, " and ") + " is judged by its pods alone",
		"Make sure that its rollout is complete."}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// nothingServes denies, and says why no pod would serve: none is selected, or none of the selected is ready.
func (s Switch) nothingServes() Decision {
	fix := "Point the selector at pods that are ready."
	if slices.Contains(slices.Collect(maps.Values(s.LoseSuccessor)), true) {
		fix = "Wait until the rollout is complete, or point the selector at pods that stay."
	}
	return Decision{Deny, s.noneServes(), fix}
}

func (s Switch) noneServes() string {
	if len(s.New.Spec.Selector) == 0 {
		return "without a selector nothing keeps the Service's endpoints up to date"
	}
	var reasons []string
	needed := s.needed()
	for _, pod := range s.Pods {
		if Selects(s.New, pod.Labels) {
			reasons = append(reasons, pod.Name+": "+cmp.Or(notServingNeeded(pod, s.New, needed), s.whyGoing(pod)))
		}
	}
	if len(reasons) == 0 {
		return "the new selector selects no pod"
	}
	return "none of the pods that the new selector selects can serve" + phrase(shorten(reasons))
}

func (s Switch) whyGoing(pod *corev1.Pod) string {
	if s.LoseSuccessor[pod.Name] {
		return "a rollout may replace it by a pod that the new selector does not select"
	}
	return "about to go, because nothing keeps it"
}
