package traffic_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/traffic"
)

func TestSharesCountPodsByTheirTrack(t *testing.T) {
	track := func(name string) map[string]string { return map[string]string{"track": name} }
	pods := []*corev1.Pod{
		readyPod("a", track("stable")), readyPod("b", track("stable")), readyPod("c", track("canary")), readyPod("d", nil),
	}
	if diff := cmp.Diff(traffic.Shares{"stable": 2, "canary": 1, "": 1}, traffic.SharesOf(pods, "track")); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
}

func TestPercentIsRounded(t *testing.T) {
	tests := map[string]struct {
		shares traffic.Shares
		tracks []string
		want   int
	}{
		"a quarter":          {traffic.Shares{"canary": 1, "stable": 3}, []string{"canary"}, 25},
		"a third":            {traffic.Shares{"canary": 1, "stable": 2}, []string{"canary"}, 33},
		"two thirds":         {traffic.Shares{"canary": 1, "stable": 2}, []string{"stable"}, 67},
		"two tracks of four": {traffic.Shares{"a": 1, "b": 1, "c": 1, "d": 1}, []string{"a", "b"}, 50},
		"of nothing":         {traffic.Shares{"canary": 0}, []string{"canary"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.shares.Percent(test.tracks...); got != test.want {
				t.Errorf("%d percent, want %d", got, test.want)
			}
		})
	}
}

func TestAShareThatIsNoMoreThanTheLimitDoesNotExceedIt(t *testing.T) {
	shares := traffic.Shares{"canary": 1, "stable": 2}
	if shares.Exceeds(34, "canary") || !shares.Exceeds(33, "canary") {
		t.Errorf("1 of 3 pods: more than 34%% %t, more than 33%% %t", shares.Exceeds(34, "canary"), shares.Exceeds(33, "canary"))
	}
}

func TestTracksMoveWhereTheirPartOfTheRequestsDoes(t *testing.T) {
	tests := map[string]struct {
		before, after traffic.Shares
		want          []string
	}{
		"a canary comes":             {traffic.Shares{"stable": 3}, traffic.Shares{"stable": 3, "canary": 1}, []string{"canary", "stable"}},
		"a canary goes":              {traffic.Shares{"stable": 3, "canary": 1}, traffic.Shares{"stable": 3}, []string{"canary", "stable"}},
		"both are scaled alike":      {traffic.Shares{"stable": 3, "canary": 1}, traffic.Shares{"stable": 6, "canary": 2}, nil},
		"one of three keeps its own": {traffic.Shares{"a": 2, "b": 1, "c": 1}, traffic.Shares{"a": 2, "c": 2}, []string{"b", "c"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.after.Moved(test.before)); diff != "" && len(test.want)+len(test.after.Moved(test.before)) > 0 {
				t.Errorf("tracks (-want +got):\n%s", diff)
			}
		})
	}
}
