package arithmetic_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sort"
	"strconv"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/deployment/util"

	"greenlight.dev/greenlight/traffic"
)

// scaleTrials is how many states of a rollout are compared.
const scaleTrials = 100_000

func TestADeploymentIsScaledAsTheControllerScalesIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range scaleTrials {
		deployment, replicaSets := rolloutState(random)
		want := controllerScales(deployment, replicaSets)
		got, err := traffic.ScaledSizes(deployment, replicaSets)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%d replicas: %v instead of %v of\n%s", *deployment.Spec.Replicas, got, want, describe(replicaSets))
		}
	}
}

// rolloutState makes up a Deployment that was just scaled, and the ReplicaSets of a rollout, or of several.
func rolloutState(random *rand.Rand) (*appsv1.Deployment, []*appsv1.ReplicaSet) {
	deployment := rolling(1+random.Int32N(6), new(intstr.FromInt32(random.Int32N(3))), new(intstr.FromString("25%")))
	if random.IntN(10) == 0 {
		deployment.Spec.Strategy = appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}
	}
	deployment.Spec.Template = templateOf(random.IntN(4))
	deployment.Status.Replicas = random.Int32N(5)
	var replicaSets []*appsv1.ReplicaSet
	for i := range 1 + random.IntN(4) {
		size := random.Int32N(5)
		replicaSets = append(replicaSets, &appsv1.ReplicaSet{
			ObjectMeta: metav1.ObjectMeta{
				Name: fmt.Sprint("rs-", i), UID: types.UID(fmt.Sprint(i)),
				CreationTimestamp: metav1.NewTime(time.Unix(random.Int64N(3), 0)),
				Annotations: map[string]string{
					util.DesiredReplicasAnnotation: strconv.Itoa(1 + random.IntN(4)),
					util.MaxReplicasAnnotation:     []string{"", "0", "1", "2", "4", "7"}[random.IntN(6)],
				},
			},
			Spec:   appsv1.ReplicaSetSpec{Replicas: &size, Template: templateOf(i)},
			Status: appsv1.ReplicaSetStatus{AvailableReplicas: random.Int32N(size + 1)},
		})
	}
	return deployment, replicaSets
}

func templateOf(revision int) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: fmt.Sprint("web:", revision)}}}}
}

// controllerScales is scale of k8s.io/kubernetes/pkg/controller/deployment, which needs a cluster to run in,
// put together of what it calls.
func controllerScales(d *appsv1.Deployment, replicaSets []*appsv1.ReplicaSet) map[types.UID]int {
	sizes := map[types.UID]int{}
	for _, rs := range replicaSets {
		sizes[rs.UID] = int(*rs.Spec.Replicas)
	}
	newest := util.FindNewReplicaSet(d, replicaSets)
	_, old := util.FindOldReplicaSets(d, replicaSets)
	active := controller.FilterActiveReplicaSets(replicaSets)
	switch {
	case len(active) == 0:
	case util.FindActiveOrLatest(newest, old) != nil:
		sizes[util.FindActiveOrLatest(newest, old).UID] = int(*d.Spec.Replicas)
	case util.IsSaturated(d, newest):
		for _, rs := range controller.FilterActiveReplicaSets(old) {
			sizes[rs.UID] = 0
		}
	case util.IsRollingUpdate(d):
		add := *d.Spec.Replicas + util.MaxSurge(*d) - util.GetReplicaCountForReplicaSets(active)
		if add > 0 {
			sort.Sort(controller.ReplicaSetsBySizeNewer(active))
		} else {
			sort.Sort(controller.ReplicaSetsBySizeOlder(active))
		}
		added := int32(0)
		for _, rs := range active {
			proportion := util.GetReplicaSetProportion(klog.Background(), rs, *d, add, added)
			sizes[rs.UID] += int(proportion)
			added += proportion
		}
		sizes[active[0].UID] = max(0, sizes[active[0].UID]+int(add-added))
	}
	return sizes
}

func describe(replicaSets []*appsv1.ReplicaSet) string {
	text := ""
	for _, rs := range replicaSets {
		text += fmt.Sprintf("%s: %d replicas, %d available, %v\n", rs.Name, *rs.Spec.Replicas, rs.Status.AvailableReplicas, rs.Annotations)
	}
	return text
}
