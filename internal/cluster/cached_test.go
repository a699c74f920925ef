package cluster

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

func TestNothingIsConcludedBeforeTheCacheIsFilled(t *testing.T) {
	source := toolscache.NewSharedIndexInformer(&toolscache.ListWatch{}, &corev1.Service{}, 0, nil)
	store := newStore()
	registration, err := source.AddEventHandler(store)
	if err != nil {
		t.Fatal(err)
	}
	listing, err := informer{store, registration}.List(state.Query{Kind: state.Service, Namespace: "shop"})
	if err == nil || listing.Complete {
		t.Errorf("got %v, %v", listing, err)
	}
}

func TestNothingIsConcludedOnceAnObjectIsMissing(t *testing.T) {
	undecodable := &packed{unpack: func([]byte) (state.Object, error) { return nil, errors.New("cut short") }}
	for name, added := range map[string]any{
		"an object that was not packed":      service("hello", nil),
		"an object that cannot be unpacked":  undecodable,
		"an object of which no name is left": "text",
	} {
		t.Run(name, func(t *testing.T) {
			store := newStore()
			store.OnAdd(added, false)
			if _, err := store.find(state.Query{Kind: state.Service, Namespace: "shop"}); err == nil {
				t.Error("found nothing, without an error")
			}
		})
	}
}

func TestWhatIsMissingEndsReadinessAndLife(t *testing.T) {
	source := toolscache.NewSharedIndexInformer(&toolscache.ListWatch{}, &corev1.Service{}, 0, nil)
	store := newStore()
	registration, err := source.AddEventHandler(store)
	if err != nil {
		t.Fatal(err)
	}
	reader := &Reader{cached: map[schema.GroupVersionKind]informer{state.Service: {store, registration}}}
	if err := reader.Alive(nil); err != nil {
		t.Errorf("while the cache is being filled: %v", err)
	}
	store.OnAdd("text", false)
	store.OnAdd(transformed(t, service("hello", nil)), false)
	want := "the cache of kind Service is broken: a string was not packed"
	for name, check := range map[string]func(*http.Request) error{"Alive": reader.Alive, "Ready": reader.Ready} {
		if err := check(nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestTheCacheAnswersWhileObjectsComeAndGo(t *testing.T) {
	cache := newStore()
	query := state.Query{Kind: state.Service, Namespace: "shop", Selecting: labels.Set{"app": "hello"}}
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for range 200 {
				if found, err := cache.find(query); err != nil || len(found) > 8 {
					t.Errorf("found %v, %v", namesOf(found), err)
				}
			}
		})
	}
	for i := range 400 {
		packed := transformed(t, service(fmt.Sprint("hello-", i%8), query.Selecting))
		cache.OnAdd(packed, false)
		if i%3 == 0 {
			cache.OnDelete(packed)
		}
	}
	asking.Wait()
}
