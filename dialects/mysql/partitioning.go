package mysql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// partitionings writes how tables are partitioned.
type partitionings struct{}

func (partitionings) create(p *my.Partitioning, e *emitter) {
	e.clause(clause{position: atPartitions, text: e.partitionBy(p), facts: rewrite})
}

func (partitionings) drop(_ *my.Partitioning, e *emitter) {
	e.clause(clause{position: atPartitions, text: "REMOVE PARTITIONING", facts: rewrite})
}

func (partitionings) rename(_, _ *my.Partitioning, _ *emitter) {}

// alter keeps as many partitions as it can.
func (partitionings) alter(old, new *my.Partitioning, e *emitter) {
	sameScheme := schema.Equal(scheme(old), scheme(new))
	switch {
	case sameScheme && counted(old) && counted(new):
		alterCount(partitionCount(old), partitionCount(new), e)
	case sameScheme && listed(old) && listed(new) && !shrinks(old, new) && !refills(old, new) && !crosses(old, new):
		alterList(old, new, e)
	default:
		e.clause(clause{position: atPartitions, text: e.partitionBy(new), facts: rewrite})
	}
	old.Scheme, old.Sub, old.Partitions = new.Scheme, new.Sub, new.Partitions
	old.Limit, old.Interval, old.Starts, old.Auto = new.Limit, new.Interval, new.Starts, new.Auto
}

// scheme is a partitioning without its partitions.
func scheme(p *my.Partitioning) *my.Partitioning {
	s := schema.Clone(p)
	s.Partitions, s.Count = nil, 0
	return s
}

// listed: RANGE and LIST have partitions that can be told apart by their values.
func listed(p *my.Partitioning) bool {
	return (strings.HasPrefix(p.Method, "RANGE") || strings.HasPrefix(p.Method, "LIST")) && len(p.Partitions) > 0
}

// counted: HASH and KEY with the names that the server gives.
func counted(p *my.Partitioning) bool {
	return (strings.HasSuffix(p.Method, "HASH") || strings.HasSuffix(p.Method, "KEY")) && len(p.Partitions) == 0
}

func partitionCount(p *my.Partitioning) int { return max(p.Count, 1) }

func alterCount(from, to int, e *emitter) {
	switch {
	case to > from:
		e.clause(clause{position: atPartitions, text: fmt.Sprintf("ADD PARTITION PARTITIONS %d", to-from), alone: true, facts: rewrite})
	case to < from:
		e.clause(clause{position: atPartitions, text: fmt.Sprintf("COALESCE PARTITION %d", from-to), alone: true, facts: rewrite})
	}
}

// shrinks tells whether RANGE partitions end earlier than before, or may do so,
// with others in the place of the last ones: only the whole can be partitioned
// anew then.
func shrinks(old, new *my.Partitioning) bool {
	if !strings.HasPrefix(new.Method, "RANGE") {
		return false
	}
	a, b := old.Partitions, new.Partitions
	last := b[len(b)-1]
	if i := slices.IndexFunc(a, func(p my.Partition) bool { return samePartition(p, last) }); i >= 0 {
		return false // it stays; what was behind it is dropped
	}
	if stay := common(a, b); len(stay) > 0 && stay[len(stay)-1][0] == len(a)-1 {
		return false // all that is new is behind the old ones
	}
	return !sameBound(a, b) && !boundLess(a[len(a)-1].Less, last.Less)
}

// refills tells whether rows have to move between the LIST partition for all
// other values and partitions that are not right before it: only REORGANIZE of
// both, which have to be neighbours, or of the whole moves them.
func refills(old, new *my.Partitioning) bool {
	isDefault := func(p my.Partition) bool { return p.Default }
	if !slices.ContainsFunc(old.Partitions, isDefault) || !slices.ContainsFunc(new.Partitions, isDefault) {
		return false
	}
	for _, g := range gaps(old.Partitions, new.Partitions) {
		onlyGoes := g.comes == g.newEnd // MariaDB takes no REORGANIZE into nothing but a DEFAULT
		if !g.empty() && (onlyGoes || !g.beforeDefault(old.Partitions, new.Partitions)) {
			return true
		}
	}
	return false
}

// crosses tells whether names or values move past a partition that stays, or
// from one gap into another: statement by statement, they would be there twice
// for a moment, or their rows would be lost.
func crosses(old, new *my.Partitioning) bool {
	for _, g := range gaps(old.Partitions, new.Partitions) {
		for _, p := range new.Partitions[g.comes:g.newEnd] {
			for i, q := range old.Partitions {
				if (i < g.goes || i >= g.oldEnd) && (strings.EqualFold(p.Name, q.Name) || sharesValue(p, q)) {
					return true
				}
			}
		}
	}
	return false
}

