package manifest

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
)

// Minor is the minor version of Kubernetes whose kinds are known.
const Minor = 37

// removed says since when Kubernetes does not have a kind in this version any more, and what took its
// place: empty where it has. A scheme goes on knowing old versions for as long as it can.
func removed(kind schema.GroupVersionKind) string {
	object, err := clientscheme.Scheme.New(kind)
	if err != nil {
		return ""
	}
	ended, ok := object.(interface {
		APILifecycleRemoved() (major, minor int)
		APILifecycleReplacement() schema.GroupVersionKind
	})
	if !ok {
		return ""
	}
	major, minor := ended.APILifecycleRemoved()
	if minor > Minor {
		return ""
	}
	return fmt.Sprintf("%s %s was removed in Kubernetes %d.%d: write %s",
		kind.GroupVersion(), kind.Kind, major, minor, ended.APILifecycleReplacement().GroupVersion())
}
