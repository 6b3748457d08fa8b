package mysql

import (
	"context"

	"github.com/trueup-sql/trueup/schema"
)

// Settle has the server judge the expressions that still differ.
func (c *connection) Settle(ctx context.Context, current, desired *schema.Catalog) error {
	return nil
}
