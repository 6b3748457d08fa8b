package dialects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

// Side is one side of a comparison: a database, a snapshot, or SQL.
type Side struct {
	Name    string // for people, without a password
	server  dialect.Server
	sources []parser.Source
	snap    bool
}

// Pair is two sides of one dialect.
type Pair struct {
	Dialect  dialect.Dialect
	Bound    dialect.Bound
	From, To Side
	servers  []dialect.Server
}

// OpenPair opens two sides: each a target, a file, folder or glob of SQL, a
// snapshot, or "-"; the second also several of SQL. assume is a dialect's name,
// optionally with a version ("postgres:16"), for a pair of which none is a
// database or a snapshot.
func OpenPair(ctx context.Context, from string, to []string, assume string, stdin io.Reader, o dialect.Options) (*Pair, error) {
	p := &Pair{}
	for _, side := range []struct {
		specs []string
		side  *Side
	}{{[]string{from}, &p.From}, {to, &p.To}} {
		if err := p.open(ctx, side.specs, side.side, stdin, o); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	if err := p.bind(assume, o); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// OpenOne opens a single side, as [OpenPair] would: the From of the pair.
func OpenOne(ctx context.Context, spec, assume string, stdin io.Reader, o dialect.Options) (*Pair, error) {
	p := &Pair{}
	err := p.open(ctx, []string{spec}, &p.From, stdin, o)
	if err == nil {
		err = p.bind(assume, o)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close closes the connections.
func (p *Pair) Close() error {
	var errs []error
	for _, s := range p.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

func (p *Pair) open(ctx context.Context, specs []string, s *Side, stdin io.Reader, o dialect.Options) error {
	for _, spec := range specs {
		d, ok := target(spec)
		switch {
		case !ok:
		case len(specs) > 1:
			return fmt.Errorf("%s is a database and cannot be joined with other sources", Redact(spec))
		default:
			server, err := d.Open(ctx, spec, o)
			if err != nil {
				return err
			}
			p.servers = append(p.servers, server)
			if err := Exists(server); err != nil {
				return err
			}
			s.server, s.Name = server, Redact(spec)
			return p.agree(d, server, s.Name)
		}
	}
	sources, err := parser.Load(specs, stdin)
	if err != nil {
		return unknown(specs, err)
	}
	s.sources, s.Name = sources, strings.Join(specs, ", ")
	if len(sources) == 1 && snapshot.Is(sources[0].Text) {
		s.snap = true
		h, err := snapshot.ReadHeader(sources[0].Name, sources[0].Text)
		if err != nil {
			return err
		}
		d, err := ByName(h.Dialect)
		if err != nil {
			return err
		}
		b, err := d.Offline(dialect.Target{Flavor: h.Flavor, Version: h.Version, Settings: h.Settings}, o)
		if err != nil {
			return err
		}
		return p.agree(d, b, s.Name)
	}
	return nil
}

// Exists is an error for a database that is none yet: a file that a plan would
// create, and in which there is nothing to read.
func Exists(s dialect.Server) error {
	if file, ok := s.(interface{ Exists() error }); ok {
		return file.Exists()
	}
	return nil
}

// target finds the dialect of a side that is a database.
func target(spec string) (dialect.Dialect, bool) {
	if spec == "-" || onDisk(spec) {
		return nil, false
	}
	d, err := ForTarget(spec)
	return d, err == nil
}

// unknown says of a side that is no file either what else it could be. It does
// not repeat what may hold a password.
func unknown(specs []string, err error) error {
	if len(specs) != 1 || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if strings.ContainsAny(specs[0], ":=@") {
		return &TargetError{}
	}
	return fmt.Errorf("%s: no such file, and no database or environment of that name\n  hint: %s", specs[0], targetHint)
}

// IsSnapshot tells whether a target is the file of a snapshot.
func IsSnapshot(spec string) bool {
	if info, err := os.Stat(spec); err != nil || !info.Mode().IsRegular() {
		return false
	}
	sources, err := parser.Load([]string{spec}, nil)
	return err == nil && len(sources) == 1 && snapshot.Is(sources[0].Text)
}

// agree keeps the first dialect, and a server rather than a snapshot.
func (p *Pair) agree(d dialect.Dialect, b dialect.Bound, name string) error {
	if p.Dialect != nil && p.Dialect.Name() != d.Name() {
		return fmt.Errorf("%s is of %s, the other side of %s: they cannot be compared", name, d.Name(), p.Dialect.Name())
	}
	_, isServer := b.(dialect.Server)
	if p.Bound == nil || isServer && p.Server() == nil {
		p.Bound = b
	}
	p.Dialect = d
	return nil
}

func (p *Pair) bind(assume string, o dialect.Options) error {
	if p.Dialect != nil {
		return nil
	}
	b, err := Assume(assume, o)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(assume, ":")
	p.Bound = b
	p.Dialect, err = ByName(name)
	return err
}

// Assume is a dialect without a server, by its name and perhaps a version:
// "postgres", "postgres:16", "mariadb:10.11".
func Assume(assume string, o dialect.Options) (dialect.Bound, error) {
	if assume == "" {
		return nil, errors.New("nothing says which dialect it is\n  hint: --dialect postgres (or postgres:16, mysql, mariadb:10.11, sqlite)")
	}
	name, version, _ := strings.Cut(assume, ":")
	d, err := ByName(name)
	if err != nil {
		return nil, err
	}
	t := dialect.Target{Flavor: name}
	weight := 10000
	for part := range strings.SplitSeq(version, ".") {
		if version == "" {
			break
		}
		n, err := strconv.Atoi(part)
		if err != nil || weight == 0 {
			return nil, fmt.Errorf("--dialect %s: the version is no number", assume)
		}
		t.Version += n * weight
		weight /= 100
	}
	return d.Offline(t, o)
}

// Server is the connection that can judge expressions; nil if there is none.
func (p *Pair) Server() dialect.Server {
	if s, ok := p.Bound.(dialect.Server); ok {
		return s
	}
	return nil
}

// Catalog reads and normalizes a side.
func (p *Pair) Catalog(ctx context.Context, s Side) (*schema.Catalog, error) {
	if s.server == nil {
		return dialect.Read(p.Dialect.Name(), p.Bound, s.sources)
	}
	c, err := s.server.Inspect(ctx)
	if err == nil {
		err = s.server.Normalize(c)
	}
	return c, err
}

func onDisk(spec string) bool {
	if _, err := os.Stat(spec); err == nil {
		ext := filepath.Ext(spec)
		return !strings.HasSuffix(ext, "db") && !strings.Contains(ext, "sqlite")
	}
	m, _ := filepath.Glob(spec)
	return len(m) > 0
}
