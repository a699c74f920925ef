// Package state is what is known of the cluster around the object under judgement: a Reader answers
// a Query with a Listing that says whether it saw everything. It knows no client and no server.
package state

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// Object is any typed Kubernetes object, for example *appsv1.Deployment.
type Object interface {
	metav1.Object
	runtime.Object
}

// Reader answers queries about the objects of the cluster. Callers do not change what it returns.
type Reader interface {
	// List returns the objects that the query asks for, sorted by name. It fails when the cluster
	// could not be asked; not finding anything is not an error.
	List(ctx context.Context, query Query) (Listing, error)
}

// Listing is the answer to a query.
type Listing struct {
	Items []Object
	// Complete says that there are no other objects than Items. Only then may their absence be
	// concluded: a folder of manifests is not the whole cluster.
	Complete bool
}

// Query asks for the objects of one kind in one namespace that meet every condition set.
type Query struct {
	Kind schema.GroupVersionKind
	// Namespace is the one to look in: empty for cluster-scoped objects only.
	Namespace string
	// Name asks for the one object of this name.
	Name string
	// Labels matches the objects' own labels.
	Labels labels.Selector
	// TemplateLabels matches the labels of a workload's pod template.
	TemplateLabels labels.Selector
	// Selecting asks for objects whose selector selects these labels.
	Selecting labels.Set
	// OwnedBy asks for objects that the object of this UID controls.
	OwnedBy types.UID
	// Scaling asks for autoscalers that target this workload.
	Scaling Workload
	// Live asks the API server itself, past any cache: for decisions that a stale answer would make
	// wrong.
	Live bool
}

// Workload refers to a workload as an autoscaler does: by group, kind and name.
type Workload struct{ Group, Kind, Name string }

// Unknown is the error of a question that could not be answered: neither a pass nor a fail.
type Unknown struct{ Reason string }

func (u Unknown) Error() string { return u.Reason }

// List asks reader for the objects of type T and says whether that is all of them.
func List[T Object](ctx context.Context, reader Reader, query Query) (items []T, complete bool, err error) {
	listing, err := reader.List(ctx, query)
	if err != nil {
		return nil, false, fmt.Errorf("listing %s in namespace %q: %w", query.Kind.Kind, query.Namespace, err)
	}
	for _, item := range listing.Items {
		typed, ok := item.(T)
		if !ok {
			return nil, false, fmt.Errorf("listing %s in namespace %q: got a %T", query.Kind.Kind, query.Namespace, item)
		}
		items = append(items, typed)
	}
	return items, listing.Complete, nil
}
