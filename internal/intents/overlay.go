package intents

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"greenlight.dev/greenlight/state"
)

// overlay shows pending changes as made to whoever reads live. A workload is shown only as it would be. A
// Service is shown as it is and, beside that, as it would be: what is taken away may be what it selects now as
// well as what it is about to select.
type overlay struct {
	state.Reader
	pending []intent
	seen    map[string]bool
}

func newOverlay(reader state.Reader, pending []intent) *overlay {
	slices.SortFunc(pending, func(a, b intent) int { return cmp.Or(a.at.Compare(b.at), strings.Compare(a.lease, b.lease)) })
	return &overlay{Reader: reader, pending: pending, seen: map[string]bool{}}
}

// List implements state.Reader.
func (o *overlay) List(ctx context.Context, query state.Query) (state.Listing, error) {
	listing, err := o.Reader.List(ctx, query)
	if err != nil || !query.Live {
		return listing, err
	}
	items := slices.Clone(listing.Items)
	for _, change := range o.pending {
		if change.kind() != query.Kind || change.Namespace != query.Namespace {
			continue
		}
		if query.Kind == state.Service {
			items, err = o.beside(ctx, items, change, query)
		} else {
			items = o.inPlace(items, change)
		}
		if err != nil {
			return state.Listing{}, err
		}
	}
	listing.Items = items
	return listing, nil
}

// inPlace puts a workload as it would be in the place of what it is.
func (o *overlay) inPlace(items []state.Object, change intent) []state.Object {
	for i, item := range items {
		if change.isPendingFor(item) {
			o.seen[change.lease] = true
			items[i] = change.done(item)
		}
	}
	return items
}

// beside adds a Service as it would be, if the query asks for such a one. As it is, it may be another.
func (o *overlay) beside(ctx context.Context, items []state.Object, change intent, query state.Query) ([]state.Object, error) {
	if query.Name != "" && query.Name != change.Name {
		return items, nil
	}
	service, err := o.service(ctx, items, change)
	if err != nil || service == nil || !change.isPendingFor(service) {
		return items, err
	}
	switched := change.done(service)
	if !query.Matches(switched) {
		return items, nil
	}
	o.seen[change.lease] = true
	return append(items, switched), nil
}

// service is the one that changes, as it is: nil where it is gone.
func (o *overlay) service(ctx context.Context, items []state.Object, change intent) (state.Object, error) {
	for _, item := range items {
		if item.GetUID() == change.UID {
			return item, nil
		}
	}
	found, err := o.Reader.List(ctx, state.Query{Kind: state.Service, Namespace: change.Namespace, Name: change.Name, Live: true})
	if err != nil || len(found.Items) == 0 {
		return nil, err
	}
	return found.Items[0], nil
}

func (o *overlay) counted(now time.Time) []string {
	var counted []string
	for _, change := range o.pending {
		if o.seen[change.lease] {
			counted = append(counted, fmt.Sprintf("%s, %s ago", change.Change, now.Sub(change.at).Round(time.Second)))
		}
	}
	return counted
}
