package yamlpatch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"greenlight.dev/greenlight/internal/yamlpatch"
)

func TestAPatchedTextMeansWhatThePatchSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		document, patch := drawCase(r)
		patched, err := yamlpatch.Apply(document, patch)
		if err != nil {
			r.Fatalf("refused: %v\n%s", err, document)
		}
		want, err := patch.Apply(toJSON(r, document))
		if err != nil {
			r.Fatal(err)
		}
		if got := parsed(r, toJSON(r, patched)); !reflect.DeepEqual(parsed(r, want), got) {
			r.Fatalf("got\n%s\nwant\n%s", patched, want)
		}
	})
}

func TestWhatAPatchDoesNotNameStaysAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		document, patch := drawCase(r)
		patched, err := yamlpatch.Apply(document, patch)
		if err != nil {
			r.Fatal(err)
		}
		if want, got := comments.FindAll(document, -1), comments.FindAll(patched, -1); !reflect.DeepEqual(want, got) {
			r.Fatalf("the comments of\n%s\nare %q in\n%s", document, got, patched)
		}
		if !bytes.Contains(document, []byte("\r")) && bytes.Contains(patched, []byte("\r")) {
			r.Fatalf("the line ends are not those of the document: %q", patched)
		}
	})
}

func TestAnAdditionOnlyInserts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		document, patch := drawCase(r)
		patch = slices.DeleteFunc(patch, func(operation jsonpatch.Operation) bool { return operation.Kind() != "add" })
		patched, err := yamlpatch.Apply(document, patch)
		if err != nil {
			r.Fatal(err)
		}
		rest := patched
		for line := range bytes.Lines(document) {
			// A line can be added to at its end and in front of braces.
			for _, part := range bytes.SplitAfter(bytes.TrimRight(line, "\r\n"), []byte("{")) {
				part, _, _ = bytes.Cut(part, []byte("}"))
				var found bool
				if _, rest, found = bytes.Cut(rest, bytes.TrimRight(part, " ")); !found {
					r.Fatalf("%q of %q is not in\n%s", part, line, patched)
				}
			}
		}
	})
}

// comments are those that are drawn.
var comments = regexp.MustCompile(`# (between|beside|below)`)

func toJSON(r *rapid.T, document []byte) []byte {
	converted, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		r.Fatalf("%v\n%s", err, document)
	}
	return converted
}

func parsed(r *rapid.T, document []byte) (value any) {
	if err := json.Unmarshal(document, &value); err != nil {
		r.Fatal(err)
	}
	return value
}

// drawCase returns a document and a patch that adds members to its mappings and replaces scalars in them.
func drawCase(r *rapid.T) ([]byte, jsonpatch.Patch) {
	writer := &writer{r: r, step: rapid.IntRange(2, 4).Draw(r, "step"), dented: rapid.Bool().Draw(r, "dented")}
	writer.mapping("", 0, 3)
	text := writer.out.String()
	if rapid.Bool().Draw(r, "no line end at the end") && !strings.HasSuffix(text, "b\n") {
		text = strings.TrimSuffix(text, "\n")
	}
	if rapid.Bool().Draw(r, "CRLF") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if rapid.Bool().Draw(r, "byte order mark") {
		text = "\ufeff" + text
	}
	return []byte(text), drawPatch(r, writer)
}

func drawPatch(r *rapid.T, drawn *writer) jsonpatch.Patch {
	values := []string{`1`, `true`, `null`, `""`, `"web"`, `"yes"`, `"a: b"`, `"x, y"`, `{"sleep":{"seconds":5}}`, `[{"a":1,"b":[2]}]`, `{}`}
	var operations []string
	for i := range rapid.IntRange(1, 3).Draw(r, "operations") {
		path := rapid.SampledFrom(drawn.mappings).Draw(r, "mapping")
		operations = append(operations, fmt.Sprintf(`{"op":"add","path":"%s/new%d","value":%s}`, path, i, rapid.SampledFrom(values).Draw(r, "value")))
	}
	if len(drawn.scalars) > 0 && rapid.Bool().Draw(r, "replace") {
		path := rapid.SampledFrom(drawn.scalars).Draw(r, "scalar")
		operations = append(operations, fmt.Sprintf(`{"op":"replace","path":"%s","value":%s}`, path, rapid.SampledFrom(values).Draw(r, "value")))
	}
	patch, err := jsonpatch.DecodePatch([]byte("[" + strings.Join(operations, ",") + "]"))
	if err != nil {
		r.Fatal(err)
	}
	return patch
}

