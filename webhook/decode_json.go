package webhook

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// newDecoder reads data in place. The API server writes what it has stored itself, so names do not
// repeat; looking for duplicates would double the time.
func newDecoder(data []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
}

// members calls read with the name of each member of the object that comes next. It has to read or
// skip the member's value, and may not keep the name. Null has no members.
func members(d *jsontext.Decoder, read func(name []byte) error) error {
	if done, err := begin(d, jsontext.KindBeginObject); done || err != nil {
		return err
	}
	for d.PeekKind() != jsontext.KindEndObject {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		unquoted, err := unquote(name)
		if err != nil {
			return err
		}
		if err := read(unquoted); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// member reads one string out of the object that comes next.
func member(d *jsontext.Decoder, wanted string, value *string) error {
	return members(d, func(name []byte) error {
		if string(name) == wanted {
			return text(d, value)
		}
		return skip(d)
	})
}

// elements calls read for each element of the array that comes next, which has to read it. Null has
// no elements.
func elements(d *jsontext.Decoder, read func() error) error {
	if done, err := begin(d, jsontext.KindBeginArray); done || err != nil {
		return err
	}
	for d.PeekKind() != jsontext.KindEndArray {
		if err := read(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// begin reads the start of an object or an array, or null, with which it is done.
func begin(d *jsontext.Decoder, kind jsontext.Kind) (done bool, err error) {
	token, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	switch token.Kind() {
	case kind:
		return false, nil
	case jsontext.KindNull:
		return true, nil
	}
	return false, mismatch(d, token, kind)
}

// unquote avoids the allocation of a general unquoting: a name is hardly ever escaped.
func unquote(name jsontext.Value) ([]byte, error) {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1], nil
	}
	return jsontext.AppendUnquote(nil, name)
}
