package main

import (
	_ "embed"
	"html/template"
	"io"

	"greenlight.dev/greenlight/report"
	"greenlight.dev/greenlight/rules"
)

//go:embed report.html
var overviewPageText string

var overviewPage = template.Must(template.New("overview").Funcs(template.FuncMap{"url": rules.URL}).Parse(overviewPageText))

// overviewHTML prints a page that needs nothing else.
func overviewHTML(w io.Writer, o report.Overview) error { return overviewPage.Execute(w, o) }