// sharesValue tells whether two LIST partitions have a value in common.
func sharesValue(p, q my.Partition) bool {
	same := func(x, y schema.Expr) bool { return x.Canon == y.Canon }
	return slices.ContainsFunc(p.In, func(v []schema.Expr) bool {
		return slices.ContainsFunc(q.In, func(w []schema.Expr) bool { return slices.EqualFunc(v, w, same) })
	})
}

// gap is what is between two partitions that stay as they are: old ones
// [goes, oldEnd), and new ones [comes, newEnd).
type gap struct{ goes, oldEnd, comes, newEnd int }

func (g gap) empty() bool { return g.goes == g.oldEnd && g.comes == g.newEnd }

// beforeDefault tells whether the partition behind the gap is the one for all
// other values.
func (g gap) beforeDefault(old, new []my.Partition) bool {
	return g.newEnd < len(new) && new[g.newEnd].Default && g.oldEnd < len(old)
}

// gaps are the gaps before each of the partitions that stay, and behind them.
func gaps(old, new []my.Partition) []gap {
	var out []gap
	i, j := 0, 0
	for _, s := range append(common(old, new), [2]int{len(old), len(new)}) {
		out = append(out, gap{i, s[0], j, s[1]})
		i, j = s[0]+1, s[1]+1
	}
	return out
}

// boundLess tells whether one bound is known to be below another.
func boundLess(a, b []schema.Expr) bool {
	if len(a) != 1 || len(b) != 1 {
		return false
	}
	x, y := a[0].Canon, b[0].Canon
	if strings.EqualFold(y, "MAXVALUE") {
		return !strings.EqualFold(x, "MAXVALUE")
	}
	n, err1 := strconv.ParseInt(x, 10, 64)
	m, err2 := strconv.ParseInt(y, 10, 64)
	if err1 == nil && err2 == nil {
		return n < m
	}
	return isText(x) && isText(y) && len(x) == len(y) && x < y
}

// alterList finds the partitions that stay as they are, and treats each gap
// between them: what only goes is dropped with its rows, what only comes is
// added at the end or split off from the partition behind it, and the rest is
// reorganized.
func alterList(old, new *my.Partitioning, e *emitter) {
	var kept []my.Partition // if nothing may be lost
	var gone []string
	var later []string
	reorganize := func(goes, comes []my.Partition) {
		later = append(later, "REORGANIZE PARTITION "+quoteAll(partitionNames(goes))+" INTO "+e.partitionList(comes))
	}
	for _, g := range gaps(old.Partitions, new.Partitions) {
		goes, comes := old.Partitions[g.goes:g.oldEnd], new.Partitions[g.comes:g.newEnd]
		last := g.newEnd == len(new.Partitions)
		switch {
		case g.empty():
		case g.beforeDefault(old.Partitions, new.Partitions): // whose rows may belong here, or the other way round
			reorganize(old.Partitions[g.goes:g.oldEnd+1], new.Partitions[g.comes:g.newEnd+1])
		case len(comes) == 0:
			gone = append(gone, partitionNames(goes)...)
			kept = append(kept, goes...)
		case len(goes) == 0 && last:
			later = append(later, "ADD PARTITION "+e.partitionList(comes))
		case len(goes) == 0, !last && !sameBound(goes, comes): // only the last one may extend the range
			reorganize(old.Partitions[g.goes:g.oldEnd+1], new.Partitions[g.comes:g.newEnd+1])
		default:
			reorganize(goes, comes)
		}
		kept = append(kept, new.Partitions[g.comes:min(g.newEnd+1, len(new.Partitions))]...)
	}
	if len(gone) > 0 {
		without := schema.Clone(new)
		without.Partitions = kept
		e.lose("the rows of partition "+strings.Join(gone, ", "), without)
		e.clause(clause{position: atPartitions, text: "DROP PARTITION " + quoteAll(gone), alone: true,
			facts: facts{hazards: []planner.Hazard{planner.HazardDataLoss}, lock: planner.LockAll}})
	}
	for n, text := range later {
		e.clause(clause{position: atPartitions, ordinal: n + 1, text: text, alone: true, facts: facts{lock: planner.LockWrite, rewrite: strings.HasPrefix(text, "REORG")}})
	}
}

// sameBound tells whether two lists of RANGE partitions end at the same values.
func sameBound(a, b []my.Partition) bool {
	x, y := a[len(a)-1].Less, b[len(b)-1].Less
	return slices.EqualFunc(x, y, func(p, q schema.Expr) bool { return p.Canon == q.Canon })
}

