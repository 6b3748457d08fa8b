package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"
)

// Set by the linker for releases (.ci/release); other builds know what Go knows.
var version, commit string

type versionCommand struct {
	SBOM bool `name:"sbom" help:"Print what this program consists of instead, as CycloneDX JSON."`
}

// versionFlag is --version: the same as the command.
type versionFlag bool

// BeforeReset answers before anything else of the command line is looked at.
func (versionFlag) BeforeReset(k *kong.Kong) error {
	if err := (versionCommand{}).Run(streams{out: k.Stdout, err: k.Stderr}); err != nil {
		return err
	}
	k.Exit(exitOK)
	return nil
}

// toolVersion is the version of this build.
func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// toolCommit is the commit that it was built from; empty if it is not known.
func toolCommit(info *debug.BuildInfo) string {
	c := commit
	for _, k := range info.Settings {
		switch {
		case k.Key == "vcs.revision" && c == "":
			c = k.Value
		case k.Key == "vcs.modified" && k.Value == "true" && commit == "":
			c += " with changes"
		}
	}
	return c
}

// grammars are the modules that say which SQL is understood.
var grammars = map[string]string{
	"github.com/pganalyze/pg_query_go/v5": "PostgreSQL grammar: pg_query_go %s (PostgreSQL 16; newer DDL by trueup's own pass)",
	"github.com/pingcap/tidb/pkg/parser":  "MySQL grammar: TiDB parser %s (with trueup's own for what it lacks)",
	"modernc.org/sqlite":                  "SQLite: modernc.org/sqlite %s",
}

// Run prints the version, the commit, and the versions of the grammars.
func (c versionCommand) Run(s streams) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		_, err := fmt.Fprintln(s.out, "trueup (unknown build)")
		return err
	}
	if c.SBOM {
		return writeSBOM(s.out, info)
	}
	fmt.Fprintf(s.out, "trueup %s\n", toolVersion())
	if c := toolCommit(info); c != "" {
		fmt.Fprintf(s.out, "commit %s\n", c)
	}
	fmt.Fprintf(s.out, "built with %s for %s/%s\n", info.GoVersion, runtime.GOOS, runtime.GOARCH)
	for _, m := range info.Deps {
		if text := grammars[m.Path]; text != "" {
			fmt.Fprintf(s.out, text+"\n", m.Version)
		}
	}
	return nil
}

// The parts of a CycloneDX 1.5 document that are used.
type (
	bom struct {
		Schema       string      `json:"$schema"`
		Format       string      `json:"bomFormat"`
		Spec         string      `json:"specVersion"`
		Version      int         `json:"version"`
		Metadata     bomMeta     `json:"metadata"`
		Components   []component `json:"components"`
		Dependencies []relation  `json:"dependencies"`
	}
	bomMeta struct {
		Component component `json:"component"`
	}
	component struct {
		Type       string     `json:"type"`
		Ref        string     `json:"bom-ref"`
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		URL        string     `json:"purl"`
		Properties []property `json:"properties,omitempty"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	relation struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn"`
	}
)

func newComponent(kind, name, version string) component {
	url := "pkg:golang/" + name + "@" + version
	return component{Type: kind, Ref: url, Name: name, Version: version, URL: url}
}

// writeSBOM lists the modules that the program was linked from, and Go itself.
func writeSBOM(w io.Writer, info *debug.BuildInfo) error {
	b := bom{Schema: "http://cyclonedx.org/schema/bom-1.5.schema.json", Format: "CycloneDX", Spec: "1.5", Version: 1}
	b.Metadata.Component = newComponent("application", info.Main.Path, toolVersion())
	b.Metadata.Component.Properties = []property{{"commit", toolCommit(info)}, {"platform", runtime.GOOS + "/" + runtime.GOARCH}}
	b.Components = append(b.Components, newComponent("library", "std", strings.TrimPrefix(info.GoVersion, "go")))
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := newComponent("library", m.Path, m.Version)
		c.Properties = []property{{"go.sum", m.Sum}}
		b.Components = append(b.Components, c)
	}
	r := relation{Ref: b.Metadata.Component.Ref}
	for _, c := range b.Components {
		r.On = append(r.On, c.Ref)
	}
	b.Dependencies = []relation{r}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(b)
}
