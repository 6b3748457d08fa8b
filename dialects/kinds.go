package dialects

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
	"github.com/trueup-sql/trueup/schema/my"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Kinds are the kinds of objects of all dialects, sorted.
func Kinds() []schema.Kind {
	out := slices.Concat(pg.Kinds[:], my.Kinds[:], lite.Kinds[:])
	slices.Sort(out)
	return slices.Compact(out)
}

// KnownKind is an error for a word, or a glob, that is no kind of any dialect:
// one that is misspelt would silently match nothing.
func KnownKind(word string) error {
	near, best := "", 3
	for _, k := range Kinds() {
		if ok, err := path.Match(word, string(k)); ok && err == nil {
			return nil
		}
		if d := parser.Distance(strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(word)), string(k)); d < best {
			near, best = string(k), d
		}
	}
	if near != "" {
		return fmt.Errorf("there is no kind of object %q, did you mean %q?", word, near)
	}
	words := make([]string, len(Kinds()))
	for i, k := range Kinds() {
		words[i] = string(k)
	}
	return fmt.Errorf("there is no kind of object %q\n  hint: there are %s", word, strings.Join(words, ", "))
}
