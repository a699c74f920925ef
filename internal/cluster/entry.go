package cluster

import (
	"hash/maphash"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"greenlight.dev/greenlight/state"
)

// entry is one thing that objects are filed under and asked for by.
type entry struct {
	index                 index
	namespace, key, value string
}

// hash stands for the entry, in a seventh of the memory. At 64 bits no two entries share one.
func (e entry) hash() uint64 { return maphash.Comparable(seed, e) }

var seed = maphash.MakeSeed()

// index says what an entry stands for.
type index uint8

const (
	byNamespace index = iota
	byName
	byOwner
	byTarget
	// byLabel has the labels of an object, and those of a workload's pods.
	byLabel
	// bySelector has what a selector asks of labels: nothing where it equals no value.
	bySelector
)

// entries are those that an object is filed under in any case: none that no query of that index can
// ask for, so that every index suits every kind.
func entries(object state.Object) []entry {
	namespace := object.GetNamespace()
	template := state.TemplateLabels(object)
	entries := labelEntries(byLabel, namespace, template)
	for key, value := range object.GetLabels() {
		// Mostly a workload has the labels of its pods.
		if of, found := template[key]; !found || of != value {
			entries = append(entries, entry{byLabel, namespace, key, value})
		}
	}
	entries = append(entries,
		entry{index: byNamespace, namespace: namespace},
		entry{index: byName, namespace: namespace, value: object.GetName()})
	if owner := metav1.GetControllerOfNoCopy(object); owner != nil {
		entries = append(entries, entry{index: byOwner, namespace: namespace, value: string(owner.UID)})
	}
	if target := state.Scaled(object); target != (state.Workload{}) {
		entries = append(entries, targetEntry(namespace, target))
	}
	return entries
}

func targetEntry(namespace string, target state.Workload) entry {
	return entry{index: byTarget, namespace: namespace, key: target.Kind, value: target.Name}
}

func labelEntries(index index, namespace string, set labels.Set) []entry {
	entries := make([]entry, 0, len(set)+4)
	for key, value := range set {
		entries = append(entries, entry{index, namespace, key, value})
	}
	return entries
}

// choices are the ways to find what the selector selects, each a set of entries: all that it selects
// is under an entry of each. otherwise is the way where the selector equals no value. There
// is no way where it selects nothing.
func choices(index index, namespace string, selector labels.Selector, otherwise entry) [][]entry {
	requirements, selectable := selector.Requirements()
	if !selectable {
		return nil
	}
	var choices [][]entry
	for _, requirement := range requirements {
		switch requirement.Operator() {
		case selection.Equals, selection.DoubleEquals, selection.In:
			choices = append(choices, valueEntries(index, namespace, requirement))
		}
	}
	if choices == nil {
		return [][]entry{{otherwise}}
	}
	return choices
}

func valueEntries(index index, namespace string, requirement labels.Requirement) []entry {
	var entries []entry
	for value := range requirement.Values() {
		entries = append(entries, entry{index, namespace, requirement.Key(), value})
	}
	return entries
}

func selectorChoices(object state.Object) [][]entry {
	namespace := object.GetNamespace()
	return choices(bySelector, namespace, state.Selector(object), entry{index: bySelector, namespace: namespace})
}
