package mutate_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"greenlight.dev/greenlight/state"
)

// world is a cluster in memory.
type world struct {
	objects    []state.Object
	incomplete bool
	listed     []string
}

func (w *world) List(_ context.Context, query state.Query) (state.Listing, error) {
	w.listed = append(w.listed, query.Kind.Kind)
	listing := state.Listing{Complete: !w.incomplete}
	for _, object := range w.objects {
		if object.GetObjectKind().GroupVersionKind() == query.Kind && query.Matches(object) {
			listing.Items = append(listing.Items, object)
		}
	}
	slices.SortFunc(listing.Items, func(a, b state.Object) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return listing, nil
}

func readCluster(t testing.TB, documents []byte) *world {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	w := &world{}
	for document := range strings.SplitSeq(string(documents), "---\n") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		object, kind, err := decoder.Decode([]byte(document), nil, nil)
		if err != nil {
			t.Fatalf("cluster.yaml: %v", err)
		}
		object.GetObjectKind().SetGroupVersionKind(*kind)
		w.objects = append(w.objects, object.(state.Object))
	}
	return w
}
