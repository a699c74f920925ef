package mutate

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"k8s.io/apimachinery/pkg/api/resource"
)

// certainlyDiffer reports whether two values that the API server encoded differ in meaning for certain,
// from the first place where they differ in writing. Decoding both, which alone can tell for all
// values, costs more than the rest of a review.
func certainlyDiffer(a, b []byte) bool {
	first, second := newTokens(a), newTokens(b)
	for {
		named := atName(first)
		one, err := first.ReadToken()
		if err != nil {
			return false
		}
		other, err := second.ReadToken()
		switch {
		case err != nil:
			return false
		case sameToken(one, other):
		case named:
			return !emptyMember(first, one) && !emptyMember(second, other)
		default:
			return tokensDiffer(one, other)
		}
	}
}

// newTokens reads value in place. The API server sends no name twice; keeping book of names would be most of the work.
func newTokens(value []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(value), jsontext.AllowDuplicateNames(true))
}

// atName reports whether the next token is a member's name, or the end of an object where a name might
// stand.
func atName(decoder *jsontext.Decoder) bool {
	kind, length := decoder.StackIndex(decoder.StackDepth())
	return kind == jsontext.KindBeginObject && length%2 == 0
}

func sameToken(a, b jsontext.Token) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case jsontext.KindString, jsontext.KindNumber:
		return a.String() == b.String()
	}
	return true
}

// tokensDiffer tells two scalars apart that are written differently. null may stand for any empty value,
// and one quantity may be written in several ways.
func tokensDiffer(a, b jsontext.Token) bool {
	if a.Kind() == jsontext.KindNull || b.Kind() == jsontext.KindNull {
		return false
	}
	if a.Kind() != jsontext.KindString || b.Kind() != jsontext.KindString {
		return true
	}
	one, err := resource.ParseQuantity(a.String())
	if err != nil {
		return true
	}
	other, err := resource.ParseQuantity(b.String())
	return err != nil || one.Cmp(other) != 0
}

// emptyMember reports whether the member whose name was just read may as well be left out. The end of
// the object is no member.
func emptyMember(decoder *jsontext.Decoder, name jsontext.Token) bool {
	if name.Kind() != jsontext.KindString {
		return false
	}
	value, err := decoder.ReadValue()
	return err != nil || slices.Contains([]string{"null", `""`, "0", "false", "[]", "{}"}, string(value))
}
