package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/pgparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Inspect reads the catalogs in one snapshot and in one round trip. The number
// of queries does not depend on what the database holds.
func (s *server) Inspect(ctx context.Context) (*schema.Catalog, error) {
	begin := []query{{sql: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}}
	c, n, err := s.inspect(ctx, s.conn, begin, []query{{sql: "COMMIT"}})
	s.queries += n
	if err != nil {
		err = errors.Join(err, abandon(s.conn))
	}
	return c, err
}

// abandon ends a transaction that failed.
func abandon(conn *pgconn.PgConn) error {
	if conn.IsClosed() || conn.TxStatus() == 'I' {
		return nil
	}
	return script(context.Background(), conn, newInterner(), []query{{sql: "ROLLBACK"}})
}

// printing are the settings under which the server prints expressions the same
// way for everyone: every name that is not in pg_catalog qualified.
const printing = `SET LOCAL search_path TO ''; SET LOCAL datestyle TO 'ISO'; SET LOCAL intervalstyle TO 'postgres';
 SET LOCAL extra_float_digits TO 3; SET LOCAL bytea_output TO 'hex'; SET LOCAL quote_all_identifiers TO off; SET LOCAL jit TO off`

// inspect reads the catalogs between two groups of statements. It returns the
// number of catalog queries, too.
func (b *bound) inspect(ctx context.Context, conn *pgconn.PgConn, before, after []query) (*schema.Catalog, int, error) {
	in := newInspection(b)
	queries := in.queries()
	all := slices.Concat(before, statements(printing), queries, after)
	if err := script(ctx, conn, in.strings, all); err != nil {
		return nil, len(queries), err
	}
	c, err := in.finish()
	return c, len(queries), err
}

// inspection is one reading of the catalogs. The rows of one query are turned
// into objects as they come where all that they refer to is known by then, and
// kept for [inspection.finish] otherwise.
type inspection struct {
	*bound
	version int
	user    string
	strings *interner

	namespaces map[oid]namespace
	members    map[address]bool // objects that belong to extensions
	relations  map[oid]*relation
	ordered    []*relation // as read: by name
	types      map[oid]*typ
	routines   map[oid]routine
	languages  map[oid]string
	targets    map[address]target // what comments are about
	opclasses  map[oid]opclass

	inherits   map[oid][]oid // children to parents, in order
	keys       map[oid]*partitionKey
	sequences  map[oid]*sequence
	identities map[columnKey]*sequence
	indexes    map[oid]*index
	settings   map[oid]map[int]indexSetting // of indexes' columns
	keyIDs     map[oid]schema.ID            // constraints by the oid of their index

	constraintIDs map[oid]schema.ID // also of those that are no objects
	given         []givenConstraint
	backing       []backing
	proven        []provenCheck             // inherited ones
	unproven      map[provenCheck]schema.ID // NOT VALID
	viewUses      map[oid][]schema.Ref      // what the queries of views refer to

	functions       map[oid]*pg.Function
	routineUses     []dependency
	operatorNames   map[oid]string
	operators       map[oid]schema.ID
	families        map[oid]*pg.OperatorFamily
	familyNames     map[oid]string
	classes         map[oid]*class
	textSearchNames map[address]string
	configurations  map[oid]*pg.TSObject

	scripts []fragment // what the parser has to read

	bundles map[schema.ID]*bundle
	whole   []*bundle
	notes   []string
	alien   []schema.ID // unmanaged
}

// address is an object of any catalog; sub is a column's number.
type address struct {
	class, object oid
	sub           int
}

// target is an object that can be commented.
type target struct {
	id, relation schema.ID
	root         schema.ID
}

// namespace is a schema.
type namespace struct {
	name    string
	managed bool
}

// bundle is an object that stands alone with all its parts.
type bundle struct {
	id    schema.ID
	parts []schema.Object // the object itself among them
}

// fragment is a statement as the server prints it, to be read by the parser.
type fragment struct {
	sql  string
	root schema.ID
	// then finishes the object that the statement made.
	id   schema.ID
	then func(schema.Object)
}

func newInspection(b *bound) *inspection {
	return &inspection{bound: b, version: b.target.Version, user: b.target.Settings[settingUser], strings: newInterner(),
		namespaces: map[oid]namespace{}, members: map[address]bool{}, relations: map[oid]*relation{}, types: map[oid]*typ{},
		routines: map[oid]routine{}, languages: map[oid]string{}, targets: map[address]target{}, opclasses: map[oid]opclass{}, inherits: map[oid][]oid{},
		keys: map[oid]*partitionKey{}, sequences: map[oid]*sequence{}, identities: map[columnKey]*sequence{}, indexes: map[oid]*index{}, settings: map[oid]map[int]indexSetting{},
		keyIDs: map[oid]schema.ID{}, constraintIDs: map[oid]schema.ID{}, unproven: map[provenCheck]schema.ID{}, viewUses: map[oid][]schema.Ref{}, functions: map[oid]*pg.Function{}, operatorNames: map[oid]string{},
		operators: map[oid]schema.ID{}, families: map[oid]*pg.OperatorFamily{}, familyNames: map[oid]string{}, classes: map[oid]*class{},
		textSearchNames: map[address]string{}, configurations: map[oid]*pg.TSObject{}, bundles: map[schema.ID]*bundle{}}
}

