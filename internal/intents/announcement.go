package intents

import (
	"context"
	"fmt"
	"time"

	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// Announcement is one change on its way through its judgement.
type Announcement struct {
	book   *Book
	change Change
	dryRun bool
	// lease is the name of the change's own intent: empty while it is not announced.
	lease string
	made  *overlay
}

// Announcement returns one for a change. A dry run reads what others have announced and announces nothing.
func (b *Book) Announcement(change Change, dryRun bool) *Announcement {
	return &Announcement{book: b, change: change, dryRun: dryRun}
}

// Announce makes the change known before it is judged, and keeps a record of it for that long at least. The
// reader that it returns shows the changes that others have announced as made.
func (a *Announcement) Announce(ctx context.Context, reader state.Reader, record time.Duration) (state.Reader, rules.Announced) {
	intents, err := a.exchange(ctx, max(record, pendingFor))
	if err != nil {
		return reader, rules.Announced{Err: err}
	}
	a.made = newOverlay(reader, a.pending(intents))
	return a.made, rules.Announced{Switches: switches(intents)}
}

// exchange writes the intent first, and then reads those of the others.
func (a *Announcement) exchange(ctx context.Context, lasts time.Duration) ([]intent, error) {
	if !a.dryRun {
		lease, err := a.book.write(ctx, a.change, lasts)
		if err != nil {
			return nil, fmt.Errorf("writing a Lease in namespace %s: %w", a.book.namespace, err)
		}
		a.lease = lease.Name
	}
	intents, err := a.book.read(ctx, a.change.Namespace)
	if err != nil {
		return nil, fmt.Errorf("reading the Leases in namespace %s: %w", a.book.namespace, err)
	}
	return intents, nil
}

// pending returns the intents that may be made yet and are of other objects. Of two changes of one object the
// API server stores one, and has the other judged again.
func (a *Announcement) pending(intents []intent) []intent {
	var pending []intent
	for _, other := range intents {
		if other.UID != a.change.UID && other.pending(a.book.now()) {
			pending = append(pending, other)
		}
	}
	return pending
}

func switches(intents []intent) []traffic.PastSwitch {
	var switches []traffic.PastSwitch
	for _, past := range intents {
		if past.Service != nil {
			switches = append(switches, traffic.PastSwitch{
				Service: past.UID, Before: past.Service.Before, After: past.Service.After.Selector, At: past.at,
			})
		}
	}
	return switches
}

// Announced reports whether others can see the announcement.
func (a *Announcement) Announced() bool { return a.lease != "" }

// Withdraw takes back what is announced, once the change is denied. Where that fails, it ends by itself.
func (a *Announcement) Withdraw(ctx context.Context) error {
	return a.book.remove(ctx, a.lease)
}

// Counted lists the changes of others that the judgement counted as made, in the order of their announcement,
// each as "the deletion of Deployment shop/green by jane, 2s ago".
func (a *Announcement) Counted() []string {
	if a.made == nil {
		return nil
	}
	return a.made.counted(a.book.now())
}
