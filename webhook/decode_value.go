package webhook

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// skip reads a value as a whole: that is faster than Decoder.SkipValue, which goes token by token.
func skip(d *jsontext.Decoder) error {
	_, err := d.ReadValue()
	return err
}

// into reads a value that is small enough to be worth reading whole.
func into(d *jsontext.Decoder, value any) error {
	return json.UnmarshalDecode(d, value)
}

// text reads a string, which null leaves empty.
func text[T ~string](d *jsontext.Decoder, value *T) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case jsontext.KindString:
		*value = T(token.String())
	case jsontext.KindNull:
		*value = ""
	default:
		return mismatch(d, token, jsontext.KindString)
	}
	return nil
}

// texts reads an object whose values are all strings, as labels are.
func texts(d *jsontext.Decoder, values *map[string]string) error {
	return eachText(d, values, func(_ string, value *string) error { return text(d, value) })
}

// eachText reads the values of an object by read.
func eachText(d *jsontext.Decoder, values *map[string]string, read func(key string, value *string) error) error {
	*values = nil
	return members(d, func(name []byte) error {
		if *values == nil {
			*values = map[string]string{}
		}
		key, value := string(name), ""
		err := read(key, &value)
		(*values)[key] = value
		return err
	})
}

// quantities reads an object whose values are all quantities, such as "500m".
func quantities(d *jsontext.Decoder, values *corev1.ResourceList) error {
	*values = nil
	return members(d, func(name []byte) error {
		if *values == nil {
			*values = corev1.ResourceList{}
		}
		key := corev1.ResourceName(name)
		read, err := d.ReadValue()
		if err != nil {
			return err
		}
		var value resource.Quantity
		if err := value.UnmarshalJSON(read); err != nil {
			return fmt.Errorf("%s is %s: %w", place(d.StackPointer()), read, err)
		}
		(*values)[key] = value
		return nil
	})
}

// number reads a whole number, which null leaves at zero.
func number[T ~int32 | ~int64](d *jsontext.Decoder, value *T) error {
	token, err := d.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindNumber {
		return mismatch(d, token, jsontext.KindNumber)
	}
	read, err := token.Int()
	*value = T(read)
	if err != nil || int64(*value) != read {
		return fmt.Errorf("%s is out of range", place(d.StackPointer()))
	}
	return nil
}

// intOrString reads a number, or a string such as "25%" or the name of a port.
func intOrString(d *jsontext.Decoder, value *intstr.IntOrString) error {
	if d.PeekKind() == jsontext.KindString {
		value.Type = intstr.String
		return text(d, &value.StrVal)
	}
	return number(d, &value.IntVal)
}

// optional reads a value that may be left out: null is the same as that.
func optional[T any](d *jsontext.Decoder, value **T, read func(*jsontext.Decoder, *T) error) error {
	*value = nil
	if d.PeekKind() == jsontext.KindNull {
		return skip(d)
	}
	*value = new(T)
	return read(d, *value)
}

// readList reads an array, each element by read.
func readList[T any](d *jsontext.Decoder, items *[]T, read func(*jsontext.Decoder, *T) error) error {
	*items = nil
	return elements(d, func() error {
		var zero T
		*items = append(*items, zero)
		return read(d, &(*items)[len(*items)-1])
	})
}
