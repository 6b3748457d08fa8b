package sqldef

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
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

// manage lists, by kind, what is managed and what may be dropped.
type manage struct {
	DefaultSchema string             `yaml:"default_schema"`
	Kinds         map[string][]entry `yaml:",inline"`
}

// entry is a rule; the first one whose target matches holds.
type entry struct {
	Target         string `yaml:"target"`
	Drop           bool   `yaml:"drop"`
	DropColumn     *bool  `yaml:"drop_column"`
	DropConstraint *bool  `yaml:"drop_constraint"`
	Alter          *bool  `yaml:"alter"`
	Partition      *bool  `yaml:"partition"`
}

// managedKinds are the sections of manage, with the kinds that each stands for.
var managedKinds = map[string][]string{
	"schema": {"schema"}, "table": {"table"}, "view": {"view"}, "materialized_view": {"materialized view"}, "index": {"index"},
	"function": {"function", "aggregate"}, "procedure": {"procedure"}, "trigger": {"trigger"}, "sequence": {"sequence"},
	"type": {"enum", "composite type", "domain", "range"}, "policy": {"policy"}, "extension": {"extension"}, "event": {"event"},
}

// loadConfig merges files and strings, later ones over earlier ones.
func loadConfig(files, inline []string) (*config, error) {
	c := &config{}
	read := func(name string, b []byte) error {
		if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %s", name, yaml.FormatError(err, false, false))
		}
		return nil
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		if err := read(f, b); err != nil {
			return nil, err
		}
	}
	for _, text := range inline {
		if err := read("--config-inline", []byte(text)); err != nil {
			return nil, err
		}
	}
	return c, c.check()
}

func (c *config) check() error {
	for _, list := range []*string{c.TargetTables, c.SkipTables, c.SkipViews} {
		for _, p := range patterns(list) {
			if _, err := anchored(p); err != nil {
				return err
			}
		}
	}
	if c.Manage == nil {
		return nil
	}
	for kind, entries := range c.Manage.Kinds {
		if managedKinds[kind] == nil {
			return fmt.Errorf("manage: unknown kind of object %q", kind)
		}
		for _, e := range entries {
			if _, err := anchored(e.Target); err != nil {
				return fmt.Errorf("manage: %s: %w", kind, err)
			}
		}
	}
	return nil
}

// patterns are the lines of a list.
func patterns(list *string) []string {
	if list == nil {
		return nil
	}
	return slices.DeleteFunc(strings.Split(strings.ReplaceAll(*list, " ", ""), "\n"), func(s string) bool { return s == "" })
}

func anchored(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile("^(?:" + pattern + ")$")
}

func is(b *bool) bool { return b != nil && *b }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
