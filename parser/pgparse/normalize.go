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
// Its errors are [*parser.Error] with the place of the object, joined.
func Normalize(c *schema.Catalog, o Options) error {
	pg.LinkSequences(c)
	implied(c)
	n := newNormalizer(c, o)
	n.inheritedNotNull()
	n.partitionNotNulls()
	err := n.expressions()
	n.emptyDefaults()
	n.keyDetails()
	n.inheritance()
	n.ownOfInherited()
	n.partitionConstraints()
	n.validations()
	n.matchingIndexes()
	n.attachments()
	return err
}
