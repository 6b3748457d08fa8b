// Package parser loads the text that desired states are written in: files,
// folders, globs and standard input. It knows positions, and directives in
// comments; it knows no dialect's grammar.
package parser

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Source is one text with the name under which errors speak of it.
type Source struct {
	Name string
	Text string
	// Tags are those that its comments may begin with (@reviewed) besides
	// directives and documentation; * stands for anything.
	Tags []string
}

// Pos turns a byte offset into a place.
func (s Source) Pos(offset int) schema.Pos {
	offset = max(0, min(offset, len(s.Text)))
	before := s.Text[:offset]
	line := strings.Count(before, "\n")
	return schema.Pos{File: s.Name, Line: line + 1, Col: offset - strings.LastIndexByte(before, '\n')}
}

// Error is a mistake in a source.
type Error struct {
	Pos     schema.Pos
	Message string
	Hint    string
}

func (e *Error) Error() string {
	s := e.Message
	if !e.Pos.IsZero() {
		s = e.Pos.String() + ": " + s
	}
	if e.Hint != "" {
		s += "\n  hint: " + e.Hint
	}
	return s
}

// Errorf makes an [*Error] at an offset of the source.
func (s Source) Errorf(offset int, hint, format string, args ...any) *Error {
	return &Error{Pos: s.Pos(offset), Message: fmt.Sprintf(format, args...), Hint: hint}
}

// Load reads sources: a file, a folder (all *.sql files below it, by path), a
// glob, or "-" for stdin. No name at all means stdin. A name that matches
// nothing is an error, and so is a stdin without a word in it: that is what a
// pipe is like whose first command has failed, and nobody wants its database
// emptied for that.
func Load(names []string, stdin io.Reader) ([]Source, error) {
	if len(names) == 0 {
		names = []string{"-"}
	}
	var out []Source
	seen := map[string]bool{}
	for _, name := range names {
		if name == "-" {
			b, err := io.ReadAll(stdin)
			if err != nil {
				return nil, fmt.Errorf("reading standard input: %w", err)
			}
			src, err := newSource("<stdin>", b)
			if err != nil {
				return nil, err
			}
			if strings.TrimSpace(src.Text) == "" {
				return nil, &Error{Message: "standard input is empty", Hint: "did the command before the pipe fail? If the schema is to be empty, say so with -f /dev/null"}
			}
			out = append(out, src)
			continue
		}
		files, err := expand(name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if seen[f] {
				continue
			}
			seen[f] = true
			b, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			src, err := newSource(f, b)
			if err != nil {
				return nil, err
			}
			out = append(out, src)
		}
	}
	return out, nil
}

// newSource drops a byte order mark, and keeps everything else as it is. What
// is no text in an encoding that extends ASCII (a PowerShell's > writes UTF-16)
// is an error.
func newSource(name string, b []byte) (Source, error) {
	s := Source{Name: name, Text: strings.TrimPrefix(string(b), "\ufeff")}
	if at := strings.IndexByte(s.Text, 0); at >= 0 {
		return s, s.Errorf(at, "it has to be UTF-8; for UTF-16: iconv -f UTF-16 -t UTF-8", "a zero byte: this is no SQL text")
	}
	return s, nil
}

func expand(name string) ([]string, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.IsDir():
		return []string{name}, nil
	case err == nil:
		return below(name)
	}
	files, globErr := filepath.Glob(name)
	if globErr != nil {
		return nil, fmt.Errorf("%s: %w", name, globErr)
	}
	if len(files) == 0 {
		return nil, err // the file system's own words
	}
	slices.Sort(files)
	var out []string
	for _, f := range files {
		more, err := expand(f)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// below lists the .sql files of a folder and its subfolders. Hidden ones are
// left out: in a volume of Kubernetes, all files are there a second time in a
// hidden folder, and editors keep their drafts so.
func below(dir string) ([]string, error) {
	var out []string
	root := filepath.Clean(dir)
	if info, err := os.Lstat(root); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		root += string(filepath.Separator) // a link is followed if it was named
	}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != root && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if e.Type()&fs.ModeSymlink != 0 {
			if info, err := os.Stat(p); err == nil && info.IsDir() {
				return fmt.Errorf("%s: a link to a folder is not followed inside of a folder\n  hint: name it with an -f of its own", p)
			}
		}
		if !e.IsDir() && strings.EqualFold(filepath.Ext(p), ".sql") {
			out = append(out, p)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		return nil, fmt.Errorf("%s: no .sql file in this folder", dir)
	}
	slices.Sort(out)
	return out, err
}
