package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// answerLimit is far beyond what a start takes, on a machine that is busy compiling.
const answerLimit = time.Minute

// runningWebhook is a webhook as serve runs it.
type runningWebhook struct {
	*server
	t        *testing.T
	health   string
	registry *prometheus.Registry
	end      func()
}

// startWebhook runs a webhook until the end of the test.
func startWebhook(t *testing.T, api *apiServer) *runningWebhook {
	t.Helper()
	folder, _ := certificateFolder(t)
	running := &runningWebhook{t: t, health: freeAddress(t).String(), registry: ownRegistry(t)}
	ctx, stop := context.WithCancel(t.Context())
	server, err := newServer(ctx, serveOptions{
		kubeconfig: api.kubeconfig(t), certDir: folder, namespace: "greenlight-system",
		host: "127.0.0.1", port: freeAddress(t).Port, metricsAddress: "0", healthAddress: running.health,
	}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	running.server = server
	ended := make(chan error, 1)
	go func() { ended <- server.run(ctx) }()
	running.end = sync.OnceFunc(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(answerLimit):
			t.Errorf("it still runs %s after it was told to end", answerLimit)
		}
		api.release() // A manager that was left behind ends with it.
	})
	t.Cleanup(running.end)
	return running
}

// ownRegistry takes the metrics of the test in place of those of the process, which take them only once.
func ownRegistry(t *testing.T) *prometheus.Registry {
	t.Helper()
	before, own := metrics.Registry, prometheus.NewRegistry()
	metrics.Registry = own
	t.Cleanup(func() { metrics.Registry = before })
	return own
}

func freeAddress(t *testing.T) *net.TCPAddr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr)
}

// answers waits until a check answers so.
func (r *runningWebhook) answers(path string, status int, body string) {
	r.t.Helper()
	var gotStatus int
	var gotBody string
	var last error
	err := wait.PollUntilContextTimeout(r.t.Context(), 10*time.Millisecond, answerLimit, true, func(ctx context.Context) (bool, error) {
		gotStatus, gotBody, last = r.get(ctx, path)
		return last == nil && gotStatus == status && gotBody == body, nil
	})
	if err != nil {
		r.t.Fatalf("%s answers %d %q (%v): want %d %q", path, gotStatus, gotBody, last, status, body)
	}
}

func (r *runningWebhook) get(ctx context.Context, path string) (status int, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.health+path, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// isReady compares what /readyz says now, and the metric after that.
func (r *runningWebhook) isReady(want bool) {
	r.t.Helper()
	status, body, err := r.get(r.t.Context(), "/readyz")
	if err != nil || (status == http.StatusOK) != want {
		r.t.Errorf("/readyz answers %d %q (%v): want ready to be %v", status, body, err, want)
	}
	if got := readyMetric(r.t, r.registry); (got == 1) != want {
		r.t.Errorf("greenlight_ready is %v: want ready to be %v", got, want)
	}
}

// readyMetric returns what greenlight_ready says.
func readyMetric(t *testing.T, registry prometheus.Gatherer) float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "greenlight_ready" {
			return family.Metric[0].GetGauge().GetValue()
		}
	}
	t.Fatal("there is no greenlight_ready")
	return 0
}
