package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createEventTrigger(s *pg_query.CreateEventTrigStmt) error {
	t := &pg.EventTrigger{Name: s.Trigname, Event: s.Eventname}
	for _, d := range elements(s.Whenclause) {
		if d.Defname != "tag" {
			return r.errorf(d.Location, "", "event trigger variable %q is unknown", d.Defname)
		}
		for _, n := range d.Arg.GetList().GetItems() {
			t.Tags = append(t.Tags, strings.ToUpper(str(n)))
		}
	}
	t.Listed = slices.Clone(t.Tags)
	slices.Sort(t.Tags)
	var err error
	if t.FunctionName, t.Function, err = r.foreignFunction(s.Funcname, ""); err != nil {
		return err
	}
	return r.add(t, -1)
}

// triggerStates maps pg_trigger.tgenabled and its like.
var triggerStates = map[string]string{"O": "", "D": "disabled", "R": "replica", "A": "always"}

func (r *reader) alterEventTrigger(s *pg_query.AlterEventTrigStmt) error {
	t, ok := schema.Lookup[*pg.EventTrigger](r.catalog, schema.ID{Kind: pg.KindEventTrigger, Name: s.Trigname})
	if !ok {
		return r.missing(-1, "event trigger %s does not exist", pg.Quote(s.Trigname))
	}
	t.Enabled = triggerStates[s.Tgenabled]
	return nil
}
