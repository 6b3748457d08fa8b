package mysql

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// events writes events of the scheduler.
type events struct{}

func (events) create(v *my.Event, e *emitter) {
	e.programIn("CREATE ", e.definer(v.Definer)+"EVENT "+quote(v.Self.Name)+" "+eventBody(v, nil), needs{program: v.SQLMode, timeZone: v.TimeZone})
}

func (events) drop(v *my.Event, e *emitter) { e.statement("DROP EVENT "+quote(v.Self.Name), facts{}) }

func (events) rename(old, new *my.Event, e *emitter) {
	e.statement("ALTER EVENT "+quote(old.Self.Name)+" RENAME TO "+quote(new.Self.Name), facts{})
}

// alter: ALTER EVENT can change everything, but never take back the end of a
// schedule.
func (events) alter(old, new *my.Event, e *emitter) {
	verb := "ALTER "
	if !old.Ends.IsZero() && new.Ends.IsZero() {
		if !e.orReplace {
			return
		}
		verb = "CREATE OR REPLACE "
	}
	e.programIn(verb, e.definer(new.Definer)+"EVENT "+quote(new.Self.Name)+" "+eventBody(new, old), needs{program: new.SQLMode, timeZone: new.TimeZone})
	old.At, old.Every, old.Starts, old.Ends = new.At, new.Every, new.Starts, new.Ends
	old.Preserve, old.Status, old.Comment, old.Definer = new.Preserve, new.Status, new.Comment, new.Definer
	old.SQLMode, old.TimeZone, old.Body = new.SQLMode, new.TimeZone, new.Body
}

// eventBody leaves out what is the default, unless it was something else before.
func eventBody(v, old *my.Event) string {
	var b strings.Builder
	b.WriteString("ON SCHEDULE")
	for _, p := range []struct {
		word string
		expr schema.Expr
	}{{"AT", v.At}, {"EVERY", v.Every}, {"STARTS", v.Starts}, {"ENDS", v.Ends}} {
		if !p.expr.IsZero() {
			b.WriteString(" " + p.word + " " + p.expr.Text)
		}
	}
	switch {
	case v.Preserve:
		b.WriteString("\n  ON COMPLETION PRESERVE")
	case old != nil && old.Preserve:
		b.WriteString("\n  ON COMPLETION NOT PRESERVE")
	}
	if v.Status != "ENABLE" || old != nil && old.Status != "ENABLE" {
		b.WriteString("\n  " + v.Status)
	}
	if v.Comment != "" || old != nil && old.Comment != "" {
		b.WriteString("\n  COMMENT " + literalUnder(v.SQLMode, v.Comment))
	}
	b.WriteString("\n  DO " + v.Body.Text)
	return b.String()
}
