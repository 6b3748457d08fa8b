package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// routine is a function, procedure or aggregate of any schema.
type routine struct {
	name string    // quoted, and qualified unless in pg_catalog
	id   schema.ID // of one of the catalog
	args string    // its argument types
}

var (
	volatilities = map[byte]string{'v': "volatile", 's': "stable", 'i': "immutable"}
	parallels    = map[byte]string{'u': "unsafe", 'r': "restricted", 's': "safe"}
	modes        = map[byte]string{'i': "in", 'o': "out", 'b': "inout", 'v': "variadic", 't': "table"}
)

// internal tells of rows that come with another object: the constructors of
// range types.
const internalRoutine = `EXISTS (SELECT FROM pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'i')`

func (in *inspection) readRoutines() []query {
	return slices.Concat([]query{
		{`SELECT p.oid, n.nspname, p.proname, p.prokind, p.proargtypes, p.pronamespace FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace`, in.routineName},
		{`SELECT p.oid, p.prokind, l.lanname, p.procost, p.prorows, p.prosupport::oid, p.prosecdef, p.proleakproof, p.proisstrict, p.proretset,
 p.provolatile, p.proparallel, p.prorettype, p.proargtypes, p.proallargtypes, p.proargmodes, p.proargnames, p.protrftypes, p.prosrc, p.probin,
 p.proconfig, pg_get_function_sqlbody(p.oid), CASE WHEN p.pronargdefaults > 0 THEN
  ARRAY(SELECT coalesce(pg_get_function_arg_default(p.oid, i), '') FROM generate_series(1, coalesce(array_length(p.proallargtypes, 1), p.pronargs)) i) END,
 p.provariadic, pg_get_userbyid(p.proowner), p.proacl
 FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
 WHERE p.prokind <> 'a' AND p.pronamespace IN ` + ours + ` AND NOT ` + internalRoutine + ` ORDER BY p.proname, p.oid`, in.function},
		{aggregateSQL, in.aggregate},
		{`SELECT d.objid, d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
 WHERE d.classid = 1255 AND d.deptype = 'n' AND p.prosqlbody IS NOT NULL AND d.refclassid IN (1259, 1255) AND d.refobjid >= 16384`, func(r row) error {
			in.routineUses = append(in.routineUses, dependency{r.oid(0), address{r.oid(1), r.oid(2), r.int(3)}})
			return nil
		}},
	}, in.readRanges())
}

// dependency is a row of pg_depend.
type dependency struct {
	of oid
	on address
}

func (in *inspection) routineName(r row) error {
	namespace, name := r.text(1), r.text(2)
	types := in.typesOf(r.vector(4))
	args := make([]pg.Argument, len(types))
	for i, t := range types {
		args[i].Type = t
	}
	x := routine{name: pg.Qualify(namespace, name), args: pg.InputTypes(args...)}
	if ns := in.namespaces[r.oid(5)]; ns.managed && !in.members[address{classProc, r.oid(0), 0}] {
		x.id = schema.ID{Kind: routineKinds[r.char(3)], Schema: namespace, Name: name, Args: x.args}
	}
	in.routines[r.oid(0)] = x
	return nil
}

var routineKinds = map[byte]schema.Kind{'f': pg.KindFunction, 'w': pg.KindFunction, 'p': pg.KindProcedure, 'a': pg.KindAggregate}

func (in *inspection) function(r row) error {
	x := in.routines[r.oid(0)]
	if x.id.IsZero() {
		return nil
	}
	f := &pg.Function{Schema: x.id.Schema, Name: x.id.Name, InputTypes: x.args, Procedure: r.char(1) == 'p', Language: r.text(2),
		Cost: r.float(3), Rows: r.float(4), Support: in.routines[r.oid(5)].name, SecurityDefiner: r.bool(6), Leakproof: r.bool(7),
		Strict: r.bool(8), SetOf: r.bool(9), Volatility: volatilities[r.char(10)], Parallel: parallels[r.char(11)], Window: r.char(1) == 'w'}
	f.Args = in.arguments(r.vector(13), r.vector(14), r.array(15), r.array(16), r.array(22), r.oid(23) != 0)
	if !f.Procedure && !slices.ContainsFunc(f.Args, func(a pg.Argument) bool { return a.Mode == "table" }) {
		f.Returns = in.typeOf(r.oid(12), "")
	}
	f.Transforms = in.typesOf(r.vector(17))
	f.Body, f.ObjectFile = r.text(18), r.text(19)
	f.Settings = routineSettings(r.array(20))
	if !r.null(21) {
		f.SQLBody, f.Body = schema.Expr{Text: r.text(21)}, ""
	}
	in.add(f, x.id)
	in.functions[r.oid(0)] = f
	in.targets[address{classProc, r.oid(0), 0}] = target{id: x.id, root: x.id}
	in.owned(x.id, r.text(24), x.id)
	in.granted(x.id, schema.ID{}, r.text(24), r.array(25), !r.null(25), x.id)
	return nil
}

// finishRoutines adds what SQL-standard bodies refer to.
func (in *inspection) finishRoutines() {
	for _, d := range in.routineUses {
		if f := in.functions[d.of]; f != nil {
			f.SQLBody.Refs = in.refer(f.SQLBody.Refs, d.on)
		}
	}
}

