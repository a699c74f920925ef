package check

import (
	"fmt"

	"greenlight.dev/greenlight/api/v1alpha1"
)

// Result is all there is to say of the manifests. Every list is sorted by file, line and rule.
type Result struct {
	// Files are all that were read.
	Files    []string
	Findings []Finding
	// Skipped are the rules that could be neither passed nor failed.
	Skipped []Skipped
	// Exempted are the findings that an exemption of the policy or an annotation lifts.
	Exempted []Exempted
	// Errors are what kept something from being read or judged.
	Errors  []Error
	Summary Summary
	// Sources are the files with findings, by their names, as they were read.
	Sources map[string][]byte
}

// Place is a place in a file. Line and Column are counted from 1, and 0 where they are not known.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Object is the object that is judged.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

// Finding is what a rule found, and where.
type Finding struct {
	// Policy is the name of the policy that governs the object.
	Policy string        `json:"-"`
	Rule   string        `json:"rule"`
	Mode   v1alpha1.Mode `json:"mode"`
	Object Object        `json:"object"`
	Place
	// Path is the field at fault, as field.Path prints it.
	Path    string `json:"path"`
	Message string `json:"message"`
	Fix     string `json:"fix"`
	// URL is the page of the rule.
	URL string `json:"url"`
}

// Skipped is a rule that was not evaluated for an object, and why.
type Skipped struct {
	// Policy is the name of the policy that governs the object.
	Policy string `json:"-"`
	Rule   string `json:"rule"`
	Object Object `json:"object"`
	Reason string `json:"reason"`
	// Place is where the object begins.
	Place `json:"-"`
}

// Exempted is a finding that leads to nothing.
type Exempted struct {
	Finding
	// By says what lifts it, and why.
	By string
}

// Error is what kept something from being read or judged.
type Error struct {
	Place
	Message string
}

// Summary counts.
type Summary struct {
	Files int `json:"files"`
	// Objects counts those of every kind.
	Objects int `json:"objects"`
	// NotApplicable counts the objects of a kind that no rule looks at.
	NotApplicable int `json:"notApplicable"`
	Deny          int `json:"deny"`
	Warn          int `json:"warn"`
	Audit         int `json:"audit"`
	Skipped       int `json:"skipped"`
	Exempted      int `json:"exempted"`
	Errors        int `json:"errors"`
}

// String tells the error with as much of its place as is known.
func (e Error) String() string {
	switch {
	case e.File == "":
		return e.Message
	case e.Line == 0:
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}
