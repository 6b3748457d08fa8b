package myparse

import (
	"encoding/hex"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// literal is a default that is a constant: as its author wrote it, and, for the
// canonical form, as a column of the type holds it. Servers print it their own
// way: MySQL in quotes, MariaDB numbers without, dates filled up.
func (r *reader) literal(t my.Type, v token, sign string) schema.Expr {
	e := schema.Expr{Text: sign + literalText(v), Canon: canonLiteral(t, v, sign)}
	if v.kind != str && v.kind != word {
		e.Text = sign + v.val
	}
	return e
}

func literalText(v token) string {
	if v.kind == str {
		return quoteString(v.val)
	}
	return v.val
}

// canonLiteral is the canonical form of a constant in a column of a type.
func canonLiteral(t my.Type, v token, sign string) string {
	text, isNumber := literalValue(v, sign)
	switch {
	case t.IsInteger():
		if n, ok := rational(v, text); ok {
			return round(n)
		}
	case t.Name == "decimal":
		if n, ok := rational(v, text); ok {
			return n.FloatString(t.Args[1])
		}
	case t.Name == "float", t.Name == "double":
		if n, ok := rational(v, text); ok {
			if len(t.Args) == 2 {
				return n.FloatString(t.Args[1])
			}
			f, _ := n.Float64()
			return strconv.FormatFloat(f, 'g', -1, 64)
		}
	case t.Name == "bit":
		if n, ok := bitsNumber(v, text); ok {
			return "b'" + n.Text(2) + "'"
		}
	case t.Name == "year":
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			return year(n, !isNumber && len(text) != 0)
		}
	case t.Name == "date", t.Name == "time", t.Name == "datetime", t.Name == "timestamp":
		return quoteString(temporal(t, text))
	case t.Name == "enum":
		for _, m := range t.Values {
			if strings.EqualFold(m, strings.TrimRight(text, " ")) {
				return quoteString(m)
			}
		}
	case t.Name == "set":
		return quoteString(setMembers(t.Values, text))
	case t.Name == "binary":
		return quoteString(strings.TrimRight(text, "\x00"))
	case t.Name == "uuid", t.Name == "inet6":
		return quoteString(strings.ToLower(text))
	}
	return quoteString(text)
}

// literalValue is the text of a constant, and whether it is a number.
func literalValue(v token, sign string) (text string, isNumber bool) {
	switch v.kind {
	case str:
		return v.val, false
	case bits:
		s, _ := bitsText(v.val)
		return s, false
	case word: // TRUE, FALSE
		if v.is("TRUE") {
			return "1", true
		}
		return "0", true
	}
	return sign + numberText(v.val), true
}

// numberText is a number as a text column stores it: without leading zeros, and
// without an exponent.
func numberText(s string) string {
	if strings.ContainsAny(s, "eE") {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	s = strings.TrimLeft(s, "0")
	if s == "" || s[0] == '.' {
		s = "0" + s
	}
	return s
}

// rational reads a number.
func rational(v token, text string) (*big.Rat, bool) {
	if v.kind == bits {
		n, ok := bitsNumber(v, text)
		if !ok {
			return nil, false
		}
		return new(big.Rat).SetInt(n), true
	}
	text = strings.TrimSpace(text)
	if !numeric.MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

var numeric = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$`)

// round is a number as an integer column stores it: half away from zero.
func round(n *big.Rat) string { return n.FloatString(0) }

// bitsNumber is the value of x'..', 0x.., b'..', a number, or a text's bytes.
func bitsNumber(v token, text string) (*big.Int, bool) {
	n := new(big.Int)
	if v.kind == bits {
		s, base := bitsDigits(v.val)
		if s == "" {
			return n, true
		}
		_, ok := n.SetString(s, base)
		return n, ok
	}
	if v.kind == str {
		return n.SetBytes([]byte(text)), true
	}
	_, ok := n.SetString(text, 10)
	return n, ok
}

// bitsDigits are the digits of a hexadecimal or binary constant, and their base.
func bitsDigits(v string) (digits string, base int) {
	base = 2
	if v[0] == 'x' || v[1] == 'x' {
		base = 16
	}
	return strings.TrimSuffix(v[2:], "'"), base
}

// bitsText is the text whose bytes a hexadecimal or binary constant gives.
func bitsText(v string) (string, bool) {
	digits, base := bitsDigits(v)
	if base == 2 {
		n, ok := new(big.Int).SetString("0"+digits, 2)
		if !ok {
			return "", false
		}
		return string(n.Bytes()), true
	}
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	b, err := hex.DecodeString(digits)
	return string(b), err == nil
}

// year is a YEAR: two digits mean 1970 to 2069, the number 0 the year 0000 and
// the text '0' the year 2000.
func year(n int, text bool) string {
	switch {
	case n == 0 && !text:
		return "'0000'"
	case n < 70:
		n += 2000
	case n < 100:
		n += 1900
	}
	return "'" + strconv.Itoa(n) + "'"
}

var fraction = regexp.MustCompile(`\.([0-9]*)$`)

// temporal fills a date or a time up to what the type shows.
func temporal(t my.Type, text string) string {
	s := strings.TrimSpace(text)
	digits := 0
	if len(t.Args) == 1 {
		digits = t.Args[0]
	}
	if s == "0" {
		s = map[string]string{"date": "0000-00-00", "time": "00:00:00"}[t.Name]
		if s == "" {
			s = "0000-00-00 00:00:00"
		}
	}
	if m := compact.FindStringSubmatch(s); m != nil && t.Name != "time" {
		s = m[1] + "-" + m[2] + "-" + m[3]
		if m[4] != "" {
			s += " " + m[4] + ":" + m[5] + ":" + m[6]
		}
	}
	if t.Name == "date" {
		day, _, _ := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
		return pad(day, "-", 4, 2, 2)
	}
	frac := ""
	if m := fraction.FindStringSubmatch(s); m != nil {
		frac, s = m[1], s[:len(s)-len(m[0])]
	}
	switch {
	case t.Name == "time":
		if strings.Count(s, ":") == 1 {
			s += ":00"
		}
		s = pad(s, ":", 2, 2, 2)
	default:
		day, clock, _ := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
		if clock == "" {
			clock = "00:00:00"
		} else if strings.Count(clock, ":") == 1 {
			clock += ":00"
		}
		s = pad(day, "-", 4, 2, 2) + " " + pad(clock, ":", 2, 2, 2)
	}
	if digits > 0 {
		for len(frac) < digits {
			frac += "0"
		}
		s += "." + frac[:digits]
	}
	return s
}

// compact is a date, perhaps with a time, without marks between its fields.
var compact = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$`)

// pad fills the fields of a date or time with zeros in front.
func pad(s, sep string, widths ...int) string {
	f := strings.Split(s, sep)
	if len(f) != len(widths) {
		return s
	}
	for i := range f {
		for len(f[i]) < widths[i] {
			f[i] = "0" + f[i]
		}
	}
	return strings.Join(f, sep)
}

// setMembers is a value of a SET in the order of its definition.
func setMembers(values []string, text string) string {
	if text == "" {
		return ""
	}
	given := strings.Split(text, ",")
	var out []string
	for _, v := range values {
		if slices.ContainsFunc(given, func(g string) bool { return strings.EqualFold(g, v) }) {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return text
	}
	return strings.Join(out, ",")
}
