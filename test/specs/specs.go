// Package specs runs the suites that are written with Ginkgo.
package specs

import (
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// eventually is for what happens sooner or later, on a machine that is busy compiling.
const eventually = 2 * time.Minute

// Run runs the specs of a package.
func Run(t *testing.T, name string) {
	t.Helper()
	log.SetLogger(ginkgo.GinkgoLogr)
	gomega.RegisterFailHandler(ginkgo.Fail)
	gomega.SetDefaultEventuallyTimeout(eventually)
	gomega.SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	gomega.EnforceDefaultTimeoutsWhenUsingContexts()
	ginkgo.RunSpecs(t, name)
}
