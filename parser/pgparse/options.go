package pgparse

import (
	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

// storageOptions reads WITH (..): storage parameters as pg_class.reloptions
// spells them.
func storageOptions(list []pg.Option, defs []*pg_query.Node) []pg.Option {
	for _, d := range elements(defs) {
		list = setOption(list, storageName(d), word(d))
	}
	return list
}

// resetOptions reads RESET (..).
func resetOptions(list []pg.Option, defs []*pg_query.Node) []pg.Option {
	for _, d := range elements(defs) {
		list = unsetOption(list, storageName(d))
	}
	return list
}
