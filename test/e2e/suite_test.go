// Package e2e tests releases from end to end: the real API server, controllers and scheduler, with the
// webhook as config/ installs it.
package e2e

import (
	"context"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/specs"
)

var guarded *fixture.Guarded

func TestEndToEnd(t *testing.T) { specs.Run(t, "end to end") }

var _ = BeforeSuite(func() {
	var err error
	guarded, err = fixture.StartPatient(context.Background(), 3)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.Stop()).To(Succeed()) })
})
