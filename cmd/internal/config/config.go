package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// File is the name of the configuration, which is looked for in the working
// folder and upwards from it. Its JSON Schema is schema.json beside this file.
const File = "trueup.yaml"

// Config is the whole file.
type Config struct {
	// Path is where it was read; relative paths in it start at its folder.
	Path         string                  `yaml:"-"`
	Environments map[string]*Environment `yaml:"environments"`
	CommentTags  []string                `yaml:"comment_tags"` // as --comment-tags
	Lint         Lint                    `yaml:"lint"`
}

// Environment is a database with what is wanted of it.
type Environment struct {
	URL        string   `yaml:"url"`         // ${NAME} is an environment variable
	URLFile    string   `yaml:"url_file"`    // a file that holds the URL
	URLCommand []string `yaml:"url_command"` // a command that prints it
	Sources    []string `yaml:"sources"`
	Schemas    []string `yaml:"schemas"`
	Include    []string `yaml:"include"`
	Exclude    []string `yaml:"exclude"`
	Ignore     string   `yaml:"ignore"`
	EnableDrop *bool    `yaml:"enable_drop"`
	AllowDrop  []string `yaml:"allow_drop"`
	Rules      []Rule   `yaml:"rules"`
	Partitions string   `yaml:"partitions"`
	Manage     []string `yaml:"manage"`
	// Groups are names under which several environments can be meant at once.
	Groups           []string      `yaml:"groups"`
	LockTimeout      time.Duration `yaml:"lock_timeout"`
	StatementTimeout time.Duration `yaml:"statement_timeout"`
	Concurrently     *bool         `yaml:"concurrently"`
	Algorithm        string        `yaml:"algorithm"`
	Lock             string        `yaml:"lock"`
	Migrations       string        `yaml:"migrations"`
	BeforeApply      string        `yaml:"before_apply"`
	AfterApply       string        `yaml:"after_apply"`
}

// Load reads a file, or, without a name, the one that is found upwards from
// the working folder; then it may be missing, and the configuration is empty.
func Load(name string) (*Config, error) {
	if name == "" {
		found, err := find()
		if err != nil || found == "" {
			return &Config{}, err
		}
		name = found
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	c := &Config{Path: name}
	if err := Decode(name, b, c); err != nil {
		return nil, err
	}
	return c, c.check()
}

func find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		name := filepath.Join(dir, File)
		if _, err := os.Stat(name); err == nil {
			return name, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil
		}
		dir = up
	}
}

func (c *Config) check() error {
	var errs []error
	fail := func(name, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: environment %s: %s", c.Path, name, fmt.Sprintf(format, args...)))
	}
	groups := map[string]bool{}
	for name, e := range c.Environments {
		if e == nil { // "prod:" and nothing below it
			e = &Environment{}
			c.Environments[name] = e
		}
		for _, g := range e.Groups {
			groups[g] = true
		}
	}
	for _, name := range c.Names() {
		e := c.Environments[name]
		n := 0
		for _, given := range []bool{e.URL != "", e.URLFile != "", len(e.URLCommand) > 0} {
			if given {
				n++
			}
		}
		if n != 1 {
			fail(name, "want one of url, url_file, url_command")
		}
		if groups[name] {
			fail(name, "there is a group of the same name")
		}
		for _, m := range e.Manage {
			if m != "privileges" && m != "owners" {
				fail(name, "manage: %q is neither privileges nor owners", m)
			}
		}
		if p := e.Partitions; p != "" && p != "declared" && p != "manage" && p != "ignore" {
			fail(name, "partitions: %q is none of declared, manage, ignore", p)
		}
		for _, list := range [][]string{e.Include, e.Exclude} {
			for _, text := range list {
				if _, err := Pattern(text); err != nil {
					fail(name, "%v", err)
				}
			}
		}
		if err := Kinds(e.AllowDrop); err != nil {
			fail(name, "allow_drop: %v", err)
		}
		if err := AlterWord("algorithm", e.Algorithm, Algorithms); err != nil {
			fail(name, "%v", err)
		}
		if err := AlterWord("lock", e.Lock, Locks); err != nil {
			fail(name, "%v", err)
		}
		if _, err := e.Permissions(); err != nil {
			fail(name, "%v", err)
		}
	}
	if _, err := c.Lint.Config(); err != nil {
		errs = append(errs, fmt.Errorf("%s: %w", c.Path, err))
	}
	return errors.Join(errs...)
}

// Names are the environments, sorted.
func (c *Config) Names() []string {
	var out []string
	for name := range c.Environments {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Group are the names of the environments in a group, sorted.
func (c *Config) Group(group string) []string {
	var out []string
	for _, name := range c.Names() {
		if slices.Contains(c.Environments[name].Groups, group) {
			out = append(out, name)
		}
	}
	return out
}

// Target is the environment's URL, from wherever it comes.
func (c *Config) Target(e *Environment) (string, error) {
	switch {
	case e.URLFile != "":
		b, err := os.ReadFile(c.path(e.URLFile))
		if err == nil && strings.TrimSpace(string(b)) == "" {
			err = fmt.Errorf("url_file %s is empty", e.URLFile)
		}
		return strings.TrimSpace(string(b)), err
	case len(e.URLCommand) > 0:
		cmd := exec.Command(e.URLCommand[0], e.URLCommand[1:]...)
		cmd.Dir = filepath.Dir(c.Path)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			return "", errors.New(strings.TrimRight(fmt.Sprintf("url_command %s: %v: %s", e.URLCommand[0], err, strings.TrimSpace(complaint.String())), ": "))
		}
		if len(bytes.TrimSpace(out)) == 0 {
			return "", fmt.Errorf("url_command %s printed nothing", e.URLCommand[0])
		}
		return strings.TrimSpace(string(out)), nil
	}
	url, err := Expand(e.URL)
	if err != nil {
		err = fmt.Errorf("url: %w", err)
	}
	return url, err
}

// Expand puts in environment variables; one that is not set is an error rather
// than an empty password.
func Expand(s string) (string, error) {
	var missing []string
	out := os.Expand(s, func(name string) string {
		v, ok := os.LookupEnv(name)
		if !ok {
			missing = append(missing, "$"+name)
		}
		return v
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("%s is not set", strings.Join(missing, ", "))
	}
	return out, nil
}

// Paths makes paths start at the folder of the configuration.
func (c *Config) Paths(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = c.path(n)
	}
	return out
}

func (c *Config) path(name string) string {
	if name == "-" || filepath.IsAbs(name) || strings.Contains(name, "://") {
		return name
	}
	return filepath.Join(filepath.Dir(c.Path), name)
}
