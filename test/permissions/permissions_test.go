// Package permissions tests that the webhook and the scanner are allowed what they do, and nothing else.
package permissions

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/wait"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

const (
	period = 100 * time.Millisecond
	limit  = time.Minute

	scanner = "greenlight-scanner"
)

// What is used is told by the API server's audit log, while every kind of read and write is provoked. So each verb
// that is taken away is missed here, and each that is granted for nothing is found.
func TestWhatIsGrantedIsWhatIsUsed(t *testing.T) {
	// An API server before 1.34 does not stream what a cache begins with, so it is listed.
	t.Setenv("KUBE_FEATURE_WatchListClient", "false")
	guarded, err := fixture.StartPatient(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Stop(); err != nil {
			t.Error(err)
		}
	})
	cluster := &cluster{t, guarded}
	t.Run("by the webhook", func(t *testing.T) {
		granted := cluster.of(t).grants(install.Webhook)
		cluster.of(t).provokeWebhook()
		cluster.of(t).compare(install.Webhook, granted)
	})
	t.Run("by the scanner", func(t *testing.T) {
		granted := cluster.of(t).grants(scanner)
		cluster.of(t).provokeScanner()
		cluster.of(t).compare(scanner, granted)
	})
}

// cluster is what one test does with the cluster.
type cluster struct {
	*testing.T
	*fixture.Guarded
}

func (c *cluster) of(t *testing.T) *cluster { return &cluster{t, c.Guarded} }

// permission is a verb on a resource of an API group: in Greenlight's own namespace, or anywhere. Name is that of the
// one object it is for, where it is known beforehand: that of the ServiceAccount.
type permission struct {
	Verb, Group, Resource, Name string
	Own                         bool
}

// compare waits for the last events of the audit log.
func (c *cluster) compare(account string, granted map[permission]bool) {
	c.Helper()
	var diff string
	err := wait.PollUntilContextTimeout(c.Context(), period, limit, true, func(context.Context) (bool, error) {
		used, err := uses(c.AuditLog(), account)
		diff = cmp.Diff(granted, used)
		return diff == "", err
	})
	if err != nil {
		c.Errorf("%v: the permissions of %s (-granted +used):\n%s", err, account, diff)
	}
}
