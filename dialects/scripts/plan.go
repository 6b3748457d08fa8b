package scripts

import (
	"errors"
	"fmt"
	"slices"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Add puts the scripts that are pending around a plan, with the statements that
// record them. A script is run in the transaction of its neighbours, unless it
// is to run alone, or holds commands that commit by themselves: then every
// statement is recorded on its own, so that the next run goes on behind the
// last one that is done.
//
// recordOnly records them without running them.
func Add(p *planner.Plan, list []Script, j *dialect.Journal, b dialect.Bound, recordOnly bool) error {
	a := adder{journal: j, bound: b, recordOnly: recordOnly}
	var before, after []planner.Statement
	var errs []error
	for _, s := range list {
		statements, err := a.pending(s)
		errs = append(errs, err)
		if s.Before {
			before = append(before, statements...)
		} else {
			after = append(after, statements...)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if len(before)+len(after) > 0 && j.Missing {
		create, err := a.create()
		if err != nil {
			return err
		}
		if len(before) > 0 {
			before = slices.Insert(before, 0, create)
		} else {
			after = slices.Insert(after, 0, create)
		}
	}
	p.Statements = slices.Concat(before, p.Statements, after)
	p.Notes = append(p.Notes, missing(list, j)...)
	return nil
}

// missing tells of scripts that were begun and whose files are gone.
func missing(list []Script, j *dialect.Journal) []string {
	var out []string
	for _, r := range j.Runs {
		if r.Done < r.Statements && !slices.ContainsFunc(list, func(s Script) bool { return s.Name == r.Name }) {
			out = append(out, fmt.Sprintf("script %s stopped after %d of %d statements, and its file is gone", r.Name, r.Done, r.Statements))
		}
	}
	return out
}

type adder struct {
	journal    *dialect.Journal
	bound      dialect.Bound
	recordOnly bool
}

// pending are the statements that are left of a script.
func (a adder) pending(s Script) ([]planner.Statement, error) {
	i := slices.IndexFunc(a.journal.Runs, func(r dialect.Run) bool { return r.Name == s.Name })
	var run *dialect.Run
	if i >= 0 {
		run = &a.journal.Runs[i]
	}
	if run != nil && run.Checksum != s.Checksum {
		return nil, s.source.Errorf(0, "put the file back as it was, and write a new script", "this script was run, and has changed since")
	}
	if run != nil && run.Done == run.Statements {
		return nil, nil
	}
	commands, err := a.bound.Commands(s.source)
	if err != nil {
		return nil, err
	}
	alone := s.Alone
	var errs []error
	for _, c := range commands {
		if c.Control {
			errs = append(errs, &parser.Error{Pos: c.Pos, Message: "trueup itself begins and ends the transaction of a script", Hint: "remove this statement"})
		}
		alone = alone || c.Commits
	}
	if len(commands) == 0 {
		errs = append(errs, s.source.Errorf(0, "", "this script has no statement"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	w := writer{adder: a, script: s, total: len(commands)}
	switch {
	case a.recordOnly:
		w.record(run != nil, len(commands))
	case alone:
		w.tx = planner.NoTx
		w.steps(commands, run)
	default:
		for _, c := range commands {
			w.command(c)
		}
		w.record(false, len(commands))
	}
	w.out[0].Comment = fmt.Sprintf("script %s", s.Name)
	if run != nil && !a.recordOnly {
		w.out[0].Comment += fmt.Sprintf(", from its statement %d on", run.Done+1)
	}
	return w.out, nil
}

// create is the statement that makes the table.
func (a adder) create() (planner.Statement, error) {
	st := planner.Statement{SQL: a.journal.Create(), Object: schema.ID{Kind: "table", Name: dialect.JournalTable}, Verb: planner.Create, Comment: "trueup's own record of the scripts"}
	commands, err := a.bound.Commands(parser.Source{Name: dialect.JournalTable, Text: st.SQL})
	if err == nil && len(commands) == 1 && commands[0].Commits {
		st.Tx = planner.NoTx
	}
	return st, err
}

// writer writes the statements of one script.
type writer struct {
	adder
	script Script
	total  int
	tx     planner.Tx
	out    []planner.Statement
}

func (w *writer) add(sql string, pos schema.Pos) {
	w.out = append(w.out, planner.Statement{SQL: sql, Object: schema.ID{Kind: "script", Name: w.script.Name}, Verb: planner.Alter, Origin: pos, Tx: w.tx})
}

func (w *writer) command(c parser.Command) { w.add(c.Text, c.Pos) }

// record says how many statements are done; begun: there is a row.
func (w *writer) record(begun bool, done int) {
	if begun {
		w.add(fmt.Sprintf("UPDATE %s SET done = %d WHERE name = '%s'", w.journal.Table, done, w.script.Name), schema.Pos{})
		return
	}
	w.add(fmt.Sprintf("INSERT INTO %s (name, checksum, statements, done) VALUES ('%s', '%s', %d, %d)", w.journal.Table, w.script.Name, w.script.Checksum, w.total, done), schema.Pos{})
}

// steps records each statement on its own.
func (w *writer) steps(commands []parser.Command, run *dialect.Run) {
	from := 0
	if run == nil {
		w.record(false, 0)
	} else {
		from = min(run.Done, len(commands))
	}
	for i, c := range commands[from:] {
		w.command(c)
		w.record(true, from+i+1)
	}
}
