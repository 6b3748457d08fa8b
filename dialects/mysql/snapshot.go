package mysql

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

var _ dialect.Builder = (*bound)(nil)

// New makes an empty object of a kind, for reading snapshots.
func (b *bound) New(kind schema.Kind) schema.Object { return my.New(kind) }
