package manifest

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const (
	nullTag   = "!!null"
	boolTag   = "!!bool"
	intTag    = "!!int"
	floatTag  = "!!float"
	binaryTag = "!!binary"
	mergeTag  = "!!merge"
)

// The words that YAML 1.1 takes for true and false. Kubernetes reads YAML 1.1, the parser here 1.2.
var (
	trueWords  = []string{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"}
	falseWords = []string{"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"}
)

func (e *encoder) scalar(node *yaml.Node) error {
	tag := node.Tag
	if node.Style == 0 && isWordOf11(node.Value) {
		tag = boolTag
	}
	switch tag {
	case nullTag:
		e.out = append(e.out, "null"...)
	case boolTag:
		e.out = strconv.AppendBool(e.out, slices.Contains(trueWords, node.Value))
	case intTag:
		return e.integer(node)
	case floatTag:
		return e.float(node)
	case binaryTag:
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(node.Value), ""))
		if err != nil {
			return &nodeError{node, "this is not base64"}
		}
		return e.text(node, e.out, string(raw))
	default:
		return e.text(node, e.out, node.Value)
	}
	return nil
}

// isWordOf11 looks at the length first, because every text of a file is asked.
func isWordOf11(word string) bool {
	return len(word) <= len("false") && (slices.Contains(trueWords, word) || slices.Contains(falseWords, word))
}

// integer reads a number as the parser does, which has let through nothing else.
func (e *encoder) integer(node *yaml.Node) error {
	digits := strings.ReplaceAll(node.Value, "_", "")
	if signed, err := strconv.ParseInt(digits, 0, 64); err == nil {
		e.out = strconv.AppendInt(e.out, signed, 10)
		return nil
	}
	unsigned, err := strconv.ParseUint(digits, 0, 64)
	if err != nil {
		return &nodeError{node, fmt.Sprintf("%s is not a number", node.Value)}
	}
	e.out = strconv.AppendUint(e.out, unsigned, 10)
	return nil
}

func (e *encoder) float(node *yaml.Node) error {
	number, err := strconv.ParseFloat(strings.ReplaceAll(node.Value, "_", ""), 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return &nodeError{node, fmt.Sprintf("%s is not a number that JSON can hold", node.Value)}
	}
	e.out = strconv.AppendFloat(e.out, number, 'g', -1, 64)
	return nil
}
