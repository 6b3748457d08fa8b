package mysql

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// readTriggers reads TRIGGERS in the order in which they fire, so that the
// order of their definition is that.
func (r *inspection) readTriggers(ctx context.Context, q querier) error {
	text := "SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, ACTION_STATEMENT, DEFINER, SQL_MODE" +
		" FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = " + r.database
	type trigger struct {
		table, timing, event string
		order                int
		program
	}
	var all []trigger
	err := each(ctx, q, text, func(f row) {
		n, _ := strconv.Atoi(f[4].String) //nolint:errcheck // the server's own number
		ddl := "CREATE DEFINER=" + account(f[6].String) + " TRIGGER " + quote(f[0].String) + " " + f[1].String + " " + f[2].String +
			" ON " + quote(f[3].String) + " FOR EACH ROW " + f[5].String
		all = append(all, trigger{f[3].String, f[1].String, f[2].String, n, program{f[7].String, ddl}})
	})
	slices.SortFunc(all, func(a, b trigger) int {
		for _, c := range []int{strings.Compare(a.table, b.table), strings.Compare(a.timing, b.timing), strings.Compare(a.event, b.event)} {
			if c != 0 {
				return c
			}
		}
		return a.order - b.order
	})
	for _, t := range all {
		r.triggers = append(r.triggers, t.program)
	}
	return err
}

// parameter is a row of information_schema.PARAMETERS; ordinal 0 is a
// function's result.
type parameter struct {
	ordinal                              int
	mode, name, kind, charset, collation string
}

func (p parameter) ddl() string {
	s := p.kind
	if p.charset != "" && p.collation != "" {
		s += " CHARSET " + p.charset + " COLLATE " + p.collation
	}
	return s
}

// readRoutines reads ROUTINES and PARAMETERS.
func (r *inspection) readRoutines(ctx context.Context, q querier) error {
	parameters := map[[2]string][]parameter{}
	text := "SELECT SPECIFIC_NAME, ROUTINE_TYPE, ORDINAL_POSITION, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER, CHARACTER_SET_NAME, COLLATION_NAME" +
		" FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		n, _ := strconv.Atoi(f[2].String) //nolint:errcheck // the server's own number
		key := [2]string{f[1].String, f[0].String}
		parameters[key] = append(parameters[key], parameter{n, f[3].String, f[4].String, f[5].String, f[6].String, f[7].String})
	})
	if err != nil {
		return err
	}
	type routine struct {
		name string
		program
	}
	var all []routine
	text = "SELECT ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE, SQL_MODE, ROUTINE_COMMENT, DEFINER" +
		" FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = " + r.database
	err = each(ctx, q, text, func(f row) {
		id := schema.ID{Kind: schema.Kind(strings.ToLower(f[1].String)), Name: f[0].String}
		switch {
		case f[1].String != "PROCEDURE" && f[1].String != "FUNCTION": // PACKAGE, PACKAGE BODY
			r.leave(id, "")
		case !f[2].Valid:
			r.leave(id, "its definition cannot be read (the user lacks SHOW ROUTINE or SELECT on mysql.proc); it is left alone")
		default:
			list := parameters[[2]string{f[1].String, f[0].String}]
			slices.SortFunc(list, func(a, b parameter) int { return a.ordinal - b.ordinal })
			all = append(all, routine{f[1].String + " " + f[0].String, program{f[6].String, routineDDL(f, list)}})
		}
	})
	slices.SortFunc(all, func(a, b routine) int { return strings.Compare(a.name, b.name) })
	for _, x := range all {
		r.routines = append(r.routines, x.program)
	}
	return err
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

// routineDDL is a routine as SHOW CREATE would have it, but for the spelling of
// its parameters.
func routineDDL(f row, list []parameter) string {
	var params []string
	returns := ""
	for _, p := range list {
		switch {
		case p.ordinal == 0:
			returns = " RETURNS " + p.ddl()
		case f[1].String == "PROCEDURE":
			params = append(params, p.mode+" "+quote(p.name)+" "+p.ddl())
		default:
			params = append(params, quote(p.name)+" "+p.ddl())
		}
	}
	s := "CREATE DEFINER=" + account(f[8].String) + " " + f[1].String + " " + quote(f[0].String) + "(" + strings.Join(params, ", ") + ")" + returns
	if f[3].String == "YES" {
		s += " DETERMINISTIC"
	}
	s += " " + f[4].String + " SQL SECURITY " + f[5].String
	if f[7].String != "" {
		s += " COMMENT " + literal(f[7].String)
	}
	return s + "\n" + f[2].String
}

// readEvents reads EVENTS.
func (r *inspection) readEvents(ctx context.Context, q querier) error {
	text := "SELECT EVENT_NAME, EVENT_DEFINITION, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, DEFINER, SQL_MODE, TIME_ZONE" +
		" FROM information_schema.EVENTS WHERE EVENT_SCHEMA = " + r.database + " ORDER BY EVENT_NAME"
	return each(ctx, q, text, func(f row) {
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
			s += " COMMENT " + literal(f[9].String)
		}
		r.events = append(r.events, program{f[11].String, "SET time_zone = " + literal(f[12].String) + bodyDelimiter + "\n" + s + " DO " + f[1].String})
	})
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
