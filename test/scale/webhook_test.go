package scale

import (
	"fmt"
	"testing"

	"greenlight.dev/greenlight/test/fixture"
	"greenlight.dev/greenlight/test/install"
)

const (
	// maxWebhook is the most that a webhook may hold, in bytes.
	maxWebhook = 100 * mebibyte
	// mostOverEmpty is by how much a large cluster may slow an answer down, at the median and at the 99th percentile.
	mostOverEmpty = 1.5
)

// TestTheWebhookOfALargeCluster compares two webhooks that run as config/ installs them: one of a large cluster and
// one of a cluster with two Deployments.
func TestTheWebhookOfALargeCluster(t *testing.T) {
	namespaces, deployments := 2, 5
	if *long {
		namespaces, deployments = 100, 100
	}
	empty, large := platform(t, 1, 2), platform(t, namespaces, deployments)
	setShippedEnvironment(t)
	sides := []*side{newSide(t, empty), newSide(t, large)}
	sides[1].checkMemory(t, "once its caches are filled")
	comparison := compare(t, sides[0], sides[1])
	t.Logf("\n%s", comparison)
	comparison.check(t)
	sides[1].checkMemory(t, fmt.Sprintf("after %d reviews", sides[1].answered))
	sides[0].logMemory(t, "of an empty cluster, after as many")
}

// setShippedEnvironment gives the processes that start from now on the environment that config/ gives the webhook.
func setShippedEnvironment(t *testing.T) {
	t.Helper()
	resources, err := install.ShippedResources()
	must(t, err)
	t.Setenv("GOMEMLIMIT", fmt.Sprint(resources.Requests.Memory().Value()))
}

// side is the webhook of one cluster.
type side struct {
	cluster   *fixture.Unguarded
	webhook   *install.Installation
	questions []question
	answered  int
}

func newSide(t *testing.T, u *fixture.Unguarded) *side {
	t.Helper()
	s := &side{cluster: u, webhook: guard(t, u), questions: questions(t, u.Client)}
	s.checkAnswers(t)
	return s
}

// checkMemory holds the webhook to its limit.
func (s *side) checkMemory(t *testing.T, when string) {
	t.Helper()
	if now, _ := s.logMemory(t, when); now > maxWebhook {
		t.Errorf("%d MiB %s, want at most %d", now/mebibyte, when, maxWebhook/mebibyte)
	}
}

func (s *side) logMemory(t *testing.T, when string) (now, most int64) {
	t.Helper()
	now, most = memory(t, s.cluster.Cluster, s.webhook.Name())
	t.Logf("%s %.1f MiB are resident, and at most %.1f so far", when, float64(now)/mebibyte, float64(most)/mebibyte)
	return now, most
}
