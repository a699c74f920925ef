package differential

import (
	"math/rand/v2"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// mutation changes one field, wherever an object has it.
type mutation struct {
	kind string
	// path has a space between two fields.
	path string
	// values are what the field may become; nil takes it away.
	values []any
}

// Of a container and a port the first is meant.
var mutations = []mutation{
	{"Deployment", "spec replicas", []any{nil, int64(0), int64(1), int64(2), int64(5)}},
	{"Deployment", "spec strategy", []any{nil, map[string]any{"type": "Recreate"}, map[string]any{"type": "RollingUpdate"}}},
	{"Deployment", "spec strategy", rollingUpdates("25%", "0%", int64(0), int64(1), "100%", int64(3), "1%")},
	{"Deployment", "spec minReadySeconds", []any{nil, int64(10)}},
	{"Deployment", "spec revisionHistoryLimit", []any{nil, int64(0), int64(2)}},
	{"Deployment", "spec progressDeadlineSeconds", []any{int64(5), int64(11), int64(600)}},
	{"Deployment", "spec paused", []any{true, false}},
	{"Deployment", "spec template metadata labels extra", []any{nil, "one", "two"}},
	{"Deployment", "spec template metadata labels version", []any{"1.0.0", "2.0.0"}},
	{"Deployment", "spec template spec terminationGracePeriodSeconds", []any{nil, int64(0), int64(5), int64(60)}},
	{"Deployment", "spec template spec hostNetwork", []any{nil, true}},
	{"Deployment", "spec template spec containers image", []any{"web", "web:latest", "registry:5000/team/app", "web:1.2.3", "web@sha256:" + strings.Repeat("0", 64)}},
	{"Deployment", "spec template spec containers imagePullPolicy", []any{nil, "Always", "IfNotPresent"}},
	{"Deployment", "spec template spec containers readinessProbe", []any{nil, probe("tcpSocket", int64(0)), probe("tcpSocket", int64(30)), probe("httpGet", int64(5))}},
	{"Deployment", "spec template spec containers livenessProbe", []any{nil, probe("tcpSocket", int64(0)), probe("httpGet", int64(1))}},
	{"Deployment", "spec template spec containers lifecycle", []any{nil, preStop(5), preStop(30), preStop(40)}},
	{"Deployment", "spec template spec containers ports", []any{nil, []any{map[string]any{"containerPort": int64(80)}}, []any{map[string]any{"containerPort": int64(8080), "name": "http"}}, []any{map[string]any{"containerPort": int64(8080), "hostPort": int64(8080)}}}},
	{"Deployment", "metadata annotations greenlight.dev/ignore.recreate-strategy", []any{"a reason", ""}},
	{"Deployment", "metadata annotations greenlight.dev/ignore.single-replica", []any{"a reason", ""}},
	{"Deployment", "metadata labels tier", []any{"one", "two"}},
	{"Service", "spec selector version", []any{nil, "1.0.0", "2.0.0"}},
	{"Service", "spec selector app", []any{nil, "else"}},
	{"Service", "spec selector", []any{nil}},
	{"Service", "spec type", []any{nil, "ClusterIP", "NodePort", "LoadBalancer"}},
	{"Service", "spec clusterIP", []any{"None"}},
	{"Service", "spec publishNotReadyAddresses", []any{true, false}},
	{"Service", "spec ports targetPort", []any{nil, "http", "absent", int64(8080), int64(80)}},
	{"StatefulSet", "spec replicas", []any{nil, int64(0), int64(1), int64(3)}},
	{"StatefulSet", "spec template metadata labels extra", []any{"one"}},
	{"ReplicaSet", "spec replicas", []any{nil, int64(0), int64(1), int64(3)}},
}

func rollingUpdates(numbers ...any) []any {
	var all []any
	for _, surge := range numbers {
		for _, unavailable := range numbers {
			all = append(all, map[string]any{"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": surge, "maxUnavailable": unavailable}})
		}
	}
	return all
}

func probe(handler string, delay int64) map[string]any {
	return map[string]any{handler: map[string]any{"port": int64(80)}, "initialDelaySeconds": delay}
}

func preStop(seconds int64) map[string]any {
	return map[string]any{"preStop": map[string]any{"sleep": map[string]any{"seconds": seconds}}}
}

// mutate returns the object with a few changes, and what they are.
func mutate(object *unstructured.Unstructured, random *rand.Rand) (*unstructured.Unstructured, string) {
	mutated := object.DeepCopy()
	var fitting []mutation
	for _, mutation := range mutations {
		if mutation.kind == object.GetKind() {
			fitting = append(fitting, mutation)
		}
	}
	var how []string
	for range 1 + random.IntN(changes) {
		mutation := fitting[random.IntN(len(fitting))]
		value := mutation.values[random.IntN(len(mutation.values))]
		set(mutated.Object, strings.Fields(mutation.path), value)
		how = append(how, strings.ReplaceAll(mutation.path, " ", "."))
	}
	return mutated, "another " + strings.Join(how, ", ")
}

// set gives a field a value, and makes what is missing on the way to it.
func set(object map[string]any, path []string, value any) {
	name := path[0]
	switch next := object[name].(type) {
	case []any:
		if item, ok := first(next); ok && len(path) > 1 {
			set(item, path[1:], value)
			return
		}
	case map[string]any:
		if len(path) > 1 {
			set(next, path[1:], value)
			return
		}
	}
	switch {
	case len(path) > 1 && value != nil:
		made := map[string]any{}
		set(made, path[1:], value)
		object[name] = made
	case value == nil && len(path) == 1:
		delete(object, name)
	case len(path) == 1:
		object[name] = runtime.DeepCopyJSONValue(value)
	}
}

func first(items []any) (map[string]any, bool) {
	if len(items) == 0 {
		return nil, false
	}
	item, ok := items[0].(map[string]any)
	return item, ok
}
