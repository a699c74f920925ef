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

// start starts a cluster without nodes and controllers.
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

// guard installs Greenlight once the cluster is full, so that it starts with all that is to be kept in memory.
func guard(t *testing.T, u *fixture.Unguarded) *install.Installation {
	t.Helper()
	root, err := cluster.Root()
	must(t, err)
	installation, err := install.Install(t.Context(), u.Cluster, install.Options{Repository: filepath.Dir(root)})
	must(t, err)
	return installation
}

// memory returns how much of a process is resident now, and how much was at most since its start, in bytes.
func memory(t *testing.T, c *cluster.Cluster, name string) (now, most int64) {
	t.Helper()
	process, err := c.Process(name)
	must(t, err)
	now, most, err = process.Memory()
	must(t, err)
	return now, most
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
