package rules_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

// now is the time at which every case is judged.
var now = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// TestRules judges each case of testdata/<rule> by its rule alone. A case is a txtar archive of
// object.yaml, and where it needs them old.yaml (it is an update), cluster.yaml (the other objects)
// and policy.yaml (the baseline otherwise). The archive's comment tells what the case shows; a line
// "state: incomplete" there hides that cluster.yaml is everything, a line "user: NAME" says who makes
// the change, a line "operation: DELETE" that object.yaml is deleted, and "operation: DELETE, orphans"
// that its pods stay. switches.yaml lists the switches of Services that were admitted of late; a line
// "unannounced: REASON" says that the change could not be announced.
//
// A comment # want "regexp" stands on the line of object.yaml where a finding is expected, and matches
// "mode: message fix". # skip "regexp" on the first line expects that the rule is not evaluated.
func TestRules(t *testing.T) {
	for _, entry := range rules.All {
		for _, path := range cases(t, entry.ID) {
			t.Run(entry.ID+"/"+sentence(path), func(t *testing.T) {
				c := readCase(t, path)
				verdict := c.judge(t, entry)
				compare(t, c.wanted(t, "want"), c.found(verdict))
				compare(t, c.wanted(t, "skip"), skipped(verdict))
				for _, err := range verdict.Errors {
					t.Errorf("the rule failed: %v", err)
				}
			})
		}
	}
}

func cases(t *testing.T, rule string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", rule, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func sentence(path string) string {
	return strings.ReplaceAll(strings.TrimSuffix(filepath.Base(path), ".txtar"), "-", " ")
}

type testCase struct {
	comment string
	files   map[string][]byte
	object  manifest.Document
}

func readCase(t *testing.T, path string) testCase {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := testCase{comment: string(archive.Comment), files: map[string][]byte{}}
	for _, file := range archive.Files {
		c.files[file.Name] = file.Data
	}
	documents, err := manifest.Split("object.yaml", c.files["object.yaml"])
	if err != nil || len(documents) != 1 {
		t.Fatalf("object.yaml: want one document, got %d: %v", len(documents), err)
	}
	c.object = documents[0]
	return c
}

func (c testCase) judge(t *testing.T, entry rules.Entry) engine.Verdict {
	t.Helper()
	return c.run(t, entry, c.request(t, entry))
}

func (c testCase) run(t *testing.T, entry rules.Entry, request engine.Request) engine.Verdict {
	t.Helper()
	return engine.New(c.policy(t, entry)).Judge(t.Context(), request)
}

func (c testCase) request(t *testing.T, entry rules.Entry) engine.Request {
	t.Helper()
	request := engine.Request{
		Op:     rules.Create,
		Object: c.objects(t, "object.yaml")[0],
		State:  watched{t, entry, cluster.NewManifests(c.objects(t, "cluster.yaml"), !strings.Contains(c.comment, "state: incomplete"))},
		Now:    now,
	}
	if match := userLine.FindStringSubmatch(c.comment); match != nil {
		request.User.Name = match[1]
	}
	if old := c.objects(t, "old.yaml"); len(old) > 0 {
		request.Op, request.Old = rules.Update, old[0]
	}
	if strings.Contains(c.comment, "operation: DELETE") {
		request.Op = rules.Delete
	}
	request.Orphans = strings.Contains(c.comment, "operation: DELETE, orphans")
	request.Announcer = c.announcer(t)
	return request
}

// announcer is nil where the case says nothing of other changes.
func (c testCase) announcer(t *testing.T) engine.Announcer {
	t.Helper()
	var told announced
	if match := unannouncedLine.FindStringSubmatch(c.comment); match != nil {
		told.Err = errors.New(match[1])
	}
	var switches []struct {
		Service       types.UID
		Before, After map[string]string
		SecondsAgo    int
	}
	if err := yaml.UnmarshalStrict(c.files["switches.yaml"], &switches); err != nil {
		t.Fatal(err)
	}
	for _, past := range switches {
		at := now.Add(-time.Duration(past.SecondsAgo) * time.Second)
		told.Switches = append(told.Switches, traffic.PastSwitch{Service: past.Service, Before: past.Before, After: past.After, At: at})
	}
	if told.Err == nil && c.files["switches.yaml"] == nil {
		return nil
	}
	return told
}

