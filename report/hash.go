package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const hashAnnotation = "greenlight.dev/content-hash"

// contentHash stands for what a report says: not for how it is kept, nor for when results were first seen.
func contentHash(object *unstructured.Unstructured) (string, error) {
	content := maps.Clone(object.Object)
	delete(content, "metadata")
	if results, ok := content["results"].([]any); ok {
		content["results"] = timeless(results)
	}
	written, err := json.Marshal(content)
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:16]), err
}

func timeless(results []any) []any {
	all := make([]any, len(results))
	for i, result := range results {
		all[i] = result
		if fields, ok := result.(map[string]any); ok {
			fields = maps.Clone(fields)
			delete(fields, "timestamp")
			all[i] = fields
		}
	}
	return all
}
