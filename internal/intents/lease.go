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
// request after 60 seconds unless told otherwise (--request-timeout), and the clocks of the API server and of
// the replicas differ.
const pendingFor = 70 * time.Second

// longest is how long a record may be kept: spec.traffic.keepPreviousSeconds is a day at most.
const longest = 24 * time.Hour

// intent is an announced change.
type intent struct {
	Change
	// lease is the name of its Lease.
	lease string
	// at is when it was announced, to the second, by the clock of the API server. Nobody can write that time:
	// whoever writes a Lease chooses all the others.
	at time.Time
	// lasts is how long it is kept.
	lasts time.Duration
}

// newLease returns the Lease of a change. Its name, its holder and its times are for people.
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

// readLease returns the intent of a Lease. What a Lease says may be of another release, or nobody's: where it
// cannot be read, the intent has no change, and is kept for as long as one may be pending.
func readLease(lease *coordinationv1.Lease) (intent, error) {
	unread := intent{lease: lease.Name, at: lease.CreationTimestamp.Time, lasts: pendingFor}
	if lease.Spec.LeaseDurationSeconds == nil {
		return unread, fmt.Errorf("Lease %s has no spec.leaseDurationSeconds", lease.Name)
	}
	read := unread
	err := json.Unmarshal([]byte(lease.Annotations[changeAnnotation]), &read.Change)
	if err == nil {
		err = read.validate()
	}
	if err != nil {
		return unread, fmt.Errorf("Lease %s, annotation %s: %w", lease.Name, changeAnnotation, err)
	}
	read.lasts = min(time.Duration(*lease.Spec.LeaseDurationSeconds)*time.Second, longest)
	return read, nil
}

func (i intent) expired(now time.Time) bool { return now.Sub(i.at) >= i.lasts }

// pending reports whether the change may still be stored.
func (i intent) pending(now time.Time) bool { return now.Sub(i.at) < pendingFor }
