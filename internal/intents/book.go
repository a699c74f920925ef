package intents

import (
	"context"
	"errors"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// sweepEvery is the time between two looks for intents to remove.
const sweepEvery = time.Minute

// pageSize bounds what one answer of the API server can take of the memory.
const pageSize = 250

// Book keeps the intents of all replicas, in the API server. It is safe for concurrent use.
type Book struct {
	reader    client.Reader
	writer    client.Writer
	namespace string
	now       func() time.Time
}

// NewBook returns the book in Greenlight's own namespace. The reader must ask the API server itself: a cache
// that lags behind shows the announcements too late.
func NewBook(reader client.Reader, writer client.Writer, namespace string) *Book {
	return &Book{reader: reader, writer: writer, namespace: namespace, now: time.Now}
}

// write announces a change.
func (b *Book) write(ctx context.Context, change Change, lasts time.Duration) (*coordinationv1.Lease, error) {
	lease, err := newLease(b.namespace, change, b.now(), lasts)
	if err != nil {
		return nil, err
	}
	return lease, b.writer.Create(ctx, lease)
}

// remove is not an error where the intent is gone already.
func (b *Book) remove(ctx context.Context, name string) error {
	lease := &coordinationv1.Lease{}
	lease.Namespace, lease.Name = b.namespace, name
	return client.IgnoreNotFound(b.writer.Delete(ctx, lease))
}

// read returns the intents that are for objects of a namespace and not over. It fails where one of them cannot
// be read: that may be a change which a newer release has announced, and must not be taken for none.
func (b *Book) read(ctx context.Context, namespace string) ([]intent, error) {
	var intents []intent
	err := b.each(ctx, client.MatchingLabels{namespaceLabel: namespace}, func(lease *coordinationv1.Lease) error {
		read, err := readLease(lease)
		switch {
		case read.expired(b.now()):
			return nil
		case err != nil:
			return err
		}
		intents = append(intents, read)
		return nil
	})
	return intents, err
}

// each visits the intents, page by page.
func (b *Book) each(ctx context.Context, which client.ListOption, visit func(*coordinationv1.Lease) error) error {
	for next := ""; ; {
		var page coordinationv1.LeaseList
		if err := b.reader.List(ctx, &page, client.InNamespace(b.namespace), which, client.Limit(pageSize), client.Continue(next)); err != nil {
			return err
		}
		for i := range page.Items {
			if err := visit(&page.Items[i]); err != nil {
				return err
			}
		}
		if next = page.Continue; next == "" {
			return nil
		}
	}
}

// Start removes intents that are over, until ctx is done. Every replica does, so that those of a replica that
// is gone are removed too.
func (b *Book) Start(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := b.sweep(ctx); err != nil && ctx.Err() == nil {
			log.FromContext(ctx).Error(err, "intents that are over are still there")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// NeedLeaderElection says that every replica sweeps.
func (b *Book) NeedLeaderElection() bool { return false }

// sweep removes the intents that are over, those that cannot be read too. No earlier: another release may be
// reading them.
func (b *Book) sweep(ctx context.Context) error {
	var faults []error
	err := b.each(ctx, client.HasLabels{namespaceLabel}, func(lease *coordinationv1.Lease) error {
		read, err := readLease(lease)
		if !read.expired(b.now()) {
			return nil
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("removing an intent that cannot be read: %w", err))
		}
		faults = append(faults, b.remove(ctx, lease.Name))
		return nil
	})
	if apierrors.IsResourceExpired(err) {
		err = nil // the rest is for the next time
	}
	return errors.Join(append(faults, err)...)
}
