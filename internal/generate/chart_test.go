package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// What values stand for is what a folder of config/ installs, but for the namespace and policies, which are for whoever
// installs the chart to make.
func TestTheChartInstallsWhatConfigDoes(t *testing.T) {
	for _, test := range []struct {
		folder string
		values map[string]any
	}{
		{"default", nil},
		{"overlays/self-signed", map[string]any{"certificates": "self-signed"}},
		{"overlays/audit-only", map[string]any{"failurePolicy": map[string]any{"services": "Ignore"}}},
		{"overlays/enforce", map[string]any{"failurePolicy": map[string]any{"deployments": "Fail", "drained": "Fail"}}},
	} {
		t.Run(test.folder, func(t *testing.T) {
			want := configured(t, filepath.Join("..", "..", "config", test.folder))
			if diff := cmp.Diff(want, rendered(t, ownNamespace, test.values)); diff != "" {
				t.Errorf("-config +chart:\n%s", diff)
			}
		})
	}
}

// The values of pods are what docs/tuning.md does by a patch.
func TestTheChartPatchesPodsAsAKustomizationDoes(t *testing.T) {
	want := configured(t, patchedFolder(t, `
      - {op: add, path: /spec/template/spec/imagePullSecrets, value: [{name: registry}]}
      - {op: add, path: /spec/template/spec/nodeSelector/pool, value: system}
      - {op: add, path: /spec/template/spec/tolerations, value: [{key: pool, operator: Exists}]}
      - {op: add, path: /spec/template/spec/containers/0/env/0, value: {name: OTEL_TRACES_SAMPLER_ARG, value: "0.01"}}
`))
	got := rendered(t, ownNamespace, map[string]any{
		"imagePullSecrets": []any{map[string]any{"name": "registry"}},
		"nodeSelector":     map[string]any{"pool": "system"},
		"tolerations":      []any{map[string]any{"key": "pool", "operator": "Exists"}},
		"env":              []any{map[string]any{"name": "OTEL_TRACES_SAMPLER_ARG", "value": "0.01"}},
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-config +chart:\n%s", diff)
	}
}

func TestTheChartIsNotInstalledWithoutAnImage(t *testing.T) {
	_, err := render(t, ownNamespace, map[string]any{"image": ""})
	const want = "image: name the image that you have pushed, as in --set image=registry.example/team/greenlight:v1.0.0"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("without an image it fails with %v", err)
	}
}

func TestTheChartTakesNoValueThatItDoesNotKnow(t *testing.T) {
	for _, values := range []map[string]any{
		{"certificates": "selfSigned"},
		{"failurePolicy": map[string]any{"deployments": "Deny"}},
		{"failurePolicies": map[string]any{}},
		{"scanner": map[string]any{"reports": "json"}},
	} {
		if _, err := render(t, ownNamespace, values); err == nil {
			t.Errorf("it takes %v", values)
		}
	}
}

// A chart that depends on this one decides by enabled whether it is installed, and Helm hands both on.
func TestTheChartTakesWhatAChartAroundItSets(t *testing.T) {
	values := map[string]any{"enabled": true, "global": map[string]any{"team": "shop"}}
	if diff := cmp.Diff(rendered(t, ownNamespace, nil), rendered(t, ownNamespace, values)); diff != "" {
		t.Errorf("-alone +in another:\n%s", diff)
	}
}

func TestTheNotesOfTheChartTellWhatBecomesOfSwitches(t *testing.T) {
	for failurePolicy, want := range map[string]string{"Fail": "switches of Services are held:\n", "Ignore": "switches of Services pass unchecked:\n"} {
		files, err := render(t, ownNamespace, map[string]any{"failurePolicy": map[string]any{"services": failurePolicy}})
		if err != nil {
			t.Fatal(err)
		}
		if notes := files["greenlight/templates/NOTES.txt"]; !strings.Contains(notes, want) {
			t.Errorf("%q is not in the notes:\n%s", want, notes)
		}
	}
}

func TestTheNotesOfTheChartTellTheLineForAnEmergency(t *testing.T) {
	files, err := render(t, "elsewhere", nil)
	if err != nil {
		t.Fatal(err)
	}
	notes := files["greenlight/templates/NOTES.txt"]
	for _, line := range []string{
		"    kubectl -n elsewhere rollout status deployment/greenlight-webhook\n",
		"    kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration greenlight\n",
	} {
		if !strings.Contains(notes, line) {
			t.Errorf("%q is not in the notes:\n%s", line, notes)
		}
	}
}

func TestTheChartIsInstalledInAnyNamespace(t *testing.T) {
	for name, object := range rendered(t, "elsewhere", nil) {
		if text, err := yaml.Marshal(object); err != nil || !strings.HasPrefix(name, "CustomResourceDefinition") && strings.Contains(string(text), ownNamespace) {
			t.Errorf("%s is tied to %s: %v\n%s", name, ownNamespace, err, text)
		}
	}
}

func TestEveryValueOfTheChartIsUsed(t *testing.T) {
	values := map[string]any{
		"image": "registry.example/other:1", "replicas": 5,
		"cpu":    map[string]any{"request": "2"},
		"memory": map[string]any{"request": "600Mi", "limit": "800Mi"},
		"scanner": map[string]any{
			"reports": "policyreport",
			"cpu":     map[string]any{"request": "3"},
			"memory":  map[string]any{"request": "300Mi", "limit": "400Mi"},
		},
	}
	objects := rendered(t, ownNamespace, values)
	for deployment, lines := range map[string][]string{
		webhookName: {"image: registry.example/other:1\n", "replicas: 5\n", "cpu: 2\n", "memory: 600Mi\n", "memory: 800Mi\n"},
		scannerName: {"image: registry.example/other:1\n", "- --reports=policyreport\n", "cpu: 3\n", "memory: 300Mi\n", "memory: 400Mi\n"},
	} {
		text, err := yaml.Marshal(objects["Deployment "+deployment])
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.Contains(string(text), line) {
				t.Errorf("%q is not in Deployment %s:\n%s", line, deployment, text)
			}
		}
	}
}
