package scale

import (
	"encoding/json"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"greenlight.dev/greenlight/report"
)

// measureReports says how large the reports are as etcd keeps them, which is JSON.
func measureReports(t *testing.T, admin client.Client, workloads int) {
	t.Helper()
	var all, passing sizes
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(report.OpenReports.Kind)
	for next := true; next; next = list.GetContinue() != "" {
		must(t, admin.List(t.Context(), list, client.Limit(500), client.Continue(list.GetContinue())))
		for _, found := range list.Items {
			written, err := json.Marshal(found.Object)
			must(t, err)
			all.add(len(written))
			if results, _, _ := unstructured.NestedSlice(found.Object, "results"); len(results) == 0 {
				passing.add(len(written))
			}
		}
	}
	t.Logf("reports: %s; of what passes: %s", all, passing)
	if all.count != workloads || passing.largest == 0 || passing.largest > maxReport {
		t.Errorf("want %d reports, and at most %d bytes of each workload that passes", workloads, maxReport)
	}
}

// sizes are in bytes.
type sizes struct{ count, total, largest int }

func (s *sizes) add(size int) {
	s.count, s.total, s.largest = s.count+1, s.total+size, max(s.largest, size)
}

func (s sizes) String() string {
	return fmt.Sprintf("%d of %d bytes on average, %d at most", s.count, s.total/max(s.count, 1), s.largest)
}
