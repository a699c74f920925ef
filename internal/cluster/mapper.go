package cluster

import (
	"net/http"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// mapper knows the kinds that are cached without asking the API server, which it asks for others. It is no
// meta.FirstHitRESTMapper, whose error for an API server that is away also says that there is no such kind.
type mapper struct {
	meta.RESTMapper
	cached meta.RESTMapper
}

// NewMapper returns a mapper with which the cache can be set up, and a process be started, while the API server is away.
func NewMapper(config *rest.Config, client *http.Client) (meta.RESTMapper, error) {
	asking, err := apiutil.NewDynamicRESTMapper(config, client)
	if err != nil {
		return nil, err
	}
	cached := meta.NewDefaultRESTMapper(nil)
	for _, kind := range cacheable {
		cached.Add(kind.kind, kind.scope)
	}
	return mapper{asking, cached}, nil
}

// RESTMapping implements meta.RESTMapper.
func (m mapper) RESTMapping(kind schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	if mapping, err := m.cached.RESTMapping(kind, versions...); err == nil {
		return mapping, nil
	}
	return m.RESTMapper.RESTMapping(kind, versions...)
}
