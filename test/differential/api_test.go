package differential

import (
	"context"
	"errors"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// manager applies what is there before and what is judged: it is the one author of a manifest.
const manager = client.FieldOwner("author")

// parallel is how many requests are on their way at a time.
const parallel = 8

// api is the API server, as those who apply manifests ask it.
type api struct {
	client.Client
	auditLog string
}

func newAPI(cluster *fixture.Unguarded) *api {
	config := rest.CopyConfig(cluster.Config())
	config.QPS = -1
	config.WarningHandlerWithContext = toContext{}
	c, err := fixture.NewClient(config)
	Expect(err).NotTo(HaveOccurred())
	return &api{Client: c, auditLog: cluster.AuditLog()}
}

// each does something to every situation that the API server did not refuse yet.
func (a *api) each(ctx context.Context, situations []*situation, do func(context.Context, *situation) error) {
	GinkgoHelper()
	var group errgroup.Group
	group.SetLimit(parallel)
	faults := make([]error, len(situations))
	for i, s := range situations {
		if s.refused != "" {
			continue
		}
		group.Go(func() error {
			if err := do(ctx, s); err != nil {
				faults[i] = fmt.Errorf("%s: %w", s, err)
			}
			return nil
		})
	}
	Expect(errors.Join(group.Wait(), errors.Join(faults...))).To(Succeed())
}

// answer is what the API server answers to a change.
type answer struct {
	// texts are the warnings, and each line of a denial.
	texts  []string
	denied bool
	audit  audit
}

// apply tries the change, without making it.
func (a *api) apply(ctx context.Context, s *situation) error {
	said := &warnings{}
	ctx = context.WithValue(ctx, toContext{}, said)
	err := a.Apply(ctx, client.ApplyConfigurationFromUnstructured(s.applied.DeepCopy()), manager, client.ForceOwnership, client.DryRunAll)
	s.webhook.texts = *said
	switch {
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), "denied the request"):
		s.webhook.denied = true
		s.webhook.texts = append(s.webhook.texts, strings.Split(err.Error(), "\n")...)
		return nil
	case isRefusal(err):
		s.refused = err.Error()
		return nil
	}
	return err
}

// isRefusal reports whether the API server takes no such object. What it cannot type is an internal error to it,
// as a webhook is that does not answer.
func isRefusal(err error) bool {
	if err == nil || strings.Contains(err.Error(), "failed calling webhook") {
		return false
	}
	return meta.IsNoMatchError(err) || apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) || apierrors.IsForbidden(err) || apierrors.IsInternalError(err)
}

// warnings are those that the API server sends with one answer.
type warnings []string

// toContext gives each warning to the warnings of its request.
type toContext struct{}

// HandleWarningHeaderWithContext implements rest.WarningHandlerWithContext.
func (toContext) HandleWarningHeaderWithContext(ctx context.Context, _ int, _, text string) {
	if said, ok := ctx.Value(toContext{}).(*warnings); ok {
		*said = append(*said, text)
	}
}
