package check_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// FuzzCheck holds that no input makes the check panic, and that none that is no YAML, or that has nothing to
// judge, is a success.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		web, service, web + "---\n" + service, "apiVersion: v1\nkind: List\nitems:\n" + item(web) + item(service),
		"{\"apiVersion\": \"v1\", \"kind\": \"Service\"}", "a: &a [*a]\n", "a: &a {<<: *a}\n", "---\n...\n---", "\ufeffkind: Service\n",
		"kind: Service\napiVersion: v1\nspec: {ports: x}\n", "kind: DeploymentList\napiVersion: apps/v1\nitems: {a: b}\n",
		"apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nspec: {minReplicas: 1}\n", "{{ if }}\n", "\x00", "kind: [\n",
		"apiVersion: apps/v1\nkind: Deployment\nspec: {strategy: {rollingUpdate: {maxSurge: -1%, maxUnavailable: 99999999999%}}, replicas: -1}\n",
	} {
		f.Add([]byte(seed))
	}
	policies := engine.Only(engine.Baseline(rules.All))
	f.Fuzz(func(t *testing.T, data []byte) {
		result := check.Run(t.Context(), check.Options{
			Paths: []string{"-"}, Stdin: bytes.NewReader(data), Policies: policies, Namespace: "shop", Complete: true, Now: time.Unix(0, 0),
		})
		for _, err := range result.Errors {
			if err.Message == "" || err.File == check.Stdin && err.Line < 1 {
				t.Errorf("an error that says little: %q", err)
			}
		}
		if len(result.Errors) == 0 && (result.Summary.Objects == 0 || !isYAML(data)) {
			t.Errorf("a success with %d objects", result.Summary.Objects)
		}
	})
}

func isYAML(data []byte) bool {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
