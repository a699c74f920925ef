package tracing

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/trace"
	collectorv1 "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// endpoint is the variable that names the collector of a test.
const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

// caller is the traceparent of a client that traces.
const caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestNothingIsStartedWithoutACollector(t *testing.T) {
	before := runtime.NumGoroutine()
	provider, stop, err := Start(t.Context())
	if provider != nil || err != nil {
		t.Errorf("got %v, %v", provider, err)
	}
	stop()
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines were started", after-before)
	}
	request := called()
	traced, span := Serve(provider, "review", request)
	if traced != request || span.IsRecording() {
		t.Error("a span is recorded")
	}
}

func TestAFaultyEndpointKeepsTheWebhookFromStarting(t *testing.T) {
	t.Setenv(endpoint, "collector")
	_, _, err := Start(t.Context())
	if want := `OTEL_EXPORTER_OTLP_ENDPOINT is "collector": want a URL such as http://otel-collector.monitoring:4318`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestTheCollectorIsSentWhatIsLeftAtTheEnd(t *testing.T) {
	received := make(chan *collectorv1.ExportTraceServiceRequest, 1)
	startCollector(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		sent := &collectorv1.ExportTraceServiceRequest{}
		if err != nil || proto.Unmarshal(body, sent) != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("got %s, %v", r.URL.Path, err)
		}
		received <- sent
	})
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "k8s.cluster.name=shop")
	provider, stop, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	serve(provider, called())
	stop()
	sent := (<-received).ResourceSpans[0]
	process := map[string]string{}
	for _, attribute := range sent.Resource.Attributes {
		process[attribute.Key] = attribute.Value.GetStringValue()
	}
	for key, want := range map[string]string{"service.name": "greenlight-webhook", "service.version": "devel", "k8s.cluster.name": "shop"} {
		if process[key] != want {
			t.Errorf("%s is %q, want %q", key, process[key], want)
		}
	}
	names := []string{}
	for _, span := range sent.ScopeSpans[0].Spans {
		names = append(names, span.Name)
	}
	if diff := cmp.Diff([]string{"list Pod", "review"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAClientThatDoesNotSampleIsNotTraced(t *testing.T) {
	startCollector(t, func(http.ResponseWriter, *http.Request) { t.Error("spans were sent") })
	provider, stop, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	request := called()
	request.Header.Set("traceparent", strings.TrimSuffix(caller, "01")+"00")
	serve(provider, request)
	stop()
}

// The collector takes connections and answers none of them. What waited for it would wait for as long as the test runs.
func TestADeadCollectorHoldsUpNeitherReviewsNorTheEnd(t *testing.T) {
	over := make(chan struct{})
	startCollector(t, func(http.ResponseWriter, *http.Request) { <-over })
	defer close(over)
	provider, stop, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	for range 3_000 {
		request := called()
		request.Header.Set("tracestate", "vendor="+strings.Repeat("x", 200))
		request.Header.Set("User-Agent", strings.Repeat("x", 64<<10))
		serve(provider, request)
	}
	if held := (heap() - before) >> 20; held > maxHeld {
		t.Errorf("the spans that wait hold %d MiB, want %d at most", held, maxHeld)
	}
	start := time.Now()
	stop()
	if took := time.Since(start); took > 10*maxGoodbye {
		t.Errorf("the end took %s, want %s", took, maxGoodbye)
	}
}

// maxHeld is what the spans that wait for a collector may hold, in MiB.
const maxHeld = 16

// heap is what is in use, in bytes.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// serve makes the spans of a review.
func serve(provider trace.TracerProvider, request *http.Request) {
	request, review := Serve(provider, "review", request)
	defer review.End()
	_, read := Child(request.Context(), "list Pod")
	read.SetAttributes(Text("greenlight.namespace", strings.Repeat("x", 64<<10)))
	read.End()
}

func called() *http.Request {
	request := httptest.NewRequest(http.MethodPost, "/", nil).WithContext(context.Background())
	request.Header.Set("traceparent", caller)
	return request
}

// startCollector has the environment name a collector that answers so, until the test ends.
func startCollector(t *testing.T, answer http.HandlerFunc) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	t.Setenv(endpoint, server.URL)
}
