package cli

import (
	"os"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/planner"
)

// hookFlags are SQL that goes along with an apply that has something to do.
type hookFlags struct {
	BeforeApply string `placeholder:"SQL" help:"Run this before the plan, if there is one; @FILE reads a file. In the plan's transaction."`
	AfterApply  string `placeholder:"SQL" help:"Run this after the plan; @FILE reads a file. In the plan's transaction."`
	HooksNoTx   bool   `name:"hooks-outside-transaction" help:"Run both outside of the plan's transaction."`
}

// add puts the hooks around a plan.
func (h hookFlags) add(p *planner.Plan) error {
	before, err := hook(h.BeforeApply)
	if err != nil {
		return err
	}
	after, err := hook(h.AfterApply)
	if err != nil {
		return err
	}
	if p.Empty() {
		return nil
	}
	statement := func(name, sql string, neighbour planner.Statement) planner.Statement {
		s := planner.Statement{SQL: sql, Verb: planner.Alter, Tx: neighbour.Tx, Comment: "hook"}
		s.Object.Kind, s.Object.Name = "hook", name
		if h.HooksNoTx {
			s.Tx = planner.NoTx
		}
		return s
	}
	if before != "" {
		p.Statements = slices.Insert(p.Statements, 0, statement("--before-apply", before, p.Statements[0]))
	}
	if after != "" {
		p.Statements = append(p.Statements, statement("--after-apply", after, p.Statements[len(p.Statements)-1]))
	}
	return nil
}

func hook(text string) (string, error) {
	if name, ok := strings.CutPrefix(text, "@"); ok {
		b, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		text = string(b)
	}
	return strings.TrimRight(strings.TrimSpace(text), ";"), nil
}
