package my

import (
	"strconv"
	"strings"
)

// Type is a data type. Name is the server's word for it, in lower case (int,
// varchar, double, longtext, enum, point, vector, uuid), never a synonym.
type Type struct {
	Name string
	// Args are the numbers in parentheses: length or precision, and scale.
	// Display widths of integers stand here as written; they count on MariaDB
	// and before MySQL 8.0.19 as text only, and the normal form drops those
	// that mean nothing.
	Args     []int
	Unsigned bool
	Zerofill bool
	// Values are the members of ENUM and SET, unquoted.
	Values []string
}

var escape = strings.NewReplacer("'", "''", `\`, `\\`, "\n", `\n`, "\r", `\r`, "\x00", `\0`, "\x1a", `\Z`)

// String is the type in SQL, for a session without NO_BACKSLASH_ESCAPES.
func (t Type) String() string {
	var b strings.Builder
	b.WriteString(t.Name)
	switch {
	case t.Values != nil:
		b.WriteByte('(')
		for i, v := range t.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("'" + escape.Replace(v) + "'")
		}
		b.WriteByte(')')
	case len(t.Args) > 0:
		b.WriteByte('(')
		for i, n := range t.Args {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	if t.Unsigned {
		b.WriteString(" unsigned")
	}
	if t.Zerofill {
		b.WriteString(" zerofill")
	}
	return b.String()
}

// IsInteger tells whether it is one of the integer types.
func (t Type) IsInteger() bool {
	switch t.Name {
	case "tinyint", "smallint", "mediumint", "int", "bigint":
		return true
	}
	return false
}

// HasCharset tells whether values of the type have a character set.
func (t Type) HasCharset() bool {
	switch t.Name {
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set":
		return true
	}
	return false
}

// IsSpatial tells whether it is one of the geometry types.
func (t Type) IsSpatial() bool {
	switch t.Name {
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection":
		return true
	}
	return false
}

// BlobFor is the smallest blob type for values of so many bytes; it is what
// BLOB(n) means.
func BlobFor(bytes int) string {
	switch {
	case bytes < 1<<8:
		return "tinyblob"
	case bytes < 1<<16:
		return "blob"
	case bytes < 1<<24:
		return "mediumblob"
	}
	return "longblob"
}

// TextFor is the type that TEXT(n) means in a character set whose characters
// take at most so many bytes.
func TextFor(characters, bytesPerCharacter int) string {
	return strings.TrimSuffix(BlobFor(characters*bytesPerCharacter), "blob") + "text"
}
