package engine

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

func TestTheChangesOfADeploymentShareOnePatience(t *testing.T) {
	b := &budget{since: map[types.UID]time.Time{}}
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	steps := []struct {
		deployment types.UID
		at, want   time.Duration
	}{
		{"blue", 0, 3 * time.Second},
		{"blue", 2 * time.Second, time.Second},
		{"green", 2 * time.Second, 3 * time.Second},
		{"blue", 3 * time.Second, 0},
		{"blue", 9 * time.Second, 0},
		{"blue", 10 * time.Second, 3 * time.Second},
	}
	for _, step := range steps {
		if got := b.left(step.deployment, 3*time.Second, start.Add(step.at)); got != step.want {
			t.Errorf("%s has %s left after %s, want %s", step.deployment, got, step.at, step.want)
		}
	}
	b.left("red", time.Second, start.Add(time.Hour))
	if len(b.since) != 1 {
		t.Errorf("it remembers %d Deployments an hour later", len(b.since))
	}
}
