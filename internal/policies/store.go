package policies

import (
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
}

// NewStore returns a store in which the built-in baseline governs.
func NewStore(entries []rules.Entry) *Store {
	store := &Store{entries: entries, fallback: engine.Baseline(entries)}
	store.put(nil)
	return store
}

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
	s.good = good
	s.current.Store(engine.NewPolicies(inForce, s.fallback))
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
