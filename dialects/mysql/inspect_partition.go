package mysql

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// partition is the rows of information_schema.PARTITIONS of one partition.
type partition struct {
	ordinal                         int
	name, method, expr, description string
	comment, subMethod, subExpr     string
	subs                            []string
}

// readPartitions reads PARTITIONS only if there is a partitioned table: the
// query opens every table.
func (r *inspection) readPartitions(ctx context.Context, q querier) error {
	if !slices.ContainsFunc(r.relations, func(t *relation) bool { return strings.Contains(t.options, "partitioned") }) {
		return nil
	}
	text := "SELECT TABLE_NAME, PARTITION_ORDINAL_POSITION, PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT," +
		" SUBPARTITION_NAME, SUBPARTITION_METHOD, SUBPARTITION_EXPRESSION FROM information_schema.PARTITIONS WHERE PARTITION_NAME IS NOT NULL AND TABLE_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		t := r.byName[f[0].String]
		if t == nil {
			return
		}
		i := slices.IndexFunc(t.partitions, func(p partition) bool { return p.name == f[2].String })
		if i < 0 {
			n, _ := strconv.Atoi(f[1].String) //nolint:errcheck // the server's own number
			t.partitions = append(t.partitions, partition{ordinal: n, name: f[2].String, method: f[3].String, expr: f[4].String,
				description: f[5].String, comment: f[6].String, subMethod: f[8].String, subExpr: f[9].String})
			i = len(t.partitions) - 1
		}
		if f[7].Valid {
			t.partitions[i].subs = append(t.partitions[i].subs, f[7].String)
		}
	})
	for _, t := range r.relations {
		slices.SortFunc(t.partitions, func(a, b partition) int { return a.ordinal - b.ordinal })
	}
	return err
}

// partitionDDL is a table's partitioning as SHOW CREATE TABLE would have it.
func (b *bound) partitionDDL(t *relation) string {
	if len(t.partitions) == 0 {
		return ""
	}
	first := t.partitions[0]
	var s strings.Builder
	fmt.Fprintf(&s, "\n PARTITION BY %s (%s)", first.method, first.expr)
	if first.subMethod != "" {
		fmt.Fprintf(&s, "\nSUBPARTITION BY %s (%s)\nSUBPARTITIONS %d", first.subMethod, first.subExpr, len(first.subs))
	}
	values := strings.HasPrefix(first.method, "RANGE") || strings.HasPrefix(first.method, "LIST")
	if !values && defaultNames(t.partitions) {
		fmt.Fprintf(&s, "\nPARTITIONS %d", len(t.partitions))
		return s.String()
	}
	for i, p := range t.partitions {
		sep := ",\n "
		if i == 0 {
			sep = "\n("
		}
		s.WriteString(sep + "PARTITION " + quote(p.name))
		switch {
		case strings.HasPrefix(p.method, "RANGE"):
			s.WriteString(" VALUES LESS THAN (" + p.description + ")")
		case strings.HasPrefix(p.method, "LIST") && p.description == "MAXVALUE": // MariaDB's word, of LIST COLUMNS
			s.WriteString(" DEFAULT")
		case strings.HasPrefix(p.method, "LIST"):
			s.WriteString(" VALUES IN (" + p.description + ")")
		}
		if p.comment != "" {
			s.WriteString(" COMMENT = " + literal(p.comment))
		}
		s.WriteString(subpartitionDDL(p))
	}
	s.WriteString(")")
	return s.String()
}

// subpartitionDDL lists subpartitions whose names the server did not choose.
func subpartitionDDL(p partition) string {
	chosen := false
	for i, n := range p.subs {
		chosen = chosen || n != fmt.Sprintf("%ssp%d", p.name, i)
	}
	if !chosen {
		return ""
	}
	list := make([]string, len(p.subs))
	for i, n := range p.subs {
		list[i] = "SUBPARTITION " + quote(n)
	}
	return "\n (" + strings.Join(list, ",\n  ") + ")"
}

// defaultNames tells whether the server chose the names: p0, p1, ..
func defaultNames(all []partition) bool {
	for i, p := range all {
		if p.name != fmt.Sprintf("p%d", i) || p.comment != "" || len(p.subs) > 0 {
			return false
		}
	}
	return true
}
