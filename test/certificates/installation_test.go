// Package certificates tests where the webhook's certificate comes from, on an API server that finds the webhook
// by its Service, as in a cluster.
package certificates

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	certmanagerv1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const (
	namespace = "greenlight-system"
	name      = "greenlight-webhook"
	// dnsName is what the API server asks the webhook's certificate for.
	dnsName = name + "." + namespace + ".svc"

	period = 100 * time.Millisecond
	limit  = time.Minute
)

// repository is the folder that holds config/ and bin/.
var repository = filepath.Join("..", "..")

// installation is a folder of config/ on an API server of its own, where no controller runs.
type installation struct {
	*testing.T
	client.Client
	environment *envtest.Environment
	// auditLog is the file of who asked the API server for what.
	auditLog string
}

// install starts the API server with the CRDs of some folders, and applies a folder of config/.
func install(t *testing.T, folder string, crds ...string) *installation {
	t.Helper()
	environment := &envtest.Environment{
		CRDDirectoryPaths: crds, ErrorIfCRDPathMissing: true, CRDInstallOptions: envtest.CRDInstallOptions{MaxTime: limit},
		ControlPlaneStartTimeout: limit, ControlPlaneStopTimeout: limit,
	}
	// Nothing routes the address of a Service here, so that the API server has to ask an endpoint itself.
	server := environment.ControlPlane.GetAPIServer().Configure()
	server.Set("enable-aggregator-routing", "true")
	auditLog := filepath.Join(t.TempDir(), "audit.log")
	server.Set("audit-policy-file", filepath.Join("testdata", "audit-policy.yaml")).Set("audit-log-path", auditLog)
	config, err := environment.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := environment.Stop(); err != nil {
			t.Error(err)
		}
	})
	admin, err := client.New(config, client.Options{Scheme: newScheme(t)})
	if err != nil {
		t.Fatal(err)
	}
	i := &installation{t, admin, environment, auditLog}
	i.apply(folder)
	return i
}

// apply applies a folder of config/.
func (i *installation) apply(folder string) {
	i.Helper()
	for _, object := range i.render(folder) {
		if err := i.Apply(i.Context(), client.ApplyConfigurationFromUnstructured(object), client.FieldOwner("kubectl")); err != nil {
			i.Fatalf("applying %s %s: %v", object.GetKind(), object.GetName(), err)
		}
	}
}

func newScheme(t *testing.T) *runtime.Scheme {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := errors.Join(clientgoscheme.AddToScheme(scheme), certmanagerv1.AddToScheme(scheme)); err != nil {
		t.Fatal(err)
	}
	return scheme
}

func (i *installation) render(folder string) []*unstructured.Unstructured {
	i.Helper()
	kustomizer := krusty.MakeKustomizer(krusty.MakeDefaultOptions())
	resources, err := kustomizer.Run(filesys.MakeFsOnDisk(), filepath.Join(repository, "config", folder))
	if err != nil {
		i.Fatal(err)
	}
	var objects []*unstructured.Unstructured
	for _, resource := range resources.Resources() {
		fields, err := resource.Map()
		if err != nil {
			i.Fatal(err)
		}
		objects = append(objects, &unstructured.Unstructured{Object: fields})
	}
	return objects
}

// kubeconfig writes one for a user of some groups, and returns its path.
func (i *installation) kubeconfig(user string, groups ...string) string {
	i.Helper()
	added, err := i.environment.AddUser(envtest.User{Name: user, Groups: groups}, nil)
	if err != nil {
		i.Fatal(err)
	}
	text, err := added.KubeConfig()
	if err != nil {
		i.Fatal(err)
	}
	path := filepath.Join(i.TempDir(), "kubeconfig")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		i.Fatal(err)
	}
	return path
}

// in is the same installation for a test within the test.
func (i *installation) in(t *testing.T) *installation {
	return &installation{t, i.Client, i.environment, i.auditLog}
}

func (i *installation) eventually(what string, try func(context.Context) error) {
	i.Helper()
	var last error
	err := wait.PollUntilContextTimeout(i.Context(), period, limit, true, func(ctx context.Context) (bool, error) {
		err := try(ctx)
		if ctx.Err() == nil {
			last = err
		}
		return err == nil, nil
	})
	if err != nil {
		i.Fatalf("%s: %v (%v)", what, err, last)
	}
}
