package postgres

import (
	"context"

	"github.com/trueup-sql/trueup/schema"
)

// Settle: not yet.
func (s *server) Settle(ctx context.Context, current, desired *schema.Catalog) error { return nil }

func (s *session) Settle(ctx context.Context, current, desired *schema.Catalog) error { return nil }
