package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/trueup-sql/trueup/cmd/internal/config"
)

// many are the targets that a command is for, if it is for more than one: the
// lines of --targets-file, or the environments of a group.
func (t targetFlags) many(f fleetFlags) ([]string, error) {
	if f.TargetsFile != "" {
		if t.Target != "" && t.Target != os.Getenv("DATABASE_URL") {
			return nil, errors.New("a target, and --targets-file with others: give one of them")
		}
		return f.targets()
	}
	c, err := config.Load(t.Config)
	if err != nil || c.Environments[t.Target] != nil {
		return nil, err
	}
	return c.Group(t.Target), nil
}

// configure fills in from the configuration what the command line leaves open,
// if the target is an environment's name.
func configure(t *targetFlags, scope *scopeFlags, sources *[]string, p *planFlags) error {
	c, err := config.Load(t.Config)
	if err != nil {
		return err
	}
	or(&t.CommentTags, c.CommentTags)
	e := c.Environments[t.Target]
	if e == nil {
		return noEnvironment(c, t.Target)
	}
	name := t.Target
	if t.Target, err = c.Target(e); err != nil {
		return fmt.Errorf("%s: %w", c.Path, err)
	}
	or(&t.Schema, e.Schemas)
	or(sources, c.Paths(e.Sources))
	or(&scope.Include, e.Include)
	or(&scope.Exclude, e.Exclude)
	if scope.Ignore == "" && e.Ignore != "" {
		scope.Ignore = c.Paths([]string{e.Ignore})[0]
	}
	if p == nil {
		return nil
	}
	or(&p.AllowDrop, e.AllowDrop)
	or(&p.Manage, e.Manage)
	orZero(&p.EnableDrop, e.EnableDrop)
	orZero(&p.Concurrently, e.Concurrently)
	orZero(&p.Partitions, e.Partitions)
	if p.configured, err = e.Permissions(); err != nil {
		return fmt.Errorf("%s: environment %s: %w", c.Path, name, err)
	}
	orZero(&p.Algorithm, e.Algorithm)
	orZero(&p.Lock, e.Lock)
	orZero(&p.LockTimeout, e.LockTimeout)
	orZero(&p.StatementTimeout, e.StatementTimeout)
	if e.Migrations != "" {
		orZero(&p.Migrations, c.Paths([]string{e.Migrations})[0])
	}
	orZero(&p.before, e.BeforeApply)
	orZero(&p.after, e.AfterApply)
	return nil
}

// noEnvironment is an error for a target that can only have been meant as an
// environment's name.
func noEnvironment(c *config.Config, target string) error {
	if target == "" || strings.ContainsAny(target, ":/= ") {
		return nil
	}
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	if len(c.Group(target)) > 0 {
		return fmt.Errorf("%s is a group of environments, and this needs one target\n  hint: there are %s; plan, apply and drift take a group", target, strings.Join(c.Group(target), ", "))
	}
	if c.Path == "" {
		return fmt.Errorf("%s is neither a URL nor an environment: there is no %s here or in a folder above\n  hint: postgres://user@host/db, mysql://user@host/db, sqlite:path, or \"host=.. dbname=..\"", target, config.File)
	}
	return fmt.Errorf("%s has no environment %s\n  hint: there are %s", c.Path, target, strings.Join(c.Names(), ", "))
}

func or[T any](flag *[]T, value []T) {
	if len(*flag) == 0 {
		*flag = value
	}
}

func orZero[T comparable](flag *T, value T) {
	var zero T
	if *flag == zero {
		*flag = value
	}
}

type configCommand struct {
	Check  configCheckCommand  `cmd:"" help:"Read the configuration, and say what is wrong with it."`
	Schema configSchemaCommand `cmd:"" help:"Print the JSON Schema of the configuration, for editors."`
}

type configCheckCommand struct {
	Config string `placeholder:"FILE" help:"The configuration. Default: trueup.yaml, here or in a folder above."`
}

// Run lists the environments of a configuration without mistakes.
func (c configCheckCommand) Run(s streams) error {
	conf, err := config.Load(c.Config)
	if err != nil {
		return err
	}
	if conf.Path == "" {
		return fmt.Errorf("there is no %s here or in a folder above\n  hint: --config FILE; trueup config schema prints what may be in it", config.File)
	}
	fmt.Fprintf(s.out, "%s: %s: %s\n", conf.Path, count(len(conf.Environments), "environment"), strings.Join(conf.Names(), ", "))
	return nil
}

type configSchemaCommand struct{}

// Run prints the JSON Schema.
func (configSchemaCommand) Run(s streams) error {
	_, err := s.out.Write(config.Schema)
	return err
}
