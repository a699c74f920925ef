package manifest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADocumentIsFoundInItsFile(t *testing.T) {
	file := "\ufeffa: 1\r\n---\r\n# Nothing.\r\n---\n---\nb: &b 2\nc: *b\n---\nkind: List\napiVersion: v1\nitems:\n- d: 4\n- kind: List\n  apiVersion: v1\n  items: [{e: 5}]"
	type found struct{ Pointer, JSON, Text string }
	var got []found
	for _, document := range split(t, file) {
		for _, item := range document.Items() {
			object, err := item.JSON()
			if err != nil {
				t.Fatal(err)
			}
			begin, end := item.Span([]byte(file))
			got = append(got, found{string(item.Pointer), string(object), file[begin:end]})
		}
	}
	list := "kind: List\napiVersion: v1\nitems:\n- d: 4\n- kind: List\n  apiVersion: v1\n  items: [{e: 5}]"
	want := []found{
		{"", `{"a":1}`, "\ufeffa: 1\r\n"},
		{"", `{"b":2,"c":2}`, "---\nb: &b 2\nc: *b\n"},
		{"/items/0", `{"d":4}`, list},
		{"/items/1/items/0", `{"e":5}`, list},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
