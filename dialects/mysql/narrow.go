package mysql

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// losses tells the emitter what values a change of a column does not keep, and
// what the column becomes if that is not allowed: as desired, with its old type.
func losses(old, new *my.Column, e *emitter) {
	if old.IsGenerated() {
		if !new.IsGenerated() && remade(old, new) {
			e.lose("the computed values of the column", nil)
		}
		return
	}
	if new.IsGenerated() {
		e.lose("the values of the column", nil)
		return
	}
	if remade(old, new) {
		e.lose("the values of the column", nil)
		return
	}
	what := narrows(old, new)
	if what == "" {
		return
	}
	kept := schema.Clone(new)
	kept.Type, kept.Charset, kept.Collation = old.Type, old.Charset, old.Collation
	if new.Type.Name == old.Type.Name && new.Type.Values != nil {
		kept.Type.Values = slices.Clone(old.Type.Values)
		for _, v := range new.Type.Values {
			if !slices.Contains(old.Type.Values, v) {
				kept.Type.Values = append(kept.Type.Values, v)
			}
		}
	}
	if kept.Default.Canon != old.Default.Canon { // it is written for the new type
		kept.Default = old.Default
	}
	e.lose(what, kept)
}

// class of a type: values of one class have one order of magnitude.
type class uint8

const (
	other class = iota
	integer
	decimal
	float
	text
	bytes
	temporal
	member // enum, set
)

var classes = map[string]class{
	"tinyint": integer, "smallint": integer, "mediumint": integer, "int": integer, "bigint": integer, "year": integer,
	"decimal": decimal, "float": float, "double": float,
	"char": text, "varchar": text, "tinytext": text, "text": text, "mediumtext": text, "longtext": text,
	"binary": bytes, "varbinary": bytes, "tinyblob": bytes, "blob": bytes, "mediumblob": bytes, "longblob": bytes,
	"date": temporal, "time": temporal, "datetime": temporal, "timestamp": temporal, "enum": member, "set": member,
}

// digits that an integer type holds, in bits.
var bits = map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64, "year": 8}

// narrows says what kind of value the new type cannot hold; "" if it holds
// every value of the old one.
func narrows(old, new *my.Column) string {
	a, b := old.Type, new.Type
	ca, cb := classes[a.Name], classes[b.Name]
	switch {
	case a.Name == b.Name && a.Unsigned == b.Unsigned && slices.Equal(a.Args, b.Args) && slices.Equal(a.Values, b.Values):
		return narrowsCharset(old, new)
	case cb == text && ca != text && ca != bytes:
		if size(b, new.Charset) < width(a) {
			return "values longer than " + b.String()
		}
		return ""
	case ca != cb:
		return widensAcross(a, b, ca, cb)
	}
	switch ca {
	case integer:
		return narrowsInteger(a, b)
	case decimal:
		if integral(b) < integral(a) || scale(b) < scale(a) || b.Unsigned && !a.Unsigned {
			return "digits beyond " + b.String()
		}
	case float:
		if a.Name == "double" && b.Name == "float" || len(b.Args) > 0 && !slices.Equal(a.Args, b.Args) || b.Unsigned && !a.Unsigned {
			return "digits beyond " + b.String()
		}
	case text, bytes:
		if size(b, new.Charset) < size(a, old.Charset) {
			return "values longer than " + b.String()
		}
		return narrowsCharset(old, new)
	case temporal:
		return narrowsTemporal(a, b)
	case member:
		return narrowsMembers(a, b)
	case other:
		if a.Name == "bit" && b.Name == "bit" && firstArg(b) >= firstArg(a) {
			return ""
		}
		if b.Name == "geometry" && a.IsSpatial() {
			return ""
		}
		return "values that are no " + b.String()
	}
	return ""
}

func narrowsInteger(a, b my.Type) string {
	room := func(t my.Type) (low, high int) { // bits below and above zero
		if t.Unsigned || t.Name == "year" {
			return 0, bits[t.Name]
		}
		return bits[t.Name], bits[t.Name] - 1
	}
	la, ha := room(a)
	lb, hb := room(b)
	if lb < la || hb < ha {
		return "numbers out of the range of " + b.String()
	}
	return ""
}

func narrowsTemporal(a, b my.Type) string {
	switch {
	case firstArg(b) < firstArg(a) && b.Name != "date":
		return "fractions of a second beyond " + b.String()
	case a.Name == b.Name, a.Name == "date" && b.Name == "datetime", a.Name == "timestamp" && b.Name == "datetime":
		return ""
	case a.Name == "datetime" && b.Name == "timestamp":
		return "moments out of the range of timestamp"
	}
	return "what " + b.String() + " does not hold of a " + a.Name
}

func narrowsMembers(a, b my.Type) string {
	if a.Name == "set" && b.Name == "enum" {
		return "sets of several values"
	}
	var gone []string
	for _, v := range a.Values {
		if !slices.Contains(b.Values, v) {
			gone = append(gone, literal(v))
		}
	}
	if len(gone) == 0 {
		return ""
	}
	return "rows with " + strings.Join(gone, ", ")
}

// narrowsCharset: every character set's characters are in Unicode; ascii's are in all.
func narrowsCharset(old, new *my.Column) string {
	from, to := old.Charset, new.Charset
	unicode := func(cs string) bool { return cs == "utf8mb4" || cs == "utf16" || cs == "utf32" || cs == "utf16le" }
	if from == to || from == "" || to == "" || from == "ascii" || unicode(to) || to == "utf8mb3" && from != "gb18030" && !unicode(from) {
		return ""
	}
	return "characters that " + to + " does not have"
}

// widensAcross knows the changes between classes that keep every value.
func widensAcross(a, b my.Type, ca, cb class) string {
	switch {
	case ca == integer && cb == decimal && integral(b) >= width(a) && (!b.Unsigned || a.Unsigned):
		return ""
	case ca == integer && b.Name == "double" && bits[a.Name] <= 32:
		return ""
	case ca == text && cb == bytes && size(b, "") >= size(a, ""):
		return ""
	}
	return "values that are no " + b.String()
}

// integral and scale are the digits before and behind a decimal's point.
func integral(t my.Type) int { return firstArg(t) - scale(t) }

func scale(t my.Type) int {
	if len(t.Args) < 2 {
		return 0
	}
	return t.Args[1]
}

// width is the length of a value's text.
func width(t my.Type) int {
	switch classes[t.Name] {
	case integer:
		return map[string]int{"tinyint": 4, "smallint": 6, "mediumint": 8, "int": 11, "bigint": 20, "year": 4}[t.Name]
	case decimal:
		return firstArg(t) + 2
	case float:
		return 24
	case temporal:
		return map[string]int{"date": 10, "time": 17, "datetime": 26, "timestamp": 26}[t.Name]
	case member:
		n := 0
		for _, v := range t.Values {
			if t.Name == "set" {
				n += len([]rune(v)) + 1
			} else {
				n = max(n, len([]rune(v)))
			}
		}
		return n
	}
	switch t.Name {
	case "uuid":
		return 36
	case "inet6":
		return 39
	case "inet4":
		return 15
	}
	return 1 << 30
}

// size is how many characters of a character set, or bytes, a type holds.
func size(t my.Type, charset string) int {
	limits := map[string]int{"tinytext": 255, "text": 65535, "mediumtext": 1<<24 - 1, "longtext": 1<<32 - 1,
		"tinyblob": 255, "blob": 65535, "mediumblob": 1<<24 - 1, "longblob": 1<<32 - 1}
	if n, ok := limits[t.Name]; ok {
		return n / bytesPerChar(charset)
	}
	return firstArg(t)
}
