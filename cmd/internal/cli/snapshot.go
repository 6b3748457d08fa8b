package cli

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/dialects"
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

type snapshotCommand struct {
	targetFlags
	Output string `short:"o" placeholder:"FILE" help:"Write to this file. Default: stdout."`
}

// Run writes the live schema as JSON.
func (c *snapshotCommand) Run(ctx context.Context, s streams) (err error) {
	var scope scopeFlags
	if err := configure(&c.targetFlags, &scope, new([]string), nil); err != nil {
		return err
	}
	d, server, err := c.open(ctx, dialect.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if err := dialects.Exists(server); err != nil {
		return err
	}
	b, catalog, err := takeSnapshot(ctx, d, server, c.Target)
	if err != nil {
		return err
	}
	if err := (planFlags{}).remarks(s, &planner.Plan{Notes: catalog.Notes, Delta: &planner.Delta{Current: catalog}}); err != nil {
		return err
	}
	if c.Output != "" {
		return os.WriteFile(c.Output, b, 0o644)
	}
	_, err = s.out.Write(b)
	return err
}

func takeSnapshot(ctx context.Context, d dialect.Dialect, server dialect.Server, target string) ([]byte, *schema.Catalog, error) {
	catalog, err := server.Inspect(ctx)
	if err != nil {
		return nil, nil, err
	}
	t := server.Target()
	h := snapshot.Header{Dialect: d.Name(), Flavor: t.Flavor, Version: t.Version, Settings: t.Settings, Tool: toolVersion(), Time: time.Now().UTC().Truncate(time.Second)}
	if u, err := url.Parse(target); err == nil {
		h.Server, h.Database = u.Host, strings.TrimPrefix(u.Path, "/")
	}
	var b bytes.Buffer
	err = snapshot.Write(&b, h, catalog)
	return b.Bytes(), catalog, err
}
