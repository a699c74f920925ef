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
	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// grant is one rule of a ClusterRole, with a comment that says what it is for.
type grant struct {
	Why              string
	Group            string
	Resources, Verbs []string
}

// role is a ClusterRole: what rules read, and grants of its own.
type role struct {
	Name string
	// lists and gets are the kinds that rules ask the API server for, all that match or one by its name.
	lists, gets []schema.GroupVersionKind
	own         []grant
}

// The names of the two that run in a cluster: each is that of a Deployment, a ServiceAccount and a ClusterRole.
const (
	webhookName = "greenlight-webhook"
	scannerName = "greenlight-scanner"
)

var webhookRole = role{webhookName, cluster.ListsLive(rules.All), cluster.Gets(rules.All), slices.Concat([]grant{{
	Why:   "A Service that another replica is about to have switched, and that may be gone.",
	Group: state.Service.Group, Resources: []string{"services"}, Verbs: []string{"get"},
}}, policyGrants)}

var scannerRole = role{scannerName, cluster.ListsLive(atRest()), cluster.GetsAtRest(atRest()), slices.Concat(policyGrants, []grant{
	{
		Why:   "The reports, in either format.",
		Group: report.OpenReports.Kind.Group, Resources: []string{report.OpenReports.Resource}, Verbs: []string{"get", "list", "watch", "create", "patch", "delete"},
	},
	{
		Group: report.PolicyReport.Kind.Group, Resources: []string{report.PolicyReport.Resource}, Verbs: []string{"get", "list", "watch", "create", "patch", "delete"},
	},
	{
		Why:   "Events on the workloads, with --events.",
		Group: "events.k8s.io", Resources: []string{"events"}, Verbs: []string{"create", "patch"},
	},
})}

// atRest are the rules that judge objects as they stand.
func atRest() []rules.Entry {
	return slices.DeleteFunc(slices.Clone(rules.All), func(entry rules.Entry) bool {
		return !slices.ContainsFunc(entry.Kinds, func(kind schema.GroupVersionKind) bool { return entry.Judges(kind, rules.Rest) })
	})
}

// policyGrants are for the policies in force, whichever rules there are.
var policyGrants = []grant{
	{
		Why:   "Which rules are in force. What became of a policy is told in its status, and nothing else is written.",
		Group: v1alpha1.GroupVersion.Group, Resources: []string{"rolloutpolicies"}, Verbs: []string{"list", "watch"},
	},
	{
		Group: v1alpha1.GroupVersion.Group, Resources: []string{"rolloutpolicies/status"}, Verbs: []string{"patch"},
	},
}

func writeClusterRole(path string, r role) error {
	text, err := r.yaml()
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func (r role) yaml() (string, error) {
	var text strings.Builder
	err := clusterRoleText.Execute(&text, r)
	return text.String(), err
}

// Grants are all of the role's.
func (r role) Grants() []grant {
	cached := slices.DeleteFunc(cluster.Reads(), func(kind schema.GroupVersionKind) bool { return !cluster.Cached(kind) })
	return slices.Concat(
		readGrants("What rules and mutators read from the cache. None of it is ever written.", cached, "list", "watch"),
		readGrants("What rules list live.", r.lists, "list"),
		readGrants("What they get live by its name.", r.gets, "get"),
		r.own,
	)
}

// readGrants returns one grant for each API group of the kinds; the first one says why.
func readGrants(why string, kinds []schema.GroupVersionKind, verbs ...string) []grant {
	var grants []grant
	for _, kind := range kinds {
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
  name: {{.Name}}
rules:
{{- range .Grants}}
{{- with .Why}}
  # {{.}}
{{- end}}
  - apiGroups: {{list .Group}}
    resources: {{list .Resources}}
    verbs: {{list .Verbs}}
{{- end}}
`))
