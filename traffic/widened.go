package traffic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// widened judges a change that takes away no pod that serves. It records the part that the pods which
// come in have of the requests then, as a canary is meant to be a small one, and warns where they seem to
// be of another app.
func (s Switch) widened() Decision {
	in := slices.DeleteFunc(slices.Clone(s.Pods), func(pod *corev1.Pod) bool { return !s.BringsIn(pod.Labels) })
	if len(in) == 0 || len(s.servingOld()) == 0 {
		return s.undeclared()
	}
	after := len(s.servingNew())
	added := len(Serving(in, s.New))
	share := fmt.Sprintf("of the pods that serve then, %d of %d %s new (%d%%)", added, after, plural(added, "is", "are"), 100*added/after)
	doubts := slices.DeleteFunc([]string{s.droppedApp(), s.otherPort(in), s.undeclared().Reason},
		func(doubt string) bool { return doubt == "" })
	if len(doubts) == 0 {
		return Decision{AllowAndRecord, share, "Make sure that this part of the requests is meant for them."}
	}
	return Decision{AllowWithWarning, strings.Join(append(doubts, share), "; "), "Make sure that the new pods are of the same app."}
}

// droppedApp says which app the selector asked for and does not any more, whose pods it then may share
// with any other.
func (s Switch) droppedApp() string {
	app := App(s.Old.Spec.Selector)
	if app == "" || App(s.New.Spec.Selector) != "" {
		return ""
	}
	return fmt.Sprintf("the selector does not ask for app %s any more", app)
}

// otherPort names the first port of a pod that comes in which is not that of the pods that serve now. One
// that none of them has is compared with nothing.
func (s Switch) otherPort(in []*corev1.Pod) string {
	for _, port := range s.New.Spec.Ports {
		known := s.resolved(port)
		if len(known) == 0 {
			continue
		}
		for _, pod := range in {
			number, ok := ResolvePort(&pod.Spec, port)
			switch {
			case !ok:
				return pod.Name + " " + undeclaredName(port)
			case !slices.Contains(known, strconv.Itoa(int(number))):
				return fmt.Sprintf("port %q is %d on %s and %s on the pods that serve now", port.TargetPort.StrVal, number, pod.Name, strings.Join(known, " or "))
			}
		}
	}
	return ""
}

// resolved returns the numbers that a port of the Service has on the pods that serve now.
func (s Switch) resolved(port corev1.ServicePort) []string {
	var numbers []string
	for _, pod := range s.servingOld() {
		if number, ok := ResolvePort(&pod.Spec, port); ok {
			numbers = append(numbers, strconv.Itoa(int(number)))
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
