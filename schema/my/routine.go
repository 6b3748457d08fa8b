package my

import "github.com/trueup-sql/trueup/schema"

// Routine is a stored procedure or function; the kind in its ID tells which.
type Routine struct {
	Self   schema.ID
	Params []Param
	// Returns is a function's result; nil for a procedure.
	Returns *Param
	// Aggregate: MariaDB, CREATE AGGREGATE FUNCTION.
	Aggregate bool

	Definer       string // as [Trigger]'s
	Deterministic bool
	// DataAccess is CONTAINS SQL (also if not said), NO SQL, READS SQL DATA or
	// MODIFIES SQL DATA.
	DataAccess string
	Security   string // DEFINER (also if not said), INVOKER
	Comment    string
	Language   string // SQL is empty; JAVASCRIPT (MySQL 9)
	// SQLMode under which the body was written.
	SQLMode SQLMode
	Body    schema.Expr
}

// Param is a parameter, or the result of a function, which has no name.
type Param struct {
	Mode      string // IN, OUT, INOUT, of procedures
	Name      string
	Type      Type
	TypeOf    string // MariaDB: TYPE OF table.column, ROW TYPE OF table, as written
	Charset   string
	Collation string
	Default   schema.Expr // MariaDB 11.8
	// Text is the whole parameter as its author wrote it: the server keeps and
	// shows that.
	Text string `schema:"derived"`
}

func (r *Routine) ID() schema.ID    { return r.Self }
func (r *Routine) Owner() schema.ID { return schema.ID{} }

// Refs are those of the body, late: names in it are looked up when it runs.
func (r *Routine) Refs() []schema.Ref { return within(nil, r.Body) }
