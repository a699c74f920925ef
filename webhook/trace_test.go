package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
	"greenlight.dev/greenlight/internal/tracing"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// The span of the API server that a review is of.
const (
	callersTrace = "0af7651916cd43dd8448eb211c80319c"
	callersSpan  = "b7ad6b7169203331"
)

func TestASpanTellsOfAReviewByNamesAlone(t *testing.T) {
	denies := []rules.Entry{finds("bad", v1alpha1.Deny, "Bad."), finds("bad", v1alpha1.Deny, "Worse."), finds("worse", v1alpha1.Deny, "Bad."), finds("odd", v1alpha1.Warn, "Odd.")}
	for name, test := range map[string]struct {
		rules   []rules.Entry
		handler func(*Webhook) http.Handler
		body    []byte
		want    string
	}{
		"denied": {
			denies, (*Webhook).Validator, reviewWith(t, nil),
			"validate Deployment in the caller's: decision=denied denied_by=[bad worse] dry_run=false kind=Deployment name=web namespace=shop operation=UPDATE policy=baseline uid=" + uid,
		},
		"allowed, as a dry run": {
			[]rules.Entry{finds("odd", v1alpha1.Warn, "Odd.")}, (*Webhook).Validator, reviewWith(t, document{"dryRun": true}),
			"validate Deployment in the caller's: decision=allowed denied_by=[] dry_run=true kind=Deployment name=web namespace=shop operation=UPDATE policy=baseline uid=" + uid,
		},
		"patched": {
			nil, (*Webhook).Mutator, write(t, updateOf(deployment(t), deployment(t, withoutDefaults))),
			"mutate Deployment in the caller's: decision=patched dry_run=false kind=Deployment name=web namespace=shop operation=UPDATE policy=baseline uid=" + uid,
		},
		"failed": {
			[]rules.Entry{fails("broken", errors.New("no route to host"))}, (*Webhook).Validator, reviewWith(t, nil),
			"validate Deployment in the caller's: denied_by=[] dry_run=false http.response.status_code=500 kind=Deployment name=web namespace=shop operation=UPDATE policy=baseline uid=" + uid + " Error",
		},
		"refused": {
			nil, (*Webhook).Validator, []byte("{}"),
			"validate in the caller's: http.response.status_code=400",
		},
	} {
		t.Run(name, func(t *testing.T) {
			webhook, spans := tracedGuard(clusterState(), test.rules...)
			send(test.handler(webhook), called(test.body))
			if diff := cmp.Diff([]string{test.want}, told(spans)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestASpanShowsWhatAReviewWaitsFor(t *testing.T) {
	entry := rule("races", v1alpha1.Deny, func(ctx context.Context, pass *rules.Pass) error {
		pass.Report(rules.Finding{Message: "Bad."})
		_, _, err := state.List[state.Object](ctx, pass.State, state.Query{Kind: state.Pod, Namespace: "shop", Live: true})
		return err
	})
	entry.Races = func(*rules.Pass) bool { return true }
	webhook, spans := tracedGuard(rollingBack{scaled(t, "web-1"), scaled(t, "web-2")}, entry)
	send(webhook.Validator(), called(reviewWith(t, nil)))
	want := []string{
		"get Deployment in wait for the controllers: items=0 kind=Deployment name=web namespace=shop",
		"wait for the controllers in validate Deployment:",
		"announce the change in validate Deployment:",
		"list Pod in validate Deployment: items=0 kind=Pod namespace=shop",
		"withdraw the announcement in validate Deployment:",
		"validate Deployment in the caller's: decision=denied denied_by=[races] dry_run=false kind=Deployment name=web namespace=shop operation=UPDATE policy=baseline uid=" + uid,
	}
	if diff := cmp.Diff(want, told(spans)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestANameThatNoObjectCouldHaveIsNotHeldByASpan(t *testing.T) {
	webhook, spans := tracedGuard(clusterState())
	send(webhook.Validator(), called(reviewWith(t, document{"name": strings.Repeat("x", 1<<20)})))
	if got, want := told(spans)[0], "name="+strings.Repeat("x", 253)+" namespace"; !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

// BenchmarkTracedReview costs the review of BenchmarkReview and its span, but not what sends the span.
func BenchmarkTracedReview(b *testing.B) {
	webhook, _ := guard()
	webhook.config.Tracing = sdktrace.NewTracerProvider(sdktrace.WithBatcher(tracetest.NewNoopExporter()))
	run(b, webhook.Validator(), write(b, updateOf(deployment(b), deployment(b, withNewImage))))
}

// tracedGuard returns a Webhook and what takes its spans. Each of its reads is one of the API server.
func tracedGuard(reader state.Reader, entries ...rules.Entry) (*Webhook, *tracetest.InMemoryExporter) {
	spans := tracetest.NewInMemoryExporter()
	uncached := func(kind schema.GroupVersionKind) bool { return kind == state.ReplicaSet || kind == state.Service }
	return New(Config{
		Engine: engine.New(engine.Baseline(entries)), Rules: entries, State: tracing.NewReader(reader, uncached),
		Intents:          intents.NewBook(noLeases{}, noLeases{}, "greenlight-system"),
		SleepUnsupported: func() string { return "" }, Registry: prometheus.NewRegistry(),
		Tracing: sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans)),
	}), spans
}

// called is a review that the API server sends within a span of its own.
func called(body []byte) *http.Request {
	request := request(body)
	request.Header.Set("traceparent", "00-"+callersTrace+"-"+callersSpan+"-01")
	return request
}

// told describes each span in a line, in the order in which they ended.
func told(spans *tracetest.InMemoryExporter) []string {
	names := map[trace.SpanID]string{}
	for _, span := range spans.GetSpans() {
		names[span.SpanContext.SpanID()] = span.Name
	}
	var lines []string
	for _, span := range spans.GetSpans() {
		parent := names[span.Parent.SpanID()]
		if span.Parent.SpanID().String() == callersSpan && span.Parent.IsRemote() && span.SpanKind == trace.SpanKindServer {
			parent = "the caller's"
		}
		if span.SpanContext.TraceID().String() != callersTrace {
			parent = "another trace"
		}
		line := []string{span.Name + " in " + parent + ":"}
		for _, attribute := range span.Attributes {
			line = append(line, strings.TrimPrefix(string(attribute.Key), "greenlight.")+"="+fmt.Sprint(attribute.Value.AsInterface()))
		}
		slices.Sort(line[1:])
		if span.Status != (sdktrace.Status{}) {
			line = append(line, span.Status.Code.String()+span.Status.Description)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return lines
}

// noLeases is an API server that takes Leases and has none to show.
type noLeases struct{ client.Client }

func (noLeases) Create(_ context.Context, lease client.Object, _ ...client.CreateOption) error {
	lease.SetName(lease.GetGenerateName() + "1")
	return nil
}

func (noLeases) Delete(context.Context, client.Object, ...client.DeleteOption) error { return nil }

func (noLeases) List(context.Context, client.ObjectList, ...client.ListOption) error { return nil }

// rollingBack has a Deployment's ReplicaSets in its cache. By now all of it is gone.
type rollingBack []state.Object

func (r rollingBack) List(_ context.Context, query state.Query) (state.Listing, error) {
	if query.Live || query.Kind != state.ReplicaSet {
		return state.Listing{Complete: true}, nil
	}
	return state.Listing{Items: r, Complete: true}, nil
}

// scaled returns a ReplicaSet that runs the template of the Deployment.
func scaled(t *testing.T, name string) *appsv1.ReplicaSet {
	t.Helper()
	var deployment appsv1.Deployment
	if err := json.Unmarshal(deploymentJSON, &deployment); err != nil {
		t.Fatal(err)
	}
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
		Spec:       appsv1.ReplicaSetSpec{Replicas: new(int32(1)), Template: deployment.Spec.Template},
	}
}
