package main

import (
	"os"
	"slices"
	"strings"
	"text/template"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
)

// grant is one rule of a ClusterRole, with a comment that says what it is for.
type grant struct {
	Why              string
	Group            string
	Resources, Verbs []string
}

// ownGrants are for what Greenlight itself does, whichever rules there are.
var ownGrants = []grant{
	{
		Why:   "Which rules are in force. What became of a policy is told in its status, and nothing else is written.",
		Group: v1alpha1.GroupVersion.Group, Resources: []string{"rolloutpolicies"}, Verbs: []string{"get", "list", "watch"},
	},
	{
		Group: v1alpha1.GroupVersion.Group, Resources: []string{"rolloutpolicies/status"}, Verbs: []string{"patch"},
	},
	{
		Why:   "The oldest kubelet says whether a native preStop sleep may be injected.",
		Group: "", Resources: []string{"nodes"}, Verbs: []string{"list"},
	},
}

func writeClusterRole(path string) error {
	text, err := clusterRole()
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func clusterRole() (string, error) {
	var text strings.Builder
	err := clusterRoleText.Execute(&text, allGrants())
	return text.String(), err
}

func allGrants() []grant {
	live := func(kind schema.GroupVersionKind) bool { return !cluster.Cached(kind) }
	return slices.Concat(
		readGrants("What rules and mutators read from the cache. None of it is ever written.", cluster.Cached, "get", "list", "watch"),
		readGrants("What they read live.", live, "get", "list"),
		ownGrants,
	)
}

// readGrants returns one grant for each API group of the kinds that are read and included; the first
// one says why.
func readGrants(why string, include func(schema.GroupVersionKind) bool, verbs ...string) []grant {
	var grants []grant
	for _, kind := range cluster.Reads() {
		if !include(kind) {
			continue
		}
		if len(grants) == 0 || grants[len(grants)-1].Group != kind.Group {
			grants = append(grants, grant{Why: why, Group: kind.Group, Verbs: verbs})
			why = ""
		}
		resource, _ := meta.UnsafeGuessKindToResource(kind)
		last := &grants[len(grants)-1]
		last.Resources = append(last.Resources, resource.Resource)
	}
	return grants
}

var clusterRoleText = template.Must(template.New("cluster role").Funcs(yamlFuncs).Parse(
	generated + `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: greenlight-webhook
rules:
{{- range .}}
{{- with .Why}}
  # {{.}}
{{- end}}
  - apiGroups: {{list .Group}}
    resources: {{list .Resources}}
    verbs: {{list .Verbs}}
{{- end}}
`))
