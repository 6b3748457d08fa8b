package parser

import (
	"strings"
	"testing"
)

// TestParseDirective: what a comment begins with is a directive, documentation,
// a tag that the user lets be, or a mistake; anything else is a plain comment.
func TestParseDirective(t *testing.T) {
	for _, c := range []struct{ text, is, fails string }{
		{text: " @renamed from=a", is: "renamed a"},
		{text: "@RENAMED from = `a b`", is: "renamed a b"},
		{text: "\n @renamed\n from=a\n", is: "renamed a"},
		{text: " @rename from=a", is: "renamed a"},
		{text: " @ignore", is: "ignore "},
		{text: " @using a::int", is: "using a::int"},
		{text: " @rename a", fails: "unknown directive @rename"},
		{text: " @renmaed from=a", fails: "unknown directive @renmaed"},
		{text: " @moved from=a", fails: "unknown directive @moved"},
		{text: " @table from=a", fails: "unknown directive @table"},
		{text: " @ignored", fails: "-- @ignore, with"},
		{text: " @ignore this", fails: `directive @ignore: cannot read "this"`},
		{text: " @foo", fails: "unknown directive @foo\n  hint: known are"},
		{text: " @foo-bar baz", fails: "--comment-tags=foo-bar"},
		{text: " @drop", fails: "unknown directive @drop"},
		{text: " @skip", fails: "unknown directive @skip"},
		{text: " @own nobody"},
		{text: " @x-1"},
		{text: " @author Jane <jane@example.com>"},
		{text: " @param x the first"},
		{text: " @TODO : later"},
		{text: " @todo: later"},
		{text: " @since 11.1 SQL"},
		{text: " @example.com is where we are"},
		{text: " @formatter:off"},
		{text: "*\n * @param x\n "},
		{text: " write to me@example.com"},
		{text: " see @renamed"},
		{text: " @"},
		{text: " @ foo"},
		{text: " @2nd"},
	} {
		src := Source{Name: "a.sql", Text: "--" + c.text, Tags: []string{"own", "@x*"}}
		d, err := src.ParseDirective(c.text, 0, len(src.Text))
		got := ""
		if d != nil {
			got = d.Name + " " + d.Arg
		}
		if got != c.is || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%q: %q, %v; want %q, %q", c.text, got, err, c.is, c.fails)
		}
	}
}
