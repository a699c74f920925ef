package webhook

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

var (
	//go:embed testdata/deployment.json
	deploymentJSON []byte
	//go:embed testdata/managed-fields.json
	managedFieldsJSON []byte
)

// document is JSON that a test changes.
type document = map[string]any

func parse(t testing.TB, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func write(t testing.TB, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// deployment returns a realistic Deployment in which nothing is wrong, after the changes.
func deployment(t testing.TB, changes ...func(document)) document {
	t.Helper()
	deployment := parse(t, deploymentJSON).(document)
	for _, change := range changes {
		change(deployment)
	}
	return deployment
}

func withManagedFields(t testing.TB) func(document) {
	return func(deployment document) {
		at(deployment, "metadata")["managedFields"] = parse(t, managedFieldsJSON)
	}
}

func withRecreate(deployment document) {
	at(deployment, "spec")["strategy"] = document{"type": "Recreate"}
}

func withNewImage(deployment document) {
	container(deployment)["image"] = "registry.example/shop/web:2.4.2"
}

func withoutDefaults(deployment document) {
	delete(container(deployment), "readinessProbe")
	delete(container(deployment), "lifecycle")
}

// at returns the object under a path.
func at(value document, path ...string) document {
	for _, name := range path {
		value = value[name].(document)
	}
	return value
}

func container(deployment document) document {
	return at(deployment, "spec", "template", "spec")["containers"].([]any)[0].(document)
}

// updateOf returns the review of an update of a Deployment, as the API server writes it.
func updateOf(old, object document) document {
	return document{"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": document{
		"uid":             "7f0f3c1e-8a52-4c3b-9a63-0d7d6a1f2b3c",
		"kind":            document{"group": "apps", "version": "v1", "kind": "Deployment"},
		"resource":        document{"group": "apps", "version": "v1", "resource": "deployments"},
		"requestKind":     document{"group": "apps", "version": "v1", "kind": "Deployment"},
		"requestResource": document{"group": "apps", "version": "v1", "resource": "deployments"},
		"name":            "web", "namespace": "shop", "operation": "UPDATE",
		"userInfo": document{"username": "jane@example.com", "groups": []string{"developers", "system:authenticated"}},
		"object":   object, "oldObject": old, "dryRun": false,
		"options": document{"kind": "UpdateOptions", "apiVersion": "meta.k8s.io/v1", "fieldManager": "kubectl-client-side-apply"},
	}}
}

// clusterState is complete and holds one Service, which selects the Deployment.
func clusterState() state.Reader {
	return cluster.NewManifests([]state.Object{&corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop"},
		Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app.kubernetes.io/name": "web"},
			Ports:    []corev1.ServicePort{{Port: 80, Protocol: corev1.ProtocolTCP, TargetPort: intstr.FromString("http")}},
		},
	}}, true)
}

// guard returns a Webhook with the given rules, or all of them, and its metrics.
func guard(entries ...rules.Entry) (*Webhook, *prometheus.Registry) {
	if len(entries) == 0 {
		entries = rules.All
	}
	registry := prometheus.NewRegistry()
	return New(Config{
		Engine: engine.New(engine.Baseline(entries)), Rules: entries, State: clusterState(),
		SleepUnsupported: func() string { return "" }, Registry: registry,
	}), registry
}

// rule returns a rule of changes: what it finds was not there before.
func rule(id string, mode v1alpha1.Mode, run func(context.Context, *rules.Pass) error) rules.Entry {
	return rules.Entry{
		Rule: &rules.Rule{
			ID: id, Kinds: []schema.GroupVersionKind{state.Deployment, state.Service},
			Ops: []rules.Operation{rules.Create, rules.Update}, Run: run,
		},
		Baseline: mode, Strict: mode,
	}
}

// finds returns a rule that has one finding.
func finds(id string, mode v1alpha1.Mode, message string) rules.Entry {
	return rule(id, mode, func(_ context.Context, pass *rules.Pass) error {
		pass.Report(rules.Finding{Path: field.NewPath("spec", "replicas"), Message: message, Fix: "Fix it."})
		return nil
	})
}

// fails returns a rule that denies, but fails itself before it finds anything.
func fails(id string, err error) rules.Entry {
	return rule(id, v1alpha1.Deny, func(context.Context, *rules.Pass) error { return err })
}

func post(handler http.Handler, body []byte) *httptest.ResponseRecorder {
	return send(handler, request(body))
}

func request(body []byte) *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	return request
}

func send(handler http.Handler, request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// journal is what a handler logs.
type journal struct {
	mutex sync.Mutex
	lines []string
}

// attach makes the handler of the request log to the journal.
func (j *journal) attach(request *http.Request) *http.Request {
	logger := funcr.NewJSON(func(line string) {
		j.mutex.Lock()
		defer j.mutex.Unlock()
		j.lines = append(j.lines, line)
	}, funcr.Options{})
	return request.WithContext(logr.NewContext(request.Context(), logger))
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return strings.Join(j.lines, "\n")
}
