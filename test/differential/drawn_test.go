package differential

import (
	"fmt"
	"math/rand/v2"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// draws is how many Deployments are drawn. Every other one is an update of one that was drawn too.
const draws = 300

// tree is an object, or a part of one.
type tree = map[string]any

// drawn are Deployments that differ in what injection depends on: ports, probes, hooks and the grace period. Some have
// a Service.
func drawn() []*situation {
	random := rand.New(rand.NewPCG(*seed, 1))
	var all []*situation
	for i := range draws {
		s := &situation{origin: "drawn Deployments", name: fmt.Sprint("drawn ", i), applied: drawDeployment(random)}
		if i%2 == 1 {
			s.there = append(s.there, drawDeployment(random))
		}
		if target := pick(random, nil, nil, "p", int64(8000), int64(8001)); target != nil {
			s.there = append(s.there, service(target))
		}
		all = append(all, s)
	}
	return all
}

func drawDeployment(random *rand.Rand) *unstructured.Unstructured {
	pod := tree{"containers": drawContainers(random)}
	put(pod, "terminationGracePeriodSeconds", pick(random, nil, nil, int64(0), int64(14), int64(15), int64(30), int64(60)))
	put(pod, "hostNetwork", pick(random, nil, nil, nil, true))
	metadata := tree{"name": "web"}
	put(metadata, "annotations", pick(random, nil, tree{}, tree{"team": "cart"}, tree{"greenlight.dev/injected": "{"},
		tree{"greenlight.dev/readiness-probe.c0": "http://:80/healthz"}, tree{"greenlight.dev/readiness-probe.c0": "grpc://:9090/service"},
		tree{"greenlight.dev/readiness-probe.c0": "https://:8443/" + fmt.Sprint(random.Int())}, tree{"greenlight.dev/readiness-probe.c0": "port 80"}))
	labels := tree{"app": "web"}
	return &unstructured.Unstructured{Object: tree{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
		"spec": tree{"selector": tree{"matchLabels": labels}, "template": tree{"metadata": tree{"labels": labels}, "spec": pod}},
	}}
}

func drawContainers(random *rand.Rand) []any {
	var containers []any
	for i := range int64(1 + random.IntN(3)) {
		container := tree{"name": fmt.Sprint("c", i), "image": pick(random, "web:1", "web:1", "web:1", "envoy:1")}
		put(container, "ports", pick(random, nil, []any{tree{"containerPort": 8000 + i}}, []any{tree{"containerPort": 8000 + i, "name": "p"}},
			[]any{tree{"containerPort": 8000 + i, "name": "p", "protocol": "UDP"}, tree{"containerPort": 9000 + i}}))
		put(container, "readinessProbe", pick(random, nil, nil, nil, probe("httpGet", 5), probe("tcpSocket", 0),
			tree{"exec": tree{"command": []any{"true"}}}, tree{"grpc": tree{"port": int64(9090)}, "periodSeconds": int64(1)}))
		put(container, "lifecycle", pick(random, nil, nil, tree{}, preStop(3), preStop(30), tree{"postStart": tree{"exec": tree{"command": []any{"true"}}}},
			tree{"preStop": tree{"exec": tree{"command": []any{"true"}}}}, tree{"preStop": tree{"httpGet": tree{"port": int64(80)}}}))
		containers = append(containers, container)
	}
	return containers
}

func service(target any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: tree{
		"apiVersion": "v1", "kind": "Service", "metadata": tree{"name": "web"},
		"spec": tree{"selector": tree{"app": "web"}, "ports": []any{tree{"port": int64(80), "targetPort": target}}},
	}}
}

func pick(random *rand.Rand, values ...any) any { return values[random.IntN(len(values))] }

// put sets a field, unless to nil.
func put(in tree, field string, value any) {
	if value != nil {
		in[field] = value
	}
}