// writer writes YAML as people do.
type writer struct {
	r      *rapid.T
	out    strings.Builder
	step   int
	dented bool
	// mappings and scalars are the paths of what can be patched.
	mappings, scalars []jsontext.Pointer
}

func (w *writer) pick(name string, choices ...string) string {
	return rapid.SampledFrom(choices).Draw(w.r, name)
}

// mapping writes the members of a mapping, the first one where the line stands.
func (w *writer) mapping(path jsontext.Pointer, indent, depth int) {
	w.mappings = append(w.mappings, path)
	for i := range rapid.IntRange(1, 3).Draw(w.r, "members") {
		if i > 0 {
			w.between(indent)
		}
		w.member(path, fmt.Sprintf("k%d", i), indent, depth)
	}
}

func (w *writer) between(indent int) {
	w.out.WriteString(w.pick("between", "", "", "\n", strings.Repeat(" ", indent)+"# between\n"))
	w.out.WriteString(strings.Repeat(" ", indent))
}

func (w *writer) member(path jsontext.Pointer, key string, indent, depth int) {
	inner := path.AppendToken(key)
	w.out.WriteString(w.pick("key", key, `"`+key+`"`) + ":")
	comment := w.pick("comment", "", "", "   # beside")
	switch kind := w.pick("kind", "scalar", "scalar", "mapping", "sequence", "flow", "text"); {
	case kind == "mapping" && depth > 0:
		w.out.WriteString(comment + "\n" + strings.Repeat(" ", indent+w.step))
		w.mapping(inner, indent+w.step, depth-1)
	case kind == "sequence" && depth > 0:
		w.out.WriteString(comment + "\n")
		w.sequence(inner, indent, depth-1)
	case kind == "flow":
		w.mappings = append(w.mappings, inner, inner.AppendToken("in"))
		w.out.WriteString(" " + w.pick("flow", `{a: 1, in: {b: "}"}}`, `{"a": 'x''s', "in": {}}`, "{ in: {c: [d, {}], e: it's} , f: , }") + comment + "\n")
	case kind == "text":
		block := strings.Repeat(" ", indent+w.step)
		w.out.WriteString(" " + w.pick("text", "|\n"+block+"# a\n\n"+block+"  b\n", ">-\n"+block+"a\n"+block+"b\n\n",
			"\"a\n"+block+"b\"\n", "a\n"+block+"b\n") + w.pick("below", "", strings.Repeat(" ", indent)+"# below\n"))
	default:
		w.scalars = append(w.scalars, inner)
		w.out.WriteString(w.pick("scalar", " 1", " web", ` "a # b"`, " 'it''s'", "", " ~", " é", " x # y") + comment + "\n")
	}
}

func (w *writer) sequence(path jsontext.Pointer, indent, depth int) {
	if w.dented {
		indent += w.step
	}
	for i := range rapid.IntRange(1, 2).Draw(w.r, "items") {
		dash := strings.Repeat(" ", indent) + w.pick("dash", "- ", "-   ", "- &anchor"+fmt.Sprint(i)+"\n")
		inner := indent + len(strings.TrimLeft(dash, " "))
		if strings.HasSuffix(dash, "\n") {
			inner = indent + 2
			dash += strings.Repeat(" ", inner)
		}
		w.out.WriteString(dash)
		w.mapping(path.AppendToken(fmt.Sprint(i)), inner, depth)
	}
}
