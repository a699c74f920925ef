package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"greenlight.dev/greenlight/api/v1alpha1"
)

func TestEveryRuleThatDecidesIsCounted(t *testing.T) {
	webhook, registry := guard(finds("first", v1alpha1.Deny, "Bad."), finds("second", v1alpha1.Warn, "Odd."))
	post(webhook.Validator(), reviewWith(t, nil))
	want := map[string]float64{
		`greenlight_admission_decisions_total{decision="deny",operation="UPDATE",resource="deployments",rule="first"}`:  1,
		`greenlight_admission_decisions_total{decision="warn",operation="UPDATE",resource="deployments",rule="second"}`: 1,
		`greenlight_admission_duration_seconds{operation="UPDATE",resource="deployments",webhook="validate"}`:           1,
		`greenlight_admission_internal_errors_total{reason="error"}`:                                                    0,
		`greenlight_admission_internal_errors_total{reason="intent"}`:                                                   0,
		`greenlight_admission_internal_errors_total{reason="overload"}`:                                                 0,
		`greenlight_admission_internal_errors_total{reason="panic"}`:                                                    0,
	}
	if got := counts(t, registry); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAllowedReviewAndPatchAreCounted(t *testing.T) {
	webhook, registry := guard()
	body := write(t, updateOf(deployment(t), deployment(t, withoutDefaults)))
	post(webhook.Validator(), reviewWith(t, nil))
	post(webhook.Mutator(), body)
	for series, want := range map[string]float64{
		`greenlight_admission_decisions_total{decision="allow",operation="UPDATE",resource="deployments",rule=""}`: 1,
		`greenlight_admission_patches_total{operation="UPDATE",resource="deployments"}`:                            1,
		`greenlight_admission_duration_seconds{operation="UPDATE",resource="deployments",webhook="mutate"}`:        1,
	} {
		if got := count(t, registry, series); got != want {
			t.Errorf("%s is %v, want %v", series, got, want)
		}
	}
}

func TestSeriesAreBoundedWhateverTheClientSends(t *testing.T) {
	webhook, registry := guard()
	before := counts(t, registry)
	for i := range 100 {
		name := fmt.Sprint("made-up-", i)
		post(webhook.Validator(), reviewWith(t, document{"operation": name}))
		post(webhook.Validator(), reviewWith(t, document{"subResource": name}))
		post(webhook.Validator(), reviewWith(t, document{"kind": document{"kind": name}}))
	}
	if got := counts(t, registry); !maps.Equal(got, before) {
		t.Errorf("got %v, want no series but those before, %v", got, before)
	}
}

func count(t *testing.T, registry *prometheus.Registry, series string) float64 {
	t.Helper()
	return counts(t, registry)[series]
}

// counts returns every series; a histogram counts its observations.
func counts(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]float64{}
	for _, family := range families {
		for _, metric := range family.Metric {
			value := metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
			counts[family.GetName()+labels(metric)] = value
		}
	}
	return counts
}

func labels(metric *dto.Metric) string {
	var labels []string
	for _, label := range metric.Label {
		labels = append(labels, fmt.Sprintf("%s=%q", label.GetName(), label.GetValue()))
	}
	slices.Sort(labels)
	return "{" + strings.Join(labels, ",") + "}"
}
