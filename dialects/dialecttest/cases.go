package dialecttest

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

var update = flag.Bool("update", false, "write the golden plans of the case files anew (read them before you commit)")

// Harness is a dialect with the servers that its cases run on.
type Harness struct {
	Dialect dialect.Dialect
	// Offline is the target of the golden plans.
	Offline dialect.Target
	// Servers are the real servers of the live part.
	Servers []LiveServer
	// Load runs a script as the server's own client would.
	Load func(ctx context.Context, url, script string) error
}

// LiveServer is one server to run on.
type LiveServer struct {
	Name    string
	Version int // as [dialect.Target]'s
	New     func(testing.TB) (url string)
}

// Case is one text archive. Its comment holds "key: value" lines:
//
//	version: >=150000   the versions that it is for; it must fail on others
//	drop: no            drops are not allowed
//	allow-drop: index   nor are they but for these kinds
//	concurrently: yes   and the other fields of [dialect.Options] by name
//	reverse: no         the way back is not asked for (it loses data ..)
//	offline: no         the plan needs a server's proof
//
// and its files are current.sql, desired.sql, and plan.sql (what is printed,
// statement by statement) or error.txt (a part of the message).
type Case struct {
	Name                   string
	Current, Desired, Plan string
	Error                  string
	Settings               map[string]string
	file                   string
}

// Run runs all case files below a folder, but for those in the folders named.
func (h Harness) Run(t *testing.T, dir string, except ...string) {
	n := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && slices.Contains(except, e.Name()) {
			return filepath.SkipDir
		}
		if err != nil || e.IsDir() || filepath.Ext(path) != ".txtar" {
			return err
		}
		n++
		c, err := readCase(path)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(path, dir+"/"), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h.play(t, c)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatalf("%s: no case files", dir)
	}
}

var setting = regexp.MustCompile(`(?m)^#?\s*([a-z-]+):[ \t]*(.*)$`)

func readCase(path string) (*Case, error) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		return nil, err
	}
	c := &Case{Name: path, file: path, Settings: map[string]string{}}
	for _, m := range setting.FindAllStringSubmatch(string(a.Comment), -1) {
		c.Settings[m[1]] = strings.TrimSpace(m[2])
	}
	for _, f := range a.Files {
		text := string(f.Data)
		switch f.Name {
		case "current.sql":
			c.Current = text
		case "desired.sql":
			c.Desired = text
		case "plan.sql":
			c.Plan = text
		case "error.txt":
			c.Error = strings.TrimSpace(text)
		default:
			return nil, fmt.Errorf("%s: unknown file %s", path, f.Name)
		}
	}
	return c, nil
}

