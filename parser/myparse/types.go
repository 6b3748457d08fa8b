package myparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// typed is a data type with the attributes that belong to it.
type typed struct {
	my.Type
	charset   string
	collation string
	binary    bool // BINARY: the _bin collation of the character set
	serial    bool // SERIAL: NOT NULL AUTO_INCREMENT UNIQUE besides
	json      bool // MariaDB's JSON, which is a LONGTEXT with a check
}

// synonyms maps words for types to the server's own. Widths and character sets
// that a word implies are set in [reader.dataType].
var synonyms = map[string]string{
	"integer": "int", "int1": "tinyint", "int2": "smallint", "int3": "mediumint", "int4": "int", "int8": "bigint",
	"middleint": "mediumint", "bool": "tinyint", "boolean": "tinyint",
	"dec": "decimal", "numeric": "decimal", "fixed": "decimal", "number": "decimal",
	"real": "double", "float8": "double", "float4": "float",
	"character": "char", "nchar": "char", "nvarchar": "varchar", "varcharacter": "varchar", "varchar2": "varchar",
	"raw": "varbinary", "clob": "longtext", "geomcollection": "geometrycollection",
}

// types are the server's own words.
var types = words(`tinyint smallint mediumint int bigint decimal float double bit year date time datetime timestamp
	char varchar binary varbinary tinytext text mediumtext longtext tinyblob blob mediumblob longblob enum set json
	geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection
	uuid inet4 inet6 xmltype vector`)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// dataType reads a data type with its attributes.
func (r *reader) dataType() typed {
	at := r.take()
	var t typed
	name := strings.ToLower(at.val)
	if at.kind != word {
		r.i--
		r.unexpected("a data type")
	}
	switch name {
	case "serial":
		return typed{Type: my.Type{Name: "bigint", Unsigned: true, Args: r.width(my.Type{Name: "bigint", Unsigned: true})}, serial: true}
	case "bool", "boolean":
		t.Args = []int{1}
	case "national":
		t.charset = "utf8mb3"
		name = r.national()
	case "nchar", "nvarchar":
		t.charset = "utf8mb3"
		if name == "nchar" && r.one("VARYING", "VARCHAR") != "" {
			name = "varchar"
		}
	case "char", "character", "binary":
		if r.accept("VARYING") {
			name = "var" + strings.TrimSuffix(name, "acter")
		}
	case "long":
		name = r.long()
	case "double":
		r.accept("PRECISION")
	case "real":
		if r.mode.modes != nil && r.realAsFloat() {
			name = "float"
		}
	case "varchar2", "number", "raw", "clob":
		switch {
		case !r.mode.oracle:
			name = ""
		case name == "number" && !r.is("("):
			name = "double"
		}
	case "date", "blob":
		if r.mode.oracle {
			name = map[string]string{"date": "datetime", "blob": "longblob"}[name]
		}
	}
	if s, ok := synonyms[name]; ok {
		name = s
	}
	if !types[name] || !r.hasType(name) {
		r.fail(at.off, r.opts.meantType(strings.ToLower(at.val)), "unknown data type %q", at.val)
	}
	t.Name = name
	r.typeArgs(&t)
	if len(t.Args) == 0 && (name == "varchar" || name == "varbinary") && !r.opts.Relaxed {
		r.fail(at.off, "VARCHAR(255)", "%s needs a length", strings.ToUpper(at.val))
	}
	r.typeAttributes(&t)
	r.settle(&t)
	if t.Name == "decimal" && t.Args[1] > t.Args[0] && !r.opts.Relaxed {
		r.fail(at.off, "the first number counts all digits, the second those behind the point", "%s has more digits behind the point than digits", t.Type)
	}
	return t
}

func (r *reader) national() string {
	switch w := r.one("CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER"); w {
	case "":
		r.unexpected("CHAR or VARCHAR")
		return ""
	case "CHAR", "CHARACTER":
		if !r.accept("VARYING") {
			return "char"
		}
	}
	return "varchar"
}

// long reads LONG, LONG VARCHAR and LONG VARBINARY.
func (r *reader) long() string {
	switch {
	case r.accept("VARBINARY"):
		return "mediumblob"
	case r.accept("VARCHAR"), r.accept("VARCHARACTER"):
	case r.one("CHAR", "CHARACTER") != "":
		r.expect("VARYING")
	}
	return "mediumtext"
}

func (r *reader) realAsFloat() bool {
	for _, m := range r.mode.modes {
		if m == "REAL_AS_FLOAT" {
			return true
		}
	}
	return false
}

// hasType tells whether the target has the type at all.
func (r *reader) hasType(name string) bool {
	switch name {
	case "uuid", "inet4", "inet6", "xmltype":
		return r.opts.mariadb()
	case "vector":
		return true // MySQL 9.0, MariaDB 11.7, TiDB 8.4
	}
	return true
}

