package pgparse

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// alterTable reads ALTER TABLE, and what is written like it: ALTER INDEX, ALTER
// VIEW, ALTER SEQUENCE .. OWNER TO, ALTER TYPE .. ADD ATTRIBUTE. What the name
// stands for decides, as on the server, not the word.
func (r *reader) alterTable(s *pg_query.AlterTableStmt) error {
	if s.Objtype == pg_query.ObjectType_OBJECT_FOREIGN_TABLE {
		return r.unmanaged("ALTER FOREIGN TABLE", foreignHint)
	}
	id, err := r.existing(s.Relation)
	if err != nil {
		if _, missing := errors.AsType[*missingError](err); missing && s.MissingOk && r.again {
			return nil
		}
		return err
	}
	switch o := r.catalog.Object(id).(type) {
	case *pg.Table:
		return r.alterTableCommands(o, s.Cmds, !s.Relation.Inh)
	case *pg.View:
		return r.alterView(s)
	case *pg.MaterializedView:
		return r.alterMaterializedView(s)
	case *pg.Composite:
		return r.alterComposite(s)
	case *pg.Index:
		return r.alterIndex(id, &o.Options, &o.Tablespace, s.Cmds)
	case *pg.Constraint:
		return r.alterIndex(id, &o.Options, &o.Tablespace, s.Cmds)
	default: // a sequence, or that of an identity column
		return r.alterOther(id, s.Cmds)
	}
}

// alterOther reads what is possible with a sequence.
func (r *reader) alterOther(id schema.ID, cmds []*pg_query.Node) error {
	for _, n := range cmds {
		c := n.GetAlterTableCmd()
		q, _ := schema.Lookup[*pg.Sequence](r.catalog, id)
		switch {
		case c.Subtype == pg_query.AlterTableType_AT_ChangeOwner:
			if err := r.setOwner(id, c.Newowner); err != nil {
				return err
			}
		case q != nil && (c.Subtype == pg_query.AlterTableType_AT_SetLogged || c.Subtype == pg_query.AlterTableType_AT_SetUnLogged):
			q.Unlogged = c.Subtype == pg_query.AlterTableType_AT_SetUnLogged
		default:
			return r.errorf(-1, "", "this cannot be done to %s", id)
		}
	}
	return nil
}

// alterIndex reads the commands of ALTER INDEX.
func (r *reader) alterIndex(id schema.ID, options *[]pg.Option, tablespace *string, cmds []*pg_query.Node) error {
	for _, n := range cmds {
		c := n.GetAlterTableCmd()
		switch c.Subtype {
		case pg_query.AlterTableType_AT_SetRelOptions:
			*options = storageOptions(*options, c.Def.GetList().GetItems())
		case pg_query.AlterTableType_AT_ResetRelOptions:
			*options = resetOptions(*options, c.Def.GetList().GetItems())
		case pg_query.AlterTableType_AT_SetTableSpace:
			*tablespace = c.Name
		case pg_query.AlterTableType_AT_AttachPartition:
			if err := r.attachIndex(id, c.Def.GetPartitionCmd()); err != nil {
				return err
			}
		case pg_query.AlterTableType_AT_ChangeOwner: // an index has its table's
		case pg_query.AlterTableType_AT_SetStatistics:
			if err := r.keyStatistics(id, c); err != nil {
				return err
			}
		default:
			return r.errorf(-1, "", "this cannot be done to %s", id)
		}
	}
	return nil
}

// keyStatistics reads ALTER INDEX .. ALTER COLUMN n SET STATISTICS.
func (r *reader) keyStatistics(id schema.ID, c *pg_query.AlterTableCmd) error {
	i, ok := schema.Lookup[*pg.Index](r.catalog, id)
	if !ok {
		return r.unmanaged("the statistics target of a constraint's index", otherHint)
	}
	target, err := strconv.Atoi(nodeWord(c.Def))
	if err != nil {
		return r.errorf(-1, "", "%s is no statistics target", nodeWord(c.Def))
	}
	if c.Num < 1 || int(c.Num) > len(i.Keys) {
		return r.errorf(-1, "", "column number %d of %s does not exist", c.Num, id)
	}
	k := pg.KeyStatistics{Key: int(c.Num), Target: target}
	i.Statistics = slices.DeleteFunc(i.Statistics, func(s pg.KeyStatistics) bool { return s.Key == k.Key })
	if target >= 0 {
		i.Statistics = append(i.Statistics, k)
	}
	slices.SortFunc(i.Statistics, func(a, b pg.KeyStatistics) int { return a.Key - b.Key })
	return nil
}

