package mysql

import (
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/parser/myparse"
	"github.com/trueup-sql/trueup/schema"
)

// bound is the dialect for one target.
type bound struct {
	target  dialect.Target
	options dialect.Options
	features
	// rights are the session's, once the database has been read.
	rights atomic.Pointer[privileges]
}

var _ dialect.Bound = (*bound)(nil)

func newBound(t dialect.Target, o dialect.Options) (*bound, error) {
	if len(o.Schemas) > 0 {
		return nil, &TargetError{"--schema has no meaning here: what is managed is the database that the URL names", ""}
	}
	t = completed(t)
	return &bound{target: t, options: o, features: featuresOf(t)}, nil
}

func (b *bound) Target() dialect.Target { return b.target }

// setting is a system variable of the target.
func (b *bound) setting(name string) string { return b.target.Settings[name] }

// on tells whether a boolean variable is on.
func (b *bound) on(name string) bool {
	v := b.setting(name)
	return v == "1" || strings.EqualFold(v, "ON")
}

func (b *bound) lowerCase() int {
	n, _ := strconv.Atoi(b.setting(settingLowerCase)) //nolint:errcheck // the server's own number
	return n
}

// sourceMode is the server's own sql_mode, if it is another than that of a
// session of ours: what the author's files mean to the server's own client.
func (b *bound) sourceMode() string {
	if m := b.setting(settingSQLMode); !sameModes(m, sessionMode(m)) {
		return m
	}
	return ""
}

// sourceOptions say how the author's texts for this target are to be read.
func (b *bound) sourceOptions() myparse.Options {
	o := b.parserOptions()
	o.SourceMode = b.sourceMode()
	return o
}

// parserOptions say how texts for a session of ours are to be read.
func (b *bound) parserOptions() myparse.Options {
	return myparse.Options{
		Flavor: b.target.Flavor, Version: b.target.Version, Database: b.setting(settingDatabase),
		SQLMode: sessionMode(b.setting(settingSQLMode)), LowerCaseTableNames: b.lowerCase(),
		ImplicitTimestamp: !b.on(settingTimestamp), TimeZone: b.setting(settingTimeZone),
	}
}

// Parse reads a desired state.
func (b *bound) Parse(sources []parser.Source) (*schema.Catalog, error) {
	return myparse.Parse(parser.Tagged(sources, b.options.CommentTags), b.sourceOptions())
}

// Outline tells where the statements of a source stand.
func (b *bound) Outline(src parser.Source) ([]parser.Statement, error) {
	src.Tags = b.options.CommentTags
	return myparse.Outline(src, b.sourceOptions())
}

// Commands cuts a script into statements.
func (b *bound) Commands(source parser.Source) ([]parser.Command, error) {
	return myparse.Commands(source, b.parserOptions())
}

// Scene is the statement that brings back the sql_mode of a new session.
func (b *bound) Scene() string {
	return "SET SESSION sql_mode = " + literal(sessionMode(b.setting(settingSQLMode))) + ";"
}

// Directed: an index is built while writes go on anyway, and there is no
// expression for a change of type.
func (b *bound) Directed() map[string][]schema.Kind { return nil }
