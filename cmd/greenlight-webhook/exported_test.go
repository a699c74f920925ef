package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// labelsOf returns the labels of a series by its name: a histogram has three names.
func labelsOf(exported map[string][]string, name string) (labels []string, ok bool) {
	if labels, ok = exported[name]; ok {
		return labels, true
	}
	if base, is := strings.CutSuffix(name, "_bucket"); is {
		labels, ok = exported[base]
		return append(slices.Clone(labels), "le"), ok
	}
	for _, suffix := range []string{"_sum", "_count"} {
		if base, is := strings.CutSuffix(name, suffix); is {
			labels, ok = exported[base]
			return labels, ok
		}
	}
	return nil, false
}

// exportedMetrics returns the labels of each metric of the webhook and of the scanner.
func exportedMetrics(t *testing.T) map[string][]string {
	t.Helper()
	api := newAPIServer(t, "")
	folder, _ := certificateFolder(t)
	registry := ownRegistry(t)
	if _, err := newServer(t.Context(), serveOptions{kubeconfig: api.kubeconfig(t), certDir: folder, metricsAddress: "0", healthAddress: "0"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	labels := described(t, registry)
	maps.Copy(labels, scannerMetrics(t, api))
	return labels
}

var scanner struct {
	sync.Once
	metrics map[string][]string
}

// scannerMetrics makes a scanner the first time, since a process can have only one.
func scannerMetrics(t *testing.T, api *apiServer) map[string][]string {
	t.Helper()
	scanner.Do(func() {
		registry := ownRegistry(t)
		_, err := newScanner(t.Context(), scanOptions{
			kubeconfig: api.kubeconfig(t), namespace: "greenlight-system", reports: "openreports", metricsAddress: "0", healthAddress: "0",
			interval: time.Hour, qps: 1000,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		scanner.metrics = described(t, registry)
	})
	return scanner.metrics
}

var description = regexp.MustCompile(`^Desc\{fqName: "(\w+)".*, variableLabels: \{([^}]*)\}\}$`)

// described returns the labels of each metric, which has none of its series before something happens.
func described(t *testing.T, registry *prometheus.Registry) map[string][]string {
	t.Helper()
	descriptions := make(chan *prometheus.Desc)
	go func() {
		registry.Describe(descriptions)
		close(descriptions)
	}()
	labels := map[string][]string{}
	for each := range descriptions {
		parts := description.FindStringSubmatch(each.String())
		if parts == nil {
			t.Fatalf("%s is no description that the test can read", each)
		}
		labels[parts[1]] = strings.Split(parts[2], ",")
	}
	return labels
}
