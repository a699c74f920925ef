package engine

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
)

// Load reads a RolloutPolicy from a YAML or JSON file. Its error names the file and lists everything
// that is wrong in it: unknown and duplicate keys too.
func Load(path string, entries []rules.Entry) (*Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the policy: %w", err)
	}
	var document v1alpha1.RolloutPolicy
	if err := yaml.UnmarshalStrict(data, &document); err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	if got := document.GroupVersionKind(); got != v1alpha1.GroupVersion.WithKind("RolloutPolicy") {
		return nil, fmt.Errorf("policy %s: is a %s, kind %q: want apiVersion %s and kind RolloutPolicy",
			path, document.APIVersion, document.Kind, v1alpha1.GroupVersion)
	}
	policy, err := NewPolicy(&document, entries)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	return policy, nil
}
