package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// reportFlags say in which formats a report goes where.
type reportFlags struct {
	Format []string `enum:"text,json,markdown,html,sarif,junit" placeholder:"NAME" help:"Formats of the report: text, json, markdown, html, sarif, junit (repeatable). Default: text."`
	Output []string `short:"o" placeholder:"FILE" help:"Write the report to this file (repeatable); in the --format at the same place if there are as many, or else by its extension (.json .md .html .sarif .xml .txt). Formats that no file takes go to stdout."`

	outputs []reportOutput
}

// reportOutput is one rendering; no file means stdout.
type reportOutput struct{ format, file string }

var byExtension = map[string]string{".json": "json", ".md": "markdown", ".html": "html", ".sarif": "sarif", ".xml": "junit", ".txt": "text"}

// pair finds the format of each file, and what goes to stdout.
func (f *reportFlags) pair() error {
	f.outputs = nil
	if len(f.Format) == len(f.Output) {
		for i, file := range f.Output {
			f.outputs = append(f.outputs, reportOutput{f.Format[i], file})
		}
	} else if err := f.pairByExtension(); err != nil {
		return err
	}
	if len(f.outputs) == 0 {
		f.outputs = []reportOutput{{format: "text"}}
	}
	return nil
}

func (f *reportFlags) pairByExtension() error {
	left := slices.Clone(f.Format)
	for _, file := range f.Output {
		format := byExtension[filepath.Ext(file)]
		if file == "-" {
			format = "text"
		}
		if format == "" {
			return fmt.Errorf("%s: no format by this extension\n  hint: one --format for each -o, or one of .json .md .html .sarif .xml .txt", file)
		}
		if i := slices.Index(left, format); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else if len(f.Format) > 0 {
			return fmt.Errorf("%s would be %s, and that is not among the formats\n  hint: one --format for each -o, or none at all", file, format)
		}
		f.outputs = append(f.outputs, reportOutput{format, file})
	}
	for _, format := range left {
		f.outputs = append(f.outputs, reportOutput{format: format})
	}
	return nil
}

// write renders in all formats, and writes files only once all is rendered.
func (f *reportFlags) write(s streams, render func(format string, w io.Writer) error) error {
	texts := make([]bytes.Buffer, len(f.outputs))
	for i, o := range f.outputs {
		if err := render(o.format, &texts[i]); err != nil {
			return err
		}
	}
	for i, o := range f.outputs {
		var err error
		if o.file == "" || o.file == "-" {
			_, err = s.out.Write(texts[i].Bytes())
		} else {
			err = os.WriteFile(o.file, texts[i].Bytes(), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
