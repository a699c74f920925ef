package cluster

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/state"
)

// pageSize bounds what one answer of the API server can take of the memory.
const pageSize = 250

// live asks the API server itself. No resource version is set, so it answers with its newest state.
type live struct {
	api    client.Reader
	scheme *runtime.Scheme
}

// NewLive returns a reader that asks the API server for everything.
func NewLive(api client.Reader, scheme *runtime.Scheme) state.Reader {
	return live{api: api, scheme: scheme}
}

// List implements state.Reader.
func (l live) List(ctx context.Context, query state.Query) (state.Listing, error) {
	if !l.scheme.Recognizes(query.Kind) {
		return state.Listing{}, fmt.Errorf("kind %s is unknown", query.Kind)
	}
	var items []state.Object
	err := l.each(ctx, query, func(object state.Object) error {
		items = append(items, object)
		return nil
	})
	if err != nil {
		return state.Listing{}, err
	}
	sortByName(items)
	return state.Listing{Items: items, Complete: true}, nil
}

// each visits what the query asks for, in the order in which the API server tells of it.
func (l live) each(ctx context.Context, query state.Query, visit func(state.Object) error) error {
	read := l.list
	if query.Name != "" {
		read = l.get
	}
	err := read(ctx, query, func(read runtime.Object) error {
		object, ok := read.(state.Object)
		if !ok {
			return fmt.Errorf("a %T has no metadata", read)
		}
		object.GetObjectKind().SetGroupVersionKind(query.Kind)
		if !query.Matches(object) {
			return nil
		}
		return visit(object)
	})
	if err != nil {
		return fmt.Errorf("asking the API server for %s: %w", describe(query), err)
	}
	return nil
}

func (l live) get(ctx context.Context, query state.Query, visit func(runtime.Object) error) error {
	object, err := blank[client.Object](l.scheme, query.Kind)
	if err != nil {
		return err
	}
	err = l.api.Get(ctx, client.ObjectKey{Namespace: query.Namespace, Name: query.Name}, object)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return visit(object)
}

func (l live) list(ctx context.Context, query state.Query, visit func(runtime.Object) error) error {
	if selectsNothing(query) {
		return nil
	}
	kind := query.Kind
	kind.Kind += "List"
	list, err := blank[client.ObjectList](l.scheme, kind)
	if err != nil {
		return err
	}
	options := client.ListOptions{Namespace: query.Namespace, LabelSelector: query.Labels}
	return EachItem(ctx, l.api, list, options, visit)
}

// selectsNothing spares the API server a selector that it would take for everything, because
// labels.Nothing is written as the empty string.
func selectsNothing(query state.Query) bool {
	if query.Labels == nil {
		return false
	}
	_, selectable := query.Labels.Requirements()
	return !selectable
}

// EachItem visits what is listed, page by page. Each page is decoded into a list of its own, because
// visit may keep the items.
func EachItem(ctx context.Context, api client.Reader, empty client.ObjectList, options client.ListOptions, visit func(runtime.Object) error) error {
	options.Limit = pageSize
	for {
		page := empty.DeepCopyObject().(client.ObjectList)
		if err := api.List(ctx, page, &options); err != nil {
			return err
		}
		if err := meta.EachListItem(page, visit); err != nil {
			return err
		}
		if options.Continue = page.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

// blank returns an empty object of the kind, to decode into.
func blank[T runtime.Object](scheme *runtime.Scheme, kind schema.GroupVersionKind) (T, error) {
	object, err := scheme.New(kind)
	if err != nil {
		return *new(T), err
	}
	typed, ok := object.(T)
	if !ok {
		return *new(T), fmt.Errorf("a %T cannot be read", object)
	}
	return typed, nil
}

func describe(query state.Query) string {
	switch {
	case query.Name != "":
		return fmt.Sprintf("%s %s/%s", query.Kind.Kind, query.Namespace, query.Name)
	case query.Labels != nil:
		return fmt.Sprintf("every %s in namespace %s with labels %s", query.Kind.Kind, query.Namespace, query.Labels)
	}
	return fmt.Sprintf("every %s in namespace %s", query.Kind.Kind, query.Namespace)
}
