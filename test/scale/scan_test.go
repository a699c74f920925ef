package scale

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
)

const (
	deploymentsPerNamespace = 20
	servicesPerDeployment   = 2
	// faultEvery is how many Deployments there are for one with a fault.
	faultEvery = 10
	// maxMemory is the most that the scanner may hold, and maxReport the largest report of a workload that
	// breaks no rule, both in bytes.
	maxMemory = 200 * mebibyte
	maxReport = 2 << 10
	// listsPerNamespace are the requests of a pass without a change, and otherRequests what a scanner asks
	// besides: to fill its caches, to lead, and for the namespaces that every cluster has.
	listsPerNamespace = 2
	otherRequests     = 160
	passLimit         = 30 * time.Minute
)

// TestAScanOfManyWorkloads needs no controllers: only what is judged is there.
func TestAScanOfManyWorkloads(t *testing.T) {
	namespaces := 5
	if *long {
		namespaces = 500
	}
	// The one more is the Service kubernetes.
	workloads := namespaces*deploymentsPerNamespace*(1+servicesPerDeployment) + 1
	u := start(t)
	fill(t, u.Client, content{namespaces, deploymentsPerNamespace, servicesPerDeployment, deploySomeFaulty})
	installation := guard(t, u)
	crd, err := install.OpenReports(t.Context())
	must(t, err)
	must(t, install.CRD(t.Context(), u.Client, crd))

	first := scan(t, u.Cluster, installation, "--qps", "5000")
	t.Logf("the first pass over %d workloads: %s", workloads, first)
	if first.writes != float64(workloads) {
		t.Errorf("%v writes, want one for each of %d workloads", first.writes, workloads)
	}
	again := scan(t, u.Cluster, installation)
	t.Logf("a pass without a change, at the default rate: %s", again)
	if again.writes != 0 {
		t.Errorf("%v writes, though nothing changed", again.writes)
	}
	if most := float64(listsPerNamespace*namespaces + otherRequests); again.requests > most {
		t.Errorf("%v requests for %d namespaces, want at most %v", again.requests, namespaces, most)
	}
	for _, cost := range []cost{first, again} {
		if cost.memory > maxMemory {
			t.Errorf("%d MiB, want at most %d", cost.memory/mebibyte, maxMemory/mebibyte)
		}
	}
	measureReports(t, u.Client, workloads)
}

// deploySomeFaulty writes a Deployment, one in so many with a fault.
func deploySomeFaulty(ctx context.Context, admin client.Client, namespace string, number int) error {
	replicas := int32(3)
	if number%faultEvery == 0 {
		replicas = 1
	}
	return admin.Create(ctx, newDeployment(namespace, number, replicas))
}

// cost is what a pass takes.
type cost struct {
	took             time.Duration
	requests, writes float64
	memory           int64
}

func (c cost) String() string {
	return fmt.Sprintf("%s, %.0f requests, %.0f writes, at most %d MiB resident", c.took.Round(time.Second/10), c.requests, c.writes, c.memory/mebibyte)
}

// scan runs a scanner for its first full pass.
func scan(t *testing.T, c *cluster.Cluster, i *install.Installation, flags ...string) cost {
	t.Helper()
	ctx, begun := t.Context(), time.Now()
	scanner, err := i.Scanner(ctx, "scanner", append([]string{"--interval", "24h"}, flags...)...)
	must(t, err)
	count := func(metric string) float64 {
		value, err := scanner.Count(ctx, metric, nil)
		must(t, err)
		return value
	}
	must(t, wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, passLimit, true, func(ctx context.Context) (bool, error) {
		passes, err := scanner.Count(ctx, "greenlight_scan_duration_seconds", nil)
		return passes > 0, err
	}))
	_, most := memory(t, c, "scanner")
	cost := cost{time.Since(begun), count("rest_client_requests_total"), count("greenlight_report_writes_total"), most}
	must(t, scanner.Stop())
	return cost
}
