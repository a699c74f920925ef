// Package specs runs the suites that are written with Ginkgo.
package specs

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// eventually is for what happens sooner or later, on a machine that is busy compiling.
const eventually = 2 * time.Minute

// Run runs the specs of a package.
func Run(t *testing.T, name string) {
	t.Helper()
	log.SetLogger(GinkgoLogr)
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(eventually)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	EnforceDefaultTimeoutsWhenUsingContexts()
	RunSpecs(t, name)
}
