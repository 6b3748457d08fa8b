package postgres

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

type comparer struct {
	planner.Comparer
	target  dialect.Target
	options dialect.Options
}
type renderer struct{ comparer }

func (renderer) Render(*planner.Delta, []planner.Step) ([]planner.Statement, error) { return nil, nil }

func tableOf(column schema.ID) schema.ID {
	return schema.ID{Kind: "table", Schema: column.Schema, Name: column.Parent}
}
