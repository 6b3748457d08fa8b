package pgparse

import "github.com/trueup-sql/trueup/schema"

// routine is the placeholder of a routine: args is what [pg.InputTypes] makes
// of its argument types, or "*" for any of that name.
func (r *reader) routine(namespace, name, args string) schema.ID {
	return r.unresolved(unresolvedRoutine, namespace, args, name)
}
