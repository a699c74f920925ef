// Package load measures what Greenlight costs where there is much: a switch in a namespace that is large, with
// the webhook as config/ installs it, a check of many manifests, and reviews, many at once. For the switch there are no controllers:
// objects and their statuses are written as controllers would leave them.
package load

import (
	"flag"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/test/fixture"
)

// long asks for the size and the number of switches that docs/performance.md states figures for.
var long = flag.Bool("long", false, "a namespace of 10,000 pods, and enough switches for a p99")

// start starts an API server with Greenlight, and a client that tells nobody of warnings.
func start(t *testing.T) (*fixture.Guarded, client.Client) {
	t.Helper()
	log.SetLogger(logr.Discard())
	guarded, err := fixture.StartPatient(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := guarded.Stop(); err != nil {
			t.Error(err)
		}
	})
	config := guarded.Config()
	config.WarningHandler = rest.NoWarnings{}
	admin, err := fixture.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	return guarded, admin
}
