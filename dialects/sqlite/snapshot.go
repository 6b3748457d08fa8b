package sqlite

import (
	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lite"
)

var _ dialect.Builder = (*bound)(nil)

// New makes an empty object of a kind, for reading snapshots.
func (b *bound) New(kind schema.Kind) schema.Object { return lite.New(kind) }
