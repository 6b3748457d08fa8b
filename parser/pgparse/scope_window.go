package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"
)

// window is the canonical text of a window's definition or use.
func (a *analyzer) window(w *pg_query.WindowDef, use bool) string {
	if use && w.Name != "" {
		return quoted(w.Name)
	}
	var parts []string
	if w.Refname != "" {
		parts = append(parts, quoted(w.Refname))
	}
	if len(w.PartitionClause) > 0 {
		var list []string
		for _, n := range w.PartitionClause {
			list = append(list, a.settle(a.expr(n)).String())
		}
		parts = append(parts, "PARTITION BY "+strings.Join(list, ", "))
	}
	if len(w.OrderClause) > 0 {
		parts = append(parts, "ORDER BY "+a.orderIn(w.OrderClause, nil, nil))
	}
	if f := a.frame(w); f != "" {
		parts = append(parts, f)
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// Bits of WindowDef.FrameOptions (parsenodes.h).
const (
	frameNonDefault = 1 << iota
	frameRange
	frameRows
	frameGroups
	frameBetween
	frameStartUnboundedPreceding
	frameEndUnboundedPreceding
	frameStartUnboundedFollowing
	frameEndUnboundedFollowing
	frameStartCurrentRow
	frameEndCurrentRow
	frameStartOffsetPreceding
	frameEndOffsetPreceding
	frameStartOffsetFollowing
	frameEndOffsetFollowing
	frameExcludeCurrentRow
	frameExcludeGroup
	frameExcludeTies
)

// frame is the frame clause, empty for the default one.
func (a *analyzer) frame(w *pg_query.WindowDef) string {
	o := w.FrameOptions
	if o&frameNonDefault == 0 {
		return ""
	}
	has := func(bit int32) bool { return o&bit != 0 }
	s := "RANGE"
	if has(frameRows) {
		s = "ROWS"
	} else if has(frameGroups) {
		s = "GROUPS"
	}
	limit := func(unboundedPreceding, unboundedFollowing, current, preceding, following int32, offset *pg_query.Node) string {
		switch {
		case has(unboundedPreceding):
			return "UNBOUNDED PRECEDING"
		case has(unboundedFollowing):
			return "UNBOUNDED FOLLOWING"
		case has(current):
			return "CURRENT ROW"
		}
		x := a.expr(offset)
		if !has(frameRange) {
			x = a.coerce(x, typed{a.int8, ""}, assignment)
		}
		if has(preceding) {
			return x.String() + " PRECEDING"
		}
		return x.String() + " FOLLOWING"
	}
	s += " BETWEEN " + limit(frameStartUnboundedPreceding, frameStartUnboundedFollowing, frameStartCurrentRow, frameStartOffsetPreceding, frameStartOffsetFollowing, w.StartOffset) +
		" AND " + limit(frameEndUnboundedPreceding, frameEndUnboundedFollowing, frameEndCurrentRow, frameEndOffsetPreceding, frameEndOffsetFollowing, w.EndOffset)
	switch {
	case has(frameExcludeCurrentRow):
		s += " EXCLUDE CURRENT ROW"
	case has(frameExcludeGroup):
		s += " EXCLUDE GROUP"
	case has(frameExcludeTies):
		s += " EXCLUDE TIES"
	}
	return s
}
