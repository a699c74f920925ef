package shipped

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/test/install"
)

// installed are the folders that install the webhook configurations, each with the failurePolicy of a webhook where
// it is another than that of default.
var installed = map[string]map[string]admissionregistrationv1.FailurePolicyType{
	"default":              {},
	"overlays/local":       {},
	"overlays/self-signed": {},
	"overlays/audit-only":  {"services": admissionregistrationv1.Ignore},
	"overlays/enforce":     {"deployments": admissionregistrationv1.Fail, "drained": admissionregistrationv1.Fail},
}

// scope is what a webhook is asked about, and what becomes of a change while nobody answers.
type scope struct {
	Failure     admissionregistrationv1.FailurePolicyType
	SideEffects admissionregistrationv1.SideEffectClass
	Timeout     int32
	// Asked are the operations and the resources.
	Asked []string
	// Everywhere says that no namespace is left out.
	Everywhere bool
}

var mutating = map[string]scope{
	"deployments.mutate.greenlight.dev": {
		Failure: "Ignore", SideEffects: "None", Timeout: 2,
		Asked: []string{"CREATE apps/v1/deployments", "UPDATE apps/v1/deployments"},
	},
}

var validating = map[string]scope{
	"deployments.validate.greenlight.dev": {
		Failure: "Ignore", SideEffects: "NoneOnDryRun", Timeout: 10,
		Asked: []string{"CREATE apps/v1/deployments", "UPDATE apps/v1/deployments"},
	},
	"services.validate.greenlight.dev": {
		Failure: "Fail", SideEffects: "NoneOnDryRun", Timeout: 10,
		Asked: []string{"UPDATE /v1/services"},
	},
	"drained.validate.greenlight.dev": {
		Failure: "Ignore", SideEffects: "NoneOnDryRun", Timeout: 10,
		Asked: []string{
			"DELETE apps/v1/deployments", "DELETE apps/v1/replicasets", "DELETE apps/v1/statefulsets",
			"UPDATE apps/v1/deployments/scale", "UPDATE apps/v1/replicasets", "UPDATE apps/v1/replicasets/scale",
			"UPDATE apps/v1/statefulsets", "UPDATE apps/v1/statefulsets/scale",
		},
	},
	"whole-services.validate.greenlight.dev": {
		Failure: "Ignore", SideEffects: "None", Timeout: 3,
		Asked: []string{"CREATE /v1/services", "DELETE /v1/services"},
	},
	"rolloutpolicies.validate.greenlight.dev": {
		Failure: "Ignore", SideEffects: "None", Timeout: 3, Everywhere: true,
		Asked: []string{"CREATE greenlight.dev/v1alpha1/rolloutpolicies", "UPDATE greenlight.dev/v1alpha1/rolloutpolicies"},
	},
}

// What is asked about decides what a dead webhook may hold: no pod, no node, no lease and no status.
func TestTheWebhooksAreAskedAboutNothingElse(t *testing.T) {
	for folder, failures := range installed {
		t.Run(folder, func(t *testing.T) {
			objects := render(t, folder)
			var mutates admissionregistrationv1.MutatingWebhookConfiguration
			find(t, objects, "MutatingWebhookConfiguration", "greenlight", &mutates)
			got := map[string]scope{}
			for _, w := range mutates.Webhooks {
				got[w.Name] = scopeOf(t, w.Name, admissionregistrationv1.ValidatingWebhook{
					Rules: w.Rules, FailurePolicy: w.FailurePolicy, MatchPolicy: w.MatchPolicy, NamespaceSelector: w.NamespaceSelector,
					ObjectSelector: w.ObjectSelector, SideEffects: w.SideEffects, TimeoutSeconds: w.TimeoutSeconds,
				})
			}
			if diff := cmp.Diff(mutating, got); diff != "" {
				t.Errorf("what mutates (-want +got):\n%s", diff)
			}
			var validates admissionregistrationv1.ValidatingWebhookConfiguration
			find(t, objects, "ValidatingWebhookConfiguration", "greenlight", &validates)
			got = map[string]scope{}
			for _, w := range validates.Webhooks {
				got[w.Name] = scopeOf(t, w.Name, w)
			}
			if diff := cmp.Diff(withFailures(failures), got); diff != "" {
				t.Errorf("what validates (-want +got):\n%s", diff)
			}
		})
	}
}

// withFailures are the validating webhooks with another failurePolicy each.
func withFailures(failures map[string]admissionregistrationv1.FailurePolicyType) map[string]scope {
	want := map[string]scope{}
	for name, scope := range validating {
		if failure, other := failures[strings.TrimSuffix(name, ".validate.greenlight.dev")]; other {
			scope.Failure = failure
		}
		want[name] = scope
	}
	return want
}

func scopeOf(t *testing.T, name string, w admissionregistrationv1.ValidatingWebhook) scope {
	t.Helper()
	if w.FailurePolicy == nil || w.SideEffects == nil || w.TimeoutSeconds == nil {
		t.Fatalf("%s leaves failurePolicy, sideEffects or timeoutSeconds to the API server", name)
	}
	if w.MatchPolicy == nil || *w.MatchPolicy != admissionregistrationv1.Equivalent {
		t.Errorf("%s: another version of the API would pass by: want matchPolicy Equivalent", name)
	}
	if w.ObjectSelector != nil {
		t.Errorf("%s: whoever may label an object could exempt it: want no objectSelector", name)
	}
	return scope{*w.FailurePolicy, *w.SideEffects, *w.TimeoutSeconds, asked(w.Rules), everywhere(t, name, w.NamespaceSelector)}
}

// everywhere reports whether no namespace is left out; otherwise those of the system and Greenlight's own have to be,
// by a label that nobody can change.
func everywhere(t *testing.T, name string, selector *metav1.LabelSelector) bool {
	t.Helper()
	if selector == nil {
		return true
	}
	want := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
		Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpNotIn,
		Values: []string{metav1.NamespaceSystem, "kube-node-lease", install.Namespace},
	}}}
	if diff := cmp.Diff(want, selector); diff != "" {
		t.Errorf("%s: the namespaces (-want +got):\n%s", name, diff)
	}
	return false
}

func asked(rules []admissionregistrationv1.RuleWithOperations) []string {
	var all []string
	for _, rule := range rules {
		for _, operation := range rule.Operations {
			for _, group := range rule.APIGroups {
				for _, version := range rule.APIVersions {
					for _, resource := range rule.Resources {
						all = append(all, string(operation)+" "+group+"/"+version+"/"+resource)
					}
				}
			}
		}
	}
	slices.Sort(all)
	return all
}
