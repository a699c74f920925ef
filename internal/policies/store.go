package policies

import (
	"maps"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// Store has the policies in force. Its policies may be asked for while they are replaced.
type Store struct {
	entries  []rules.Entry
	fallback *engine.Policy
	current  atomic.Pointer[engine.Policies]
	// good are the newest good specs. A policy that is deleted and made again starts anew, since its UID
	// is another.
	good map[types.UID]*accepted
	// changed is called after other specs than before are in force.
	changed func()
}

// NewStore returns a store in which the built-in baseline governs.
func NewStore(entries []rules.Entry) *Store {
	store := &Store{entries: entries, fallback: engine.Baseline(entries), changed: func() {}}
	store.put(nil)
	return store
}

// OnChange has changed called after other specs than before were put in force. It is set before the first
// of them is.
func (s *Store) OnChange(changed func()) { s.changed = changed }

// Policies returns the policies in force.
func (s *Store) Policies() *engine.Policies { return s.current.Load() }

// replace puts what is good of the documents in force, and nothing else. It is not called twice at a
// time.
func (s *Store) replace(documents []v1alpha1.RolloutPolicy) []judgement {
	judgements := make([]judgement, len(documents))
	for i := range documents {
		document := &documents[i]
		judgements[i] = judge(document, s.good[document.UID], s.entries)
	}
	s.put(judgements)
	return judgements
}

func (s *Store) put(judgements []judgement) {
	good := map[types.UID]*accepted{}
	var inForce []*engine.Policy
	for _, judged := range judgements {
		if judged.accepted != nil {
			good[judged.document.UID] = judged.accepted
			inForce = append(inForce, judged.accepted.policy)
		}
	}
	before := s.good
	s.good = good
	s.current.Store(engine.NewPolicies(inForce, s.fallback))
	if !maps.EqualFunc(before, good, func(a, b *accepted) bool { return a.generation == b.generation }) {
		s.changed()
	}
}

// count returns in how many namespaces each policy governs, by its name.
func count(policies *engine.Policies, namespaces []*corev1.Namespace) map[string]int32 {
	governed := map[string]int32{}
	for _, namespace := range namespaces {
		for _, policy := range policies.InNamespace(namespace.Labels) {
			governed[policy.Name]++
		}
	}
	return governed
}
