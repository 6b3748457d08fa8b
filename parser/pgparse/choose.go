package pgparse

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// The names that the server gives to what its author left unnamed.

// maxName is NAMEDATALEN - 1, in bytes.
const maxName = 63

// objectName is makeObjectName: the longer of the two names is cut first.
func objectName(name1, name2, label string) string {
	room := maxName
	if name2 != "" {
		room--
	}
	if label != "" {
		room -= len(label) + 1
	}
	n1, n2 := len(name1), len(name2)
	for n1+n2 > room {
		if n1 > n2 {
			n1--
		} else {
			n2--
		}
	}
	s := clip(name1, n1)
	if name2 != "" {
		s += "_" + clip(name2, n2)
	}
	if label != "" {
		s += "_" + label
	}
	return s
}

// clip cuts a name to at most n bytes, between characters.
func clip(name string, n int) string {
	if len(name) <= n {
		return name
	}
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}

// choose tries name, name1, name2 .. until one is free.
func choose(name1, name2, label string, taken func(string) bool) string {
	for n := 0; ; n++ {
		l := label
		if n > 0 {
			l = fmt.Sprint(label, n)
		}
		if name := objectName(name1, name2, l); !taken(name) {
			return name
		}
	}
}

// draft is what one statement will add to the catalog, in order. Nothing is
// added before the statement is understood as a whole.
type draft struct {
	r     *reader
	list  []drafted
	named map[string]bool // claims and constraints' names of the list
	// implicit are the sequences of identity columns, by their columns.
	implicit map[schema.ID]schema.ID
}

type drafted struct {
	object   schema.Object
	location int32
	inner    bool // a part of something else's definition
}

func (r *reader) draft() *draft {
	return &draft{r: r, named: map[string]bool{}, implicit: map[schema.ID]schema.ID{}}
}

func (d *draft) add(o schema.Object, location int32) {
	d.list = append(d.list, drafted{o, location, false})
	for _, c := range schema.Claims(o) {
		d.named[c] = true
	}
	switch o := o.(type) {
	case *pg.Constraint:
		d.named[constraintClaim(o.Table.Schema, o.Name)] = true
	case *pg.Statistics:
		d.named[statisticsClaim(o.Schema, o.Name)] = true
	}
}

// commit adds all to the catalog.
func (d *draft) commit() error {
	for _, o := range d.list {
		if err := d.r.add(o.object, o.location); err != nil {
			return err
		}
		if n := len(d.r.starts); o.inner && n > 0 {
			d.r.starts[n-1].inner = true
		}
	}
	for sequence, column := range d.implicit {
		d.r.implicit[sequence] = column
		d.r.relations[key(sequence.Schema, sequence.Name)] = sequence
	}
	return nil
}

func constraintClaim(namespace, name string) string { return "constraint " + key(namespace, name) }
func statisticsClaim(namespace, name string) string { return "statistics " + key(namespace, name) }

// relationTaken tells whether a relation of this name exists.
func (d *draft) relationTaken(namespace, name string) bool {
	_, ok := d.r.relations[key(namespace, name)]
	return ok || d.named["relation "+namespace+"."+name]
}

// constraintTaken tells whether any table or domain in the schema has a
// constraint of this name.
func (d *draft) constraintTaken(namespace, name string) bool {
	return d.r.constraints[key(namespace, name)] > 0 || d.named[constraintClaim(namespace, name)]
}

// chooseRelation is ChooseRelationName.
func (d *draft) chooseRelation(namespace, name1, name2, label string, constraint bool) string {
	return choose(name1, name2, label, func(name string) bool {
		return d.relationTaken(namespace, name) || constraint && d.constraintTaken(namespace, name)
	})
}

// chooseConstraint is ChooseConstraintName.
func (d *draft) chooseConstraint(namespace, name1, name2, label string) string {
	return choose(name1, name2, label, func(name string) bool { return d.constraintTaken(namespace, name) })
}

// joinNames is ChooseIndexNameAddition and its likes.
func joinNames(columns []string) string {
	var b strings.Builder
	for _, c := range columns {
		if b.Len() > 0 {
			b.WriteByte('_')
		}
		b.WriteString(c)
		if b.Len() >= maxName+1 {
			break
		}
	}
	return b.String()
}

// indexColumnNames is ChooseIndexColumnNames: the names of an index's columns.
func indexColumnNames(list []*pg_query.Node) []string {
	var out []string
	for _, n := range list {
		e := n.GetIndexElem()
		name := e.GetName()
		if name == "" {
			name = figureColumn(e.GetExpr())
		}
		out = append(out, cmp.Or(name, "expr"))
	}
	return apart(out)
}

// apart makes names different from those before them by numbers.
func apart(names []string) []string {
	seen := map[string]bool{}
	for k, name := range names {
		for i := 1; seen[names[k]]; i++ {
			number := fmt.Sprint(i)
			names[k] = clip(name, maxName-len(number)) + number
		}
		seen[names[k]] = true
	}
	return names
}
