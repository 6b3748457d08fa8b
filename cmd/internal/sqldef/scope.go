package sqldef

import (
	"regexp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// scope is what flags and configuration say about what is managed.
type scope struct {
	config                                 *config
	skipView, skipExtension, skipPartition bool
	enableDrop                             bool
	targetTables, skipTables, skipViews    []*regexp.Regexp
	schemas                                []string
	entries                                map[schema.Kind][]rule
}

type rule struct {
	entry
	target *regexp.Regexp // nil: everything
}

func newScope(c *config) *scope {
	s := &scope{config: c, enableDrop: is(c.EnableDrop), schemas: patterns(c.TargetSchema),
		targetTables: compiled(c.TargetTables), skipTables: compiled(c.SkipTables), skipViews: compiled(c.SkipViews)}
	if c.Manage == nil {
		return s
	}
	s.entries = map[schema.Kind][]rule{}
	for section, entries := range c.Manage.Kinds {
		for _, kind := range managedKinds[section] {
			for _, e := range entries {
				r := rule{entry: e}
				if e.Target != "" {
					p := e.Target
					if c.Manage.DefaultSchema != "" && !strings.Contains(p, `\.`) && section != "schema" && section != "extension" {
						p = regexp.QuoteMeta(c.Manage.DefaultSchema) + `\.` + p
					}
					r.target, _ = anchored(p) // was checked
				}
				s.entries[schema.Kind(kind)] = append(s.entries[schema.Kind(kind)], r)
			}
		}
	}
	return s
}

func compiled(list *string) (out []*regexp.Regexp) {
	for _, p := range patterns(list) {
		re, _ := anchored(p) // was checked
		out = append(out, re)
	}
	return out
}

// matches takes a name alone, or with its schema.
func matches(list []*regexp.Regexp, id schema.ID) bool {
	return slices.ContainsFunc(list, func(re *regexp.Regexp) bool { return re.MatchString(id.Name) || re.MatchString(id.Path()) })
}

// rule finds the entry for an object of a managed kind.
func (s *scope) rule(id schema.ID) (rule, bool) {
	for _, r := range s.entries[id.Kind] {
		if r.target == nil || r.target.MatchString(id.Path()) || !strings.Contains(r.target.String(), `\.`) && r.target.MatchString(id.Name) {
			return r, true
		}
	}
	return rule{}, false
}

// managed tells whether an object is, by itself.
func (s *scope) managed(o schema.Object) bool {
	id := o.ID()
	switch x := o.(type) {
	case *pg.Privilege:
		return slices.Contains(s.config.ManagedRoles, x.Grantee) || x.Public && slices.ContainsFunc(s.config.ManagedRoles, func(r string) bool { return strings.EqualFold(r, "public") })
	case *pg.Ownership, *pg.DefaultPrivilege:
		return false
	case *pg.Table:
		if s.skipPartition && !x.PartitionOf.IsZero() {
			return false
		}
	}
	if s.entries != nil && (o.Owner().IsZero() || s.entries[id.Kind] != nil) {
		_, ok := s.rule(id)
		return ok || id.Kind == pg.KindSchema
	}
	switch id.Kind {
	case "table":
		return (len(s.targetTables) == 0 || matches(s.targetTables, id)) && !matches(s.skipTables, id)
	case "view", "materialized view":
		return !s.skipView && !matches(s.skipViews, id)
	case "extension":
		return !s.skipExtension
	}
	return true
}

// adjust takes out of both sides what is not managed, with its parts.
func (s *scope) adjust(current, desired *schema.Catalog) error {
	for _, c := range []*schema.Catalog{current, desired} {
		var out []schema.ID
		for o := range c.All() {
			for up, n := o, 0; up != nil && n < 10; up, n = c.Object(up.Owner()), n+1 {
				if !s.managed(up) {
					out = append(out, o.ID())
					break
				}
			}
		}
		for _, id := range out {
			c.Remove(id)
		}
	}
	return nil
}

// allow says which objects may be dropped.
func (s *scope) allow(o schema.Object) bool {
	if s.entries == nil {
		return s.enableDrop
	}
	id, owner := o.ID(), o.Owner()
	if r, ok := s.rule(id); ok {
		return r.Drop
	}
	r, ok := s.rule(owner)
	if !ok {
		return s.enableDrop
	}
	switch {
	case id.Kind == "column" && r.DropColumn != nil:
		return *r.DropColumn
	case (id.Kind == "constraint" || id.Kind == "foreign key" || id.Kind == "check") && r.DropConstraint != nil:
		return *r.DropConstraint
	}
	return r.Drop
}
