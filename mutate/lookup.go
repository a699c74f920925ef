package mutate

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lookup returns the value at path in a JSON document: nil where there is none or null. It reads no
// further than that and copies nothing.
func lookup(document []byte, path jsontext.Pointer) (jsontext.Value, error) {
	decoder := newTokens(document)
	for name := range path.Tokens() {
		if found, err := enter(decoder, name); err != nil || !found {
			return nil, wrap(path, err)
		}
	}
	value, err := decoder.ReadValue()
	if err != nil || value.Kind() == jsontext.KindNull {
		return nil, wrap(path, err)
	}
	return value, nil
}

// enter moves the decoder before the member of that name, if the next value has one.
func enter(decoder *jsontext.Decoder, name string) (bool, error) {
	opening, err := decoder.ReadToken()
	if err != nil {
		return false, err
	}
	kind := opening.Kind()
	if kind != jsontext.KindBeginObject && kind != jsontext.KindBeginArray {
		return false, nil
	}
	for i := 0; !atEnd(decoder); i++ {
		member := strconv.Itoa(i)
		if kind == jsontext.KindBeginObject {
			token, err := decoder.ReadToken()
			if err != nil {
				return false, err
			}
			member = token.String()
		}
		if member == name {
			return true, nil
		}
		// This is faster than SkipValue, which goes token by token.
		if _, err := decoder.ReadValue(); err != nil {
			return false, err
		}
	}
	return false, nil
}

func atEnd(decoder *jsontext.Decoder) bool {
	kind := decoder.PeekKind()
	return kind == jsontext.KindEndObject || kind == jsontext.KindEndArray
}

// elements calls read for each element of the array at path, if there is one.
func elements(document []byte, path jsontext.Pointer, read func(jsontext.Value) error) error {
	array, err := lookup(document, path)
	if err != nil || array.Kind() != jsontext.KindBeginArray {
		return err
	}
	decoder := newTokens(array)
	if _, err := decoder.ReadToken(); err != nil {
		return wrap(path, err)
	}
	for !atEnd(decoder) {
		element, err := decoder.ReadValue()
		if err != nil {
			return wrap(path, err)
		}
		if err := read(element); err != nil {
			return wrap(path, err)
		}
	}
	return nil
}

// decode reads the value at path into a T: its zero value where there is none.
func decode[T any](document []byte, path jsontext.Pointer) (T, error) {
	value, err := lookup(document, path)
	if err != nil {
		var none T
		return none, err
	}
	return decodeValue[T](value, path)
}

// decodeValue does the same with a value that was looked up at path.
func decodeValue[T any](value jsontext.Value, path jsontext.Pointer) (T, error) {
	var decoded T
	if value == nil {
		return decoded, nil
	}
	return decoded, wrap(path, json.Unmarshal(value, &decoded))
}

func wrap(path jsontext.Pointer, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading %s: %w", path, err)
}