// queries are all catalog queries. Each one may rely on what the ones before
// it have found.
func (in *inspection) queries() []query {
	return slices.Concat(
		in.readNamespaces(), in.readExtensions(), in.readRelations(), in.readTypes(), in.readOperatorClassNames(),
		in.readOperatorNames(), in.readRoutines(), in.readLanguages(), in.readCollations(), in.readOperators(), in.readCasts(), in.readTextSearch(),
		in.readInheritance(), in.readColumns(), in.readSequences(), in.readIndexes(), in.readConstraints(), in.readStatistics(),
		in.readViews(), in.readTriggers(), in.readPolicies(), in.readEventTriggers(), in.readPublications(),
		in.readComments(), in.readDefaultPrivileges(), in.readUnmanaged(),
	)
}

// statements splits settings; it is for constants of ours only.
func statements(list string) []query {
	var out []query
	for one := range strings.SplitSeq(list, ";") {
		out = append(out, query{sql: one})
	}
	return out
}

// add puts an object into the bundle of what it is a part of.
func (in *inspection) add(o schema.Object, root schema.ID) {
	b := in.bundles[root]
	if b == nil {
		b = &bundle{id: root}
		in.bundles[root] = b
		in.whole = append(in.whole, b)
	}
	b.parts = append(b.parts, o)
}

// kindOrder is the position of each kind in [pg.Kinds].
var kindOrder = func() map[schema.Kind]int {
	m := map[schema.Kind]int{}
	for i, k := range pg.Kinds {
		m[k] = i
	}
	return m
}()

// finish makes the catalog: what stands alone by kind and name, each with its
// parts behind it.
func (in *inspection) finish() (*schema.Catalog, error) {
	in.finishTables()
	in.finishIndexes()
	in.finishGiven()
	in.finishValidations()
	in.finishRoutines()
	in.finishFamilies()
	if err := in.readFragments(); err != nil {
		return nil, err
	}
	return in.assemble()
}

func (in *inspection) assemble() (*schema.Catalog, error) {
	slices.SortFunc(in.whole, func(a, b *bundle) int {
		return cmp.Or(cmp.Compare(section(a.id.Kind), section(b.id.Kind)), a.id.Compare(b.id))
	})
	c := schema.NewCatalog()
	for _, b := range in.whole {
		slices.SortStableFunc(b.parts, func(x, y schema.Object) int { return cmp.Compare(kindOrder[x.ID().Kind], kindOrder[y.ID().Kind]) })
		for _, o := range b.parts {
			if err := c.Add(o); err != nil {
				return nil, err
			}
		}
	}
	for o := range schema.Each[*pg.Comment](c) { // on a column that is the parent's
		if o.Target.Kind == pg.KindColumn && o.Relation.IsZero() && !c.Has(o.Target) {
			o.Relation = schema.ID{Kind: pg.KindTable, Schema: o.Target.Schema, Name: o.Target.Parent}
		}
	}
	c.Notes, c.Unmanaged = in.notes, in.alien
	return c, nil
}

// section groups kinds that readers want to see in one list.
func section(k schema.Kind) int {
	switch k {
	case pg.KindComposite, pg.KindDomain, pg.KindRange: // types
		k = pg.KindEnum
	case pg.KindProcedure, pg.KindAggregate:
		k = pg.KindFunction
	case pg.KindMaterializedView:
		k = pg.KindView
	}
	return kindOrder[k]
}

// readFragments has the parser read what the server printed as statements, in
// the presence of what such a statement can name.
func (in *inspection) readFragments() error {
	if len(in.scripts) == 0 {
		return nil
	}
	c := schema.NewCatalog()
	for _, b := range in.whole {
		if o := b.parts[0]; o.ID() == b.id && kindOrder[b.id.Kind] <= kindOrder[pg.KindMaterializedView] {
			c.Put(o)
		}
	}
	sources := make([]parser.Source, len(in.scripts))
	for i, f := range in.scripts {
		sources[i] = parser.Source{Name: "the server's " + f.id.String(), Text: f.sql}
	}
	o := in.parsing()
	o.SearchPath = []string{"pg_catalog"}
	c, err := pgparse.Amend(c, sources, o)
	if err != nil {
		return err
	}
	for _, f := range in.scripts {
		made := c.Object(f.id)
		if made == nil {
			return fmt.Errorf("internal error: the server's text of %s makes something else: %s", f.id, f.sql)
		}
		if f.then != nil {
			f.then(made)
		}
		in.add(made, f.root)
	}
	return nil
}
