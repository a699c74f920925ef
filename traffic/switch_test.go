package traffic_test

import (
	"fmt"
	"strings"
	"testing"

	"greenlight.dev/greenlight/traffic"
)

func TestADenialNamesFivePodsAndCountsTheOthers(t *testing.T) {
	tests := map[int]string{
		4: "; web-4: not ready",
		5: "; web-5: not ready",
		6: "; web-5: not ready; and 1 more pod",
		7: "; web-5: not ready; and 2 more pods",
	}
	for count, want := range tests {
		t.Run(fmt.Sprintf("%d pods", count), func(t *testing.T) {
			s := traffic.Switch{Old: service(color("blue")), New: service(color("green")), Now: now}
			s.Pods = append(s.Pods, readyPod("blue-1", color("blue")))
			for i := range count {
				s.Pods = append(s.Pods, unready(readyPod(fmt.Sprintf("web-%d", i+1), color("green"))))
			}
			if got := s.Decide().Reason; !strings.HasSuffix(got, want) {
				t.Errorf("the reason does not end with %q:\n%s", want, got)
			}
		})
	}
}
