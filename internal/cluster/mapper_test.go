package cluster

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"

	"greenlight.dev/greenlight/state"
)

func TestCachedKindsAreKnownWhileTheAPIServerIsAway(t *testing.T) {
	mapper := awayMapper(t)
	for _, cached := range cacheable {
		mapping, err := mapper.RESTMapping(cached.kind.GroupKind(), cached.kind.Version)
		if err != nil {
			t.Errorf("kind %s is not known: %v", cached.kind.Kind, err)
			continue
		}
		if want := strings.ToLower(cached.kind.Kind) + "s"; mapping.Resource.Resource != want {
			t.Errorf("kind %s has the resource %s, want %s", cached.kind.Kind, mapping.Resource.Resource, want)
		}
		ofCluster := cached.kind == state.Namespace || cached.kind == state.Node
		if got := mapping.Scope.Name() == meta.RESTScopeNameRoot; got != ofCluster {
			t.Errorf("kind %s is cluster-scoped: %t, want %t", cached.kind.Kind, got, ofCluster)
		}
	}
}

// Without a CRD of RolloutPolicy the baseline governs: an API server that is away must not look like that.
func TestAKindIsNotSaidToBeMissingWhileTheAPIServerIsAway(t *testing.T) {
	_, err := awayMapper(t).RESTMapping(state.Pod.GroupKind(), state.Pod.Version)
	if err == nil || meta.IsNoMatchError(err) {
		t.Errorf("the error is %v, want one that says what is away", err)
	}
}

func TestAKindThatIsNotCachedIsAskedFor(t *testing.T) {
	mux := http.NewServeMux()
	for path, answer := range map[string]string{
		"/api":    `{"kind":"APIVersions","versions":["v1"]}`,
		"/apis":   `{"kind":"APIGroupList","apiVersion":"v1","groups":[]}`,
		"/api/v1": `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[{"name":"pods","namespaced":true,"kind":"Pod"}]}`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer))
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	mapper := newTestMapper(t, server)
	if mapping, err := mapper.RESTMapping(state.Pod.GroupKind(), state.Pod.Version); err != nil || mapping.Resource.Resource != "pods" {
		t.Errorf("a kind that is there has the mapping %v (%v)", mapping, err)
	}
	if _, err := mapper.RESTMapping(state.EndpointSlice.GroupKind(), state.EndpointSlice.Version); !meta.IsNoMatchError(err) {
		t.Errorf("the error for a kind that is not there is %v", err)
	}
}

func awayMapper(t *testing.T) meta.RESTMapper {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	return newTestMapper(t, server)
}

func newTestMapper(t *testing.T, server *httptest.Server) meta.RESTMapper {
	t.Helper()
	mapper, err := NewMapper(&rest.Config{Host: server.URL}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return mapper
}
