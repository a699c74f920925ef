package cluster

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

// Ten thousand workloads are to fit in a process of 100 MiB. The rest is for the process itself, for
// what it works on and for what the collector has not freed yet.
const (
	workloads = 10_000
	budget    = 24 << 20
	// sample is how many are measured.
	sample = 2_000
)

func TestTheCacheOfTenThousandWorkloadsFitsTheMemory(t *testing.T) {
	deployment := bytesEach(t, deploymentJSON, packing(state.Deployment, stripDeployment), func() protobuf { return &appsv1.Deployment{} })
	rs := bytesEach(t, replicaSetJSON, packing(state.ReplicaSet, stripReplicaSet), func() protobuf { return &appsv1.ReplicaSet{} })
	service := bytesEach(t, serviceJSON, packing(state.Service, stripService), func() protobuf { return &corev1.Service{} })
	total := workloads * (deployment + rs + service)
	t.Logf("bytes each: Deployment %d, ReplicaSet %d, Service %d; %d MiB for %d of each", deployment, rs, service, total>>20, workloads)
	if total > budget {
		t.Errorf("the budget is %d MiB", budget>>20)
	}
}

// bytesEach is what an object takes in the informer's own store and in ours.
func bytesEach(t *testing.T, template string, pack toolscache.TransformFunc, blank func() protobuf) int {
	informer := toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc,
		toolscache.Indexers{toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc})
	store := newStore()
	before := heap()
	for i := range sample {
		packed, err := pack(received(t, fmt.Sprintf(template, i, i%100, uuid.NewUUID()), blank))
		if err != nil {
			t.Fatal(err)
		}
		if err := informer.Add(packed); err != nil {
			t.Fatal(err)
		}
		store.OnAdd(packed, true)
	}
	after := heap()
	runtime.KeepAlive(informer)
	runtime.KeepAlive(store)
	return (after - before) / sample
}

func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// received is an object as it comes from the API server: it shares no string with another.
func received(t *testing.T, raw string, blank func() protobuf) protobuf {
	sent, object := blank(), blank()
	if err := json.Unmarshal([]byte(raw), sent); err != nil {
		t.Fatal(err)
	}
	wire, err := sent.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := object.Unmarshal(wire); err != nil {
		t.Fatal(err)
	}
	return object
}

var deploymentJSON = filledIn(`{
	"metadata": {METADATA, "labels": {LABELS}},
	"spec": {
		"replicas": 5, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
		"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%%", "maxUnavailable": "25%%"}},
		"selector": {"matchLabels": {"app.kubernetes.io/name": "checkout-%[1]d"}},
		"template": {"metadata": {"labels": {LABELS}}, "spec": {SPEC}}
	},
	"status": {"replicas": 5, "readyReplicas": 5, "availableReplicas": 5, "updatedReplicas": 5, "observedGeneration": 3}
}`)

var replicaSetJSON = filledIn(`{
	"metadata": {METADATA, "labels": {LABELS, "pod-template-hash": "%09[1]d"},
		"ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout-%[1]d", "uid": "%[3]s", "controller": true, "blockOwnerDeletion": true}]},
	"spec": {
		"replicas": 5,
		"selector": {"matchLabels": {"app.kubernetes.io/name": "checkout-%[1]d", "pod-template-hash": "%09[1]d"}},
		"template": {"metadata": {"labels": {LABELS, "pod-template-hash": "%09[1]d"}}, "spec": {SPEC}}
	},
	"status": {"replicas": 5, "readyReplicas": 5, "availableReplicas": 5, "fullyLabeledReplicas": 5, "observedGeneration": 3}
}`)

var serviceJSON = filledIn(`{
	"metadata": {METADATA, "labels": {LABELS}},
	"spec": {
		"type": "ClusterIP", "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
		"ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": "http"}],
		"selector": {"app.kubernetes.io/name": "checkout-%[1]d"}
	}
}`)

// filledIn leaves the object's number, its namespace's and its UID to be filled in.
func filledIn(template string) string {
	return strings.NewReplacer("METADATA", `
		"name": "checkout-%[1]d", "namespace": "team-%[2]d", "uid": "%[3]s",
		"resourceVersion": "%09[1]d", "generation": 3, "creationTimestamp": "2026-01-02T03:04:05Z",
		"annotations": {"deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": "{\"kind\":\"Deployment\"}"},
		"managedFields": [{"manager": "kubectl", "operation": "Apply", "apiVersion": "apps/v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}]`,
		"LABELS", `
		"app.kubernetes.io/name": "checkout-%[1]d", "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "kustomize", "app.kubernetes.io/version": "1.0.%[2]d"`,
		"SPEC", `
		"containers": [{"name": "web", "image": "checkout:1.0.%[1]d", "ports": [{"name": "http", "containerPort": 8080}]}]`,
	).Replace(template)
}
