package dialect

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/lint"
)

// Linter is a Bound that can tell package lint what a normalized catalog of its
// holds.
type Linter interface {
	Facts(c *schema.Catalog) *lint.Facts
}
