package mysql

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// settleBounds has the server compute the bounds of RANGE and LIST partitions
// that are constant expressions, where they cannot be computed here: it keeps
// and shows the number only, and UNIX_TIMESTAMP('2030-01-01') depends on its own
// time zone. No table is touched.
func settleBounds(ctx context.Context, q querier, current, desired *schema.Catalog) error {
	for p := range schema.Each[*my.Partitioning](desired) {
		if _, ok := current.Object(counterpart(current, desired, p.Self)).(*my.Partitioning); !ok {
			continue
		}
		bounds := uncomputed(p)
		if len(bounds) == 0 {
			continue
		}
		list := make([]string, len(bounds))
		for i, b := range bounds {
			list[i] = b.Text
		}
		rows, err := query(ctx, q, "SELECT "+strings.Join(list, ", "))
		var refused *mysql.MySQLError
		switch {
		case errors.As(err, &refused): // CREATE TABLE would say the same
			desired.Notes = append(desired.Notes, fmt.Sprintf("%s: its partitions were compared as text only: %s", p.Owner(), refused.Message))
			continue
		case err != nil:
			return err
		}
		for i, b := range bounds {
			if v := rows[0][i]; v.Valid {
				b.Canon = strings.TrimSuffix(v.String, ".000000") // of UNIX_TIMESTAMP with a fraction
			}
		}
	}
	return nil
}

// uncomputed are the bounds that are neither numbers nor words.
func uncomputed(p *my.Partitioning) []*schema.Expr {
	if len(p.Columns) > 0 { // RANGE COLUMNS and LIST COLUMNS take literals only
		return nil
	}
	var out []*schema.Expr
	put := func(e *schema.Expr) {
		if _, err := strconv.ParseFloat(e.Canon, 64); err != nil && e.Canon != maxValue && e.Canon != "NULL" && len(e.Refs) == 0 {
			out = append(out, e)
		}
	}
	for i := range p.Partitions {
		for j := range p.Partitions[i].Less {
			put(&p.Partitions[i].Less[j])
		}
		for _, row := range p.Partitions[i].In {
			for j := range row {
				put(&row[j])
			}
		}
	}
	return out
}

// maxValue is the canonical form of MAXVALUE.
const maxValue = "maxvalue"
