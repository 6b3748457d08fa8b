package postgres

import (
	"slices"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// readOperatorNames reads the names of all operators and families, the
// system's among them.
func (in *inspection) readOperatorNames() []query {
	return []query{
		{`SELECT o.oid, n.nspname, o.oprname FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace`, func(r row) error {
			in.operatorNames[r.oid(0)] = operatorPath(r.text(1), r.text(2))
			return nil
		}},
		{`SELECT f.oid, n.nspname, f.opfname FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace`, func(r row) error {
			in.familyNames[r.oid(0)] = pg.Qualify(r.text(1), r.text(2))
			return nil
		}},
	}
}

func (in *inspection) readOperators() []query {
	return []query{
		{`SELECT o.oid, o.oprnamespace, o.oprname, o.oprleft, o.oprright, o.oprcode::oid, o.oprcom, o.oprnegate, o.oprrest::oid, o.oprjoin::oid,
 o.oprcanhash, o.oprcanmerge, pg_get_userbyid(o.oprowner) FROM pg_operator o WHERE o.oprnamespace IN ` + ours + ` AND o.oprcode <> 0 ORDER BY o.oprname, o.oid`, in.operator},
		{`SELECT f.oid, f.opfnamespace, f.opfname, am.amname, pg_get_userbyid(f.opfowner) FROM pg_opfamily f JOIN pg_am am ON am.oid = f.opfmethod
 WHERE f.opfnamespace IN ` + ours + ` ORDER BY f.opfname`, in.family},
		{`SELECT o.oid, o.opcnamespace, o.opcname, am.amname, o.opcdefault, o.opcintype, o.opcfamily, o.opckeytype, pg_get_userbyid(o.opcowner)
 FROM pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod WHERE o.opcnamespace IN ` + ours + ` ORDER BY o.opcname`, in.class},
		{`SELECT a.amopfamily, d.refobjid, a.amopstrategy, a.amopopr, a.amoplefttype, a.amoprighttype,
 CASE WHEN a.amoppurpose = 'o' THEN ` + qualifiedSQL("sf.opfnamespace", "sf.opfname") + ` END, o.oprleft, o.oprright
 FROM pg_amop a JOIN pg_opfamily f ON f.oid = a.amopfamily JOIN pg_operator o ON o.oid = a.amopopr LEFT JOIN pg_opfamily sf ON sf.oid = a.amopsortfamily
 LEFT JOIN pg_depend d ON d.classid = 2602 AND d.objid = a.oid AND d.refclassid = 2616 AND d.deptype = 'i'
 WHERE a.oid >= 16384 ORDER BY a.amopstrategy, a.amoplefttype, a.amoprighttype`, in.familyOperator},
		{`SELECT a.amprocfamily, d.refobjid, a.amprocnum, a.amproc::oid, a.amproclefttype, a.amprocrighttype, p.proargtypes
 FROM pg_amproc a JOIN pg_proc p ON p.oid = a.amproc::oid
 LEFT JOIN pg_depend d ON d.classid = 2603 AND d.objid = a.oid AND d.refclassid = 2616 AND d.deptype = 'i'
 WHERE a.oid >= 16384 ORDER BY a.amprocnum, a.amproclefttype, a.amprocrighttype`, in.familyFunction},
	}
}

// operatorPath is an operator's name, qualified unless it is in pg_catalog.
func operatorPath(namespace, name string) string {
	if namespace == "pg_catalog" {
		return name
	}
	return pg.Quote(namespace) + "." + name
}

func (in *inspection) operator(r row) error {
	ns, at := in.namespaces[r.oid(1)], address{classOperator, r.oid(0), 0}
	if !ns.managed || in.members[at] {
		return nil
	}
	code := in.routines[r.oid(5)]
	o := &pg.Operator{Schema: ns.name, Name: r.text(2), Left: in.typeOf(r.oid(3), ""), Right: in.typeOf(r.oid(4), ""), Function: code.name, FunctionID: code.id,
		Commutator: in.operatorNames[r.oid(6)], Negator: in.operatorNames[r.oid(7)], Restrict: in.routines[r.oid(8)].name, Join: in.routines[r.oid(9)].name,
		Hashes: r.bool(10), Merges: r.bool(11)}
	in.operators[r.oid(0)] = o.ID()
	in.add(o, o.ID())
	in.targets[at] = target{id: o.ID(), root: o.ID()}
	in.owned(o.ID(), r.text(12), o.ID())
	return nil
}

func (in *inspection) family(r row) error {
	ns, at := in.namespaces[r.oid(1)], address{classOpfamily, r.oid(0), 0}
	if !ns.managed || in.members[at] {
		return nil
	}
	f := &pg.OperatorFamily{Schema: ns.name, Name: r.text(2), Method: r.text(3)}
	in.families[r.oid(0)] = f
	in.add(f, f.ID())
	in.targets[at] = target{id: f.ID(), root: f.ID()}
	in.owned(f.ID(), r.text(4), f.ID())
	return nil
}

func (in *inspection) class(r row) error {
	ns, at := in.namespaces[r.oid(1)], address{classOpclass, r.oid(0), 0}
	if !ns.managed || in.members[at] {
		return nil
	}
	c := &pg.OperatorClass{Schema: ns.name, Name: r.text(2), Method: r.text(3), Default: r.bool(4), Type: in.typeOf(r.oid(5), ""), Storage: in.typeOf(r.oid(7), "")}
	if f := in.families[r.oid(6)]; f != nil {
		c.Family = f.ID()
	} else {
		c.FamilyName = in.familyNames[r.oid(6)]
	}
	in.classes[r.oid(0)] = &class{c, r.oid(5)}
	in.add(c, c.ID())
	in.targets[at] = target{id: c.ID(), root: c.ID()}
	in.owned(c.ID(), r.text(8), c.ID())
	return nil
}

// finishFamilies leaves out the families that came with a class of their name
// and hold nothing else.
func (in *inspection) finishFamilies() {
	used := map[schema.ID]int{}
	for _, c := range in.classes {
		used[c.object.Family]++
	}
	for _, c := range in.classes {
		own := schema.ID{Kind: pg.KindOperatorFamily, Schema: c.object.Schema, Name: c.object.Name, Args: c.object.Method}
		b := in.bundles[own]
		if c.object.Family != own || used[own] > 1 || b == nil {
			continue
		}
		f, ok := b.parts[0].(*pg.OperatorFamily)
		bare := func(o schema.Object) bool { return o.ID().Kind == pg.KindOperatorFamily || o.ID().Kind == pg.KindOwner }
		if ok && len(f.Items) == 0 && !slices.ContainsFunc(b.parts, func(o schema.Object) bool { return !bare(o) }) {
			c.object.Family = schema.ID{}
			in.whole = slices.DeleteFunc(in.whole, func(x *bundle) bool { return x == b })
		}
	}
}

// class is an operator class and its input type.
type class struct {
	object *pg.OperatorClass
	typ    oid
}

// member puts an item into the class that it belongs to, or else into the family.
func (in *inspection) member(family, of oid, left, right oid, item pg.OpItem) {
	if c := in.classes[of]; c != nil {
		if left != c.typ || right != c.typ {
			item.Left, item.Right = in.typeOf(left, ""), in.typeOf(right, "")
		}
		c.object.Items = append(c.object.Items, item)
		return
	}
	if f := in.families[family]; f != nil && of == 0 {
		item.Left, item.Right = in.typeOf(left, ""), in.typeOf(right, "")
		f.Items = append(f.Items, item)
	}
}

func (in *inspection) familyOperator(r row) error {
	item := pg.OpItem{Number: r.int(2), Name: in.operatorNames[r.oid(3)], OrderBy: r.text(6), Uses: in.operators[r.oid(3)],
		Types: []pg.Type{in.typeOf(r.oid(7), ""), in.typeOf(r.oid(8), "")}}
	in.member(r.oid(0), r.oid(1), r.oid(4), r.oid(5), item)
	return nil
}

func (in *inspection) familyFunction(r row) error {
	f := in.routines[r.oid(3)]
	item := pg.OpItem{Function: true, Number: r.int(2), Name: f.name, Uses: f.id, Types: in.typesOf(r.vector(6))}
	in.member(r.oid(0), r.oid(1), r.oid(4), r.oid(5), item)
	return nil
}

var castContexts = map[byte]string{'e': "explicit", 'a': "assignment", 'i': "implicit"}

var castMethods = map[byte]string{'f': "function", 'b': "binary", 'i': "inout"}

func (in *inspection) readCasts() []query {
	sql := `SELECT c.oid, c.castsource, c.casttarget, c.castfunc, c.castcontext, c.castmethod FROM pg_cast c WHERE c.oid >= 16384
 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 2605 AND d.objid = c.oid AND d.deptype = 'i') ORDER BY c.oid`
	return []query{{sql, func(r row) error {
		at := address{classCast, r.oid(0), 0}
		if in.members[at] || len(in.options.Schemas) > 0 {
			return nil
		}
		c := &pg.Cast{From: in.typeOf(r.oid(1), ""), To: in.typeOf(r.oid(2), ""), Context: castContexts[r.char(4)], Method: castMethods[r.char(5)]}
		if f := in.routines[r.oid(3)]; f.name != "" {
			c.Function, c.FunctionID = f.name+"("+f.args+")", f.id
		}
		if slices.Contains([]pg.Type{c.From, c.To}, pg.Type{}) {
			return nil
		}
		in.add(c, c.ID())
		in.targets[at] = target{id: c.ID(), root: c.ID()}
		return nil
	}}}
}
