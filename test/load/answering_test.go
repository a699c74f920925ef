package load

import (
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

func TestAnswering(t *testing.T) {
	for name, c := range map[string]struct {
		requests []auditv1.Event
		want     time.Duration
	}{
		"nothing was asked":           {nil, 0},
		"one after the other":         {[]auditv1.Event{between(0, 2), between(5, 6)}, 3},
		"two at once count once":      {[]auditv1.Event{between(1, 4), between(0, 2)}, 4},
		"one within another is in it": {[]auditv1.Event{between(2, 3), between(0, 10)}, 10},
	} {
		t.Run(name, func(t *testing.T) {
			if got := answering(c.requests); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for percent, want := range map[int]time.Duration{50: 50, 99: 99, 100: 100} {
		if got := percentile(hundred, percent); got != want {
			t.Errorf("percentile %d of 1 to 100: got %d", percent, got)
		}
	}
	if got := percentile([]time.Duration{7}, 99); got != 7 {
		t.Errorf("percentile of one: got %d", got)
	}
}

// between is a request that is answered between two nanoseconds of the epoch.
func between(start, end int64) auditv1.Event {
	return auditv1.Event{
		RequestReceivedTimestamp: metav1.NewMicroTime(time.Unix(0, start)),
		StageTimestamp:           metav1.NewMicroTime(time.Unix(0, end)),
	}
}
