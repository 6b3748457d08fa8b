package postgres

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// enabledStates are pg_trigger.tgenabled and its like.
var enabledStates = map[byte]string{'O': "", 'D': "disabled", 'R': "replica", 'A': "always"}

// triggerEvents are bits of pg_trigger.tgtype, in the order of [pg.Trigger].
var triggerEvents = [...]struct {
	bit  int
	name string
}{{1 << 2, "insert"}, {1 << 4, "update"}, {1 << 3, "delete"}, {1 << 5, "truncate"}}

// readTriggers reads pg_trigger but for what carries out foreign keys. Of what
// partitions have from their parents, only a state of its own is read.
func (in *inspection) readTriggers() []query {
	sql := `SELECT t.oid, t.tgrelid, t.tgname, t.tgtype, t.tgenabled, t.tgfoid, t.tgconstraint <> 0, t.tgdeferrable, t.tginitdeferred, t.tgattr,
 encode(t.tgargs, 'hex'), t.tgoldtable, t.tgnewtable, t.tgconstrrelid, CASE WHEN t.tgqual IS NOT NULL THEN pg_get_triggerdef(t.oid) END
 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relnamespace IN ` + ours + ` ORDER BY t.tgname`
	states := `WITH RECURSIVE d AS (SELECT oid, oid AS root, tgenabled AS rooted, tgrelid, tgname, tgenabled FROM pg_trigger WHERE tgparentid = 0 AND NOT tgisinternal
 UNION ALL SELECT t.oid, d.root, d.rooted, t.tgrelid, t.tgname, t.tgenabled FROM d JOIN pg_trigger t ON t.tgparentid = d.oid)
 SELECT root, tgrelid, tgname, tgenabled FROM d WHERE tgenabled <> rooted ORDER BY tgname`
	return []query{{sql, in.trigger}, {states, func(r row) error {
		of, rel := in.targets[address{classTrigger, r.oid(0), 0}].id, in.relations[r.oid(1)]
		if !of.IsZero() && rel != nil && rel.managed && rel.kind != 'f' {
			in.add(&pg.Trigger{Relation: rel.id, Name: r.text(2), Of: of, Enabled: enabledStates[r.char(3)]}, rel.id)
		}
		return nil
	}}}
}

func (in *inspection) trigger(r row) error {
	rel := in.relations[r.oid(1)]
	if rel == nil || !rel.managed || rel.kind == 'f' || in.members[address{classTrigger, r.oid(0), 0}] {
		return nil
	}
	bits := r.int(3)
	t := &pg.Trigger{Relation: rel.id, Name: r.text(2), Constraint: r.bool(6), Timing: "after", Deferrable: r.bool(7), InitiallyDeferred: r.bool(8),
		OldTable: r.text(11), NewTable: r.text(12), ForEachRow: bits&1 != 0, Args: triggerArgs(r.text(10)), Enabled: enabledStates[r.char(4)]}
	switch {
	case bits&(1<<1) != 0:
		t.Timing = "before"
	case bits&(1<<6) != 0:
		t.Timing = "instead of"
	}
	for _, e := range triggerEvents {
		if bits&e.bit != 0 {
			t.Events = append(t.Events, e.name)
		}
	}
	t.UpdateOf = in.columnIDs(r.oid(1), r.vector(9))
	if from := in.relations[r.oid(13)]; from != nil {
		t.From = from.id
	}
	f := in.routines[r.oid(5)]
	if t.Function = f.id; f.id.IsZero() {
		t.FunctionName = f.name
	}
	in.targets[address{classTrigger, r.oid(0), 0}] = target{id: t.ID(), root: rel.id}
	if r.null(14) {
		in.add(t, rel.id)
		return nil
	}
	in.scripts = append(in.scripts, fragment{sql: r.text(14), root: rel.id, id: t.ID(), then: func(o schema.Object) {
		made := o.(*pg.Trigger)
		when := made.When
		*made = *t
		made.When = when
	}})
	return nil
}

// triggerArgs reads pg_trigger.tgargs: each argument ends with a zero byte.
func triggerArgs(text string) []string {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")
}

// policyCommands are pg_policy.polcmd.
var policyCommands = map[byte]string{'*': "all", 'r': "select", 'a': "insert", 'w': "update", 'd': "delete"}

func (in *inspection) readPolicies() []query {
	sql := `SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive,
 ARRAY(SELECT CASE WHEN x = 0 THEN 'public' ELSE pg_get_userbyid(x) END FROM unnest(p.polroles) x), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
 FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace IN ` + ours + ` ORDER BY p.polname`
	return []query{{sql, func(r row) error {
		rel := in.relations[r.oid(1)]
		if rel == nil || !rel.managed {
			return nil
		}
		p := &pg.Policy{Table: rel.id, Name: r.text(2), Command: policyCommands[r.char(3)], Restrictive: !r.bool(4), Roles: r.array(5),
			Using: schema.Expr{Text: r.text(6)}, Check: schema.Expr{Text: r.text(7)}}
		slices.Sort(p.Roles)
		in.add(p, rel.id)
		in.targets[address{classPolicy, r.oid(0), 0}] = target{id: p.ID(), root: rel.id}
		return nil
	}}}
}

func (in *inspection) readEventTriggers() []query {
	sql := `SELECT e.oid, e.evtname, e.evtevent, e.evttags, e.evtfoid, e.evtenabled, pg_get_userbyid(e.evtowner) FROM pg_event_trigger e ORDER BY e.evtname`
	return []query{{sql, func(r row) error {
		at := address{classEventTrigger, r.oid(0), 0}
		if in.members[at] || len(in.options.Schemas) > 0 {
			return nil
		}
		t := &pg.EventTrigger{Name: r.text(1), Event: r.text(2), Tags: r.array(3), Enabled: enabledStates[r.char(5)]}
		t.Listed = slices.Clone(t.Tags)
		slices.Sort(t.Tags)
		f := in.routines[r.oid(4)]
		if t.Function = f.id; f.id.IsZero() {
			t.FunctionName = f.name
		}
		in.add(t, t.ID())
		in.targets[at] = target{id: t.ID(), root: t.ID()}
		in.owned(t.ID(), r.text(6), t.ID())
		return nil
	}}}
}
