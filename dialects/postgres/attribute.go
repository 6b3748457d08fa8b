package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type commentKind struct{}

func (commentKind) Create(c *pg.Comment, e *emitter) { setComment(c, literal(c.Text), e) }

func (commentKind) Drop(c *pg.Comment, e *emitter) {
	switch {
	case c.Target == pg.SchemaID(publicSchema):
		setComment(c, literal(standardPublicComment), e) // as a new database has it
	case !e.goes(c.Target):
		setComment(c, "NULL", e)
	}
}

func (commentKind) Alter(old, new *pg.Comment, e *emitter) {
	if changed(&old.Text, new.Text) {
		setComment(new, literal(new.Text), e)
	}
	old.Relation = new.Relation
}

func setComment(c *pg.Comment, text string, e *emitter) {
	e.emit(sql("COMMENT ON", commandWord(c.Target.Kind), e.address(c.Target), "IS", text))
}

type ownershipKind struct{}

func (ownershipKind) Create(o *pg.Ownership, e *emitter) { e.setOwner(o.Target, ident(o.Role)) }

// Drop gives the object to the role that works on the target.
func (ownershipKind) Drop(o *pg.Ownership, e *emitter) {
	if o.Target == pg.SchemaID(publicSchema) && e.at(15) {
		e.setOwner(o.Target, publicOwner)
		return
	}
	e.setOwner(o.Target, "CURRENT_USER")
}

func (ownershipKind) Alter(old, new *pg.Ownership, e *emitter) {
	if changed(&old.Role, new.Role) {
		e.setOwner(new.Target, ident(new.Role))
	}
}

// setOwner: the sequence of a column always has its table's owner, and follows
// it by itself.
func (e *emitter) setOwner(id schema.ID, role string) {
	if e.delta == nil {
		return
	}
	if s, ok := e.delta.Desired.Object(id).(*pg.Sequence); ok && !s.OwnedBy.IsZero() {
		return
	}
	e.emit(sql("ALTER", commandWord(id.Kind), e.address(id), "OWNER TO", role))
}

type privilegeKind struct{}

func (privilegeKind) Create(p *pg.Privilege, e *emitter) { e.grant(e.builtin(p), p) }

// Drop goes back to what holds if nothing was ever granted or revoked.
func (privilegeKind) Drop(p *pg.Privilege, e *emitter) {
	if !e.goes(p.Target) {
		e.grant(p, e.builtin(p))
	}
}

func (privilegeKind) Alter(old, new *pg.Privilege, e *emitter) {
	if len(without(old.Grantable, new.Grantable)) > 0 {
		e.disturb(schema.Steady) // those whom the grantee has granted it lose it
	}
	e.grant(old, new)
	old.Names, old.Grantable, old.Relation = new.Names, new.Grantable, new.Relation
}

// builtin is what the grantee may do with the object by default.
func (e *emitter) builtin(p *pg.Privilege) *pg.Privilege {
	b := *p
	b.Grantable = nil
	b.Names = pg.BuiltinPrivileges(p.Target, p.Public, !p.Public && p.Grantee == e.ownerOf(p.Target), e.version)
	return &b
}

// ownerOf is the role that owns an object when the plan is done.
func (e *emitter) ownerOf(id schema.ID) string {
	if e.delta == nil {
		return e.user
	}
	if s, ok := e.object(id).(*pg.Sequence); ok && !s.OwnedBy.IsZero() {
		id = tableOf(s.OwnedBy)
	}
	o := &pg.Ownership{Target: id}
	if own, ok := e.object(o.ID()).(*pg.Ownership); ok {
		return own.Role
	}
	if id == pg.SchemaID(publicSchema) && e.at(15) {
		return publicOwner
	}
	return e.user
}

// grant emits what turns old into new: REVOKE first, so that a grant option
// that is taken away does not take along what stays.
func (e *emitter) grant(old, new *pg.Privilege) {
	on := grantTarget(new.Target, e)
	to := role(new.Grantee, new.Public)
	all := pg.AllPrivileges(new.Target.Kind, e.version)
	list := func(names []string) string { return privilegeList(names, all, new.Target) }
	if gone := without(old.Names, new.Names); len(gone) > 0 {
		e.revoke(old, gone, func(names []string) { e.emit(sql("REVOKE", list(names), "ON", on, "FROM", to)) })
	}
	if gone := without(without(old.Grantable, new.Grantable), without(old.Names, new.Names)); len(gone) > 0 {
		e.emit(sql("REVOKE GRANT OPTION FOR", list(gone), "ON", on, "FROM", to))
	}
	if come := without(without(new.Names, old.Names), new.Grantable); len(come) > 0 {
		e.emit(sql("GRANT", list(come), "ON", on, "TO", to))
	}
	if come := without(new.Grantable, old.Grantable); len(come) > 0 {
		e.emit(sql("GRANT", list(come), "ON", on, "TO", to, "WITH GRANT OPTION"))
	}
}

