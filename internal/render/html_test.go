package render_test

import (
	"strings"
	"testing"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/check"
)

const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'` + "`"

// TestHTMLEscapesWhatManifestsSay puts markup wherever an input can put text.
func TestHTMLEscapesWhatManifestsSay(t *testing.T) {
	object := check.Object{APIVersion: hostile, Kind: hostile, Namespace: hostile, Name: hostile}
	place := check.Place{File: hostile, Line: 1, Column: 1}
	finding := check.Finding{
		Rule: hostile, Mode: v1alpha1.Deny, Object: object, Place: place, Path: hostile,
		Message: hostile, Fix: hostile, URL: "javascript:alert(3)",
	}
	page := string(rendered(t, "html", &check.Result{
		Files: []string{hostile}, Findings: []check.Finding{finding},
		Exempted: []check.Exempted{{Finding: finding, By: hostile}},
		Skipped:  []check.Skipped{{Rule: hostile, Object: object, Reason: hostile, Place: place}},
		Errors:   []check.Error{{Place: place, Message: hostile}},
		Sources:  map[string][]byte{hostile: []byte(hostile)},
	}))
	for _, markup := range []string{"<script>alert", "<img", "javascript:alert"} {
		if strings.Contains(page, markup) {
			t.Errorf("the page has %s in it", markup)
		}
	}
	if got := strings.Count(page, "<script"); got != 1 {
		t.Errorf("the page has %d scripts, want its own alone", got)
	}
}

func TestHTMLNeedsNothingElse(t *testing.T) {
	page := string(rendered(t, "html", full))
	for _, reference := range []string{" src=", "<link", "@import", "url(", "fetch("} {
		if strings.Contains(page, reference) {
			t.Errorf("the page has %q in it", reference)
		}
	}
}

func TestHTMLMarksTheLineAtFault(t *testing.T) {
	page := string(rendered(t, "html", full))
	for _, want := range []string{
		`<mark><span class="line">14</span>      maxUnavailable: 100%</mark>`,
		`<span class="row"><span class="line">11</span>    matchLabels: {app: web}</span>`,
		`<mark><span class="line">21</span>          image: &#34;&lt;web&gt;\n&amp; co&#34;</mark>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, `<span class="line">10</span>`) {
		t.Error("the page shows more than 3 lines before the one at fault")
	}
}
