package cluster

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

func TestAnUnknownKindIsNamed(t *testing.T) {
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	widget := schema.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Widget"}
	listing, err := live{scheme: scheme}.List(t.Context(), state.Query{Kind: widget, Namespace: "shop"})
	if err == nil || !strings.Contains(err.Error(), "Widget") || listing.Complete {
		t.Errorf("got %v, %v", listing, err)
	}
}

func TestDescribe(t *testing.T) {
	cases := map[string]state.Query{
		"Pod shop/hello":                                    {Name: "hello"},
		"every Pod in namespace shop":                       {},
		"every Pod in namespace shop with labels app=hello": {Labels: labels.SelectorFromSet(labels.Set{"app": "hello"})},
	}
	for want, query := range cases {
		t.Run(want, func(t *testing.T) {
			query.Kind, query.Namespace = state.Pod, "shop"
			if got := describe(query); got != want {
				t.Errorf("got %q", got)
			}
		})
	}
}
