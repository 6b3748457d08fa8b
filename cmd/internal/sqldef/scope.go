package sqldef

import (
	"maps"
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
	// rules are those of the sections of manage, by kind; a kind without an
	// entry is not controlled by them.
	rules map[schema.Kind][]rule
	// kept are privileges that would be revoked if that were allowed.
	kept []revocation
	// unmanaged counts privileges of the files that nobody asked to manage.
	unmanaged int
}

type rule struct {
	entry
	target *regexp.Regexp // nil: everything
	table  *regexp.Regexp // of a trigger or policy; nil: any
}

func newScope(c *config) *scope {
	s := &scope{config: c, enableDrop: is(c.EnableDrop), schemas: patterns(c.TargetSchema), rules: map[schema.Kind][]rule{},
		targetTables: compiled(c.TargetTables), skipTables: compiled(c.SkipTables), skipViews: compiled(c.SkipViews)}
	if c.Manage == nil {
		return s
	}
	for _, name := range slices.Sorted(maps.Keys(c.Manage.Sections)) { // domain before type, which has domains, too
		entries := c.Manage.Sections[name]
		about := sections[name]
		if len(entries) == 0 {
			entries = []entry{{}}
		}
		for _, kind := range about.kinds {
			for _, e := range entries {
				s.rules[schema.Kind(kind)] = append(s.rules[schema.Kind(kind)], newRule(e, about.qualified, c.Manage.DefaultSchema))
			}
		}
	}
	return s
}

// newRule: a pattern without an escaped dot is about names of the default schema.
func newRule(e entry, qualified bool, defaultSchema string) rule {
	r := rule{entry: e}
	if e.Table != "" {
		r.table, _ = anchored(e.Table) // was checked
	}
	if e.Schema != "" {
		target := e.Target
		if target == "" {
			target = ".*"
		}
		r.target, _ = anchored("(?:" + e.Schema + `)\.(?:` + target + ")") // was checked
		return r
	}
	if e.Target == "" {
		return r
	}
	p := "(?:" + e.Target + ")"
	if qualified && !strings.Contains(e.Target, `\.`) {
		if defaultSchema == "" {
			defaultSchema = "public"
		}
		p = "(?:" + regexp.QuoteMeta(defaultSchema) + `\.)?` + p
	}
	r.target, _ = anchored(p) // was checked
	return r
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

// rule finds the entry for an object; controlled tells whether there is a
// section about its kind at all.
func (s *scope) rule(id schema.ID) (_ rule, found, controlled bool) {
	id.Args = "" // patterns are about names
	table := id.Parent
	id.Parent = "" // a trigger's name goes without its table's
	return s.first(id.Kind, id.Path(), table)
}

func (s *scope) first(kind schema.Kind, name, table string) (_ rule, found, controlled bool) {
	list, controlled := s.rules[kind]
	for _, r := range list {
		if (r.target == nil || r.target.MatchString(name)) && (r.table == nil || r.table.MatchString(table)) {
			return r, true, true
		}
	}
	return rule{}, false, controlled
}

// managed tells whether an object is, by itself. Catalog c holds it, desired is
// the files' side.
func (s *scope) managed(o schema.Object, c, desired *schema.Catalog) bool {
	id := o.ID()
	switch x := o.(type) {
	case *pg.Privilege:
		return s.managedGrantee(x)
	case *pg.Ownership:
		d, ok := schema.Lookup[*pg.Ownership](desired, id)
		return ok && s.managedOwner(d.Role)
	case *pg.DefaultPrivilege:
		return false
	case *pg.Sequence:
		if c.Has(schema.ID{Kind: pg.KindSequenceOwner, Schema: id.Schema, Name: id.Name}) {
			return true // a part of its column
		}
	case *pg.Table:
		if !x.PartitionOf.IsZero() && !s.partitions(x.PartitionOf) {
			return false
		}
	}
	if id.Kind == "partitioning" && !s.partitions(o.Owner()) {
		return false
	}
	if _, found, controlled := s.rule(id); controlled {
		return found
	}
	switch id.Kind {
	case "table", "virtual table":
		return (len(s.targetTables) == 0 || matches(s.targetTables, id)) && !matches(s.skipTables, id)
	case "view", "materialized view":
		return !s.skipView && !matches(s.skipViews, id)
	case "extension":
		return !s.skipExtension
	}
	return true
}

// partitions tells whether the partitions of a table are managed.
func (s *scope) partitions(table schema.ID) bool {
	r, _, _ := s.rule(table)
	return !s.skipPartition && (r.Partition == nil || *r.Partition)
}

// managedGrantee: by the section privilege if there is one, else by managed_roles.
func (s *scope) managedGrantee(p *pg.Privilege) bool {
	if _, found, controlled := s.first("privilege", role(p), ""); controlled {
		return found
	}
	return slices.ContainsFunc(s.config.ManagedRoles, func(r string) bool {
		return !p.Public && r == p.Grantee || p.Public && strings.EqualFold(r, "public")
	})
}

func role(p *pg.Privilege) string {
	if p.Public {
		return "PUBLIC"
	}
	return p.Grantee
}

// managedOwner: by the sections owner or privilege if there is one, else by
// managed_roles. An owner that the files do not name is nobody's business.
func (s *scope) managedOwner(name string) bool {
	for _, kind := range []schema.Kind{"owner", "privilege"} {
		if _, found, controlled := s.first(kind, name, ""); controlled {
			return found
		}
	}
	return slices.Contains(s.config.ManagedRoles, name)
}

// adjust takes out of both sides what is not managed, with its parts, and keeps
// privileges that may not be revoked.
func (s *scope) adjust(current, desired *schema.Catalog) error {
	s.kept, s.unmanaged = nil, 0
	was := desired.Clone() // what the files say of owners counts for both sides
	for _, c := range []*schema.Catalog{current, desired} {
		var out []schema.ID
		for o := range c.All() {
			for up, n := o, 0; up != nil && n < 10; up, n = c.Object(up.Owner()), n+1 {
				if s.managed(up, c, was) {
					continue
				}
				out = append(out, o.ID())
				if _, grant := o.(*pg.Privilege); grant && up == o && c == desired && !current.Has(o.ID()) {
					s.unmanaged++
				}
				break
			}
		}
		for _, id := range out {
			c.Remove(id)
		}
	}
	s.keepPrivileges(current, desired)
	return nil
}

// allow says which objects may be dropped.
func (s *scope) allow(o schema.Object) bool {
	id, owner := o.ID(), o.Owner()
	if r, found, _ := s.rule(id); found {
		return r.Drop
	}
	r, found, _ := s.rule(owner)
	if !found {
		return s.enableDrop
	}
	switch {
	case (id.Kind == "column" || id.Kind == "generated column") && r.DropColumn != nil:
		return *r.DropColumn
	case (id.Kind == "constraint" || id.Kind == "foreign key" || id.Kind == "check") && r.DropConstraint != nil:
		return *r.DropConstraint
	case id.Kind == "index" && r.DropIndex != nil:
		return *r.DropIndex
	}
	return r.Drop
}
