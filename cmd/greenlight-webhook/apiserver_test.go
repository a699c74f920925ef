package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/cluster"
)

// apiServer is one without objects. It tells nothing of the resource that is held before release was called.
type apiServer struct {
	*httptest.Server
	held     string
	released chan struct{}
	release  func()
}

func newAPIServer(t *testing.T, held string) *apiServer {
	t.Helper()
	released := make(chan struct{})
	api := &apiServer{held: held, released: released, release: sync.OnceFunc(func() { close(released) })}
	mux := http.NewServeMux()
	groups := &metav1.APIGroupList{}
	resources := map[schema.GroupVersion]*metav1.APIResourceList{}
	for _, kind := range append(cluster.Reads(), v1alpha1.RolloutPolicyKind) {
		plural, _ := meta.UnsafeGuessKindToResource(kind)
		version := kind.GroupVersion()
		if resources[version] == nil {
			resources[version] = &metav1.APIResourceList{GroupVersion: version.String()}
			mux.Handle(root(version), answer(resources[version]))
			named := metav1.GroupVersionForDiscovery{GroupVersion: version.String(), Version: version.Version}
			groups.Groups = append(groups.Groups, metav1.APIGroup{Name: version.Group, Versions: []metav1.GroupVersionForDiscovery{named}, PreferredVersion: named})
		}
		resources[version].APIResources = append(resources[version].APIResources, metav1.APIResource{Name: plural.Resource, Kind: kind.Kind})
		mux.Handle(root(version)+"/"+plural.Resource, api.none(kind, plural.Resource))
	}
	mux.Handle("/apis", answer(groups))
	mux.Handle("/api", answer(&metav1.APIVersions{Versions: []string{"v1"}}))
	api.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		api.CloseClientConnections()
		api.Close()
	})
	return api
}

func root(version schema.GroupVersion) string {
	if version.Group == "" {
		return "/api/" + version.Version
	}
	return "/apis/" + version.String()
}

func answer(value any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(value)
	})
}

// none answers that there are no objects of a kind, to a list and to a watch that begins with one.
func (s *apiServer) none(kind schema.GroupVersionKind, resource string) http.Handler {
	of := func(kindOf string) map[string]any {
		return map[string]any{"apiVersion": kind.GroupVersion().String(), "kind": kindOf}
	}
	list, last := of(kind.Kind+"List"), of(kind.Kind)
	list["metadata"], list["items"] = map[string]any{"resourceVersion": "1"}, []any{}
	last["metadata"] = map[string]any{"resourceVersion": "1", "annotations": map[string]string{metav1.InitialEventsAnnotationKey: "true"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if resource == s.held {
			select {
			case <-s.released:
			case <-r.Context().Done():
				return
			}
		}
		if r.URL.Query().Get("watch") == "" {
			answer(list).ServeHTTP(w, r)
			return
		}
		answer(map[string]any{"type": "BOOKMARK", "object": last}).ServeHTTP(w, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

// kubeconfig writes the file to reach the API server with.
func (s *apiServer) kubeconfig(t *testing.T) string {
	t.Helper()
	config := clientcmdapi.NewConfig()
	config.Clusters["fake"] = &clientcmdapi.Cluster{Server: s.URL}
	config.Contexts["fake"] = &clientcmdapi.Context{Cluster: "fake"}
	config.CurrentContext = "fake"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return path
}
