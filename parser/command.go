package parser

import "github.com/trueup-sql/trueup/schema"

// Command is a statement of a script that is run as it is, such as one that
// moves data.
type Command struct {
	Text string // without the semicolon
	Pos  schema.Pos
	// Control: it begins or ends a transaction.
	Control bool
	// Commits: the server commits before or after it, so that it cannot be taken
	// back with others.
	Commits bool
}
