package mysql

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// readTriggers reads TRIGGERS in the order in which they fire, so that the
// order of their definition is that.
func (r *inspection) readTriggers(ctx context.Context, q querier) error {
	text := "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, ACTION_STATEMENT, DEFINER, SQL_MODE" +
		" FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = " + r.database
	type trigger struct {
		table, timing, event string
		order                int
		mode, head, body     string
	}
	var all []*trigger
	bodies := map[schema.ID]*string{}
	err := each(ctx, q, text, func(f row) {
		n, _ := strconv.Atoi(f[4].String) //nolint:errcheck // the server's own number
		head := "CREATE DEFINER=" + account(f[6].String) + " TRIGGER " + quote(f[0].String) + " " + f[1].String + " " + f[2].String +
			" ON " + quote(f[3].String) + " FOR EACH ROW "
		t := &trigger{f[3].String, f[1].String, f[2].String, n, f[7].String, head, f[5].String}
		all = append(all, t)
		bodies[schema.ID{Kind: my.KindTrigger, Name: f[0].String}] = &t.body
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b *trigger) int {
		for _, c := range []int{strings.Compare(a.table, b.table), strings.Compare(a.timing, b.timing), strings.Compare(a.event, b.event)} {
			if c != 0 {
				return c
			}
		}
		return a.order - b.order
	})
	if err := restore(ctx, q, bodies); err != nil {
		return err
	}
	for _, t := range all {
		r.triggers = append(r.triggers, program{t.mode, t.head + t.body})
	}
	return nil
}

// lossy tells whether a text of information_schema may have lost something: it
// is utf8mb3 there, and every character beyond U+FFFF a question mark.
func lossy(s string) bool { return strings.Contains(s, "?") }

// restored gives a program's body back what it has lost, from the end of its
// SHOW CREATE.
func restored(body, shown string) string {
	b, s := []rune(body), []rune(shown)
	if len(s) < len(b) {
		return body
	}
	s = s[len(s)-len(b):]
	for i, c := range b {
		if c != s[i] && c != '?' {
			return body
		}
	}
	return string(s)
}

// restore asks for the SHOW CREATE of the programs whose body may have lost something.
func restore(ctx context.Context, q querier, bodies map[schema.ID]*string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for id, body := range bodies {
		if lossy(*body) {
			g.Go(func() error {
				return each(gctx, q, "SHOW CREATE "+strings.ToUpper(string(id.Kind))+" "+quote(id.Name), func(f row) {
					column := 2 // the trigger, its sql_mode, the statement
					if id.Kind == my.KindEvent {
						column = 3 // and its time zone
					}
					*body = restored(*body, f[column].String)
				})
			})
		}
	}
	return g.Wait()
}

// readRoutines lists ROUTINES, and asks SHOW CREATE for each: PARAMETERS has the
// types of parameters, but not as their author wrote them, which is what the
// server keeps and shows.
func (r *inspection) readRoutines(ctx context.Context, q querier) error {
	var list []schema.ID
	text := "SELECT ROUTINE_NAME, ROUTINE_TYPE, SQL_MODE, ROUTINE_COMMENT FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		id := schema.ID{Kind: schema.Kind(strings.ToLower(f[1].String)), Name: f[0].String}
		if strings.Contains(f[2].String, "NO_BACKSLASH_ESCAPES") { // SHOW CREATE doubles backslashes even there
			r.comments[id] = f[3].String
		}
		if id.Kind == my.KindProcedure || id.Kind == my.KindFunction {
			list = append(list, id)
		} else { // PACKAGE, PACKAGE BODY
			r.leave(id, "")
		}
	})
	if err != nil {
		return err
	}
	slices.SortFunc(list, schema.ID.Compare)
	all := make([]program, len(list))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for i, id := range list {
		g.Go(func() error {
			return each(gctx, q, "SHOW CREATE "+strings.ToUpper(string(id.Kind))+" "+quote(id.Name), func(f row) {
				if !f[2].Valid {
					r.leave(id, "its definition cannot be read (the user lacks SHOW ROUTINE, or SELECT on mysql.proc); it is left alone")
					return
				}
				all[i] = program{f[1].String, f[2].String}
			})
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, p := range all {
		if p.text != "" {
			r.routines = append(r.routines, p)
		}
	}
	return nil
}

// leave notes an object that is not managed.
func (r *inspection) leave(id schema.ID, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unmanaged = append(r.unmanaged, id)
	if why != "" {
		r.note("%s: %s", id, why)
	}
}

// readEvents reads EVENTS.
func (r *inspection) readEvents(ctx context.Context, q querier) error {
	text := "SELECT EVENT_NAME, EVENT_DEFINITION, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, DEFINER, SQL_MODE, TIME_ZONE" +
		" FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + r.database + " ORDER BY EVENT_NAME"
	type event struct{ mode, head, body string }
	var all []*event
	bodies := map[schema.ID]*string{}
	err := each(ctx, q, text, func(f row) {
		s := "CREATE DEFINER=" + account(f[10].String) + " EVENT " + quote(f[0].String) + " ON SCHEDULE "
		if f[2].Valid {
			s += "AT " + literal(f[2].String)
		} else {
			s += "EVERY " + f[3].String + " " + f[4].String
			if f[5].Valid {
				s += " STARTS " + literal(f[5].String)
			}
			if f[6].Valid {
				s += " ENDS " + literal(f[6].String)
			}
		}
		s += " ON COMPLETION " + f[8].String + " " + eventStatus(f[7].String)
		if f[9].String != "" {
			s += " COMMENT " + literalUnder(my.SQLMode{Modes: strings.Split(f[11].String, ",")}, f[9].String)
		}
		e := &event{f[11].String, "SET time_zone = " + literal(f[12].String) + bodyDelimiter + "\n" + s + " DO ", f[1].String}
		all = append(all, e)
		bodies[schema.ID{Kind: my.KindEvent, Name: f[0].String}] = &e.body
	})
	if err != nil {
		return err
	}
	if err := restore(ctx, q, bodies); err != nil {
		return err
	}
	for _, e := range all {
		r.events = append(r.events, program{e.mode, e.head + e.body})
	}
	return nil
}

// eventStatus translates EVENTS.STATUS into the words of CREATE EVENT.
func eventStatus(s string) string {
	switch s {
	case "DISABLED":
		return "DISABLE"
	case "SLAVESIDE_DISABLED", "REPLICA_SIDE_DISABLED":
		return "DISABLE ON SLAVE"
	}
	return "ENABLE"
}

// readSequences asks for the definition of every sequence: before MariaDB 11.5,
// information_schema does not have it.
func (r *inspection) readSequences(ctx context.Context, q querier) error {
	for _, n := range r.sequences {
		err := each(ctx, q, "SHOW CREATE SEQUENCE "+quote(n), func(f row) { r.sequenceDDL = append(r.sequenceDDL, f[1].String) })
		if err != nil {
			return err
		}
	}
	return nil
}
