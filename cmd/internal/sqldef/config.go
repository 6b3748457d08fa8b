package sqldef

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	yamlconfig "github.com/trueup-sql/trueup/cmd/internal/config"
)

// config is their YAML. A pointer tells what a later file overrides.
type config struct {
	TargetTables            *string  `yaml:"target_tables"`
	SkipTables              *string  `yaml:"skip_tables"`
	SkipViews               *string  `yaml:"skip_views"`
	TargetSchema            *string  `yaml:"target_schema"`
	EnableDrop              *bool    `yaml:"enable_drop"`
	ManagedRoles            []string `yaml:"managed_roles"`
	Manage                  *manage  `yaml:"manage"`
	Algorithm               *string  `yaml:"algorithm"`
	Lock                    *string  `yaml:"lock"`
	DumpConcurrency         *int     `yaml:"dump_concurrency"` // needless: the number of queries does not grow
	CreateIndexConcurrently *bool    `yaml:"create_index_concurrently"`
	DisableDDLTransaction   *bool    `yaml:"disable_ddl_transaction"`
	BulkAlter               *bool    `yaml:"bulk_alter"`           // always so
	LegacyIgnoreQuotes      *bool    `yaml:"legacy_ignore_quotes"` // needless: names are compared as the server does
}

// manage lists, by section, what is managed and what may be dropped. A section
// that is not there leaves its kind of object to the other settings; an empty
// one manages all of its kind.
type manage struct {
	DefaultSchema string
	Sections      map[string][]entry
}

// entry is a rule; the first one whose target matches holds.
type entry struct {
	Target         string `yaml:"target"`
	Schema         string `yaml:"schema"` // psqldef: patterns of schemas, and of tables of triggers and policies
	Table          string `yaml:"table"`
	Drop           bool   `yaml:"drop"`
	DropColumn     *bool  `yaml:"drop_column"`
	DropConstraint *bool  `yaml:"drop_constraint"`
	DropIndex      *bool  `yaml:"drop_index"`
	Partition      *bool  `yaml:"partition"`
}

// UnmarshalYAML takes the sections apart, each as strictly as the whole.
func (m *manage) UnmarshalYAML(unmarshal func(any) error) error {
	var raw map[string]any
	if err := unmarshal(&raw); err != nil {
		return err
	}
	*m = manage{Sections: map[string][]entry{}}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if name == "default_schema" {
			s, ok := raw[name].(string)
			if !ok {
				return errors.New("manage: default_schema: want a name")
			}
			m.DefaultSchema = s
			continue
		}
		b, err := yaml.Marshal(raw[name])
		if err != nil {
			return err
		}
		entries := []entry{}
		if err := yaml.UnmarshalWithOptions(b, &entries, yaml.Strict()); err != nil {
			return fmt.Errorf("manage: %s: %s", name, yaml.FormatError(err, false, false))
		}
		m.Sections[name] = entries
	}
	return nil
}

// section is what a section of manage is about.
type section struct {
	kinds []string
	// programs understand it.
	programs []string
	// qualified: names are looked at with their schema.
	qualified bool
}

var (
	all   = []string{"psqldef", "mysqldef", "sqlite3def"}
	psql  = []string{"psqldef"}
	mysql = []string{"mysqldef"}
	both  = []string{"psqldef", "mysqldef"}
)

// sections of manage. Privileges and owners go by the role.
var sections = map[string]section{
	"schema":            {[]string{"schema"}, psql, false},
	"table":             {[]string{"table", "virtual table"}, all, true},
	"view":              {[]string{"view"}, all, true},
	"materialized_view": {[]string{"materialized view"}, psql, true},
	"index":             {[]string{"index"}, all, true},
	"function":          {[]string{"function", "aggregate"}, both, true},
	"procedure":         {[]string{"procedure"}, both, true},
	"trigger":           {[]string{"trigger"}, all, true},
	"sequence":          {[]string{"sequence"}, both, true},
	"type":              {[]string{"enum", "composite type", "domain", "range"}, psql, true},
	"domain":            {[]string{"domain"}, psql, true},
	"policy":            {[]string{"policy"}, psql, true},
	"extension":         {[]string{"extension"}, psql, false},
	"event":             {[]string{"event"}, mysql, false},
	"privilege":         {[]string{"privilege"}, psql, false},
	"owner":             {[]string{"owner"}, psql, false},
}

// configSource is a file, or the text of --config-inline.
type configSource struct{ name, text string }

// loadConfig merges files and strings, later ones over earlier ones.
func loadConfig(program string, list []configSource) (*config, error) {
	c := &config{}
	for _, s := range list {
		b := []byte(s.text)
		if s.text == "" {
			var err error
			if b, err = os.ReadFile(s.name); err != nil {
				return nil, err
			}
		}
		if err := yamlconfig.Decode(s.name, b, c); err != nil {
			return nil, err
		}
	}
	return c, c.check(program)
}

func (c *config) check(program string) error {
	for _, list := range []struct {
		key   string
		value *string
	}{{"target_tables", c.TargetTables}, {"skip_tables", c.SkipTables}, {"skip_views", c.SkipViews}} {
		for _, p := range patterns(list.value) {
			if _, err := anchored(p); err != nil {
				return fmt.Errorf("%s: %w", list.key, err)
			}
		}
	}
	if c.Manage == nil {
		return nil
	}
	if c.Manage.DefaultSchema != "" && program != "psqldef" {
		return fmt.Errorf("manage: default_schema: %s knows no schemas", program)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Manage.Sections)) {
		s, ok := sections[name]
		if !ok {
			return fmt.Errorf("manage: unknown kind of object %q", name)
		}
		if !slices.Contains(s.programs, program) {
			return fmt.Errorf("manage: %s: %s has no such objects", name, program)
		}
		for _, e := range c.Manage.Sections[name] {
			for _, pattern := range []string{e.Target, e.Schema, e.Table} {
				if _, err := anchored(pattern); err != nil {
					return fmt.Errorf("manage: %s: %w", name, err)
				}
			}
			if name != "table" && (e.DropColumn != nil || e.DropConstraint != nil || e.DropIndex != nil || e.Partition != nil) {
				return fmt.Errorf("manage: %s: drop_column, drop_constraint, drop_index and partition are about tables", name)
			}
			if e.Table != "" && name != "trigger" && name != "policy" {
				return fmt.Errorf("manage: %s: table is about triggers and policies", name)
			}
			if e.Schema != "" && (program != "psqldef" || !s.qualified) {
				return fmt.Errorf("manage: %s: schema: %s knows no schemas of these", name, program)
			}
		}
	}
	return nil
}

// patterns are the lines of a list.
func patterns(list *string) (out []string) {
	if list == nil {
		return nil
	}
	for line := range strings.Lines(*list) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func anchored(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + pattern + ")$")
}

func is(b *bool) bool { return b != nil && *b }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(*s)
}