// typeArgs reads what stands in parentheses.
func (r *reader) typeArgs(t *typed) {
	if t.Name == "enum" || t.Name == "set" {
		r.expect("(")
		t.Values = []string{}
		for {
			t.Values = append(t.Values, r.member(t))
			if !r.accept(",") {
				break
			}
		}
		r.expect(")")
		return
	}
	if !r.is("(") {
		return
	}
	r.take()
	var args []int
	for !r.is(")") {
		args = append(args, r.integer("a number"))
		if !r.accept(",") {
			break
		}
	}
	r.expect(")")
	t.Args = args
}

// member reads a value of ENUM or SET; trailing blanks do not count.
func (r *reader) member(t *typed) string {
	if b := r.peek(); b.kind == bits {
		r.take()
		v, ok := bitsText(b.val)
		if !ok {
			r.fail(b.off, "", "cannot read the value %s", b.val)
		}
		return v
	}
	return strings.TrimRight(r.string("a text"), " ")
}

// typeAttributes reads what belongs to the type and stands right behind it.
func (r *reader) typeAttributes(t *typed) {
	for {
		switch {
		case r.accept("UNSIGNED"):
			t.Unsigned = true
		case r.accept("SIGNED"):
		case r.accept("ZEROFILL"):
			t.Zerofill, t.Unsigned = true, true
		case r.accept("BINARY"):
			t.binary = true
		case r.accept("ASCII"):
			t.charset = "latin1"
		case r.accept("UNICODE"):
			t.charset = "ucs2"
		case r.accept("BYTE"):
			t.charset = "binary"
		case r.acceptCharset():
			t.charset = charsetName(r.word("a character set"))
		case r.accept("COLLATE"):
			t.collation = collation(r.word("a collation"))
		default:
			return
		}
	}
}

// settle brings a type into the server's form, as far as the text alone tells.
func (r *reader) settle(t *typed) {
	switch t.Name {
	case "char", "bit", "binary":
		if len(t.Args) == 0 {
			t.Args = []int{1}
		}
	case "year":
		t.Args = nil // the width is always 4
		if r.opts.mariadb() {
			t.Args = []int{4}
		}
	case "decimal":
		switch len(t.Args) {
		case 0:
			t.Args = []int{10, 0}
		case 1:
			if t.Args[0] == 0 {
				t.Args[0] = 10
			}
			t.Args = append(t.Args, 0)
		}
	case "float", "double":
		if len(t.Args) == 1 { // a precision in bits only chooses between the two
			if t.Name == "float" && t.Args[0] > 24 {
				t.Name = "double"
			}
			t.Args = nil
		}
	case "time", "datetime", "timestamp":
		if len(t.Args) == 1 && t.Args[0] == 0 {
			t.Args = nil
		}
	case "blob":
		if len(t.Args) == 1 { // the smallest that is long enough
			t.Type = my.Type{Name: my.BlobFor(t.Args[0])}
		}
	case "json":
		if r.opts.mariadb() {
			t.Name, t.json = "longtext", true
			t.charset, t.collation = "utf8mb4", "utf8mb4_bin"
		}
	case "tinyint", "smallint", "mediumint", "int", "bigint":
		if len(t.Args) == 0 {
			t.Args = r.width(t.Type)
		} else if t.Name != "tinyint" || t.Args[0] != 1 || t.Zerofill || t.Unsigned {
			t.Args = r.shown(t)
		}
	}
	if t.charset == "binary" {
		t.toBinary()
	}
	if !t.HasCharset() {
		t.charset, t.collation, t.binary = "", "", false
	}
}

// toBinary: a character type with CHARACTER SET binary is a binary one.
func (t *typed) toBinary() {
	if b, ok := map[string]string{"char": "binary", "varchar": "varbinary", "tinytext": "tinyblob", "text": "blob", "mediumtext": "mediumblob", "longtext": "longblob"}[t.Name]; ok {
		t.Name, t.charset, t.collation, t.binary = b, "", "", false
	}
}

// width is the display width that an integer has if none was written: MariaDB
// shows it; MySQL since 8.0.19 and TiDB do for ZEROFILL only.
func (r *reader) width(t my.Type) []int {
	if !r.opts.showsWidth() && !t.Zerofill {
		return nil
	}
	w := map[string]int{"tinyint": 4, "smallint": 6, "mediumint": 9, "int": 11, "bigint": 20}[t.Name]
	if t.Unsigned && t.Name != "bigint" {
		w--
	}
	return []int{w}
}

// showsWidth tells whether the server shows the widths of integers.
func (o Options) showsWidth() bool {
	return o.mariadb() || o.mysql() && o.Version != 0 && o.Version < 80019
}

// shown is an integer's width that was written, if the server keeps it: MySQL
// since 8.0.19 does for ZEROFILL and TINYINT(1) only.
func (r *reader) shown(t *typed) []int {
	if t.Args[0] == 0 { // int(0) is int
		return r.width(t.Type)
	}
	if r.opts.showsWidth() || t.Zerofill {
		return t.Args
	}
	return nil
}