// cluster reads CLUSTER table USING index, of which the mark on the index
// remains; the order of the rows is data.
func (r *reader) cluster(s *pg_query.ClusterStmt) error {
	if s.Relation == nil || s.Indexname == "" {
		return r.unmanaged("CLUSTER", sessionHint)
	}
	id, err := r.existing(s.Relation)
	if err != nil {
		return err
	}
	switch o := r.catalog.Object(id).(type) {
	case *pg.Table:
		t := &tableReader{draft: r.draft(), table: o, id: id}
		if err := t.hasIndex(s.Indexname); err != nil {
			return err
		}
		o.ClusterOn = s.Indexname
	case *pg.MaterializedView:
		o.ClusterOn = s.Indexname
	default:
		return r.errorf(s.Relation.Location, "", "%s cannot be clustered", id)
	}
	return nil
}

// alterTableCommands reads the commands about a table. The draft holds what
// the statement adds; what needs something that is not there yet returns a
// [*missingError] before anything is changed.
func (r *reader) alterTableCommands(table *pg.Table, cmds []*pg_query.Node, only bool) error {
	t := &tableReader{draft: r.draft(), table: table, id: table.ID(), altered: true, only: only && r.hasPartitions(table), typed: map[string]*pg.Column{}}
	t.number = len(r.allColumns(t.id))
	var later []func() error
	for _, n := range cmds {
		c := n.GetAlterTableCmd()
		switch c.Subtype {
		case pg_query.AlterTableType_AT_AddColumn:
			if err := t.addColumn(c); err != nil {
				return err
			}
		case pg_query.AlterTableType_AT_AddConstraint:
			if err := t.addConstraint(c.Def.GetConstraint()); err != nil {
				return err
			}
		default:
			later = append(later, func() error { return t.command(c) })
		}
	}
	if err := t.constraints(); err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	for _, f := range later {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// hasPartitions tells whether a table has partitions by now.
func (r *reader) hasPartitions(t *pg.Table) bool {
	if t.PartitionBy == nil {
		return false
	}
	for p := range schema.Each[*pg.Table](r.catalog) {
		if p.PartitionOf == t.ID() {
			return true
		}
	}
	return false
}

// addColumn reads ADD COLUMN. What its constraints lack is found as in CREATE
// TABLE; a new column's constraints hold from the start.
func (t *tableReader) addColumn(c *pg_query.AlterTableCmd) error {
	s := c.Def.GetColumnDef()
	if c.MissingOk && t.r.hasColumn(t.id, s.Colname) {
		t.r.skipped(pg.ColumnID(t.id, s.Colname))
		return nil
	}
	return t.column(s)
}

// addConstraint reads ADD CONSTRAINT. Its columns have to be there: the
// statement waits for them otherwise.
func (t *tableReader) addConstraint(k *pg_query.Constraint) error {
	for _, name := range slices.Concat(strs(k.Keys), strs(k.FkAttrs)) {
		if !t.hasColumn(name) {
			return t.r.missing(k.Location, "column %s of %s does not exist", pg.Quote(name), t.id)
		}
	}
	t.tableConstraint(k)
	return nil
}

func (t *tableReader) hasColumn(name string) bool {
	if t.r.hasColumn(t.id, name) {
		return true
	}
	return slices.ContainsFunc(t.list, func(d drafted) bool {
		c, ok := d.object.(*pg.Column)
		return ok && c.Name == name
	})
}

// command reads a command that changes what is there.
func (t *tableReader) command(c *pg_query.AlterTableCmd) error {
	if done, err := t.columnCommand(c); done {
		return err
	}
	if done, err := t.constraintCommand(c); done {
		return err
	}
	if done, err := t.storageCommand(c); done {
		return err
	}
	return t.tableCommand(c)
}

// tableCommand reads what remains: inheritance, security, triggers.
func (t *tableReader) tableCommand(c *pg_query.AlterTableCmd) error {
	r, table := t.r, t.table
	switch c.Subtype {
	case pg_query.AlterTableType_AT_ChangeOwner:
		return r.setOwner(t.id, c.Newowner)
	case pg_query.AlterTableType_AT_EnableRowSecurity, pg_query.AlterTableType_AT_DisableRowSecurity:
		table.RowSecurity = c.Subtype == pg_query.AlterTableType_AT_EnableRowSecurity
	case pg_query.AlterTableType_AT_ForceRowSecurity, pg_query.AlterTableType_AT_NoForceRowSecurity:
		table.ForceRowSecurity = c.Subtype == pg_query.AlterTableType_AT_ForceRowSecurity
	case pg_query.AlterTableType_AT_ReplicaIdentity:
		return t.replicaIdentity(c.Def.GetReplicaIdentityStmt())
	case pg_query.AlterTableType_AT_EnableTrig, pg_query.AlterTableType_AT_EnableAlwaysTrig, pg_query.AlterTableType_AT_EnableReplicaTrig,
		pg_query.AlterTableType_AT_DisableTrig, pg_query.AlterTableType_AT_EnableTrigAll, pg_query.AlterTableType_AT_DisableTrigAll,
		pg_query.AlterTableType_AT_EnableTrigUser, pg_query.AlterTableType_AT_DisableTrigUser:
		return r.enableTrigger(t.id, c)
	case pg_query.AlterTableType_AT_EnableRule, pg_query.AlterTableType_AT_EnableAlwaysRule, pg_query.AlterTableType_AT_EnableReplicaRule, pg_query.AlterTableType_AT_DisableRule:
		return r.enableRule(t.id, c)
	case pg_query.AlterTableType_AT_AttachPartition:
		return r.attachPartition(t.id, c.Def.GetPartitionCmd())
	case pg_query.AlterTableType_AT_DetachPartition:
		return r.detachPartition(t.id, c.Def.GetPartitionCmd())
	case pg_query.AlterTableType_AT_AddInherit, pg_query.AlterTableType_AT_DropInherit:
		return t.inherit(c)
	case pg_query.AlterTableType_AT_AddOf:
		typ := r.typeName(c.Def.GetTypeName())
		if typ.Ref.Kind != pg.KindComposite {
			return r.missing(c.Def.GetTypeName().Location, "composite type %s does not exist", pg.Qualify(nameParts(c.Def.GetTypeName().Names)))
		}
		table.OfType = typ.Ref
	case pg_query.AlterTableType_AT_DropOf:
		table.OfType = schema.ID{}
	default:
		return r.unmanaged("this form of ALTER TABLE", sessionHint)
	}
	return nil
}

func (t *tableReader) inherit(c *pg_query.AlterTableCmd) error {
	parent, err := t.r.existingTable(c.Def.GetRangeVar())
	if err != nil {
		return err
	}
	if c.Subtype == pg_query.AlterTableType_AT_DropInherit {
		if !slices.Contains(t.table.Inherits, parent) {
			return t.r.errorf(-1, "", "%s is not a parent of %s", parent, t.id)
		}
		t.r.keepInherited(t.table)
		t.table.Inherits = slices.DeleteFunc(t.table.Inherits, func(p schema.ID) bool { return p == parent })
		return nil
	}
	if t.r.descends(parent, t.id) {
		return t.r.errorf(-1, "", "circular inheritance: %s is below %s", parent, t.id)
	}
	if slices.Contains(t.table.Inherits, parent) {
		return t.r.errorf(-1, "", "%s would be inherited from more than once", parent)
	}
	t.table.Inherits = append(t.table.Inherits, parent)
	return nil
}

func (t *tableReader) replicaIdentity(s *pg_query.ReplicaIdentityStmt) error {
	t.table.ReplicaIndex = ""
	switch s.IdentityType {
	case "d":
		t.table.ReplicaIdentity = ""
	case "f":
		t.table.ReplicaIdentity = "full"
	case "n":
		t.table.ReplicaIdentity = "nothing"
	case "i":
		if err := t.hasIndex(s.Name); err != nil {
			return err
		}
		t.table.ReplicaIdentity, t.table.ReplicaIndex = "index", s.Name
	}
	return nil
}

// hasIndex checks that the table has an index of this name.
func (t *tableReader) hasIndex(name string) error {
	switch o := t.r.catalog.Object(t.r.relations[key(t.id.Schema, name)]).(type) {
	case *pg.Index:
		if o.Table == t.id {
			return nil
		}
	case *pg.Constraint:
		if o.Table == t.id {
			return nil
		}
	}
	// An index that a partition has by its parent's.
	if !t.table.PartitionOf.IsZero() {
		return nil
	}
	return t.r.missing(-1, "index %s of %s does not exist", pg.Quote(name), t.id)
}

// sequencesFollow: since 15, SET LOGGED and SET UNLOGGED also change the
// sequences that the table's columns own.
func (t *tableReader) sequencesFollow() {
	if t.r.Version < 150000 {
		return
	}
	for o := range t.r.catalog.All() {
		switch o := o.(type) {
		case *pg.Column:
			if o.Table == t.id && o.Identity != nil {
				o.Identity.Unlogged = t.table.Unlogged
			}
		case *pg.SequenceOwner:
			q, ok := schema.Lookup[*pg.Sequence](t.r.catalog, o.Sequence)
			if ok && o.Column.Schema == t.id.Schema && o.Column.Parent == t.id.Name {
				q.Unlogged = t.table.Unlogged
			}
		}
	}
}

// storageCommand reads how a table is stored.
func (t *tableReader) storageCommand(c *pg_query.AlterTableCmd) (bool, error) {
	table := t.table
	switch c.Subtype {
	case pg_query.AlterTableType_AT_SetRelOptions:
		table.Options = storageOptions(table.Options, c.Def.GetList().GetItems())
	case pg_query.AlterTableType_AT_ResetRelOptions:
		table.Options = resetOptions(table.Options, c.Def.GetList().GetItems())
	case pg_query.AlterTableType_AT_SetLogged, pg_query.AlterTableType_AT_SetUnLogged:
		table.Unlogged = c.Subtype == pg_query.AlterTableType_AT_SetUnLogged
		t.sequencesFollow()
	case pg_query.AlterTableType_AT_SetTableSpace:
		table.Tablespace = c.Name
	case pg_query.AlterTableType_AT_SetAccessMethod:
		if table.AccessMethod = c.Name; c.Name == "heap" {
			table.AccessMethod = ""
		}
	case pg_query.AlterTableType_AT_DropOids:
	case pg_query.AlterTableType_AT_ClusterOn:
		if err := t.hasIndex(c.Name); err != nil {
			return true, err
		}
		table.ClusterOn = c.Name
	case pg_query.AlterTableType_AT_DropCluster:
		table.ClusterOn = ""
	default:
		return false, nil
	}
	return true, nil
}

// constraintCommand reads what changes or drops a constraint.
func (t *tableReader) constraintCommand(c *pg_query.AlterTableCmd) (bool, error) {
	r := t.r
	id := pg.Part(pg.KindConstraint, t.id, c.Name)
	switch c.Subtype {
	case pg_query.AlterTableType_AT_AlterConstraint:
		return true, t.alterConstraint(c.Def.GetConstraint())
	case pg_query.AlterTableType_AT_ValidateConstraint:
		return true, t.validate(id)
	case pg_query.AlterTableType_AT_DropConstraint:
		k, ok := schema.Lookup[*pg.Constraint](r.catalog, id)
		if !ok {
			if c.MissingOk {
				return true, nil
			}
			if column, ok := strings.CutSuffix(strings.TrimPrefix(c.Name, t.id.Name+"_"), "_not_null"); ok && r.hasColumn(t.id, column) {
				return true, t.setNotNull(column, false)
			}
			return true, r.notDeferred(r.missing(-1, "%s does not exist", id), false)
		}
		if k.Type == pg.NotNull {
			return true, t.setNotNull(k.Columns[0].Name, false)
		}
		r.dropTree(id, c.Behavior == pg_query.DropBehavior_DROP_CASCADE)
	default:
		return false, nil
	}
	return true, nil
}

// alterConstraint reads ALTER CONSTRAINT.
func (t *tableReader) alterConstraint(s *pg_query.Constraint) error {
	r := t.r
	id := pg.Part(pg.KindConstraint, t.id, s.Conname)
	k, ok := schema.Lookup[*pg.Constraint](r.catalog, id)
	if !ok {
		return r.missing(-1, "%s does not exist", id)
	}
	taken := func(what string) bool { return r.newer.within(0, r.end-r.offset, what) }
	switch {
	case taken(markNotEnforced):
		k.NotEnforced = true
	case taken(markEnforced):
		k.NotEnforced, k.NotValid = false, false
	case taken(markNoInherit):
		k.NoInherit = true
	case taken(markInherit):
		k.NoInherit = false
	default:
		k.Deferrable, k.InitiallyDeferred = s.Deferrable, s.Initdeferred
	}
	return nil
}