func partitionNames(ps []my.Partition) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.Name
	}
	return out
}

func samePartition(x, y my.Partition) bool {
	one := func(p my.Partition) *my.Partitioning { return &my.Partitioning{Partitions: []my.Partition{p}} }
	return x.Name == y.Name && schema.Equal(one(x), one(y))
}

// common is a longest common subsequence, as pairs of places.
func common(a, b []my.Partition) [][2]int {
	same := samePartition
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if same(a[i], b[j]) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case same(a[i], b[j]):
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// partitionBy is the whole clause.
func (e *emitter) partitionBy(p *my.Partitioning) string {
	var b strings.Builder
	b.WriteString("PARTITION BY " + schemeSQL(p.Scheme))
	if p.Method == "SYSTEM_TIME" {
		b.WriteString(systemTime(p))
	}
	if len(p.Partitions) == 0 && p.Count > 1 {
		b.WriteString("\nPARTITIONS " + strconv.Itoa(p.Count))
	}
	if p.Sub != nil {
		b.WriteString("\nSUBPARTITION BY " + schemeSQL(*p.Sub))
		if p.Sub.Count > 1 {
			b.WriteString("\nSUBPARTITIONS " + strconv.Itoa(p.Sub.Count))
		}
	}
	if len(p.Partitions) > 0 {
		b.WriteString("\n" + e.partitionList(p.Partitions))
	}
	return b.String()
}

func schemeSQL(s my.Scheme) string {
	text := s.Method
	if s.Algorithm > 0 {
		text += " ALGORITHM=" + strconv.Itoa(s.Algorithm)
	}
	switch {
	case s.Method == "SYSTEM_TIME":
		return text
	case !s.Expr.IsZero():
		return text + " (" + s.Expr.Text + ")"
	}
	return text + " (" + quoteAll(names(s.Columns)) + ")"
}

func systemTime(p *my.Partitioning) string {
	s := ""
	if !p.Interval.IsZero() {
		s += " INTERVAL " + p.Interval.Text
	}
	if !p.Starts.IsZero() {
		s += " STARTS " + p.Starts.Text
	}
	if p.Limit != "" {
		s += " LIMIT " + p.Limit
	}
	if p.Auto {
		s += " AUTO"
	}
	return s
}

func (e *emitter) partitionList(ps []my.Partition) string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = "PARTITION " + partitionSQL(p)
		if len(p.Sub) > 0 {
			subs := make([]string, len(p.Sub))
			for j, s := range p.Sub {
				subs[j] = "SUBPARTITION " + partitionSQL(s)
			}
			lines[i] += " (\n    " + strings.Join(subs, ",\n    ") + "\n  )"
		}
	}
	if len(lines) == 1 {
		return "(" + lines[0] + ")"
	}
	return "(\n  " + strings.Join(lines, ",\n  ") + "\n)"
}

func partitionSQL(p my.Partition) string {
	s := quote(p.Name)
	switch {
	case p.Current:
		s += " CURRENT"
	case p.History:
		s += " HISTORY"
	case len(p.Less) == 1 && strings.EqualFold(p.Less[0].Text, "MAXVALUE"):
		s += " VALUES LESS THAN MAXVALUE"
	case len(p.Less) > 0:
		s += " VALUES LESS THAN (" + texts(p.Less) + ")"
	case p.Default:
		s += " DEFAULT"
	case len(p.In) > 0:
		s += " VALUES IN (" + rows(p.In) + ")"
	}
	put := func(name, value string) {
		if value != "" {
			s += " " + name + "=" + value
		}
	}
	text := func(name, value string) {
		if value != "" {
			put(name, literal(value))
		}
	}
	put("ENGINE", p.Engine)
	text("COMMENT", p.Comment)
	text("DATA DIRECTORY", p.DataDirectory)
	text("INDEX DIRECTORY", p.IndexDirectory)
	put("MAX_ROWS", p.MaxRows)
	put("MIN_ROWS", p.MinRows)
	if p.Tablespace != "" {
		put("TABLESPACE", quote(p.Tablespace))
	}
	for _, o := range p.Options {
		put(quote(o.Name), o.Value)
	}
	return s
}

func texts(exprs []schema.Expr) string {
	out := make([]string, len(exprs))
	for i, x := range exprs {
		out[i] = x.Text
	}
	return strings.Join(out, ", ")
}

// rows are the values of LIST: bare for one column, in parentheses for several.
func rows(in [][]schema.Expr) string {
	out := make([]string, len(in))
	for i, r := range in {
		out[i] = texts(r)
		if len(r) > 1 {
			out[i] = "(" + out[i] + ")"
		}
	}
	return strings.Join(out, ", ")
}
