package tracing

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/state"
)

// deployments has two Deployments, and fails for anything else.
type deployments struct{}

func (deployments) List(_ context.Context, query state.Query) (state.Listing, error) {
	if query.Kind != state.Deployment {
		return state.Listing{}, errors.New("no route to host")
	}
	return state.Listing{Items: []state.Object{&appsv1.Deployment{}, &appsv1.Deployment{}}, Complete: true}, nil
}

func TestWhatTheAPIServerIsAskedForLeavesASpan(t *testing.T) {
	for name, test := range map[string]struct {
		query state.Query
		want  []string
	}{
		"a cached kind":      {state.Query{Kind: state.Deployment, Namespace: "shop"}, nil},
		"a cached kind live": {state.Query{Kind: state.Deployment, Namespace: "shop", Live: true}, []string{"list Deployment Unset greenlight.kind=Deployment greenlight.namespace=shop greenlight.items=2"}},
		"one object": {
			state.Query{Kind: state.Deployment, Namespace: "shop", Name: "web", Live: true},
			[]string{"get Deployment Unset greenlight.kind=Deployment greenlight.namespace=shop greenlight.items=2 greenlight.name=web"},
		},
		"a kind that is not cached": {state.Query{Kind: state.Pod, Namespace: "shop"}, []string{"list Pod Error greenlight.kind=Pod greenlight.namespace=shop greenlight.items=0"}},
	} {
		t.Run(name, func(t *testing.T) {
			spans := tracetest.NewInMemoryExporter()
			provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
			request, review := Serve(provider, "review", called())
			reader := NewReader(deployments{}, func(kind schema.GroupVersionKind) bool { return kind == state.Deployment })
			want, wantErr := deployments{}.List(t.Context(), test.query)
			got, err := reader.List(request.Context(), test.query)
			if diff := cmp.Diff(want, got); diff != "" || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("got %v\n(-want +got):\n%s", err, diff)
			}
			var lines []string
			for _, span := range spans.GetSpans() {
				line := span.Name + " " + span.Status.Code.String()
				for _, attribute := range span.Attributes {
					line += fmt.Sprintf(" %s=%v", attribute.Key, attribute.Value.AsInterface())
				}
				lines = append(lines, line)
				if span.Parent.SpanID() != review.SpanContext().SpanID() {
					t.Errorf("%s is not in the span of the review", span.Name)
				}
			}
			if diff := cmp.Diff(test.want, lines); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
