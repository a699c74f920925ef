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

// between is a request that is answered between two nanoseconds of the epoch.
func between(start, end int64) auditv1.Event {
	return auditv1.Event{
		RequestReceivedTimestamp: metav1.NewMicroTime(time.Unix(0, start)),
		StageTimestamp:           metav1.NewMicroTime(time.Unix(0, end)),
	}
}
