package rules_test

import (
	"context"
	"path/filepath"
	"testing"

	appsv1 "k8s.io/api/apps/v1"

	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// stripped answers like a cache, and counts what is read live.
type stripped struct {
	state.Reader
	live int
}

func (s *stripped) List(ctx context.Context, query state.Query) (state.Listing, error) {
	listing, err := s.Reader.List(ctx, query)
	if query.Live {
		s.live++
		return listing, err
	}
	for i, item := range listing.Items {
		if deployment, ok := item.DeepCopyObject().(*appsv1.Deployment); ok {
			traffic.StripTemplate(&deployment.Spec.Template)
			listing.Items[i] = deployment
		}
	}
	return listing, err
}

func TestPortsOfDeploymentsAreReadLiveForAChangeAloneAndNoMoreThanTen(t *testing.T) {
	entry, err := rules.Find(rules.All, "service-port-unresolved")
	if err != nil {
		t.Fatal(err)
	}
	c := readCase(t, filepath.Join("testdata", entry.ID, "skipped-beyond-ten-deployments.txtar"))
	for op, want := range map[rules.Operation]int{rules.Create: 10, rules.Rest: 0} {
		request := c.request(t, entry)
		reader := &stripped{Reader: request.State}
		request.State, request.Op = reader, op
		verdict := c.run(t, entry, request)
		if len(verdict.Findings) > 0 || len(verdict.Errors) > 0 || reader.live != want {
			t.Errorf("%s: want %d live reads and no finding, got %d and %v, %v", op, want, reader.live, verdict.Findings, verdict.Errors)
		}
	}
}
