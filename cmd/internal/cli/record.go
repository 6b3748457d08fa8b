package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// recorder leaves what an apply did: snapshots (--snapshot-dir) and a whole
// record (--record). Without either it does nothing.
type recorder struct {
	dialect  dialect.Dialect
	server   dialect.Server
	target   string
	stamp    string
	dirs     []string // snapshots go into all of these
	record   string   // and the rest into this one
	snapshot []byte   // of before
}

func newRecorder(c *applyCommand, d dialect.Dialect, server dialect.Server) (*recorder, error) {
	r := &recorder{dialect: d, server: server, target: c.Target, stamp: time.Now().UTC().Format("20060102T150405Z")}
	if c.label != "" { // one of many, which may come at the same moment
		r.stamp += "-" + c.label
	}
	if c.SnapshotDir != "" {
		r.dirs = append(r.dirs, c.SnapshotDir)
	}
	if c.Record != "" {
		r.record = filepath.Join(c.Record, r.stamp)
		r.dirs = append(r.dirs, r.record)
	}
	for _, dir := range []string{c.SnapshotDir, c.Record} { // before anything is done
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// mkdir makes a folder for this record alone.
func (r *recorder) mkdir() error {
	name := r.record
	for n := 2; ; n++ {
		err := os.Mkdir(name, 0o755)
		if !errors.Is(err, os.ErrExist) {
			r.dirs[len(r.dirs)-1], r.record = name, name
			return err
		}
		name = fmt.Sprintf("%s-%d", r.record, n)
	}
}

// before is called when the plan is about to run.
func (r *recorder) before(ctx context.Context, p *planner.Plan) (err error) {
	if len(r.dirs) == 0 {
		return nil
	}
	if r.record != "" {
		if err := r.mkdir(); err != nil {
			return err
		}
	}
	if r.snapshot, err = r.take(ctx, "before"); err != nil || r.record == "" {
		return err
	}
	var b bytes.Buffer
	if err := ui.Plan(&b, p); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.record, "plan.sql"), b.Bytes(), 0o644)
}

// after is called when it has run.
func (r *recorder) after(ctx context.Context) error {
	if len(r.dirs) == 0 {
		return nil
	}
	snap, err := r.take(ctx, "after")
	if err != nil || r.record == "" {
		return err
	}
	back, err := r.back(ctx, snap)
	if err != nil {
		return fmt.Errorf("the apply is done, but its way back could not be recorded: %w", err)
	}
	return os.WriteFile(filepath.Join(r.record, "rollback.sql"), back, 0o644)
}

func (r *recorder) take(ctx context.Context, when string) ([]byte, error) {
	snap, _, err := takeSnapshot(ctx, r.dialect, r.server, r.target)
	if err != nil {
		return nil, err
	}
	for _, dir := range r.dirs {
		name := r.stamp + "-" + when + ".json"
		if dir == r.record {
			name = when + ".json"
		}
		if err := os.WriteFile(filepath.Join(dir, name), snap, 0o644); err != nil {
			return nil, err
		}
	}
	return snap, nil
}

// back is the SQL from after to before, with what it cannot bring back.
func (r *recorder) back(ctx context.Context, after []byte) ([]byte, error) {
	read := func(b []byte) (*schema.Catalog, error) {
		return dialect.Read(r.dialect.Name(), r.server, []parser.Source{{Name: "snapshot", Text: string(b)}})
	}
	now, err := read(after)
	if err != nil {
		return nil, err
	}
	then, err := read(r.snapshot)
	if err != nil {
		return nil, err
	}
	p, err := dialect.CompareSides(ctx, r.dialect.Name(), r.server, nil, now, then, dialect.Policy{})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, ch := range p.Delta.Changes {
		if r.server.Weight(ch.Object()) != planner.Data {
			continue
		}
		switch {
		case ch.Verb == planner.Create && p.Delta.Current.Object(ch.New.Owner()) == nil && !ch.New.Owner().IsZero(): // with its whole
		case ch.Verb == planner.Create:
			fmt.Fprintf(&b, "-- irreversible: %s comes back empty; what it held when it was dropped is lost\n", ch.ID())
		case ch.Verb == planner.Drop && (ch.Old.Owner().IsZero() || p.Delta.Desired.Has(ch.Old.Owner())):
			fmt.Fprintf(&b, "-- loses data: %s goes, with what was written to it since the apply\n", ch.ID())
		}
	}
	for _, s := range p.Statements {
		for _, h := range s.Hazards {
			if h == planner.HazardDataLoss && s.Verb == planner.Alter {
				fmt.Fprintf(&b, "-- loses data: %s\n", s.Object)
			}
		}
	}
	err = ui.Plan(&b, p)
	return b.Bytes(), err
}
