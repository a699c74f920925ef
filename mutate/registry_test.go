package mutate_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"greenlight.dev/greenlight/mutate"
)

func TestEveryMutatorHasAnIDOfItsOwnInKebabCase(t *testing.T) {
	seen := map[string]bool{}
	for _, mutator := range mutate.All {
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`).MatchString(mutator.ID) {
			t.Errorf("mutator %q: the id is not kebab-case", mutator.ID)
		}
		if seen[mutator.ID] {
			t.Errorf("mutator %q is registered twice", mutator.ID)
		}
		seen[mutator.ID] = true
	}
}

func TestEveryMutatorSaysWhatItInjectsWhenAndWhenNot(t *testing.T) {
	for _, mutator := range mutate.All {
		if !strings.HasPrefix(mutator.Doc, "# ") {
			t.Errorf("mutator %s: the doc does not begin with a title", mutator.ID)
		}
		for _, part := range []string{"\n## When\n", "\n## When not\n"} {
			if !strings.Contains(mutator.Doc, part) {
				t.Errorf("mutator %s: the doc has no %q", mutator.ID, strings.TrimSpace(part))
			}
		}
	}
}

func TestEveryMutatorHasCases(t *testing.T) {
	for _, mutator := range mutate.All {
		cases, err := filepath.Glob(filepath.Join("testdata", mutator.ID, "*.txtar"))
		if err != nil || len(cases) == 0 {
			t.Errorf("mutator %s has no cases in testdata: %v", mutator.ID, err)
		}
	}
}

func TestNothingIsReadThatNoMutatorDeclares(t *testing.T) {
	declared := map[string]bool{}
	for _, mutator := range mutate.All {
		for _, kind := range mutator.Reads {
			declared[kind.Kind] = true
		}
	}
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		request := readRequest(t, archive)
		mutateUnharmed(t, request)
		for _, kind := range request.State.(*world).listed {
			if !declared[kind] {
				t.Errorf("%s: kind %s is read, and no mutator declares it", path, kind)
			}
		}
	}
}
