package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// unsaid gives a desired object what its author left to the server, and the
// server has decided: a definer, a program's sql_mode, the start of an event. An
// index that is there is no longer one that a foreign key would bring.
func (b *bound) unsaid(current, desired schema.Object) {
	if current == nil {
		return
	}
	switch d := desired.(type) {
	case *my.Table:
		if c, ok := current.(*my.Table); ok {
			d.AutoIncrement, d.AutoRandomBase = c.AutoIncrement, c.AutoRandomBase // counters move by themselves
			if d.TTLJobInterval == "" && !d.TTL.IsZero() {
				d.TTLJobInterval = c.TTLJobInterval
			}
		}
	case *my.Index:
		d.ForForeignKey = schema.ID{}
	case *my.View:
		if c, ok := current.(*my.View); ok {
			b.definer(&d.Definer, &c.Definer)
			if d.ConnectionCollation == "" {
				d.ConnectionCollation = c.ConnectionCollation
			}
		}
	case *my.Trigger:
		if c, ok := current.(*my.Trigger); ok {
			b.definer(&d.Definer, &c.Definer)
			b.mode(&d.SQLMode, &c.SQLMode)
		}
	case *my.Routine:
		if c, ok := current.(*my.Routine); ok {
			b.definer(&d.Definer, &c.Definer)
			b.mode(&d.SQLMode, &c.SQLMode)
		}
	case *my.Event:
		if c, ok := current.(*my.Event); ok {
			b.definer(&d.Definer, &c.Definer)
			b.mode(&d.SQLMode, &c.SQLMode)
			schedule(c, d)
		}
	}
}

// definer: none is the one that is there; CURRENT_USER is the session's.
func (b *bound) definer(desired, current *string) {
	switch {
	case *desired == "":
		*desired = *current
	case *desired == "CURRENT_USER" && strings.EqualFold(*current, b.setting(settingUser)):
		*desired = *current
	}
}

// mode: if the files do not set the sql_mode, the program keeps its own.
func (b *bound) mode(desired, current *my.SQLMode) {
	if !desired.Known || sameModes(strings.Join(desired.Modes, ","), strings.Join(current.Modes, ",")) {
		*desired = *current
	}
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}

// schedule: an event begins when it is created, if nothing else is said; and a
// moment that is computed was computed when it was created.
func schedule(current, desired *my.Event) {
	if desired.TimeZone == "" || current.TimeZone == "" { // a server always tells
		desired.TimeZone = current.TimeZone
	}
	for _, f := range []struct{ desired, current *schema.Expr }{
		{&desired.At, &current.At}, {&desired.Starts, &current.Starts}, {&desired.Ends, &current.Ends},
	} {
		computed := !f.desired.IsZero() && !isText(f.desired.Canon)
		unsaid := f.desired.IsZero() && f.desired == &desired.Starts && !desired.Every.IsZero()
		if (computed || unsaid) && !f.current.IsZero() {
			*f.desired = *f.current
		}
	}
}

// isText tells whether a canonical expression is nothing but a text.
func isText(canon string) bool { return strings.HasPrefix(canon, "'") }
