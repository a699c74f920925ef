package traffic_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"greenlight.dev/greenlight/traffic"
)

func TestARollingUpdateResolvesAsTheControllerResolvesIt(t *testing.T) {
	tests := []struct {
		replicas                    int32
		maxSurge, maxUnavailable    string
		surge, unavailable, atLeast int
	}{
		{1, "25%", "25%", 1, 0, 1},
		{2, "25%", "25%", 1, 0, 2},
		{3, "25%", "25%", 1, 0, 3},
		{4, "25%", "25%", 1, 1, 3},
		{1, "0", "25%", 0, 1, 0},
		{2, "0", "25%", 0, 1, 1},
		{3, "0", "25%", 0, 1, 2},
		{4, "0", "25%", 0, 1, 3},
		{9, "0", "10%", 0, 1, 8},
		{10, "0", "10%", 0, 1, 9},
		{3, "1", "5", 1, 3, 0},
		{0, "25%", "25%", 0, 0, 0},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%d with %s and %s", test.replicas, test.maxSurge, test.maxUnavailable), func(t *testing.T) {
			got, err := traffic.Rolling(rolling(test.replicas, test.maxSurge, test.maxUnavailable))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]int{test.surge, test.unavailable, test.atLeast}, []int{got.Surge, got.Unavailable, got.Floor()}); diff != "" {
				t.Errorf("surge, unavailable, floor (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPercentagesFollowTheFormulas(t *testing.T) {
	percentages := []int{0, 1, 10, 24, 25, 26, 33, 34, 50, 66, 67, 75, 99, 100}
	for replicas := range 101 {
		for _, surge := range percentages {
			for _, unavailable := range percentages {
				up := (surge*replicas + 99) / 100
				down := unavailable * replicas / 100
				check(t, replicas, fmt.Sprintf("%d%%", surge), fmt.Sprintf("%d%%", unavailable), up, down)
			}
		}
	}
}

func TestNumbersAreTakenAsTheyAre(t *testing.T) {
	for replicas := range 101 {
		for _, surge := range []int{0, 1, 2, 50, 100, 150} {
			for _, unavailable := range []int{0, 1, 2, 50, 100, 150} {
				check(t, replicas, fmt.Sprint(surge), fmt.Sprint(unavailable), surge, unavailable)
			}
		}
	}
}

// check compares with what the values come to before the controller makes sure that the rollout moves.
func check(t *testing.T, replicas int, maxSurge, maxUnavailable string, surge, unavailable int) {
	t.Helper()
	want := traffic.RollingUpdate{Replicas: replicas, Surge: surge, Unavailable: min(unavailable, replicas)}
	if surge == 0 && unavailable == 0 {
		want.Unavailable, want.Forced = min(1, replicas), true
	}
	got, err := traffic.Rolling(rolling(int32(replicas), maxSurge, maxUnavailable))
	if err != nil || got != want {
		t.Errorf("%d replicas, maxSurge %s, maxUnavailable %s: got %+v, %v, want %+v", replicas, maxSurge, maxUnavailable, got, err, want)
	}
}

func TestAValueThatIsNeitherANumberNorAPercentageIsAnErrorThatNamesItsField(t *testing.T) {
	tests := map[string]struct{ maxSurge, maxUnavailable, want string }{
		"maxSurge":       {"half", "1", `spec.strategy.rollingUpdate.maxSurge: invalid value for IntOrString: invalid type: string is not a percentage`},
		"maxUnavailable": {"1", "half", `spec.strategy.rollingUpdate.maxUnavailable: invalid value for IntOrString: invalid type: string is not a percentage`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := traffic.Rolling(rolling(2, test.maxSurge, test.maxUnavailable))
			if diff := cmp.Diff(test.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplicasLeftOutMeansOne(t *testing.T) {
	if got := traffic.Replicas(nil); got != 1 {
		t.Errorf("got %d", got)
	}
}

func rolling(replicas int32, maxSurge, maxUnavailable string) *appsv1.Deployment {
	surge, unavailable := intstr.Parse(maxSurge), intstr.Parse(maxUnavailable)
	deployment := &appsv1.Deployment{}
	deployment.Spec.Replicas = &replicas
	deployment.Spec.Strategy.RollingUpdate = &appsv1.RollingUpdateDeployment{MaxSurge: &surge, MaxUnavailable: &unavailable}
	return deployment
}