// revoke takes privileges away, each as the one who has granted it.
func (e *emitter) revoke(old *pg.Privilege, gone []string, emit func(names []string)) {
	if len(old.By) == 0 {
		emit(gone)
	}
	for _, by := range old.By {
		names := without(gone, without(gone, by.Names))
		switch {
		case len(names) == 0:
		case by.Role == "":
			emit(names)
		default:
			e.emit(sql("SET ROLE", ident(by.Role)))
			emit(names)
			e.emit(sql("RESET ROLE"))
		}
	}
}

func without(list, gone []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(gone, s) {
			out = append(out, s)
		}
	}
	return out
}

// privilegeList says ALL where it is all, and puts the column behind each one
// of a column's.
func privilegeList(names, all []string, target schema.ID) string {
	names = slices.Clone(names)
	if len(names) > 1 && slices.Equal(names, all) {
		names = []string{"ALL"}
	}
	if target.Kind == pg.KindColumn {
		for i := range names {
			names[i] += " (" + ident(target.Name) + ")"
		}
	}
	return strings.Join(names, ", ")
}

// grantTarget is what follows ON.
func grantTarget(id schema.ID, e *emitter) string {
	switch id.Kind {
	case pg.KindColumn:
		return "TABLE " + relationOf(id)
	case pg.KindTable, pg.KindView, pg.KindMaterializedView:
		return "TABLE " + path(id)
	case pg.KindDomain:
		return "TYPE " + path(id)
	case pg.KindAggregate:
		return "FUNCTION " + routineSignature(id, e)
	case pg.KindFunction, pg.KindProcedure:
		return commandWord(id.Kind) + " " + routineSignature(id, e)
	}
	return commandWord(id.Kind) + " " + e.address(id)
}

// routineSignature names an aggregate like a function, as GRANT wants it.
func routineSignature(id schema.ID, e *emitter) string {
	if a, ok := e.object(id).(*pg.Aggregate); ok {
		return path(id) + "(" + inputTypes(append(slices.Clone(a.Args), a.OrderBy...)) + ")"
	}
	return e.address(id)
}

type defaultPrivilegeKind struct{}

func (defaultPrivilegeKind) Create(p *pg.DefaultPrivilege, e *emitter) {
	e.grantDefault(e.builtinDefault(p), p)
}

func (defaultPrivilegeKind) Drop(p *pg.DefaultPrivilege, e *emitter) {
	e.grantDefault(p, e.builtinDefault(p))
}

func (defaultPrivilegeKind) Alter(old, new *pg.DefaultPrivilege, e *emitter) {
	e.grantDefault(old, new)
	old.Names, old.Grantable = new.Names, new.Grantable
}

// builtinDefault: those of a schema add to the global ones, and are relative to
// nothing.
func (e *emitter) builtinDefault(p *pg.DefaultPrivilege) *pg.DefaultPrivilege {
	b := *p
	b.Grantable, b.Names = nil, nil
	for _, names := range [][]string{pg.AllDefaultPrivileges(p.On, e.version), {"EXECUTE"}, {"USAGE"}} {
		if b.Names = names; b.Builtin(e.version) {
			return &b
		}
	}
	b.Names = nil
	return &b
}

func (e *emitter) grantDefault(old, new *pg.DefaultPrivilege) {
	head := "ALTER DEFAULT PRIVILEGES FOR ROLE " + ident(new.Role)
	if new.Schema != "" {
		head += " IN SCHEMA " + ident(new.Schema)
	}
	on := "ON " + strings.ToUpper(new.On)
	to := role(new.Grantee, new.Public)
	all := pg.AllDefaultPrivileges(new.On, e.version)
	list := func(names []string) string { return privilegeList(names, all, schema.ID{}) }
	if gone := without(old.Names, new.Names); len(gone) > 0 {
		e.emit(sql(head, "REVOKE", list(gone), on, "FROM", to))
	}
	if gone := without(without(old.Grantable, new.Grantable), without(old.Names, new.Names)); len(gone) > 0 {
		e.emit(sql(head, "REVOKE GRANT OPTION FOR", list(gone), on, "FROM", to))
	}
	if come := without(without(new.Names, old.Names), new.Grantable); len(come) > 0 {
		e.emit(sql(head, "GRANT", list(come), on, "TO", to))
	}
	if come := without(new.Grantable, old.Grantable); len(come) > 0 {
		e.emit(sql(head, "GRANT", list(come), on, "TO", to, "WITH GRANT OPTION"))
	}
}

var _ planner.Renderer = renderer{}
var _ planner.Comparer = comparer{}
