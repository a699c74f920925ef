package fix

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"sigs.k8s.io/yaml"
)

// overlay returns what a Deployment lacks as a strategic merge patch, which a kustomization takes.
func (n need) overlay() (string, error) {
	patch := map[string]any{}
	put(patch, n.deployment.APIVersion, "apiVersion")
	put(patch, n.deployment.Kind, "kind")
	put(patch, n.deployment.Name, "metadata", "name")
	var containers []map[string]any
	for _, container := range n.deployment.Spec.Template.Spec.Containers {
		containers = append(containers, map[string]any{"name": container.Name})
	}
	for _, operation := range n.operations {
		path := slices.Collect(jsontext.Pointer(operation.Path).Tokens())
		if match := inContainer.FindStringSubmatch(operation.Path); match != nil {
			index, err := strconv.Atoi(match[1])
			if err != nil {
				return "", err
			}
			put(containers[index], operation.Value, strings.Split(match[2], "/")...)
			continue
		}
		put(patch, operation.Value, path...)
	}
	containers = slices.DeleteFunc(containers, func(container map[string]any) bool { return len(container) == 1 })
	if len(containers) > 0 {
		put(patch, containers, "spec", "template", "spec", "containers")
	}
	encoded, err := json.Marshal(patch)
	if err != nil {
		return "", err
	}
	written, err := yaml.JSONToYAML(encoded)
	return string(written), err
}

// put sets the value at a path, and makes the mappings on the way.
func put(mapping map[string]any, value any, path ...string) {
	for _, key := range path[:len(path)-1] {
		inner, ok := mapping[key].(map[string]any)
		if !ok {
			inner = map[string]any{}
			mapping[key] = inner
		}
		mapping = inner
	}
	mapping[path[len(path)-1]] = value
}
