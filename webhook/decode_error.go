package webhook

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var kindNames = map[jsontext.Kind]string{
	jsontext.KindNull: "null", jsontext.KindFalse: "false", jsontext.KindTrue: "true",
	jsontext.KindString: "a string", jsontext.KindNumber: "a number",
	jsontext.KindBeginObject: "an object", jsontext.KindBeginArray: "an array",
}

// mismatch says that the token just read is not of the kind wanted.
func mismatch(d *jsontext.Decoder, token jsontext.Token, want jsontext.Kind) error {
	return fmt.Errorf("%s is %s: want %s", place(d.StackPointer()), kindNames[token.Kind()], kindNames[want])
}

// explain words an error of the decoder for the reader of an HTTP response.
func explain(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case errors.Is(err, io.ErrUnexpectedEOF) && errors.As(err, &syntax):
		return fmt.Errorf("%s ends too early, at byte %d", place(syntax.JSONPointer), syntax.ByteOffset)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s is not valid at byte %d: %w", place(syntax.JSONPointer), syntax.ByteOffset, syntax.Err)
	case errors.As(err, &semantic):
		return fmt.Errorf("%s is %s: want %s", place(semantic.JSONPointer), kindNames[semantic.JSONKind], semantic.GoType)
	}
	return err
}

func place(pointer jsontext.Pointer) string {
	if pointer == "" {
		return "it"
	}
	return string(pointer)
}
