package config

import (
	"errors"
	"fmt"

	"github.com/trueup-sql/trueup/schema/filter"
)

// Rule is a permission for the objects that match; what it leaves out holds as
// otherwise. See [filter.Rule].
type Rule struct {
	Match      string `yaml:"match"`
	Drop       *bool  `yaml:"drop"`
	DropColumn *bool  `yaml:"drop_column"`
	Alter      *bool  `yaml:"alter"`
}

// Permissions are the environment's rules.
func (e *Environment) Permissions() (filter.Rules, error) {
	var out filter.Rules
	var errs []error
	for i, r := range e.Rules {
		p, err := Pattern(r.Match)
		if err == nil && r.Drop == nil && r.DropColumn == nil && r.Alter == nil {
			err = errors.New("it says none of drop, drop_column, alter")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("rule %d: %w", i+1, err))
		}
		out = append(out, filter.Rule{Match: p, Drop: r.Drop, DropColumn: r.DropColumn, Alter: r.Alter})
	}
	return out, errors.Join(errs...)
}
