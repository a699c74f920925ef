package install

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"k8s.io/apimachinery/pkg/util/wait"

	"greenlight.dev/greenlight/test/cluster"
)

func TestTheWebhook(t *testing.T) {
	c, i := start(t)
	t.Run("is started anew where its port is taken", func(t *testing.T) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		attempts := 0
		err = cluster.OnFreePorts(portCount, func(ports []int) error {
			if attempts++; attempts == 1 {
				ports[0] = taken.Addr().(*net.TCPAddr).Port
			}
			return i.listen(t.Context(), ports)
		})
		if attempts != 2 || err != nil {
			t.Errorf("%d attempts, error %v", attempts, err)
		}
	})
	t.Run("does not drain to the end when it is signalled twice", func(t *testing.T) {
		var exit *cluster.ExitError
		err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
			_ = c.Signal(Webhook, unix.SIGTERM) // fails once it has ended
			return errors.As(c.Check(ctx), &exit), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if exit.Name != Webhook || exit.Status != "signal: terminated" {
			t.Errorf("%s ended with %s", exit.Name, exit.Status)
		}
	})
}

func start(t *testing.T) (*cluster.Cluster, *Installation) {
	t.Helper()
	binaries, err := cluster.Binaries(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	root, err := cluster.Root()
	if err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Start(t.Context(), cluster.Options{Dir: t.TempDir(), Binaries: binaries})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Stop() })
	i, err := Install(t.Context(), c, Options{Repository: filepath.Dir(root)})
	if err != nil {
		t.Fatal(err)
	}
	return c, i
}
