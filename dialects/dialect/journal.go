package dialect

import (
	"fmt"

	"github.com/trueup-sql/trueup/parser"
	"github.com/trueup-sql/trueup/schema"
)

// JournalTable is trueup's own table in a user's database: it records the
// run-once scripts. It is no part of the schema that is managed, on either side
// of any comparison.
const JournalTable = "trueup_scripts"

// Journal is what the table says.
type Journal struct {
	// Table is its name for SQL; it is to be created if Missing.
	Table   string
	Missing bool
	Runs    []Run
}

// Run is a script that was run, or begun.
type Run struct {
	Name, Checksum string
	// Done of Statements are done; they differ if it stopped half way.
	Statements, Done int
}

// Create is the SQL of the table, in words that all servers share.
func (j *Journal) Create() string {
	return "CREATE TABLE " + j.Table + ` (
  name varchar(255) NOT NULL PRIMARY KEY,
  checksum char(64) NOT NULL,
  statements integer NOT NULL,
  done integer NOT NULL,
  applied_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
)`
}

// JournalQuery reads the table's rows, in the order of [Run]'s fields.
func JournalQuery(table string) string {
	return "SELECT name, checksum, statements, done FROM " + table + " ORDER BY name"
}

// withoutJournal takes the table out of what was read from a database.
func withoutJournal(c *schema.Catalog) {
	if !hasJournal(c) {
		return
	}
	var gone []schema.ID
	for o := range c.All() {
		for up, n := o, 0; up != nil && n < 10; up, n = c.Object(up.Owner()), n+1 {
			if isJournal(up) {
				gone = append(gone, o.ID())
				break
			}
		}
	}
	for _, id := range gone {
		c.Remove(id)
	}
}

func isJournal(o schema.Object) bool {
	return o.ID().Kind == "table" && o.ID().Name == JournalTable
}

func hasJournal(c *schema.Catalog) bool {
	for o := range c.All() {
		if isJournal(o) {
			return true
		}
	}
	return false
}

// ownName refuses a desired table with the name of trueup's own.
func ownName(c *schema.Catalog) error {
	for o := range c.All() {
		if !isJournal(o) {
			continue
		}
		if pos := c.Origin[o.ID()]; !pos.IsZero() {
			return &parser.Error{Pos: pos, Message: fmt.Sprintf("%s is trueup's own, for the run-once scripts", o.ID()), Hint: "remove it, or give it another name"}
		}
	}
	return nil
}
