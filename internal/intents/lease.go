package intents

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// namespaceLabel is on every intent: the namespace of the object that changes.
	namespaceLabel = "greenlight.dev/namespace"
	// changeAnnotation holds the Change as JSON.
	changeAnnotation = "greenlight.dev/change"
)

// pendingFor is how long a change may take from its judgement until it is stored: the API server ends a
// request after 60 seconds unless told otherwise (--request-timeout), and clocks differ.
const pendingFor = 70 * time.Second

// intent is an announced change.
type intent struct {
	Change
	// lease is the name of its Lease.
	lease string
	// at is when it was announced, by the clock of the replica that did.
	at time.Time
	// lasts is how long it is kept.
	lasts time.Duration
}

// newLease returns the Lease of a change. Its name and its holder are for people.
func newLease(namespace string, change Change, now time.Time, lasts time.Duration) (*coordinationv1.Lease, error) {
	text, err := json.Marshal(change)
	if err != nil {
		return nil, err
	}
	renewed := metav1.NewMicroTime(now)
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, GenerateName: strings.ToLower(change.Kind) + "-",
			Labels:      map[string]string{namespaceLabel: change.Namespace},
			Annotations: map[string]string{changeAnnotation: string(text)},
		},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity:       new(change.Kind + " " + change.Namespace + "/" + change.Name),
			LeaseDurationSeconds: new(int32(lasts / time.Second)),
			AcquireTime:          &renewed,
			RenewTime:            &renewed,
		},
	}, nil
}

func readLease(lease *coordinationv1.Lease) (intent, error) {
	read := intent{lease: lease.Name}
	if lease.Spec.RenewTime == nil || lease.Spec.LeaseDurationSeconds == nil {
		return read, fmt.Errorf("Lease %s has no time", lease.Name)
	}
	read.at = lease.Spec.RenewTime.Time
	read.lasts = time.Duration(*lease.Spec.LeaseDurationSeconds) * time.Second
	if err := json.Unmarshal([]byte(lease.Annotations[changeAnnotation]), &read.Change); err != nil {
		return read, fmt.Errorf("Lease %s, annotation %s: %w", lease.Name, changeAnnotation, err)
	}
	return read, nil
}

func (i intent) expired(now time.Time) bool { return now.Sub(i.at) >= i.lasts }

// pending reports whether the change may still be stored.
func (i intent) pending(now time.Time) bool { return now.Sub(i.at) < pendingFor }
