// Package scripts runs data scripts once per database: it reads a folder of
// them, tells which are pending by trueup's own record, and makes statements of
// a plan out of these. It knows no dialect.
package scripts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
)

// Script is a file that is run once.
type Script struct {
	Name     string // its path below the folder, with slashes
	Checksum string // SHA-256 of its text; line ends do not matter
	// Before: it is run before the schema changes, else after that.
	Before bool
	// Alone: it is run outside of any transaction.
	Alone  bool
	source parser.Source
}

// header is the comment that has to be the first line:
//
//	-- trueup: before
//	-- trueup: after no-transaction
var header = regexp.MustCompile(`^--\s*trueup:\s*(.*?)\s*$`)

const headerHint = "-- trueup: before, or -- trueup: after, and no-transaction behind it for a script that cannot run in one"

// Load reads all *.sql files of a folder and the folders below it, in the order
// of their paths.
func Load(dir string) ([]Script, error) {
	sources, err := parser.Load([]string{dir}, strings.NewReader(""))
	if err != nil {
		return nil, err
	}
	var out []Script
	var errs []error
	for _, src := range sources {
		s, err := read(dir, src)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, s)
	}
	return out, errors.Join(errs...)
}

func read(dir string, src parser.Source) (Script, error) {
	name, err := filepath.Rel(dir, src.Name)
	if err != nil {
		return Script{}, err
	}
	s := Script{Name: filepath.ToSlash(name), source: src}
	if len(s.Name) > 255 || strings.ContainsAny(s.Name, `'\`) {
		return s, src.Errorf(0, "at most 255 bytes, without quotes and backslashes", "this name cannot be recorded")
	}
	sum := sha256.Sum256([]byte(strings.ReplaceAll(src.Text, "\r\n", "\n")))
	s.Checksum = hex.EncodeToString(sum[:])
	first, _, _ := strings.Cut(strings.TrimRight(src.Text, "\r\n")+"\n", "\n")
	m := header.FindStringSubmatch(strings.TrimSpace(first))
	if m == nil {
		return s, src.Errorf(0, headerHint, "the first line does not say when this script runs")
	}
	words := strings.Fields(m[1])
	s.Before, s.Alone = slices.Contains(words, "before"), slices.Contains(words, "no-transaction")
	for _, w := range words {
		if w != "before" && w != "after" && w != "no-transaction" {
			return s, src.Errorf(0, headerHint, "unknown word %q", w)
		}
	}
	if s.Before == slices.Contains(words, "after") {
		return s, src.Errorf(0, headerHint, "want one of before and after")
	}
	return s, nil
}
