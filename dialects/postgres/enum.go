package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

type enumKind struct{}

func (enumKind) Create(t *pg.Enum, e *emitter) { e.emit(createEnum(t)) }

// createEnum puts long lists of values on lines of their own.
func createEnum(t *pg.Enum) []string {
	head := "CREATE TYPE " + path(t.ID()) + " AS ENUM ("
	list := literalList(t.Labels)
	if len(head)+len(list) > 100 {
		list = "\n    " + strings.ReplaceAll(list, "', '", "',\n    '") + "\n"
	}
	return sql(head + list + ")")
}

func (enumKind) Drop(t *pg.Enum, e *emitter) { e.drop(t.ID()) }

// Alter renames values, and adds values at their places. What else there is to
// do needs a new type.
func (enumKind) Alter(old, new *pg.Enum, e *emitter) {
	for i, label := range old.Labels {
		for _, now := range new.Labels {
			if new.Renamed[now] == label && now != label && !slices.Contains(new.Labels, label) && !slices.Contains(old.Labels, now) {
				e.emit(sql("ALTER TYPE", path(new.ID()), "RENAME VALUE", literal(label), "TO", literal(now)))
				old.Labels[i] = now
				break
			}
		}
	}
	if slices.Equal(old.Labels, new.Labels) {
		return
	}
	if !isSubsequence(old.Labels, new.Labels) {
		recreateEnum(old, new, e)
		return
	}
	addValues(old, new, e)
}

func addValues(old, new *pg.Enum, e *emitter) {
	var notes []note
	if e.delta != nil && e.usesValues(new.ID()) {
		notes = append(notes, transaction(planner.OwnTx), remark("a new value can be used only after it was committed, and this plan may use it"))
	}
	last := ""
	if n := len(old.Labels); n > 0 {
		last = old.Labels[n-1]
	}
	behind := last == "" // the rest comes behind all that is there
	for i, label := range new.Labels {
		if slices.Contains(old.Labels, label) {
			behind = behind || label == last
			continue
		}
		place := ""
		switch {
		case behind:
		case i > 0:
			place = "AFTER " + literal(new.Labels[i-1])
		default:
			place = "BEFORE " + literal(old.Labels[0])
		}
		e.emit(sql("ALTER TYPE", path(new.ID()), "ADD VALUE", literal(label), place), notes...)
	}
	old.Labels = new.Labels
}

// recreateEnum removes or reorders values; rows that hold a removed one make
// the statement fail.
func recreateEnum(old, new *pg.Enum, e *emitter) {
	var gone []string
	for _, label := range old.Labels {
		if !slices.Contains(new.Labels, label) {
			gone = append(gone, label)
		}
	}
	lost := "the order of the values"
	if len(gone) > 0 {
		lost = "value " + literalList(gone)
	}
	kept := schema.Clone(new)
	kept.Labels = mergeLabels(old.Labels, new.Labels)
	e.lose(lost, kept)
	e.recreate(new.ID(), createEnum(new), throughText)
	old.Labels = new.Labels
}

// isSubsequence tells whether all labels of a are in b, in the same order.
func isSubsequence(a, b []string) bool {
	i := 0
	for _, label := range b {
		if i < len(a) && a[i] == label {
			i++
		}
	}
	return i == len(a)
}

// mergeLabels keeps the old labels in their order, and adds the new ones behind
// those that they follow.
func mergeLabels(old, new []string) []string {
	out := slices.Clone(old)
	at := 0
	for _, label := range new {
		if i := slices.Index(out, label); i >= 0 {
			at = i + 1
			continue
		}
		out = slices.Insert(out, at, label)
		at++
	}
	return out
}

// usesValues tells whether something that the plan creates or changes may name
// one of the enum's values: an expression over the type or over its columns.
func (e *emitter) usesValues(enum schema.ID) bool {
	for _, ch := range e.delta.Changes {
		if ch.New == nil || ch.Verb == planner.Rename || !hasExpression(ch.New) {
			continue
		}
		for _, r := range ch.New.Refs() {
			if r.To == enum {
				return true
			}
			if c, ok := e.delta.Desired.Object(r.To).(*pg.Column); ok && c.Type.Ref == enum {
				return true
			}
		}
	}
	return false
}

// hasExpression tells whether an object holds SQL that is evaluated or checked
// when it is created.
func hasExpression(o schema.Object) bool {
	switch o := o.(type) {
	case *pg.Default, *pg.View, *pg.MaterializedView, *pg.Rule, *pg.Policy, *pg.DomainConstraint:
		return true
	case *pg.Column:
		return !o.Generated.IsZero()
	case *pg.Constraint:
		return o.Type == pg.Check || o.Type == pg.Exclusion
	case *pg.Index:
		return !o.Predicate.IsZero() || slices.ContainsFunc(o.Keys, func(k pg.IndexKey) bool { return !k.Expr.IsZero() })
	case *pg.Trigger:
		return !o.When.IsZero()
	case *pg.Domain:
		return !o.Default.IsZero()
	case *pg.Table:
		return !o.Bound.IsZero()
	case *pg.Function:
		return o.Language == "sql" || slices.ContainsFunc(o.Args, func(a pg.Argument) bool { return !a.Default.IsZero() })
	}
	return false
}