// arguments makes a routine's arguments from the columns of pg_proc; all is nil
// if there are input arguments only.
func (in *inspection) arguments(inputs, all []int, argModes, names, defaults []string, variadic bool) []pg.Argument {
	if all == nil {
		all = inputs
	}
	if len(all) == 0 {
		return nil
	}
	out := make([]pg.Argument, len(all))
	for i, t := range all {
		a := &out[i]
		a.Mode, a.Type = "in", in.typeOf(oid(t), "")
		if i < len(argModes) {
			a.Mode = modes[argModes[i][0]]
		}
		if i < len(names) {
			a.Name = names[i]
		}
		if i < len(defaults) {
			a.Default = schema.Expr{Text: defaults[i]}
		}
	}
	if variadic && len(argModes) == 0 {
		out[len(out)-1].Mode = "variadic"
	}
	return out
}

const aggregateSQL = `SELECT p.oid, a.aggkind, a.aggnumdirectargs, p.proargtypes, p.proallargtypes, p.proargmodes, p.proargnames, p.provariadic,
 a.aggtransfn::oid, a.aggfinalfn::oid, a.aggcombinefn::oid, a.aggserialfn::oid, a.aggdeserialfn::oid, a.aggmtransfn::oid, a.aggminvtransfn::oid, a.aggmfinalfn::oid,
 a.aggtranstype, a.aggmtranstype, a.agginitval, a.aggminitval, a.aggtransspace, a.aggmtransspace, a.aggfinalextra, a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify,
 a.aggsortop, p.proparallel, pg_get_userbyid(p.proowner), p.proacl
 FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid WHERE p.pronamespace IN ` + ours + ` ORDER BY p.proname, p.oid`

var aggregateKinds = map[byte]string{'n': "normal", 'o': "ordered-set", 'h': "hypothetical-set"}

var modifies = map[byte]string{'r': "read_only", 's': "shareable", 'w': "read_write"}

func (in *inspection) aggregate(r row) error {
	x := in.routines[r.oid(0)]
	if x.id.IsZero() {
		return nil
	}
	a := &pg.Aggregate{Schema: x.id.Schema, Name: x.id.Name, InputTypes: x.args, Kind: aggregateKinds[r.char(1)],
		SType: in.typeOf(r.oid(16), ""), MSType: in.typeOf(r.oid(17), "")}
	args := in.arguments(r.vector(3), r.vector(4), r.array(5), r.array(6), nil, r.oid(7) != 0)
	if a.Kind == "normal" {
		a.Args = args
	} else {
		direct := r.int(2)
		a.Args, a.OrderBy = args[:direct:direct], args[direct:]
		if direct == len(args) && direct > 0 && args[direct-1].Mode == "variadic" {
			a.OrderBy = args[direct-1:]
		}
	}
	for i, name := range [...]string{"sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc"} {
		if f := r.oid(8 + i); f != 0 {
			a.Functions = append(a.Functions, pg.Option{Name: name, Value: in.routines[f].name})
			if id := in.routines[f].id; !id.IsZero() {
				a.Uses = append(a.Uses, id)
			}
		}
	}
	in.aggregateOptions(a, r)
	sortOptions(a.Functions)
	sortOptions(a.Options)
	in.add(a, x.id)
	in.targets[address{classProc, r.oid(0), 0}] = target{id: x.id, root: x.id}
	in.owned(x.id, r.text(28), x.id)
	in.granted(x.id, schema.ID{}, r.text(28), r.array(29), !r.null(29), x.id)
	return nil
}

// aggregateOptions lists what is not the default.
func (in *inspection) aggregateOptions(a *pg.Aggregate, r row) {
	set := func(name, value string) { a.Options = append(a.Options, pg.Option{Name: name, Value: value}) }
	if !r.null(18) {
		set("initcond", r.text(18))
	}
	if !r.null(19) {
		set("minitcond", r.text(19))
	}
	if r.int(20) != 0 {
		set("sspace", r.text(20))
	}
	if r.int(21) != 0 {
		set("msspace", r.text(21))
	}
	if r.bool(22) {
		set("finalfunc_extra", "true")
	}
	if r.bool(23) {
		set("mfinalfunc_extra", "true")
	}
	usual := byte('r')
	if a.Kind != "normal" {
		usual = 'w'
	}
	if m := r.char(24); m != usual {
		set("finalfunc_modify", modifies[m])
	}
	if m := r.char(25); m != usual {
		set("mfinalfunc_modify", modifies[m])
	}
	if o := r.oid(26); o != 0 {
		set("sortop", in.operatorNames[o])
	}
	if p := r.char(27); p != 'u' {
		set("parallel", parallels[p])
	}
}

func sortOptions(list []pg.Option) {
	slices.SortFunc(list, func(a, b pg.Option) int { return strings.Compare(a.Name, b.Name) })
}

// routineSettings reads pg_proc.proconfig. How names are quoted there depends on
// the server's keywords, and on quote_all_identifiers when they were written.
func routineSettings(config []string) []pg.Option {
	out := options(config, nil)
	for i, o := range out {
		if pg.NameLists[o.Name] {
			names := pgparse.SettingNames(o.Value)
			for k, n := range names {
				names[k] = pg.Quote(n)
			}
			out[i].Value = strings.Join(names, ", ")
		}
	}
	return out
}
