package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/trueup-sql/trueup/schema"
)

// Sorts are the things whose names can have a pattern.
var Sorts = []string{"schema", "table", "column", "view", "materialized view", "index", "unique index", "primary key", "unique", "foreign key",
	"check", "exclude", "sequence", "function", "procedure", "aggregate", "trigger", "type", "domain", "policy", "event"}

// Pattern is what a name has to match as a whole: a regular expression, in
// which {table} stands for the name of the table.
type Pattern struct{ text string }

// ParsePattern checks a pattern.
func ParsePattern(text string) (Pattern, error) {
	p := Pattern{text}
	_, err := p.expr("t")
	return p, err
}

func (p Pattern) expr(table string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + strings.ReplaceAll(p.text, "{table}", regexp.QuoteMeta(table)) + ")$")
}

// naming: names as the project wants them.
var naming = Rule{
	Name: "naming", Severity: Warning, Title: "A name is not of the form that the configuration asks for.",
	Check: func(f *Facts, config Config) (out []Finding) {
		tables := map[schema.ID]string{}
		for _, t := range f.Tables {
			for _, x := range t.Indexes {
				tables[x.ID] = t.Name
			}
			for _, k := range t.ForeignKeys {
				tables[k.ID] = t.Name
			}
		}
		for _, n := range f.Names {
			p, ok := config.Naming[n.Sort]
			if !ok {
				continue
			}
			table := tables[n.ID]
			if table == "" {
				table = n.ID.Parent
			}
			re, err := p.expr(table)
			if err == nil && !re.MatchString(n.Text) {
				out = append(out, Finding{Object: n.ID, Message: fmt.Sprintf("%s: the name %q does not match %s", path(n.ID), n.Text, p.text)})
			}
		}
		return out
	},
}
