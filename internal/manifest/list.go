package manifest

import (
	"strconv"
	"strings"

	clientscheme "k8s.io/client-go/kubernetes/scheme"
)

// Items returns the items of a document that is a list, as documents of their own at their own places,
// and those of lists in it; of any other document just itself.
func (d *Document) Items() []Document {
	if !strings.HasSuffix(d.value("kind"), "List") || !clientscheme.Scheme.Recognizes(d.Kind()) {
		return []Document{*d}
	}
	_, items := member(d.node(), "items")
	if items == nil {
		return nil
	}
	var documents []Document
	for i, item := range resolve(items).Content {
		root := resolve(item)
		nested := Document{File: d.File, Line: d.Line, root: root, begin: Position{root.Line, root.Column}, origin: d.origin}
		nested.Pointer, nested.lines = d.Pointer.AppendToken("items").AppendToken(strconv.Itoa(i)), d.lines
		documents = append(documents, nested.Items()...)
	}
	return documents
}
