package shipped

import (
	"path/filepath"
	"testing"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
)

// folders are those that a user may apply.
var folders = []string{
	"default", "prometheus", "network-policy",
	"overlays/audit-only", "overlays/enforce", "overlays/self-signed",
}

func TestEveryObjectDecodesStrictlyIntoItsOwnType(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, apiextensionsv1.AddToScheme, v1alpha1.AddToScheme,
		certmanagerv1.AddToScheme, monitoringv1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	for _, folder := range folders {
		t.Run(folder, func(t *testing.T) {
			for _, object := range render(t, folder) {
				text, err := object.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := decoder.Decode(text, nil, nil); err != nil {
					t.Errorf("%s %s: %v", object.GetKind(), object.GetName(), err)
				}
			}
		})
	}
}

// render returns the objects of a folder of config/.
func render(t *testing.T, folder string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := install.Render(config(t, folder))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// find decodes the one object of a kind and a name.
func find(t *testing.T, objects []*unstructured.Unstructured, kind, name string, into any) {
	t.Helper()
	for _, object := range objects {
		if object.GetKind() != kind || object.GetName() != name {
			continue
		}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, into); err != nil {
			t.Fatalf("%s %s: %v", kind, name, err)
		}
		return
	}
	t.Fatalf("there is no %s %s", kind, name)
}

// config is a folder of config/.
func config(t *testing.T, folder string) string {
	t.Helper()
	root, err := cluster.Root()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "..", "config", folder)
}
