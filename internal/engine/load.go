package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	yamlv3 "go.yaml.in/yaml/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	document, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	policy, err := NewPolicy(document, entries)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", path, err)
	}
	return policy, nil
}

// decode looks at the kind first, so that another kind is not told of as unknown keys.
func decode(data []byte) (*v1alpha1.RolloutPolicy, error) {
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal(data, &kind); err != nil {
		return nil, err
	}
	if kind.GroupVersionKind() != v1alpha1.GroupVersion.WithKind("RolloutPolicy") {
		return nil, fmt.Errorf("want apiVersion %s and kind RolloutPolicy, got %q and %q", v1alpha1.GroupVersion, kind.APIVersion, kind.Kind)
	}
	if !isOneDocument(data) {
		return nil, errors.New("the file holds more than one document, and only one policy can govern")
	}
	document := &v1alpha1.RolloutPolicy{}
	return document, yaml.UnmarshalStrict(data, document)
}

// isOneDocument reports whether nothing follows the first document, which is all that is decoded.
func isOneDocument(data []byte) bool {
	decoder := yamlv3.NewDecoder(bytes.NewReader(data))
	var first, second yamlv3.Node
	return decoder.Decode(&first) == nil && errors.Is(decoder.Decode(&second), io.EOF)
}