// applies tells whether the case is for a version.
func (c *Case) applies(version int) (bool, error) {
	for _, cond := range strings.Fields(c.Settings["version"]) {
		op := strings.TrimRight(cond, "0123456789")
		n, err := strconv.Atoi(strings.TrimPrefix(cond, op))
		if err != nil {
			return false, fmt.Errorf("%s: version: %w", c.file, err)
		}
		for n < 10000 { // 15 is 150000
			n *= 10000
		}
		ok, known := map[string]bool{">=": version >= n, "<": version < n, "": version/10000 == n/10000}[op]
		if !known {
			return false, fmt.Errorf("%s: version: %q", c.file, cond)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

func (c *Case) options() dialect.Options {
	return dialect.Options{Concurrently: c.Settings["concurrently"] == "yes", Algorithm: c.Settings["algorithm"], Lock: c.Settings["lock"],
		Manage: strings.Fields(c.Settings["manage"]), Schemas: strings.Fields(c.Settings["schemas"])}
}

// policy allows all drops unless the case says otherwise.
func (c *Case) policy() dialect.Policy {
	if c.Settings["drop"] != "no" && c.Settings["allow-drop"] == "" {
		return dialect.Policy{}
	}
	kinds := strings.Split(c.Settings["allow-drop"], ",")
	return dialect.Policy{Allow: func(o schema.Object) bool { return slices.Contains(kinds, string(o.ID().Kind)) }}
}

func (h Harness) play(t *testing.T, c *Case) {
	if c.Settings["offline"] != "no" {
		t.Run("offline", func(t *testing.T) { h.offline(t, c) })
	}
	for _, s := range h.Servers {
		t.Run(s.Name, func(t *testing.T) { h.live(t, c, s) })
	}
}

func source(name, text string) []parser.Source { return []parser.Source{{Name: name, Text: text}} }

// read parses and normalizes a text.
func read(b dialect.Bound, name, text string) (*schema.Catalog, error) {
	c, err := b.Parse(source(name, text))
	if err == nil {
		err = b.Normalize(c)
	}
	return c, err
}

func (h Harness) offline(t *testing.T, c *Case) {
	target := h.Offline
	if ok, err := c.applies(target.Version); err != nil {
		t.Fatal(err)
	} else if !ok {
		t.Skip("not for this version")
	}
	b, err := h.Dialect.Offline(target, c.options())
	if err != nil {
		t.Fatal(err)
	}
	current, err := read(b, "current.sql", c.Current)
	if err != nil {
		t.Fatal(err)
	}
	var plan *planner.Plan
	desired, err := read(b, "desired.sql", c.Desired)
	if err == nil {
		plan, err = dialect.Compare(h.Dialect.Name(), b, current, desired, c.policy())
	}
	if c.Error != "" {
		if err == nil || !strings.Contains(err.Error(), c.Error) {
			t.Fatalf("error = %v\nwant %s", err, c.Error)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	got := script(plan)
	if *update {
		c.write(t, got)
		return
	}
	if diff := cmp.Diff(strings.TrimSpace(c.Plan), strings.TrimSpace(got)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// script is a plan as the golden files hold it.
func script(p *planner.Plan) string {
	var b strings.Builder
	for _, s := range p.Delta.Skipped {
		fmt.Fprintf(&b, "-- skipped: drop %s\n", s.Object.ID())
	}
	last := planner.InTx
	for _, s := range p.Statements {
		if s.Tx != last {
			fmt.Fprintf(&b, "-- %s\n", [...]string{"transaction", "own transaction", "no transaction"}[s.Tx])
			last = s.Tx
		}
		b.WriteString(s.SQL + ";\n")
	}
	return b.String()
}

func (c *Case) write(t *testing.T, plan string) {
	a, err := txtar.ParseFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "plan.sql" })
	a.Files = append(a.Files, txtar.File{Name: "plan.sql", Data: []byte(plan)})
	if err := os.WriteFile(c.file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// live goes there and back on a real server.
func (h Harness) live(t *testing.T, c *Case, s LiveServer) {
	applies, err := c.applies(s.Version)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	url := s.New(t)
	load := h.Load(ctx, url, c.Current)
	if !applies { // then something of it must fail, or the mark is stale
		err := load
		if err == nil {
			err = h.apply(ctx, c, url, c.Desired)
		}
		if err == nil {
			t.Errorf("marked as %q, but it works on %s", c.Settings["version"], s.Name)
		}
		return
	}
	if load != nil {
		t.Fatalf("current.sql: %v", load)
	}
	h.inSync(t, c, url, c.Current, "current.sql, as the server read it")
	err = h.apply(ctx, c, url, c.Desired)
	if c.Error != "" {
		if err == nil || !strings.Contains(err.Error(), c.Error) {
			t.Errorf("error = %v\nwant %s", err, c.Error)
		}
		h.inSync(t, c, url, c.Current, "current.sql after the error")
		return
	}
	if err != nil {
		t.Fatalf("apply desired.sql: %v", err)
	}
	h.inSync(t, c, url, c.Desired, "desired.sql after the apply")
	if c.Settings["reverse"] == "no" || c.policy().Allow != nil {
		return
	}
	if err := h.apply(ctx, c, url, c.Current); err != nil {
		t.Fatalf("the way back: %v", err)
	}
	h.inSync(t, c, url, c.Current, "current.sql after the way back")
}

// apply runs the whole pipeline, the check before the commit included.
func (h Harness) apply(ctx context.Context, c *Case, url, text string) error {
	s, err := h.Dialect.Open(ctx, url, c.options())
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = dialect.Apply(ctx, h.Dialect.Name(), s, source("desired.sql", text), dialect.ApplyOptions{Policy: c.policy()})
	return err
}

// inSync fails if a plan towards the text is not empty.
func (h Harness) inSync(t *testing.T, c *Case, url, text, what string) {
	t.Helper()
	ctx := context.Background()
	s, err := h.Dialect.Open(ctx, url, c.options())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := dialect.Prepare(ctx, h.Dialect.Name(), s, source(what, text), c.policy())
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !p.Empty() {
		t.Errorf("%s: the plan is not empty:\n%s", what, script(p))
		for _, ch := range p.Delta.Changes {
			t.Logf("%s %s %v", ch.Verb, ch.ID(), ch.Fields)
		}
	}
}
