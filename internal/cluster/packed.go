package cluster

import (
	"fmt"

	"github.com/klauspost/compress/s2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	toolscache "k8s.io/client-go/tools/cache"

	"greenlight.dev/greenlight/state"
)

// protobuf is what the built-in kinds are encoded in.
type protobuf interface {
	state.Object
	Marshal() ([]byte, error)
	Unmarshal(raw []byte) error
}

// packed is a cached object as protobuf, and that shrunk. A ReplicaSet that says little still takes over a kilobyte as
// a struct and another for its label maps; most are never asked for.
type packed struct {
	namespace, name, resourceVersion string
	kept                             []byte
	// restorer makes of what is kept what it was: nil where it is that.
	restorer *s2.Dict
	unpack   func(raw []byte) (state.Object, error)
}

// GetObjectMeta tells the informer what it has to know of an object.
func (p *packed) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: p.namespace, Name: p.name, ResourceVersion: p.resourceVersion}
}

func (p *packed) object() (state.Object, error) {
	raw, err := p.restore()
	if err != nil {
		return nil, fmt.Errorf("restoring %s/%s: %w", p.namespace, p.name, err)
	}
	object, err := p.unpack(raw)
	if err != nil {
		return nil, fmt.Errorf("unpacking %s/%s: %w", p.namespace, p.name, err)
	}
	return object, nil
}

func (p *packed) restore() ([]byte, error) {
	if p.restorer == nil {
		return p.kept, nil
	}
	return p.restorer.Decode(nil, p.kept)
}

// packing returns the transform that takes from objects of type *T what is not read, and packs the
// rest. An informer may transform an object twice, and has things other than objects to transform.
func packing[T any, P interface {
	*T
	protobuf
}](kind schema.GroupVersionKind, strip func(P)) toolscache.TransformFunc {
	dictionary := &dictionary{}
	unpack := func(raw []byte) (state.Object, error) {
		object := P(new(T))
		if err := object.Unmarshal(raw); err != nil {
			return nil, err
		}
		// A typed client leaves the kind out.
		object.GetObjectKind().SetGroupVersionKind(kind)
		return object, nil
	}
	return func(in any) (any, error) {
		object, ok := in.(P)
		if !ok {
			return in, nil
		}
		strip(object)
		raw, err := object.Marshal()
		if err != nil {
			return nil, err
		}
		kept, restorer := dictionary.shrink(raw)
		return &packed{object.GetNamespace(), object.GetName(), object.GetResourceVersion(), kept, restorer, unpack}, nil
	}
}
