package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/cmd/internal/config"
	"github.com/trueup-sql/trueup/dialects"
)

// fleetFlags are for many targets of one schema.
type fleetFlags struct {
	TargetsFile string `placeholder:"FILE" help:"Many targets, one to a line (# starts a comment), instead of one."`
	Parallel    int    `default:"4" placeholder:"N" help:"How many of them at a time. Default: 4."`
}

// targets reads the file; the environment's variables are expanded, so that it
// need not hold passwords.
func (f fleetFlags) targets() ([]string, error) {
	b, err := os.ReadFile(f.TargetsFile)
	if err != nil {
		return nil, err
	}
	var out []string
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		target, err := config.Expand(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", f.TargetsFile, n, err)
		}
		out = append(out, target)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no targets", f.TargetsFile)
	}
	return out, nil
}

// outcome is what one target's run printed and how it ended.
type outcome struct {
	target   string // without its password
	out, log bytes.Buffer
	err      error
}

func (o *outcome) failed() bool {
	_, isStatus := errors.AsType[status](o.err)
	return o.err != nil && !isStatus
}

// each runs a command for every target, so many at a time. The sources on
// standard input are read once and given to all.
func (f fleetFlags) each(ctx context.Context, targets []string, in shared, run func(ctx context.Context, i int, target string, s streams) error) []*outcome {
	all := make([]*outcome, len(targets))
	var g errgroup.Group
	g.SetLimit(max(1, f.Parallel))
	for i, t := range targets {
		all[i] = &outcome{target: dialects.Redact(t)}
		g.Go(func() error {
			o := all[i]
			o.err = run(ctx, i, t, streams{in.reader(), &o.out, &o.log})
			return nil
		})
	}
	_ = g.Wait() // errors are in the outcomes
	return all
}

// remarks are what outcomes said to stderr: what several say is said once.
type remarks map[string]bool

func (r remarks) print(w io.Writer, o *outcome) {
	for line := range strings.Lines(o.log.String()) {
		if !r[line] {
			r[line] = true
			fmt.Fprint(w, line) //nolint:errcheck // stderr
		}
	}
}

// groupOutcomes prints the outcomes by equal output, the largest group first, and
// returns the exit status for all: that of the worst.
func groupOutcomes(s streams, all []*outcome, inSync string) error {
	type group struct {
		text    string
		targets []string
	}
	var groups []*group
	at := map[string]*group{}
	var errs []error
	different := false
	said := remarks{}
	for _, o := range all {
		said.print(s.err, o)
		if o.failed() {
			errs = append(errs, fmt.Errorf("%s: %w", o.target, o.err))
			continue
		}
		different = different || o.err != nil
		text := o.out.String()
		g := at[text]
		if g == nil {
			g = &group{text: text}
			at[text] = g
			groups = append(groups, g)
		}
		g.targets = append(g.targets, o.target)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return len(b.targets) - len(a.targets) })
	for _, g := range groups {
		if g.text == "" {
			fmt.Fprintf(s.err, "%s %s\n", count(len(g.targets), "target"), inSync)
			continue
		}
		with := ", with the same differences"
		if len(g.targets) == 1 {
			with = ""
		}
		fmt.Fprintf(s.out, "-- %s%s:\n", count(len(g.targets), "target"), with)
		for _, t := range g.targets {
			fmt.Fprintf(s.out, "--   %s\n", t)
		}
		fmt.Fprintln(s.out, strings.TrimRight(g.text, "\n"))
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if different {
		return status(exitDifferent)
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// shared is standard input for many readers: it is read once, and only if one
// of them asks for it.
type shared func() ([]byte, error)

func share(in io.Reader) shared {
	return sync.OnceValues(func() ([]byte, error) { return io.ReadAll(in) })
}

// reader reads it from the start.
func (s shared) reader() io.Reader { return &sharedReader{all: s} }

type sharedReader struct {
	all  shared
	rest *bytes.Reader
}

func (r *sharedReader) Read(p []byte) (int, error) {
	if r.rest == nil {
		b, err := r.all()
		if err != nil {
			return 0, err
		}
		r.rest = bytes.NewReader(b)
	}
	return r.rest.Read(p)
}

// rollout applies to the first targets alone, then to the rest in waves, and
// stops after the first wave in which one failed. What is in sync has nothing
// to do, so running it again resumes.
func (f fleetFlags) rollout(ctx context.Context, s streams, targets []string, in shared, canary, wave int, run func(ctx context.Context, i int, target string, s streams) error) error {
	done := 0
	for size := max(1, canary); done < len(targets); size = max(1, wave) {
		next := targets[done:min(done+size, len(targets))]
		var errs []error
		for _, o := range f.each(ctx, next, in, func(ctx context.Context, i int, target string, s streams) error { return run(ctx, done+i, target, s) }) {
			fmt.Fprintf(s.out, "-- %s\n%s", o.target, o.out.String())
			io.Copy(s.err, &o.log) //nolint:errcheck // stderr
			if o.err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", o.target, o.err))
			}
		}
		done += len(next)
		if len(errs) > 0 {
			return errors.Join(append(errs, fmt.Errorf("stopped: %s not touched; running it again resumes", count(len(targets)-done, "target")))...)
		}
	}
	return nil
}
