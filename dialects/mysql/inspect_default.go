package mysql

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/go-sql-driver/mysql"
	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// MariaDB keeps a default with all its characters, and shows each beyond U+FFFF
// as a question mark, in SHOW CREATE TABLE, too (10.11). DEFAULT(column) has the
// true value.

// readDefaults asks for the defaults that may have lost something. A join that
// finds no row makes all columns NULL, but not their defaults, except those of
// NOT NULL columns: see [actualDefault]. No row is read.
func (r *inspection) readDefaults(ctx context.Context, q querier) error {
	if !r.basicMetadata {
		return nil
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for _, t := range r.relations {
		var names, list []string
		for _, c := range t.columns {
			if c.null && c.questionable() {
				names, list = append(names, c.name), append(list, "DEFAULT(t."+quote(c.name)+")")
			}
		}
		if len(list) == 0 {
			continue
		}
		g.Go(func() error {
			rows, err := query(gctx, q, "SELECT "+strings.Join(list, ", ")+" FROM (SELECT 1 AS o) o LEFT JOIN "+quote(t.name)+" t ON 1 = 0")
			var refused *mysql.MySQLError
			if errors.As(err, &refused) || err == nil && len(rows) != 1 { // SELECT is missing
				return nil
			}
			if err != nil {
				return err
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			for i, name := range names {
				if v := rows[0][i]; v.Valid {
					r.defaults[my.ColumnID(my.TableID(t.name), name)] = v.String
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// questionable tells whether a default is a text that may have lost something.
func (c column) questionable() bool {
	kind := strings.ToLower(c.kind)
	return strings.HasPrefix(c.defaultValue, "'") && lossy(c.defaultValue) && !strings.HasPrefix(kind, "enum") && !strings.HasPrefix(kind, "set")
}

// restoreDefault gives a column the default that was asked for.
func (r *inspection) restoreDefault(o schema.Object) {
	if c, ok := o.(*my.Column); ok {
		if v, ok := r.defaults[c.Self]; ok {
			c.Default.Text, c.Default.Canon = literal(v), literal(v)
		}
	}
}

// actualDefault asks for the default of a NOT NULL column, in an empty temporary
// copy of the column: there, a row can be made of it.
func actualDefault(ctx context.Context, conn *sql.Conn, id schema.ID) (string, error) {
	const copied = "trueup_default"
	if _, err := conn.ExecContext(ctx, "CREATE TEMPORARY TABLE "+quote(copied)+" SELECT "+quote(id.Name)+" FROM "+quote(id.Parent)+" LIMIT 0"); err != nil {
		return "", err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DROP TEMPORARY TABLE "+quote(copied)) //nolint:errcheck // it goes with the session anyhow
	if _, err := conn.ExecContext(ctx, "INSERT IGNORE INTO "+quote(copied)+" () VALUES ()"); err != nil {
		return "", err
	}
	rows, err := query(ctx, conn, "SELECT DEFAULT("+quote(id.Name)+") FROM "+quote(copied))
	if err != nil || len(rows) != 1 {
		return "", err
	}
	return rows[0][0].String, nil
}

// revealDefaults puts the true default into the current side where the one that
// is shown differs from the desired one by lost characters only.
func (c *connection) revealDefaults(ctx context.Context, conn *sql.Conn, d *doubt, current *schema.Catalog) error {
	if !c.basicMetadata {
		return nil
	}
	for i := range d.objects {
		p := &d.objects[i]
		col, ok := current.Object(p.was).(*my.Column)
		if !ok || col.Type.Values != nil || !strings.HasPrefix(col.Default.Canon, "'") || !lossy(col.Default.Canon) {
			continue
		}
		v, err := actualDefault(ctx, conn, col.Self)
		if err != nil {
			return err
		}
		col.Default.Text, col.Default.Canon, p.known = literal(v), literal(v), &col.Default
	}
	return nil
}
