package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/schema/filter"
)

// What MySQL's ALTER TABLE takes.
var (
	Algorithms = []string{"DEFAULT", "INSTANT", "INPLACE", "COPY", "NOCOPY"}
	Locks      = []string{"DEFAULT", "NONE", "SHARED", "EXCLUSIVE"}
)

// Pattern reads a pattern, whose kind has to be one that some dialect has.
func Pattern(text string) (filter.Pattern, error) {
	p, err := filter.Parse(text)
	if err == nil && p.Kind() != "" {
		if kind := dialects.KnownKind(p.Kind()); kind != nil {
			err = fmt.Errorf("pattern %q: %w", text, kind)
		}
	}
	return p, err
}

// Kinds finds the first word that is no kind of object.
func Kinds(words []string) error {
	for _, w := range words {
		if err := dialects.KnownKind(w); err != nil {
			return err
		}
	}
	return nil
}

// AlterWord takes one of the words, in any letter case, or none.
func AlterWord(what, word string, words []string) error {
	if word == "" || slices.Contains(words, strings.ToUpper(word)) {
		return nil
	}
	return fmt.Errorf("%s: want one of %s, not %q", what, strings.Join(words, ", "), word)
}
