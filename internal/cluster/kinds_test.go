package cluster

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

func TestEveryKindThatIsReadCanBeRead(t *testing.T) {
	scheme, err := NewScheme()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Reads() {
		list := kind.GroupVersion().WithKind(kind.Kind + "List")
		if !scheme.Recognizes(kind) || !scheme.Recognizes(list) {
			t.Errorf("kind %s is read, and the scheme does not know it", kind.Kind)
		}
	}
}

func TestOnlyWhatIsReadAndOftenIsCached(t *testing.T) {
	cases := map[string]struct {
		kind schema.GroupVersionKind
		want bool
	}{
		"Services are":                               {state.Service, true},
		"Namespaces are, for the policies":           {state.Namespace, true},
		"Pods are not: there are too many":           {state.Pod, false},
		"claims are not: few Deployments mount any":  {state.PersistentVolumeClaim, false},
		"a kind that nobody reads is not, of course": {schema.GroupVersionKind{Version: "v1", Kind: "Secret"}, false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Cached(test.kind); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
