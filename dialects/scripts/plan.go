package scripts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

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
	a := adder{journal: j, bound: b, recordOnly: recordOnly, all: list}
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
	all        []Script
}

// renamed is the name under which a script has run whose file is gone since, if
// there is one with the same text.
func (a adder) renamed(s Script) (string, bool) {
	for _, r := range a.journal.Runs {
		if r.Done == r.Statements && r.Checksum == s.Checksum && !slices.ContainsFunc(a.all, func(s Script) bool { return s.Name == r.Name }) {
			return r.Name, true
		}
	}
	return "", false
}

// pending are the statements that are left of a script.
func (a adder) pending(s Script) ([]planner.Statement, error) {
	i := slices.IndexFunc(a.journal.Runs, func(r dialect.Run) bool { return r.Name == s.Name })
	var run *dialect.Run
	if i >= 0 {
		run = &a.journal.Runs[i]
	}
	whole := run != nil && run.Done == run.Statements
	if whole && run.Checksum != s.Checksum {
		return nil, s.source.Errorf(0, "put the file back as it was, and write a new script", "this script was run, and has changed since")
	}
	if whole {
		return nil, nil
	}
	if old, ok := a.renamed(s); ok && run == nil && !a.recordOnly {
		return nil, s.source.Errorf(0, "call it so again; or, if it must not run a second time, record it with --scripts-done", "this script was run as %s, whose file is gone", old)
	}
	commands, err := a.bound.Commands(s.source)
	if err != nil {
		return nil, err
	}
	if run != nil && run.Checksum != begun(commands, run.Done) && run.Checksum != s.Checksum {
		return nil, s.source.Errorf(0, "leave those as they were; what stands behind them may be corrected",
			"this script stopped after %d of %d statements, and those have changed since", run.Done, run.Statements)
	}
	alone := s.Alone || run != nil
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
	w := writer{adder: a, script: s}
	switch {
	case a.recordOnly:
		w.record(run != nil, commands, len(commands))
	case alone:
		w.tx = planner.NoTx
		w.steps(commands, run)
	default:
		for _, c := range commands {
			w.command(c)
		}
		w.record(run != nil, commands, len(commands))
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
	tx     planner.Tx
	out    []planner.Statement
}

func (w *writer) add(sql string, pos schema.Pos) {
	w.out = append(w.out, planner.Statement{SQL: sql, Object: schema.ID{Kind: "script", Name: w.script.Name}, Verb: planner.Alter, Origin: pos, Tx: w.tx})
}

func (w *writer) command(c parser.Command) { w.add(c.Text, c.Pos) }

// record says how many statements are done, and what they were; is: there is a row.
func (w *writer) record(is bool, commands []parser.Command, done int) {
	sum := w.script.Checksum
	if done < len(commands) {
		sum = begun(commands, done)
	}
	if is {
		w.add(fmt.Sprintf("UPDATE %s SET checksum = '%s', statements = %d, done = %d WHERE name = '%s'", w.journal.Table, sum, len(commands), done, w.script.Name), schema.Pos{})
		return
	}
	w.add(fmt.Sprintf("INSERT INTO %s (name, checksum, statements, done) VALUES ('%s', '%s', %d, %d)", w.journal.Table, w.script.Name, sum, len(commands), done), schema.Pos{})
}

// begun is the checksum of a script that stopped half way: of the statements
// that are done, so that those behind them may be corrected.
func begun(commands []parser.Command, done int) string {
	h := sha256.New()
	for _, c := range commands[:min(done, len(commands))] {
		h.Write([]byte(strings.ReplaceAll(c.Text, "\r\n", "\n") + ";\n"))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// steps records each statement on its own.
func (w *writer) steps(commands []parser.Command, run *dialect.Run) {
	from := 0
	if run == nil {
		w.record(false, commands, 0)
	} else {
		from = min(run.Done, len(commands))
	}
	for i, c := range commands[from:] {
		w.command(c)
		w.record(true, commands, from+i+1)
	}
	if from == len(commands) { // what was left has been taken out
		w.record(true, commands, from)
	}
}
