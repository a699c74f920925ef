package scale

import (
	"path/filepath"
	"testing"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

func start(t *testing.T) *fixture.Unguarded {
	t.Helper()
	log.SetLogger(logr.Discard())
	u, err := fixture.StartUnguarded(t.Context(), 0)
	must(t, err)
	t.Cleanup(func() {
		if err := u.Stop(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// guard installs Greenlight once the cluster is full: its webhook is not what is measured.
func guard(t *testing.T, u *fixture.Unguarded) *install.Installation {
	t.Helper()
	root, err := cluster.Root()
	must(t, err)
	installation, err := install.Install(t.Context(), u.Cluster, install.Options{Repository: filepath.Dir(root)})
	must(t, err)
	crd, err := install.OpenReports(t.Context())
	must(t, err)
	must(t, install.CRD(t.Context(), u.Client, crd))
	return installation
}
