package pgparse

import (
	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// Normalize brings a catalog, read from a text or from a server, into the form
// in which two can be compared: every expression gets its canonical form and
// its references, and what is implied is made explicit the same way on both
// sides. It changes the catalog, and talks to no server.
//
// Its errors are [*parser.Error] with the place of the object, possibly joined.
func Normalize(c *schema.Catalog, o Options) error {
	pg.LinkSequences(c)
	implied(c)
	n := newNormalizer(c, o)
	err := n.expressions()
	n.inheritance()
	n.attachments()
	return err
}
