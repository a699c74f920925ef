package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"greenlight.dev/greenlight/internal/check"
	"greenlight.dev/greenlight/internal/render"
)

// output is a format and where it is written.
type output struct {
	format render.Format
	// path is a file: empty for standard output.
	path   string
	stdout io.Writer
}

func (f *checkFlags) parseOutputs(stdout io.Writer) ([]output, error) {
	color, err := f.colored(stdout)
	if err != nil {
		return nil, err
	}
	var outputs []output
	toStdout := 0
	for _, written := range f.outputs {
		name, path, _ := strings.Cut(written, "=")
		format, err := render.Find(name)
		if err != nil {
			return nil, fmt.Errorf("--output: %w", err)
		}
		if path == "" {
			toStdout++
		}
		if path == "" && name == "text" && color {
			format.Write = render.ColoredText
		}
		outputs = append(outputs, output{format, path, stdout})
	}
	if toStdout > 1 {
		return nil, fmt.Errorf("--output: %d formats go to standard output: give all but one a file, as in json=findings.json", toStdout)
	}
	return outputs, nil
}

func (f *checkFlags) colored(stdout io.Writer) (bool, error) {
	when, err := oneOf("--color", f.color, "auto", "always", "never")
	file, isFile := stdout.(*os.File)
	return when == "always" || when == "auto" && os.Getenv("NO_COLOR") == "" && isFile && term.IsTerminal(int(file.Fd())), err
}

func (o output) write(result *check.Result) error {
	if o.path == "" {
		return o.format.Write(o.stdout, result)
	}
	file, err := os.Create(o.path)
	if err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	if err := o.format.Write(file, result); err != nil {
		_ = file.Close() // The first error is the one to tell.
		return fmt.Errorf("writing %s: %w", o.path, err)
	}
	return file.Close()
}

func formatNames() string {
	var names []string
	for _, format := range render.Formats {
		names = append(names, format.Name)
	}
	return strings.Join(names, ", ")
}
