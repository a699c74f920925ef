package load

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/test/fixture"
)

// switchOver leads the Service to the version that does not serve now.
func (n *namespace) switchOver(t *testing.T, dryRun bool) {
	t.Helper()
	next := 3 - n.serving
	n.patchService(t, fmt.Sprintf(`{"spec":{"selector":{"version":"%d"}}}`, next), dryRun)
	if !dryRun {
		n.serving = next
	}
}

// annotate writes the Service without moving its traffic, so that Greenlight is not asked.
func (n *namespace) annotate(t *testing.T, dryRun bool) {
	t.Helper()
	n.patchService(t, fmt.Sprintf(`{"metadata":{"annotations":{"now":"%d"}}}`, time.Now().UnixNano()), dryRun)
}

func (n *namespace) patchService(t *testing.T, patch string, dryRun bool) {
	t.Helper()
	var options []client.PatchOption
	if dryRun {
		options = append(options, client.DryRunAll)
	}
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: n.name, Name: fixture.App}}
	if err := n.admin.Patch(t.Context(), service, client.RawPatch(types.MergePatchType, []byte(patch)), options...); err != nil {
		t.Fatal(err)
	}
}
