package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"

	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/pull"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

type pullCommand struct {
	targetFlags
	scopeFlags
	Files    []string `arg:"" optional:"" name:"src" help:"The files to edit: a file, folder or glob of SQL."`
	Manage   []string `enum:"privileges,owners" placeholder:"WHAT" help:"Make the files the whole truth on privileges or owners, also where they name none."`
	ReadOnly bool     `help:"Create no temporary objects for comparing expressions."`
	DryRun   bool     `help:"Show what would change, as a unified diff, and write nothing."`
}

// Run edits the files so that they describe the database.
func (c *pullCommand) Run(ctx context.Context, s streams) (err error) {
	if url := os.Getenv("DATABASE_URL"); len(c.Files) == 0 && url != "" && c.Target != url { // pull DIR
		c.Files, c.Target = []string{c.Target}, url
	}
	if err := configure(&c.targetFlags, &c.scopeFlags, &c.Files, nil); err != nil {
		return err
	}
	if c.Target == "" {
		return errNoTarget
	}
	sources, err := c.sources()
	if err != nil {
		return err
	}
	adjust, remarks, err := c.adjust()
	if err != nil {
		return err
	}
	side, err := dialects.OpenOne(ctx, c.Target, "", s.in, dialect.Options{Schemas: c.Schema, Manage: c.Manage, ReadOnly: c.ReadOnly, CommentTags: c.CommentTags})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, side.Close()) }()
	live, err := side.Catalog(ctx, side.From)
	if err != nil {
		return err
	}
	files, err := pull.Run(ctx, pull.Request{Dialect: side.Dialect.Name(), Bound: side.Bound, Server: side.Server(), Live: live, Sources: sources,
		Policy: dialect.Policy{Adjust: adjust}, Place: c.place(sources)})
	if err != nil {
		return err
	}
	remarks(s)
	if c.DryRun {
		for _, f := range files {
			from, to := "a/"+f.Name, "b/"+f.Name
			if f.New {
				from = os.DevNull
			}
			fmt.Fprint(s.out, udiff.Unified(from, to, f.Before, f.After))
		}
		return nil
	}
	if err := writeFiles(files, len(sources) > 1); err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(s.err, "changed:", f.Name)
	}
	return nil
}

// sources are the files to edit.
func (c *pullCommand) sources() ([]parser.Source, error) {
	if len(c.Files) == 0 {
		return nil, errors.New("no files to edit\n  hint: trueup pull TARGET DIR")
	}
	for _, f := range c.Files {
		if f == "-" {
			return nil, errors.New("standard input cannot be edited in place\n  hint: trueup pull TARGET FILE")
		}
	}
	sources, err := parser.Load(c.Files, nil)
	for _, src := range sources {
		if snapshot.Is(src.Text) {
			return nil, fmt.Errorf("%s is a snapshot, which is not edited\n  hint: trueup snapshot TARGET -o %s takes a new one", src.Name, src.Name)
		}
	}
	return sources, err
}

// place names files as export does, below the folder that was given.
func (c *pullCommand) place(sources []parser.Source) func(schema.ID) string {
	if len(c.Files) != 1 {
		return nil
	}
	if info, err := os.Stat(c.Files[0]); err != nil || !info.IsDir() {
		return nil
	}
	taken := map[string]string{}
	return func(id schema.ID) string { return filepath.Join(c.Files[0], fileOf(id, taken)) }
}

const byteOrderMark = "\ufeff"

// writeFiles replaces files as one: nothing is renamed into its place before
// all of them are written.
func writeFiles(files []pull.File, removing bool) (err error) {
	type replacement struct{ temp, path string }
	var ready []replacement
	defer func() {
		for _, r := range ready {
			if err != nil {
				_ = os.Remove(r.temp) // what could be renamed is gone from there
			}
		}
	}()
	var gone []string
	for _, f := range files {
		path, mode, mark, err := target(f)
		if err != nil {
			return err
		}
		if f.Emptied && removing && !f.New {
			gone = append(gone, path)
			continue
		}
		temp, err := os.CreateTemp(filepath.Dir(path), ".trueup-*")
		if err != nil {
			return err
		}
		ready = append(ready, replacement{temp.Name(), path})
		_, err = temp.WriteString(mark + f.After)
		if err := errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close()); err != nil {
			return err
		}
	}
	for _, r := range ready {
		if err := os.Rename(r.temp, r.path); err != nil {
			return err
		}
	}
	for _, path := range gone {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// target finds the file behind a name, through symbolic links, and checks that
// it is still as it was read.
func target(f pull.File) (path string, mode fs.FileMode, mark string, err error) {
	if f.New {
		return f.Name, 0o644, "", os.MkdirAll(filepath.Dir(f.Name), 0o755)
	}
	if path, err = filepath.EvalSymlinks(f.Name); err != nil {
		return "", 0, "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, "", err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", 0, "", err
	}
	if text, ok := bytes.CutPrefix(b, []byte(byteOrderMark)); ok {
		b, mark = text, byteOrderMark
	}
	if string(b) != f.Before {
		return "", 0, "", fmt.Errorf("%s was changed meanwhile; nothing was written", f.Name)
	}
	return path, info.Mode().Perm(), mark, nil
}
