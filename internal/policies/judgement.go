package policies

import (
	"encoding/json"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// accepted is a good spec of a policy, ready to judge with.
type accepted struct {
	generation int64
	spec       v1alpha1.RolloutPolicySpec
	policy     *engine.Policy
}

// judgement is what became of a policy.
type judgement struct {
	document *v1alpha1.RolloutPolicy
	// err says what is wrong with the document: nil if it is in force as written.
	err error
	// accepted is what is in force: nil where nothing of the policy was ever good.
	accepted *accepted
}

// judge puts a document in force if it is valid. Otherwise the newest good spec stays: the one that
// this process remembers, or the one that the status holds, which may be another replica's.
func judge(document *v1alpha1.RolloutPolicy, remembered *accepted, entries []rules.Entry) judgement {
	policy, err := engine.NewPolicy(document, entries)
	if err == nil {
		return judgement{document, nil, &accepted{document.Generation, document.Spec, policy}}
	}
	stored := fromStatus(document, entries)
	if remembered == nil || stored != nil && stored.generation > remembered.generation {
		return judgement{document, err, stored}
	}
	return judgement{document, err, remembered}
}

// fromStatus returns the spec that the status holds: nil if it holds none, or one that this build does
// not accept.
func fromStatus(document *v1alpha1.RolloutPolicy, entries []rules.Entry) *accepted {
	if document.Status.AcceptedSpec == nil {
		return nil
	}
	earlier := document.DeepCopy()
	earlier.Spec = v1alpha1.RolloutPolicySpec{}
	if err := json.Unmarshal(document.Status.AcceptedSpec.Raw, &earlier.Spec); err != nil {
		return nil
	}
	policy, err := engine.NewPolicy(earlier, entries)
	if err != nil {
		return nil
	}
	return &accepted{document.Status.AcceptedGeneration, earlier.Spec, policy}
}
