// Package reliability takes away what Greenlight stands on, and sends it what it should never get, while it answers
// reviews: replicas, certificates, the API server, etcd, memory.
package reliability

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
	"greenlight.dev/greenlight/test/reviews"
	"greenlight.dev/greenlight/test/specs"
)

// long asks for what make test-reliability does.
var long = flag.Bool("long", false, "more restarts, more bodies and longer outages")

var (
	guarded *fixture.Guarded
	// captured are reviews of an update of a small Deployment that every rule allows.
	captured reviews.Captured
	// callTimeout is for how long the API server waits for the webhook that these reviews are for.
	callTimeout time.Duration
)

func TestReliability(t *testing.T) { specs.Run(t, "reliability") }

var _ = BeforeSuite(func(ctx context.Context) {
	var err error
	callTimeout, err = install.ShippedTimeout("deployments.validate.greenlight.dev")
	Expect(err).NotTo(HaveOccurred())
	guarded, err = fixture.Start(context.Background(), 0)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.Stop()).To(Succeed()) })
	namespace, err := guarded.Namespace(ctx)
	Expect(err).NotTo(HaveOccurred())
	manifest, err := os.ReadFile(filepath.Join("testdata", "deployment.yaml"))
	Expect(err).NotTo(HaveOccurred())
	captured, err = reviews.Capture(ctx, guarded, namespace, manifest)
	Expect(err).NotTo(HaveOccurred())
})
