// Package arithmetic_test holds our arithmetic of a rolling update to the controller's own.
package arithmetic_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/controller/deployment/util"

	"greenlight.dev/greenlight/traffic"
)

const (
	mostReplicas = 100
	// mostPercent and mostAbove go beyond what makes sense, as authors do.
	mostPercent = 200
	mostAbove   = 5
)

func TestARollingUpdateResolvesAsTheControllerResolvesIt(t *testing.T) {
	replicas := make(chan int32)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := range replicas {
				compareAll(t, n)
			}
		})
	}
	for n := range int32(mostReplicas + 1) {
		replicas <- n
	}
	close(replicas)
	workers.Wait()
}

// compareAll compares every pair of values for a number of replicas, up to the first difference.
func compareAll(t *testing.T, replicas int32) {
	values := valuesFor(replicas)
	for _, maxSurge := range values {
		for _, maxUnavailable := range values {
			if difference := compare(rolling(replicas, maxSurge, maxUnavailable)); difference != "" {
				t.Errorf("%d replicas, maxSurge %s, maxUnavailable %s: %s", replicas, maxSurge, maxUnavailable, difference)
				return
			}
		}
	}
}

// valuesFor returns nothing at all, every number of pods and every percentage.
func valuesFor(replicas int32) []*intstr.IntOrString {
	values := []*intstr.IntOrString{nil}
	for number := range replicas + mostAbove + 1 {
		values = append(values, new(intstr.FromInt32(number)))
	}
	for percent := range mostPercent + 1 {
		values = append(values, new(intstr.FromString(fmt.Sprint(percent, "%"))))
	}
	return values
}

func rolling(replicas int32, maxSurge, maxUnavailable *intstr.IntOrString) *appsv1.Deployment {
	return &appsv1.Deployment{Spec: appsv1.DeploymentSpec{
		Replicas: &replicas,
		Strategy: appsv1.DeploymentStrategy{
			Type:          appsv1.RollingUpdateDeploymentStrategyType,
			RollingUpdate: &appsv1.RollingUpdateDeployment{MaxSurge: maxSurge, MaxUnavailable: maxUnavailable},
		},
	}}
}

// resolved is what a rolling update comes to, in pods.
type resolved struct{ surge, unavailable, floor int32 }

// compare says how the controller and we differ: empty if we do not.
func compare(deployment *appsv1.Deployment) string {
	ours, err := traffic.Rolling(deployment)
	if err != nil {
		return err.Error()
	}
	got := resolved{int32(ours.Surge), int32(ours.Unavailable), int32(ours.Floor())}
	want := resolved{util.MaxSurge(*deployment), util.MaxUnavailable(*deployment), util.MinAvailable(deployment)}
	if got != want {
		return fmt.Sprintf("got %+v, the controller has %+v", got, want)
	}
	return ""
}
