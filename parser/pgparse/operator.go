package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/parser/pgparse/builtin"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createOperator reads CREATE OPERATOR. Postfix operators are gone since 14.
func (r *reader) createOperator(s *pg_query.DefineStmt) error {
	o := &pg.Operator{}
	o.Schema, o.Name = r.newName(s.Defnames)
	var function []*pg_query.Node
	var options []*pg_query.DefElem
	for _, d := range elements(s.Definition) {
		switch strings.ToLower(d.Defname) {
		case "leftarg":
			o.Left = r.argumentType(typeOf(d.Arg))
		case "rightarg":
			o.Right = r.argumentType(typeOf(d.Arg))
		case "function", "procedure":
			function = nameList(d.Arg)
		default:
			options = append(options, d)
		}
	}
	for _, d := range options { // what they mean depends on the operands
		if err := r.operatorOption(o, d); err != nil {
			return err
		}
	}
	if o.Right.IsZero() {
		return r.errorf(-1, "give RIGHTARG", "operator %s has no right argument", o.Name)
	}
	var err error
	if o.Function, o.FunctionID, err = r.function(function, operandTypes(o.Left, o.Right), true); err != nil {
		return err
	}
	return r.add(o, -1)
}

// operandTypes are the argument types of an operator's function.
func operandTypes(left, right pg.Type) string {
	if left.IsZero() {
		return pg.InputTypes(pg.Argument{Type: right})
	}
	return pg.InputTypes(pg.Argument{Type: left}, pg.Argument{Type: right})
}

// operatorOption reads what ALTER OPERATOR .. SET can set, too. NONE takes it
// away.
func (r *reader) operatorOption(o *pg.Operator, d *pg_query.DefElem) (err error) {
	switch name := strings.ToLower(d.Defname); name {
	case "commutator":
		o.Commutator = r.operatorText(o, nameList(d.Arg))
	case "negator":
		o.Negator = r.operatorText(o, nameList(d.Arg))
	case "restrict":
		o.Restrict, _, err = r.function(nameList(d.Arg), "*", true) // none for NONE
	case "join":
		o.Join, _, err = r.function(nameList(d.Arg), "*", true)
	case "hashes":
		o.Hashes = boolean(d)
	case "merges":
		o.Merges = boolean(d)
	case "sort1", "sort2", "ltcmp", "gtcmp": // of servers before 8.3; they mean MERGES
		o.Merges = true
	default:
		return r.errorf(d.Location, "", "operator attribute %q is unknown", d.Defname)
	}
	return err
}

func (r *reader) alterOperator(s *pg_query.AlterOperatorStmt) error {
	id, err := r.operatorAddress(s.Opername)
	if err != nil {
		return err
	}
	o, ok := schema.Lookup[*pg.Operator](r.catalog, id)
	if !ok {
		return r.missing(-1, "%s does not exist", id)
	}
	for _, d := range elements(s.Options) {
		if err := r.operatorOption(o, d); err != nil {
			return err
		}
	}
	return nil
}

// operatorText is the name of an operator with the operands of o, with its
// schema, unless that is pg_catalog, which has none for the user's types. It need
// not exist yet: a commutator may come later.
func (r *reader) operatorText(o *pg.Operator, names []*pg_query.Node) string {
	namespace, name := nameParts(names)
	own := !o.Left.Ref.IsZero() || !o.Right.Ref.IsZero()
	if namespace == "" && (own || !r.builtinOperator(name)) {
		if namespace = r.operatorSchema(name); namespace == "" {
			namespace = r.creation("")
		}
	}
	return qualifyOperator(namespace, name)
}

// qualifyOperator writes an operator's name; operators are never quoted.
func qualifyOperator(namespace, name string) string {
	if namespace == "" || namespace == "pg_catalog" {
		return name
	}
	return pg.Quote(namespace) + "." + name
}

// builtinOperator tells whether pg_catalog has any operator of this name.
func (r *reader) builtinOperator(name string) bool {
	for _, o := range builtin.For(r.Version).Operators[name] {
		if o.Extension == "" {
			return true
		}
	}
	return false
}

// operatorSchema is the first schema of the search_path in which the text
// defines an operator of this name.
func (r *reader) operatorSchema(name string) string {
	for _, s := range r.path {
		for o := range schema.Each[*pg.Operator](r.catalog) {
			if o.Schema == s && o.Name == name {
				return s
			}
		}
	}
	return ""
}

// operatorID is the ID of an operator with these operands; a zero left one is
// that of a prefix operator.
func operatorID(namespace, name string, left, right pg.Type) schema.ID {
	return (&pg.Operator{Schema: namespace, Name: name, Left: left, Right: right}).ID()
}

// operatorUsed is the name of an operator that an operator class uses, and its
// ID if it is one of the catalog.
func (r *reader) operatorUsed(names []*pg_query.Node, operands []pg.Type) (string, schema.ID, error) {
	namespace, name := nameParts(names)
	if len(operands) == 2 {
		for _, s := range r.searched(namespace) {
			if id := operatorID(s, name, operands[0], operands[1]); r.catalog.Has(id) {
				return qualifyOperator(s, name), id, nil
			}
		}
	}
	if (!r.again || !r.unknownExtensions()) && namespace != "pg_catalog" && len(builtin.For(r.Version).Operators[name]) == 0 {
		return "", schema.ID{}, r.missing(-1, "operator %s does not exist", qualifyOperator(namespace, name))
	}
	return qualifyOperator(namespace, name), schema.ID{}, nil
}
