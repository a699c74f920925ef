package check_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// in is a cluster that holds some manifests, and counts how often it is asked for all of a kind.
type in struct {
	state.Reader
	asked map[string]int
	fails error
}

func (i *in) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if query.Labels == nil && query.Name == "" {
		i.asked[query.Kind.Kind+" in "+query.Namespace]++
	}
	if i.fails != nil {
		return state.Listing{}, i.fails
	}
	return i.Reader.List(ctx, query)
}

func holding(t *testing.T, manifests string) *in {
	t.Helper()
	objects, err := manifest.Objects("cluster.yaml", []byte(strings.ReplaceAll(manifests, "metadata: {name: web", "metadata: {name: web, namespace: shop")))
	if err != nil {
		t.Fatal(err)
	}
	return &in{Reader: cluster.NewManifests(objects, true), asked: map[string]int{}}
}

func applied(to *in) func(*check.Options) {
	return func(o *check.Options) { o.Live = to }
}

func TestTheClusterIsTheStateThatTheInputIsAppliedTo(t *testing.T) {
	result := run(t, map[string]string{"web.yaml": web}, applied(holding(t, service)))
	compare(t, []string{"web.yaml:7:5: Deployment/shop/web"}, denied(result))
	compare(t, 0, result.Summary.Skipped)
}

func TestWhatIsInTheInputStandsForWhatIsInTheCluster(t *testing.T) {
	elsewhere := strings.Replace(service, "app: web", "app: api", 1)
	result := run(t, map[string]string{"web.yaml": web, "service.yaml": elsewhere}, applied(holding(t, service)))
	compare(t, []string(nil), denied(result))
}

func TestASwitchIsJudgedByThePodsThatAreThere(t *testing.T) {
	blue := strings.Replace(green, "color: green", "color: blue", 1)
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web, color: blue}}\n" +
		"spec: {containers: [{name: web, image: web}]}\n" +
		"status: {phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: \"True\"}]}\n"
	result := run(t, map[string]string{"service.yaml": green}, applied(holding(t, blue+"---\n"+pod)))
	var found []string
	for _, finding := range result.Findings {
		if finding.Rule == "service-switch-not-ready" {
			found = append(found, finding.Message)
		}
	}
	compare(t, []string{"selector color blue → green: the new selector selects no pod."}, found)
}

func TestReplicasThatAManifestLeavesOutStayAsTheyAre(t *testing.T) {
	open := strings.Replace(web, "  replicas: 3\n", "", 1)
	live := strings.Replace(web, "replicas: 3", "replicas: 5", 1)
	result := run(t, map[string]string{"web.yaml": open}, applied(holding(t, live+"---\n"+service)))
	for _, finding := range result.Findings {
		if finding.Rule == "single-replica" || finding.Rule == "serving-workload-drained" {
			t.Errorf("%s: %s", finding.Rule, finding.Message)
		}
	}
}

// owners says who owns the replicas.
func owners(managers ...string) string {
	text := ", managedFields: ["
	for _, manager := range managers {
		text += "{manager: " + manager + `, apiVersion: apps/v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {"f:replicas": {}}}},`
	}
	return text + "]"
}

func TestReplicasThatWereAppliedAndAreLeftOutBecomeOne(t *testing.T) {
	tests := map[string]struct {
		metadata string
		want     bool
	}{
		"noted by kubectl apply":        {`, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"spec":{"replicas":5}}'}`, true},
		"left out before":               {`, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"spec":{"paused":false}}'}`, false},
		"owned by server-side apply":    {owners("kubectl, operation: Apply"), true},
		"owned by an autoscaler":        {owners("kube-controller-manager, operation: Update, subresource: scale"), false},
		"owned by one of two who apply": {owners("kubectl, operation: Apply", "flux, operation: Apply"), false},
	}
	open := strings.Replace(web, "  replicas: 3\n", "", 1)
	live := strings.NewReplacer("replicas: 3", "replicas: 5", "{name: web}\nspec:\n  replicas", "{name: web@}\nspec:\n  replicas").Replace(web)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			there := holding(t, strings.Replace(live, "@", test.metadata, 1)+"---\n"+service)
			result := run(t, map[string]string{"web.yaml": open}, applied(there))
			found := slices.ContainsFunc(result.Findings, func(finding check.Finding) bool { return finding.Rule == "single-replica" })
			compare(t, test.want, found)
		})
	}
}

