package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/report"
)

func someOverview() report.Overview {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	return report.NewOverview([]report.Report{{
		Object:  corev1.ObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"},
		Policy:  "baseline",
		Summary: report.Summary{Pass: 20, Warn: 1},
		Results: []report.Result{{Rule: "single-replica", Outcome: report.Warn, Mode: "warn", Message: "1 replica serves <alone>.", Fix: "Set 2.", Since: noon}},
	}}, noon.Add(-time.Hour))
}

func TestTheTableHasNamespacesAndRules(t *testing.T) {
	var got bytes.Buffer
	if err := overviewTable(&got, someOverview()); err != nil {
		t.Fatal(err)
	}
	want := "NAMESPACE  OBJECTS  FAIL  ERROR  WARN  SKIP  NEW\n" +
		"shop       1        0     0      1     0     1\n" +
		"(all)      1        0     0      1     0     1\n" +
		"\n" +
		"RULE            OBJECTS  FAIL  ERROR  WARN  SKIP  NEW\n" +
		"single-replica  1        0     0      1     0     1\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheJSONIsThatOfTheOverview(t *testing.T) {
	var written bytes.Buffer
	if err := overviewJSON(&written, someOverview()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		APIVersion, Kind string
		report.Overview
	}
	if err := json.Unmarshal(written.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.APIVersion != "greenlight.dev/v1alpha1" || got.Kind != "ClusterOverview" {
		t.Errorf("it is a %s %s", got.APIVersion, got.Kind)
	}
	if diff := cmp.Diff(someOverview(), got.Overview); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestThePageNeedsNothingElseAndTakesNoMarkup(t *testing.T) {
	var got bytes.Buffer
	if err := overviewHTML(&got, someOverview()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Deployment/shop/web", "1 replica serves &lt;alone&gt;.", "Set 2.", `href="https://greenlight.dev/rules/single-replica"`} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("it lacks %s", want)
		}
	}
	for _, foreign := range []string{"<script", "<link", "@import", "src="} {
		if strings.Contains(got.String(), foreign) {
			t.Errorf("it has %s", foreign)
		}
	}
}

func TestReportRefusesWhatItDoesNotKnow(t *testing.T) {
	for flag, want := range map[string]string{
		"--output=yaml":  `--output is "yaml": want table, json or html`,
		"--reports=none": `--reports: there is no format "none": want openreports or policyreport`,
	} {
		command := newReportCommand()
		command.SetArgs([]string{flag})
		command.SilenceErrors, command.SilenceUsage = true, true
		if err := command.Execute(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", flag, err, want)
		}
	}
}
