package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// manifest lists the files that an export wrote, so that the next one can
// remove those of objects that are gone, and nothing else.
const manifest = ".trueup-export"

// last sorts a folder behind the others.
const last = "zz_"

// splitExport writes one file for each object that stands alone, in a folder
// for its kind. The order of files matters to trueup only where statements bear
// on what comes behind them.
func splitExport(dir, name string, b dialect.Bound, c *schema.Catalog) error {
	define := dialect.NewDefiner(name, b)
	files := map[string][]byte{}
	names := map[string]string{} // the file that has a name, in lower case
	var order []string
	for o := range c.All() {
		if !o.Owner().IsZero() && c.Has(o.Owner()) {
			continue
		}
		statements, err := define(c, o.ID(), nil)
		if err != nil {
			return fmt.Errorf("%s: %w", o.ID(), err)
		}
		if len(statements) == 0 { // nothing to create: a schema that is always there
			continue
		}
		var text bytes.Buffer
		if err := ui.Export(&text, &planner.Plan{Statements: statements}); err != nil {
			return err
		}
		sql := text.Bytes()
		file := fileOf(o.ID(), names)
		if t, ok := b.(dialect.Trailer); ok && t.Trails(o.ID().Kind) {
			file = last + file
		}
		if overload, ok := files[file]; ok {
			files[file] = append(append(overload, '\n'), sql...)
			continue
		}
		files[file] = sql
		order = append(order, file)
	}
	slices.Sort(order)
	before, err := readManifest(dir)
	if err != nil {
		return err
	}
	for _, f := range order {
		path := filepath.Join(dir, f)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, files[f]) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[f], 0o644); err != nil {
			return err
		}
	}
	for _, f := range before {
		if _, still := files[f]; !still {
			if err := os.Remove(filepath.Join(dir, f)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, manifest), []byte(strings.Join(order, "\n")+"\n"), 0o644)
}

func readManifest(dir string) ([]string, error) {
	b, err := os.ReadFile(filepath.Join(dir, manifest))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, f := range strings.Fields(strings.ReplaceAll(string(b), " ", "\x00")) {
		if f = strings.ReplaceAll(f, "\x00", " "); filepath.IsLocal(f) {
			out = append(out, f)
		}
	}
	return out, err
}

// fileOf names the file of an object; overloads of a routine share one, and
// names that differ only in letter case do not.
func fileOf(id schema.ID, taken map[string]string) string {
	folder := strings.ReplaceAll(string(id.Kind), " ", "_")
	switch {
	case strings.HasSuffix(folder, "s"), strings.HasSuffix(folder, "x"):
		folder += "es"
	case strings.HasSuffix(folder, "y"):
		folder = strings.TrimSuffix(folder, "y") + "ies"
	default:
		folder += "s"
	}
	base := id.Name
	if id.Schema != "" {
		base = id.Schema + "." + id.Name
	}
	base = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, base)
	file := filepath.Join(folder, base+".sql")
	for n := 2; ; n++ {
		if have, ok := taken[strings.ToLower(file)]; !ok || have == file {
			taken[strings.ToLower(file)] = file
			return file
		}
		file = filepath.Join(folder, fmt.Sprintf("%s~%d.sql", base, n))
	}
}
