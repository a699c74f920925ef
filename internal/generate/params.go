package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"greenlight.dev/greenlight/rules"
)

// parameter is one parameter of a rule, as a policy writes it.
type parameter struct{ name, kind, preset, doc string }

// parametersOf returns the parameters of a rule. It fails where one has no doc: nobody could set it.
func parametersOf(entry rules.Entry, docs fieldDocs) ([]parameter, error) {
	if entry.Params == nil {
		return nil, nil
	}
	values := reflect.ValueOf(entry.Params()).Elem()
	var params []parameter
	for _, field := range reflect.VisibleFields(values.Type()) {
		doc := docs[values.Type().Name()+"."+field.Name]
		if doc == "" {
			return nil, fmt.Errorf("rule %s: field %s of %s has no doc comment", entry.ID, field.Name, values.Type())
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		preset, err := json.Marshal(values.FieldByIndex(field.Index).Interface())
		if err != nil {
			return nil, fmt.Errorf("rule %s: parameter %s: %w", entry.ID, name, err)
		}
		params = append(params, parameter{
			name: name, kind: typeName(field.Type), preset: presetText(string(preset)),
			doc: strings.Replace(doc, field.Name, name, 1),
		})
	}
	return params, nil
}

// typeName says in the words of YAML what a parameter takes.
func typeName(of reflect.Type) string {
	switch of.Kind() {
	case reflect.Pointer:
		return typeName(of.Elem())
	case reflect.Slice:
		return "list of " + typeName(of.Elem()) + "s"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "integer"
	}
	return of.Kind().String()
}

func presetText(preset string) string {
	switch preset {
	case `""`, "null", "[]":
		return "none"
	}
	return preset
}

func parameterTable(params []parameter) string {
	if len(params) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString("\n## Parameters\n\n| name | type | default | what it says |\n| --- | --- | --- | --- |\n")
	for _, p := range params {
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", p.name, p.kind, escape(p.preset), escape(p.doc))
	}
	return text.String()
}

// escape keeps Markdown from taking the text for its own.
var escape = strings.NewReplacer(`\`, `\\`, `|`, `\|`, `*`, `\*`, `_`, `\_`, `[`, `\[`).Replace