// announced tells what a case says of other changes.
type announced rules.Announced

func (a announced) Announce(_ context.Context, reader state.Reader, _ time.Duration) (state.Reader, rules.Announced) {
	return reader, rules.Announced(a)
}

var unannouncedLine = regexp.MustCompile(`(?m)^unannounced: (.+)$`)

var userLine = regexp.MustCompile(`(?m)^user: (\S+)$`)

func (c testCase) objects(t *testing.T, file string) []state.Object {
	t.Helper()
	objects, err := manifest.Objects(file, c.files[file])
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func (c testCase) policy(t *testing.T, entry rules.Entry) *engine.Policy {
	t.Helper()
	alone := []rules.Entry{entry}
	if c.files["policy.yaml"] == nil {
		return engine.Baseline(alone)
	}
	path := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(path, c.files["policy.yaml"], 0o600); err != nil {
		t.Fatal(err)
	}
	policy, err := engine.Load(path, alone)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// expectation is a text at a line; line 0 is anywhere.
type expectation struct {
	line int
	text string
}

func (c testCase) found(verdict engine.Verdict) []expectation {
	var found []expectation
	for _, finding := range verdict.Findings {
		text := fmt.Sprintf("%s: %s %s", finding.Mode, finding.Message, finding.Fix)
		found = append(found, expectation{c.object.Position(finding.Path.String()).Line, text})
	}
	return found
}

func skipped(verdict engine.Verdict) []expectation {
	var found []expectation
	for _, skip := range verdict.Skipped {
		found = append(found, expectation{1, skip.Reason})
	}
	return found
}

var comment = regexp.MustCompile(`# (want|skip) (.+)$`)
var quoted = regexp.MustCompile("\"([^\"]*)\"|`([^`]*)`")

func (c testCase) wanted(t *testing.T, kind string) []expectation {
	t.Helper()
	var wanted []expectation
	for i, line := range strings.Split(string(c.files["object.yaml"]), "\n") {
		match := comment.FindStringSubmatch(line)
		if match == nil || match[1] != kind {
			continue
		}
		for _, pattern := range quoted.FindAllStringSubmatch(match[2], -1) {
			wanted = append(wanted, expectation{i + 1, pattern[1] + pattern[2]})
		}
	}
	return wanted
}

func compare(t *testing.T, wanted, found []expectation) {
	t.Helper()
	for _, want := range wanted {
		pattern := regexp.MustCompile(want.text)
		met := slices.IndexFunc(found, func(got expectation) bool {
			return got.line == want.line && pattern.MatchString(got.text)
		})
		if met < 0 {
			t.Errorf("line %d: nothing matches %q among %v", want.line, want.text, found)
			continue
		}
		found = slices.Delete(slices.Clone(found), met, met+1)
	}
	for _, got := range found {
		t.Errorf("line %d: unexpected: %s", got.line, got.text)
	}
}

// watched is a Reader that fails the test when a rule reads a kind in a way that it does not declare. ReplicaSets
// are listed for every denied update, to tell whether it is a rollback.
type watched struct {
	t     *testing.T
	entry rules.Entry
	state.Reader
}

func (w watched) List(ctx context.Context, query state.Query) (state.Listing, error) {
	live := query.Live || !cluster.Cached(query.Kind)
	switch {
	case query.Name != "" && live:
		if !slices.Contains(w.entry.Gets, query.Kind) {
			w.t.Errorf("rule %s gets a %s from the API server, which it does not declare", w.entry.ID, query.Kind.Kind)
		}
	case !slices.Contains(w.entry.Reads, query.Kind) && query.Kind != state.ReplicaSet:
		w.t.Errorf("rule %s reads %s, which it does not declare", w.entry.ID, query.Kind.Kind)
	}
	return w.Reader.List(ctx, query)
}
