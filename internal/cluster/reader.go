package cluster

import (
	"context"
	"fmt"
	"net/http"

	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrlcluster "sigs.k8s.io/controller-runtime/pkg/cluster"

	"greenlight.dev/greenlight/state"
)

// Reader answers from an informer cache where it can, and from the API server where it must.
type Reader struct {
	cached map[schema.GroupVersionKind]informer
	live   live
}

// NewReader returns a reader over the cache and the API server of a manager. The cache needs
// CacheOptions and is started by the manager, after this.
func NewReader(ctx context.Context, manager ctrlcluster.Cluster) (*Reader, error) {
	reader := &Reader{
		cached: map[schema.GroupVersionKind]informer{},
		live:   live{api: manager.GetAPIReader(), scheme: manager.GetScheme()},
	}
	for _, cached := range cachedKinds {
		informer, err := newInformer(ctx, manager.GetCache(), cached.kind)
		if err != nil {
			return nil, fmt.Errorf("caching kind %s: %w", cached.kind.Kind, err)
		}
		reader.cached[cached.kind] = informer
	}
	return reader, nil
}

// List implements state.Reader.
func (r *Reader) List(ctx context.Context, query state.Query) (state.Listing, error) {
	informer, cached := r.cached[query.Kind]
	if query.Live || !cached {
		return r.live.List(ctx, query)
	}
	return informer.List(query)
}

// Each visits the whole objects of a kind in a namespace as the API server has them. It holds no more than
// one page of them.
func (r *Reader) Each(ctx context.Context, kind schema.GroupVersionKind, namespace string, visit func(state.Object) error) error {
	return r.live.each(ctx, state.Query{Kind: kind, Namespace: namespace}, visit)
}

// Ready is a readiness check: it fails until every kind is in the cache, and as soon as the reader is not Alive.
func (r *Reader) Ready(request *http.Request) error {
	if err := r.Alive(request); err != nil {
		return err
	}
	for kind, informer := range r.cached {
		if !informer.HasSynced() {
			return notSynced(kind)
		}
	}
	return nil
}

// Alive is a liveness check: it fails for good once an object could not be filed in the cache. What is missing may not
// be told of again for months, and only a process that is started anew lists everything.
func (r *Reader) Alive(*http.Request) error {
	for kind, informer := range r.cached {
		if err := informer.fault(); err != nil {
			return fmt.Errorf("the cache of kind %s is broken: %w", kind.Kind, err)
		}
	}
	return nil
}

func notSynced(kind schema.GroupVersionKind) error {
	return fmt.Errorf("the cache of kind %s is not filled yet", kind.Kind)
}
