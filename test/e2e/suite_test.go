// Package e2e tests releases from end to end: the real API server, controllers and scheduler, with the
// webhook as config/ installs it.
package e2e

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/test/fixture"
)

var guarded *fixture.Guarded

func TestEndToEnd(t *testing.T) {
	log.SetLogger(GinkgoLogr)
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(2 * time.Minute)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	EnforceDefaultTimeoutsWhenUsingContexts()
	RunSpecs(t, "end to end")
}

var _ = BeforeSuite(func() {
	var err error
	guarded, err = fixture.StartPatient(context.Background(), 3)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(guarded.Stop()).To(Succeed()) })
})
