package check_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/rules"
)

// corpus is where public manifests lie, if they are there: beside the repository.
var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

func TestEveryPublicManifestIsJudgedOrSaysWhatIsWrongWithItAndWhere(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("there is no corpus beside the repository")
	}
	options := check.Options{Paths: []string{corpus}, Policies: engine.Only(engine.Baseline(rules.All)), Namespace: "shop", Now: time.Unix(0, 0)}
	result := check.Run(t.Context(), options)
	for _, err := range result.Errors {
		if err.Line < 1 || err.Column < 1 || err.Message == "" {
			t.Errorf("an error without its place: %s", err)
		}
	}
	for _, finding := range result.Findings {
		if finding.Line < 1 || finding.Column < 1 || result.Sources[finding.File] == nil {
			t.Errorf("a finding without its place: %+v", finding)
		}
	}
	if diff := cmp.Diff(result, check.Run(t.Context(), options)); diff != "" {
		t.Errorf("another run finds something else\n%s", diff)
	}
}
