package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

func TestWhatIsJudgedAtRestIsScanned(t *testing.T) {
	want := []schema.GroupVersionKind{state.Deployment, state.Service}
	if diff := cmp.Diff(want, judgedAtRest(rules.All)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAPassEndsWithItsLastNamespace(t *testing.T) {
	var p pass
	if _, ends := p.done("before"); ends {
		t.Error("a pass ends that never began")
	}
	p.begin([]string{"a", "b"}, noon)
	if _, ends := p.done("a"); ends {
		t.Error("it ends with its first namespace")
	}
	if _, ends := p.done("a"); ends {
		t.Error("a namespace counts twice")
	}
	p.begin([]string{"a", "b"}, noon.Add(time.Hour))
	p.done("b")
	started, ends := p.done("a")
	if !ends || !started.Equal(noon.Add(time.Hour)) {
		t.Errorf("it ends %t, begun %s", ends, started)
	}
	if _, ends := p.done("a"); ends {
		t.Error("it ends twice")
	}
}

func TestViolationsAreThoseOfNow(t *testing.T) {
	m := newMetrics(prometheus.NewRegistry())
	v := &violations{gauge: m.violations, known: map[string]tally{}}
	count := func() float64 {
		var metric dto.Metric
		if err := m.violations.WithLabelValues("single-replica", "warn").Write(&metric); err != nil {
			t.Fatal(err)
		}
		return metric.GetGauge().GetValue()
	}
	of := func(number int) tally { return tally{violation{"single-replica", v1alpha1.Warn}: number} }
	v.put("a", of(2))
	v.put("b", of(3))
	v.put("a", of(1))
	if got := count(); got != 4 {
		t.Errorf("got %v, want 4", got)
	}
	v.put("b", tally{})
	if got := count(); got != 1 {
		t.Errorf("without b: got %v, want 1", got)
	}
}

func TestWhatIsExemptIsNoViolation(t *testing.T) {
	found := tally{}
	found.add(Report{Results: []Result{
		{Rule: "a", Outcome: Fail, Mode: v1alpha1.Deny}, {Rule: "b", Outcome: Skip}, {Rule: "c", Outcome: Error},
	}})
	if diff := cmp.Diff(tally{violation{"a", v1alpha1.Deny}: 1}, found, cmp.AllowUnexported(violation{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
