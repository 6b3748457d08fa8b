package pgparse

import (
	"cmp"
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Values of CreateOpClassItem.Itemtype.
const (
	itemOperator = 1
	itemFunction = 2
	itemStorage  = 3
)

func (r *reader) createOperatorClass(s *pg_query.CreateOpClassStmt) error {
	c := &pg.OperatorClass{Method: s.Amname, Default: s.IsDefault, Type: r.argumentType(s.Datatype)}
	c.Schema, c.Name = r.newName(s.Opclassname)
	if len(s.Opfamilyname) > 0 {
		namespace, name := nameParts(s.Opfamilyname)
		id, ok := r.known(pg.KindOperatorFamily, namespace, name, s.Amname)
		if c.Family = id; !ok {
			c.FamilyName = pg.Qualify(namespace, name)
		}
	}
	for _, n := range s.Items {
		i := n.GetCreateOpClassItem()
		if i.Itemtype == itemStorage {
			if c.Storage = r.argumentType(i.Storedtype); c.Storage == c.Type {
				c.Storage = pg.Type{}
			}
			continue
		}
		item, err := r.operatorItem(i, c.Type)
		if err != nil {
			return err
		}
		c.Items = append(c.Items, item)
	}
	sortItems(c.Items)
	return r.add(c, -1)
}

func (r *reader) createOperatorFamily(s *pg_query.CreateOpFamilyStmt) error {
	f := &pg.OperatorFamily{Method: s.Amname}
	f.Schema, f.Name = r.newName(s.Opfamilyname)
	return r.add(f, -1)
}

// alterOperatorFamily reads ALTER OPERATOR FAMILY .. ADD and DROP.
func (r *reader) alterOperatorFamily(s *pg_query.AlterOpFamilyStmt) error {
	namespace, name := nameParts(s.Opfamilyname)
	f, err := defined[*pg.OperatorFamily](r, pg.KindOperatorFamily, namespace, name, s.Amname)
	if err != nil {
		return err
	}
	for _, n := range s.Items {
		i, err := r.operatorItem(n.GetCreateOpClassItem(), pg.Type{})
		if err != nil {
			return err
		}
		same := func(o pg.OpItem) bool {
			return o.Function == i.Function && o.Number == i.Number && o.Left == i.Left && o.Right == i.Right
		}
		if s.IsDrop {
			f.Items = slices.DeleteFunc(f.Items, same)
			continue
		}
		if slices.ContainsFunc(f.Items, same) {
			return r.errorf(-1, "", "operator family %s has this member already", f.Name)
		}
		f.Items = append(f.Items, i)
	}
	sortItems(f.Items)
	return nil
}

// operatorItem reads a member of a class or a family. The types that it is for
// are those given, or else the operator's operands, or the class's type; the
// last is what the model leaves out.
func (r *reader) operatorItem(i *pg_query.CreateOpClassItem, class pg.Type) (pg.OpItem, error) {
	o := pg.OpItem{Function: i.Itemtype == itemFunction, Number: int(i.Number)}
	for _, n := range i.Name.GetObjargs() {
		if n.GetTypeName() != nil {
			o.Types = append(o.Types, r.argumentType(n.GetTypeName()))
		}
	}
	if o.Types == nil && !o.Function && !class.IsZero() {
		o.Types = []pg.Type{class, class}
	}
	var operands []pg.Type
	for _, n := range i.ClassArgs {
		operands = append(operands, r.argumentType(n.GetTypeName()))
	}
	if operands == nil && !o.Function {
		operands = o.Types
	}
	if operands == nil {
		operands = []pg.Type{class, class}
	}
	if left, right := operands[0], operands[len(operands)-1]; left != class || right != class {
		o.Left, o.Right = left, right
	}
	args := make([]pg.Argument, len(o.Types))
	for k, t := range o.Types {
		args[k].Type = t
	}
	var err error
	if o.Function {
		if types := pg.InputTypes(args...); len(args) > 0 {
			o.Name, o.Uses, err = r.function(i.Name.GetObjname(), types, true)
		} else {
			o.Name, o.Uses, err = r.function(i.Name.GetObjname(), "*", true)
		}
		return o, err
	}
	if len(i.OrderFamily) > 0 {
		o.OrderBy = pg.Qualify(nameParts(i.OrderFamily))
	}
	o.Name, o.Uses, err = r.operatorUsed(i.Name.GetObjname(), o.Types)
	return o, err
}

// settleFamilies leaves out the families that say no more than what a class of
// their name brings with it.
func (r *reader) settleFamilies() {
	used := map[schema.ID]int{}
	said := map[schema.ID]bool{}
	for o := range r.catalog.All() {
		switch o := o.(type) {
		case *pg.OperatorClass:
			used[o.Family]++
		case *pg.Comment:
			said[o.Target] = true
		}
	}
	for c := range schema.Each[*pg.OperatorClass](r.catalog) {
		own := schema.ID{Kind: pg.KindOperatorFamily, Schema: c.Schema, Name: c.Name, Args: c.Method}
		f, ok := schema.Lookup[*pg.OperatorFamily](r.catalog, own)
		if ok && c.Family == own && used[own] == 1 && len(f.Items) == 0 && !said[own] {
			c.Family = schema.ID{}
			r.remove((&pg.Ownership{Target: own}).ID())
			r.remove(own)
		}
	}
}

// sortItems orders operators before functions, by number and types.
func sortItems(items []pg.OpItem) {
	slices.SortStableFunc(items, func(a, b pg.OpItem) int {
		if a.Function != b.Function {
			if b.Function {
				return -1
			}
			return 1
		}
		return cmp.Or(a.Number-b.Number, cmp.Compare(operandTypes(a.Left, a.Right), operandTypes(b.Left, b.Right)))
	})
}