func TestWhatTheAPIServerFilledInStays(t *testing.T) {
	latest := strings.Replace(web, "web:1.0.0", "web:latest", 1)
	pinned := strings.Replace(web, `image: "web:1.0.0"`, `image: "web:1.0.0", imagePullPolicy: IfNotPresent`, 1)
	result := run(t, map[string]string{"web.yaml": latest}, applied(holding(t, pinned+"---\n"+service)))
	var found []string
	for _, finding := range result.Findings {
		if finding.Rule == "mutable-tag-pull-policy" {
			found = append(found, finding.Path)
		}
	}
	compare(t, []string{`spec.template.spec.containers[name="web"].imagePullPolicy`}, found)
}

func TestAPausedDeploymentThatIsAppliedAsItIsChangesNothing(t *testing.T) {
	paused := strings.Replace(web, "replicas: 3", "paused: true\n  replicas: 3", 1)
	live := strings.Replace(paused, "    spec:\n", "    spec:\n      restartPolicy: Always\n      dnsPolicy: ClusterFirst\n", 1)
	result := run(t, map[string]string{"web.yaml": paused}, applied(holding(t, live)))
	for _, finding := range result.Findings {
		if finding.Rule == "paused-with-template-change" {
			t.Error(finding.Message)
		}
	}
}

func TestThePolicyOfANamespaceGovernsWhatIsInIt(t *testing.T) {
	strict := func(label string) *engine.Policies {
		document := &v1alpha1.RolloutPolicy{Spec: v1alpha1.RolloutPolicySpec{
			Profile:           v1alpha1.Strict,
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{label: "shop"}},
		}}
		policy, err := engine.NewPolicy(document, rules.All)
		if err != nil {
			t.Fatal(err)
		}
		return engine.NewPolicies([]*engine.Policy{policy}, engine.Baseline(rules.All))
	}
	shop := "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {%s}}\n"
	tests := map[string]struct {
		there, input, label string
		want                v1alpha1.Mode
	}{
		"by a label that it has":                     {"team: shop", "", "team", v1alpha1.Deny},
		"by a label that it has not":                 {"team: other", "", "team", v1alpha1.Warn},
		"by a label that the input gives it":         {"", "team: shop", "team", v1alpha1.Deny},
		"by a label that the input leaves as it is":  {"team: shop", "other: label", "team", v1alpha1.Deny},
		"by the label that every namespace is given": {"", "other: label", "kubernetes.io/metadata.name", v1alpha1.Deny},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			input := map[string]string{"web.yaml": web}
			if test.input != "" {
				input["namespace.yaml"] = fmt.Sprintf(shop, test.input)
			}
			result := run(t, input, applied(holding(t, service+fmt.Sprintf(shop, test.there))), func(o *check.Options) { o.Policies = strict(test.label) })
			for _, finding := range result.Findings {
				if finding.Rule == "missing-prestop" {
					compare(t, test.want, finding.Mode)
					return
				}
			}
			t.Error("nothing was found")
		})
	}
}

func TestAKindIsReadOnceHoweverManyObjectsThereAre(t *testing.T) {
	live := holding(t, service)
	run(t, map[string]string{"web.yaml": web, "api.yaml": strings.ReplaceAll(web, "web", "api"), "db.yaml": strings.ReplaceAll(web, "web", "db")}, applied(live))
	for all, times := range live.asked {
		if times > 1 {
			t.Errorf("asked %d times for every %s", times, all)
		}
	}
	if live.asked["Service in shop"] != 1 {
		t.Errorf("asked for %v", live.asked)
	}
}

func TestAClusterThatCannotBeAskedIsOneError(t *testing.T) {
	live := holding(t, service)
	live.fails = errors.New("no route to host")
	result := run(t, map[string]string{"web.yaml": web, "service.yaml": service}, applied(live))
	compare(t, []string{"no route to host"}, told(result.Errors))
}
