package check

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/state"
)

// online answers from a cluster as it will be once the input is applied: what is in the input stands for
// what is there by the same name. What is asked live is answered by the cluster as it is.
type online struct {
	input state.Reader
	live  state.Reader

	mu     sync.Mutex
	wholes map[whole]func() (state.Reader, error)
}

// whole is all that there is of a kind in a namespace.
type whole struct {
	kind      schema.GroupVersionKind
	namespace string
}

// newOnline returns a reader without its input, which may depend on what is there.
func newOnline(live state.Reader) *online {
	return &online{live: live, wholes: map[whole]func() (state.Reader, error){}}
}

// List implements state.Reader.
func (o *online) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if query.Live || slices.Contains(neverComplete, query.Kind) {
		return o.live.List(ctx, query)
	}
	there, err := o.there(ctx, query)
	if err != nil {
		return state.Listing{}, err
	}
	listing, err := o.input.List(ctx, query)
	if err != nil {
		return state.Listing{}, err
	}
	for _, object := range there.Items {
		applied, err := o.input.List(ctx, state.Query{Kind: query.Kind, Namespace: query.Namespace, Name: object.GetName()})
		if err != nil {
			return state.Listing{}, err
		}
		if len(applied.Items) == 0 {
			listing.Items = append(listing.Items, object)
		}
	}
	slices.SortStableFunc(listing.Items, func(a, b state.Object) int { return cmp.Compare(a.GetName(), b.GetName()) })
	listing.Complete = there.Complete
	return listing, nil
}

// there answers from what the cluster holds, which is read once for each kind and namespace: an input of
// many objects must not become as many requests.
func (o *online) there(ctx context.Context, query state.Query) (state.Listing, error) {
	wanted := whole{query.Kind, query.Namespace}
	o.mu.Lock()
	read, known := o.wholes[wanted]
	if !known {
		read = sync.OnceValues(func() (state.Reader, error) { return o.snapshot(ctx, wanted) })
		o.wholes[wanted] = read
	}
	o.mu.Unlock()
	snapshot, err := read()
	if err != nil {
		return state.Listing{}, err
	}
	return snapshot.List(ctx, query)
}

func (o *online) snapshot(ctx context.Context, wanted whole) (state.Reader, error) {
	listing, err := o.live.List(ctx, state.Query{Kind: wanted.kind, Namespace: wanted.namespace, Live: true})
	return cluster.NewManifests(listing.Items, listing.Complete), err
}

// replacedBy returns what an object replaces in the cluster: nil where it is new there.
func (o *online) replacedBy(ctx context.Context, object *object) (state.Object, error) {
	kind := object.GetObjectKind().GroupVersionKind()
	found, err := o.there(ctx, state.Query{Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName()})
	if err != nil || len(found.Items) == 0 {
		return nil, err
	}
	return found.Items[0], nil
}
