package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/state"
)

const (
	aDeployment = "apiVersion: apps/v1\nkind: Deployment\nspec: "
	aReplicaSet = "apiVersion: apps/v1\nkind: ReplicaSet\nspec: "
	aPod        = "apiVersion: v1\nkind: Pod\nspec: "
	aService    = "apiVersion: v1\nkind: Service\nspec: "
)

func TestWhatIsLeftOutIsWhatTheAPIServerFillsIn(t *testing.T) {
	tests := map[string]struct{ object, written, meant string }{
		"a Deployment": {
			aDeployment,
			`{}`,
			`{replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600,
			  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}},
			  template: {spec: {terminationGracePeriodSeconds: 30}}}`,
		},
		"a Deployment with half of a rolling update": {
			aDeployment,
			`{strategy: {rollingUpdate: {maxSurge: 0}}}`,
			`{strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 25%}}}`,
		},
		"a ReplicaSet": {
			aReplicaSet,
			`{}`,
			`{replicas: 1, template: {spec: {terminationGracePeriodSeconds: 30}}}`,
		},
		"a probe": {
			aPod,
			`{containers: [{name: web, readinessProbe: {tcpSocket: {port: 80}}}]}`,
			`{terminationGracePeriodSeconds: 30, containers: [{name: web, readinessProbe: {tcpSocket: {port: 80},
			  timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}}]}`,
		},
		"a probe over HTTP": {
			aPod,
			`{containers: [{name: web, readinessProbe: {httpGet: {port: 80}}}]}`,
			`{containers: [{name: web, readinessProbe: {httpGet: {port: 80, path: /, scheme: HTTP}}}]}`,
		},
		"a probe over gRPC": {
			aPod,
			`{containers: [{name: web, readinessProbe: {grpc: {port: 80}}}]}`,
			`{containers: [{name: web, readinessProbe: {grpc: {port: 80, service: ""}}}]}`,
		},
		"a container port": {
			aPod,
			`{initContainers: [{name: proxy, ports: [{containerPort: 80}]}]}`,
			`{initContainers: [{name: proxy, ports: [{containerPort: 80, protocol: TCP}]}]}`,
		},
		"a Service port": {
			aService,
			`{ports: [{port: 80}]}`,
			`{type: ClusterIP, ports: [{port: 80, protocol: TCP, targetPort: 80}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			want, got := decode(t, test.object+test.meant), decode(t, test.object+test.written)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("object (-meant +written):\n%s", diff)
			}
		})
	}
}

func TestWhatIsWrittenStays(t *testing.T) {
	got := decode(t, `apiVersion: apps/v1
kind: Deployment
spec:
  replicas: 0
  revisionHistoryLimit: 0
  progressDeadlineSeconds: 60
  strategy: {type: Recreate}
  template:
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          ports: [{containerPort: 53, protocol: UDP}]
          livenessProbe: {exec: {command: [live]}, timeoutSeconds: 2, periodSeconds: 3, successThreshold: 1, failureThreshold: 5}
`)
	want := appsv1.DeploymentSpec{
		Replicas:                new(int32(0)),
		RevisionHistoryLimit:    new(int32(0)),
		ProgressDeadlineSeconds: new(int32(60)),
		Strategy:                appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType},
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			TerminationGracePeriodSeconds: new(int64(0)),
			Containers: []corev1.Container{{
				Name:  "web",
				Ports: []corev1.ContainerPort{{ContainerPort: 53, Protocol: corev1.ProtocolUDP}},
				LivenessProbe: &corev1.Probe{
					ProbeHandler:   corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"live"}}},
					TimeoutSeconds: 2, PeriodSeconds: 3, SuccessThreshold: 1, FailureThreshold: 5,
				},
			}},
		}},
	}
	if diff := cmp.Diff(want, got.(*appsv1.Deployment).Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}

func decode(t *testing.T, file string) state.Object {
	t.Helper()
	objects, err := manifest.Objects("web.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return objects[0]
}
