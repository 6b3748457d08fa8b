// Package filter narrows what is managed: rules on kind, schema and name that
// leave objects out of both sides of a comparison. It knows no dialect.
package filter

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Pattern matches objects: "users", "app.*", "view:report_*",
// "table:/^tmp_[0-9]+$/", "column:app.users.email", "column:users.email" (of a
// part, what stands before the name may be its table). A pattern in slashes is a
// regular expression on the name, or on the whole path if it contains an
// escaped dot; all others are globs in which * and ? stand for anything.
type Pattern struct {
	text, kind, schema, parent, name string
	expr                             *regexp.Regexp
}

// Parse reads a pattern.
func Parse(s string) (Pattern, error) {
	p := Pattern{text: s}
	rest := s
	if kind, after, ok := strings.Cut(rest, ":"); ok && !strings.HasPrefix(rest, "/") {
		p.kind, rest = strings.ToLower(strings.TrimSpace(kind)), after
	}
	rest = strings.TrimSpace(rest)
	if len(rest) > 1 && rest[0] == '/' && rest[len(rest)-1] == '/' {
		var err error
		if p.expr, err = regexp.Compile(rest[1 : len(rest)-1]); err != nil {
			return p, fmt.Errorf("pattern %q: %w", s, err)
		}
		return p, nil
	}
	switch parts := strings.Split(rest, "."); len(parts) {
	case 1:
		p.name = parts[0]
	case 2:
		p.schema, p.name = parts[0], parts[1]
	case 3:
		p.schema, p.parent, p.name = parts[0], parts[1], parts[2]
	default:
		return p, fmt.Errorf("pattern %q: want name, schema.name, or schema.table.name", s)
	}
	for _, glob := range []string{p.kind, p.schema, p.parent, p.name} {
		if _, err := path.Match(glob, ""); err != nil {
			return p, fmt.Errorf("pattern %q: %w", s, err)
		}
	}
	if p.name == "" {
		return p, fmt.Errorf("pattern %q names nothing", s)
	}
	return p, nil
}

func (p Pattern) String() string { return p.text }

// Kind is the kind of object that it is about, perhaps with * and ?; empty for
// all kinds.
func (p Pattern) Kind() string { return p.kind }

// Match tells whether the pattern is about this object.
func (p Pattern) Match(id schema.ID) bool {
	if p.kind != "" && !glob(p.kind, string(id.Kind)) {
		return false
	}
	if p.expr != nil {
		return p.expr.MatchString(id.Name) || strings.Contains(p.expr.String(), `\.`) && p.expr.MatchString(id.Path())
	}
	in := p.schema == "" || glob(p.schema, id.Schema) || p.parent == "" && id.Parent != "" && glob(p.schema, id.Parent)
	return in && (p.parent == "" || glob(p.parent, id.Parent)) && glob(p.name, id.Name)
}

// Finds tells whether the pattern is about an object of the catalog.
func (p Pattern) Finds(c *schema.Catalog) bool {
	for o := range c.All() {
		if p.Match(o.ID()) {
			return true
		}
	}
	return false
}

// glob matches with slashes being nothing special.
func glob(pattern, s string) bool {
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(s, "/", "\x00"))
	return err == nil && ok
}

// Filter says what is managed: what Include matches (everything, if it is
// empty), but for what Exclude matches. Parts share the fate of their whole; a
// pattern with the kind of a part ("index:tmp_*") is about that part.
type Filter struct {
	Include, Exclude []Pattern
}

// Empty tells whether everything is managed.
func (f Filter) Empty() bool { return len(f.Include)+len(f.Exclude) == 0 }

// NeededError: something that is managed needs something that is filtered out
// and is not in the database.
type NeededError struct {
	Object, Needs schema.ID
	Pos           schema.Pos
}

func (e *NeededError) Error() string {
	at := ""
	if !e.Pos.IsZero() {
		at = e.Pos.String() + ": "
	}
	return fmt.Sprintf("%s%s needs %s, which is filtered out and not in the database\n  hint: manage both, or neither", at, e.Object, e.Needs)
}

// Apply takes out of both catalogs what is not managed.
func (f Filter) Apply(current, desired *schema.Catalog) error {
	if f.Empty() {
		return nil
	}
	return leave(current, desired, f.managed)
}

// leave takes out of both catalogs what is not managed.
func leave(current, desired *schema.Catalog, managed func(*schema.Catalog, schema.Object) bool) error {
	live := current.Clone()
	narrow(current, managed)
	gone := narrow(desired, managed)
	for o := range desired.All() {
		if have := current.Object(o.ID()); have != nil && schema.Equal(have, o) {
			continue
		}
		for _, id := range schema.Needs(o) {
			if gone[id] && !live.Has(id) {
				return &NeededError{o.ID(), id, desired.Origin[o.ID()]}
			}
		}
	}
	return nil
}

// narrow removes what is not managed, and returns it.
func narrow(c *schema.Catalog, managed func(*schema.Catalog, schema.Object) bool) map[schema.ID]bool {
	gone := map[schema.ID]bool{}
	var out []schema.ID
	for o := range c.All() {
		if !managed(c, o) {
			gone[o.ID()] = true
			out = append(out, o.ID())
		}
	}
	for _, id := range out {
		c.Remove(id)
	}
	return gone
}

func (f Filter) managed(c *schema.Catalog, o schema.Object) bool {
	chain := chain(c, o)
	for _, p := range f.Exclude {
		for _, id := range chain {
			if p.Match(id) && (p.kind != "" || id == chain[len(chain)-1]) {
				return false
			}
		}
	}
	if len(f.Include) == 0 {
		return true
	}
	for _, p := range f.Include {
		if p.Match(chain[len(chain)-1]) {
			return true
		}
	}
	return false
}
