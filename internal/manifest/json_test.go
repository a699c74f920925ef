package manifest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// documents say what they mean in as many ways as YAML has.
var documents = []string{
	"a: b\n", "{\"a\": [1, \"b\", null, true, {}]}\n", "- a\n- {b: c}\n", "text\n",
	"a: 1\nb: -2\nc: 1_000\nd: 0x1f\ne: 0777\nf: 0b101\ng: 18446744073709551615\nh: +3\n",
	"a: 1.5\nb: 1e3\nc: -0.25\nd: 1.0\ne: 123456789012345678901234567890\nf: .5\n",
	"a: yes\nb: NO\nc: on\nd: Off\ne: y\nf: N\ng: \"yes\"\nh: 'off'\ni: True\nj: !!str yes\n",
	"a:\nb: ~\nc: null\nd: ''\n",
	"a: 2026-01-01\nb: 2026-01-01T12:00:00Z\nc: 12:30\n",
	"1: a\ntrue: b\n1.5: c\nyes: d\n\"2\": e\n",
	"a: |\n  two\n  lines\nb: >-\n  one\n  line\nc: \"\\u00e9\\n\\\"\"\nd: <&>\n",
	"a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n",
	"a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  e: 3\n",
	"a: &x {b: 1}\nc: &y {d: 2}\ne:\n  <<: [*x, *y]\n",
	"a: !!binary aGVsbG8=\nb: !!int \"3\"\nc: !!str 3\nd: !ours e\n",
	"a: .inf\n", "a: .nan\n", "{{ .Values.name }}: a\n", "? [a]\n: b\n", "~: a\n",
}

func TestADocumentMeansToUsWhatItMeansToKubernetes(t *testing.T) {
	for _, document := range documents {
		t.Run(document, func(t *testing.T) { sameMeaning(t, document) })
	}
}

func FuzzADocumentMeansToUsWhatItMeansToKubernetes(f *testing.F) {
	for _, document := range documents {
		f.Add(document)
	}
	f.Fuzz(sameMeaning)
}

// sameMeaning compares the JSON of a document that both can read with what kubectl sends.
func sameMeaning(t *testing.T, text string) {
	theirs, theirErr := yaml.YAMLToJSON([]byte(text))
	split, err := Split("web.yaml", []byte(text))
	if err != nil || len(split) != 1 || strings.Contains(text, "---") || strings.Contains(text, "<<") && theirErr != nil {
		return
	}
	if split[0].Duplicates() != nil {
		return
	}
	encoder := encoder{}
	if err := encoder.encode(split[0].root); err != nil {
		return
	}
	if theirErr != nil {
		t.Skipf("we read it, and they do not: %v", theirErr)
	}
	if diff := cmp.Diff(value(t, theirs), value(t, encoder.out)); diff != "" {
		t.Errorf("(-theirs +ours)\n%s", diff)
	}
}

func value(t *testing.T, data []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return value
}

func TestWhatJSONCannotHoldIsAnErrorAtItsPlace(t *testing.T) {
	tests := map[string]string{
		"a: 1\nb: .inf\n":      "2:4: .inf is not a number that JSON can hold",
		"a: !!binary $\n":      "1:4: this is not base64",
		"a:\n  ~: b\n":         "2:3: a key has to be a text",
		"a: {{ .Values.b }}\n": "1:5: a key cannot be a mapping: a template has to be rendered first",
		"a: &x\n  b: *x\n":     `2:6: the anchor "x" contains itself`,
		"a: &x\n  <<: *x\n":    "1:4: << takes a mapping, or a list of mappings, that does not contain itself",
		"a:\n  <<: b\n":        "2:7: << takes a mapping, or a list of mappings, that does not contain itself",
		billionLaughs():        "1:29: the document has more than 1048576 values, aliases included",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			document, err := Split("web.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			var fault *Error
			if err := document[0].decode(nil); !errors.As(err, &fault) || fault.Error() != "web.yaml:"+want {
				t.Errorf("got %v, want web.yaml:%s", err, want)
			}
		})
	}
}

func billionLaughs() string {
	text := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for name := 'b'; name < 'k'; name++ {
		before := "*" + string(name-1)
		text += string(name) + ": &" + string(name) + " [" + strings.Repeat(before+", ", 9) + before + "]\n"
	}
	return text
}
