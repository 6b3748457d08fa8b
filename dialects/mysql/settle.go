package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/trueup-sql/trueup/parser/myparse"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Settle asks for what information_schema does not tell; see reveal.go. Then it
// has the server itself compute the bounds of partitions, and print the
// expressions that still differ: an empty temporary table with the desired
// columns and checks shows them in the server's own form. Where that is the form
// of the current ones, nothing differs. Only sessions see temporary tables, and
// no row is read.
func (c *connection) Settle(ctx context.Context, current, desired *schema.Catalog) error {
	if err := c.reveal(ctx, c.db, current, desired); err != nil {
		return err
	}
	if err := settleBounds(ctx, c.db, current, desired); err != nil {
		return err
	}
	doubts := doubtful(current, desired)
	if len(doubts) == 0 || !c.temporaryProof {
		return nil
	}
	if c.options.ReadOnly {
		desired.Notes = append(desired.Notes, "expressions that differ were compared as text only: --read-only forbids temporary tables")
		return nil
	}
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	columns := columnsOf(desired)
	for _, d := range doubts {
		err := c.revealDefaults(ctx, conn, d, current)
		if err == nil {
			err = c.settleTable(ctx, conn, d, columns[d.table])
		}
		var refused *mysql.MySQLError
		switch {
		case err == nil:
		case errors.As(err, &refused) && (refused.Number == 1044 || refused.Number == 1142 || refused.Number == 1227): // no privilege
			desired.Notes = append(desired.Notes, "expressions that differ were compared as text only: the user lacks the privilege CREATE TEMPORARY TABLES")
			return nil
		case errors.As(err, &refused): // whatever is wrong with the table, its own statement will say
			desired.Notes = append(desired.Notes, fmt.Sprintf("%s: its expressions were compared as text only: %s", d.table, refused.Message))
		default:
			return err
		}
	}
	return nil
}

// doubt is a table with the expressions of which only the text is known to differ.
type doubt struct {
	table   schema.ID
	objects []pairOfExprs
	checks  []*my.Check // all that are desired
}

// pairOfExprs are the expressions of an object on both sides.
type pairOfExprs struct {
	id, was          schema.ID // on the desired and on the current side
	current, desired []*schema.Expr
	known            *schema.Expr // of the current ones, if the server has told its true value
}

// doubtful finds the objects of which nothing but expressions differ.
func doubtful(current, desired *schema.Catalog) []*doubt {
	var out []*doubt
	at := map[schema.ID]*doubt{}
	for o := range desired.All() {
		id := o.ID()
		if id.Kind != my.KindColumn && id.Kind != my.KindCheck {
			continue
		}
		old := current.Object(counterpart(current, desired, id))
		if old == nil || old.ID().Kind != id.Kind {
			continue
		}
		p := pairOfExprs{id: id, was: old.ID(), current: exprs(old), desired: exprs(o)}
		if !p.differ() {
			continue
		}
		d := at[o.Owner()]
		if d == nil {
			d = &doubt{table: o.Owner()}
			at[o.Owner()] = d
			out = append(out, d)
		}
		d.objects = append(d.objects, p)
	}
	if len(out) > 0 {
		for k := range schema.Each[*my.Check](desired) {
			if d := at[k.Table()]; d != nil {
				d.checks = append(d.checks, k)
			}
		}
	}
	return out
}

// differ tells whether there is an expression on both sides, and not the same.
func (p pairOfExprs) differ() bool {
	for i, e := range p.desired {
		if c := p.current[i]; !e.IsZero() && !c.IsZero() && e.Canon != c.Canon {
			return true
		}
	}
	return false
}

const proofTable = "trueup_proof"

// settleTable creates a twin of the desired table, and compares what the server
// shows of it.
func (c *connection) settleTable(ctx context.Context, conn *sql.Conn, d *doubt, columns []*my.Column) error {
	if _, err := conn.ExecContext(ctx, c.proofDDL(d, columns)); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DROP TEMPORARY TABLE "+quote(proofTable)) //nolint:errcheck // it goes with the session anyhow
	rows, err := query(ctx, conn, "SHOW CREATE TABLE "+quote(proofTable))
	if err != nil {
		return err
	}
	objects, err := myparse.ShowCreateTable(strings.Replace(rows[0][1].String, "CREATE TEMPORARY TABLE", "CREATE TABLE", 1), c.parserOptions())
	if err != nil {
		return err
	}
	shown := schema.NewCatalog()
	for _, o := range objects {
		shown.Put(o)
	}
	for _, p := range d.objects {
		id := p.id
		id.Parent = proofTable
		if o := shown.Object(id); o != nil {
			p.settle(exprs(o))
		}
	}
	return nil
}

// settle takes over the current form of what the server shows alike.
func (p pairOfExprs) settle(shown []*schema.Expr) {
	for i, e := range p.desired {
		if c := p.current[i]; c != p.known && !c.IsZero() && shown[i].Canon == c.Canon {
			e.Canon = c.Canon
		}
	}
}

// proofDDL is the twin: all columns, so that expressions find theirs, and the checks.
func (c *connection) proofDDL(d *doubt, columns []*my.Column) string {
	e := &emitter{bound: c.bound}
	var lines []string
	for _, col := range columns {
		x := *col
		x.AutoIncrement, x.AutoRandom, x.Place = false, nil, nil
		if x.RowStart || x.RowEnd {
			x.RowStart, x.RowEnd = false, false
		}
		x.Versioning = ""
		lines = append(lines, e.columnDefinition(&x))
	}
	if c.on(settingRequireKey) {
		lines = append(lines, quote(proofTable)+" int PRIMARY KEY")
	}
	for _, k := range d.checks {
		lines = append(lines, checkDefinition(k))
	}
	return "CREATE TEMPORARY TABLE " + quote(proofTable) + " (\n  " + strings.Join(lines, ",\n  ") + "\n)"
}
