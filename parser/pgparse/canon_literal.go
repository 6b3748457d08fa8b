package pgparse

import (
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// canonicalLiteral is what a type's output function prints for what its input
// function reads, as far as that does not depend on a server's settings. A text
// that it does not understand stays as it is.
func (t *types) canonicalLiteral(s string, as typed) string {
	if as.Type == nil {
		return s
	}
	if as.Kind == 'a' && as.Elem != nil {
		return t.arrayLiteral(s, typed{as.Elem, as.mod})
	}
	if as.Schema != "" || as.Extension != "" || as.Kind != 'b' {
		return s
	}
	ok := true
	out := s
	switch as.Name {
	case "int2", "int4", "int8", "oid":
		var n int64
		if n, ok = wholeNumber(s); ok {
			out = itoa(n)
		}
	case "bool":
		out, ok = booleanText(s)
	case "numeric":
		out = numericText(s)
	case "float4", "float8":
		out, ok = floatText(s, as.Name == "float4")
	case "date", "time", "timetz", "timestamp", "timestamptz":
		out, ok = dateTimeText(s, as, t.zone)
	case "interval":
		out, ok = intervalText(s, as.mod, t.standard)
	case "uuid":
		out, ok = uuidText(s)
	case "jsonb":
		out, ok = jsonbText(s)
	case "bytea":
		out, ok = byteaText(s)
	case "money":
		out, ok = moneyText(s)
	case "bit", "varbit":
		out = bits(s)
	case "name":
		if len(s) > 63 {
			out = s[:63]
		}
	case "macaddr", "inet", "cidr":
		out = strings.ToLower(strings.TrimSpace(s))
		if as.Name == "inet" {
			out = strings.TrimSuffix(out, "/32")
		} else if as.Name == "cidr" && !strings.Contains(out, "/") && strings.Count(out, ".") == 3 {
			out += "/32"
		}
	}
	if !ok {
		return s
	}
	return out
}

// wholeNumber reads an integer constant.
func wholeNumber(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 10, 64)
	return n, err == nil
}

func booleanText(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return "", false
	}
	switch {
	case strings.HasPrefix("true", s), strings.HasPrefix("yes", s), s == "on", s == "1":
		return "true", true
	case strings.HasPrefix("false", s), strings.HasPrefix("no", s), s == "off", s == "of", s == "0":
		return "false", true
	}
	return "", false
}

// numericText spells a number out, keeping the digits behind the point.
func numericText(s string) string {
	text := strings.ToLower(strings.TrimSpace(s))
	sign := ""
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = "-", rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	mantissa, exponent, scientific := strings.Cut(text, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if !digits(whole) || !digits(fraction) || whole+fraction == "" {
		return s
	}
	if scientific {
		e, err := strconv.Atoi(exponent)
		if err != nil || e > 1000 || e < -1000 {
			return s
		}
		for ; e > 0; e-- {
			if fraction == "" {
				whole += "0"
			} else {
				whole, fraction = whole+fraction[:1], fraction[1:]
			}
		}
		for ; e < 0; e++ {
			if whole == "" {
				whole = "0"
			}
			whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
		}
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if strings.Trim(whole+fraction, "0") == "" {
		sign = ""
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// floatText is the shortest text that is read back as the same number.
func floatText(s string, single bool) (string, bool) {
	size := 64
	limit := 15
	if single {
		size, limit = 32, 6
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(s), size)
	if err != nil || f != f || f > 1e300 || f < -1e300 {
		return "", false
	}
	e := strconv.FormatFloat(f, 'e', -1, size)
	_, exponent, _ := strings.Cut(e, "e")
	if x, _ := strconv.Atoi(exponent); f != 0 && (x < -4 || x >= limit) {
		return e, true
	}
	return strconv.FormatFloat(f, 'f', -1, size), true
}

var money = regexp.MustCompile(`^(-?)[$€£¥]?([0-9,]+)(?:\.([0-9]{1,2}))?$`)

// moneyText drops what only the locale (lc_monetary) says; notations other than
// 1,234.50 are not read.
func moneyText(s string) (string, bool) {
	m := money.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	return numericText(m[1] + strings.ReplaceAll(m[2], ",", "") + "." + (m[3] + "00")[:2]), true
}

func uuidText(s string) (string, bool) {
	h := strings.ToLower(strings.NewReplacer("-", "", "{", "", "}", "").Replace(strings.TrimSpace(s)))
	if len(h) != 32 || strings.Trim(h, "0123456789abcdef") != "" {
		return "", false
	}
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], true
}

// byteaText spells bytes in hexadecimal; the older notation has characters, and
// escapes in octal.
func byteaText(s string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, `\x`); ok {
		rest = strings.ToLower(strings.NewReplacer(" ", "", "\n", "", "\t", "", "\r", "").Replace(rest))
		_, err := hex.DecodeString(rest)
		return `\x` + rest, err == nil
	}
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\':
			out = append(out, s[i])
		case strings.HasPrefix(s[i:], `\\`):
			out = append(out, '\\')
			i++
		case i+3 < len(s):
			b, err := strconv.ParseUint(s[i+1:i+4], 8, 8)
			if err != nil {
				return "", false
			}
			out = append(out, byte(b))
			i += 3
		default:
			return "", false
		}
	}
	return `\x` + hex.EncodeToString(out), true
}

// bits is a bit string's digits; the grammar keeps the letter of its notation.
func bits(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case 'b', 'B':
		return s[1:]
	case 'x', 'X':
		var b strings.Builder
		for _, c := range s[1:] {
			n, err := strconv.ParseUint(string(c), 16, 8)
			if err != nil {
				return s
			}
			for i := 3; i >= 0; i-- {
				b.WriteByte('0' + byte(n>>i&1))
			}
		}
		return b.String()
	}
	return s
}

// jsonbText prints a document as jsonb does: keys by length and then bytes,
// the last of equal keys, one space behind colons and commas.
func jsonbText(s string) (string, bool) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var b strings.Builder
	if err := jsonbValue(d, &b); err != nil || d.More() {
		return "", false
	}
	return b.String(), true
}

// arrayLiteral canonicalizes {a,b}; anything with dimensions or nested braces
// stays as it is.
func (t *types) arrayLiteral(s string, elem typed) string {
	text := strings.TrimSpace(s)
	if len(text) < 2 || text[0] != '{' || text[len(text)-1] != '}' {
		return s
	}
	body := text[1 : len(text)-1]
	if strings.TrimSpace(body) == "" {
		return "{}"
	}
	var parts []string
	for body != "" {
		body = strings.TrimLeft(body, " \t\n\r")
		var part string
		quotes := strings.HasPrefix(body, `"`)
		i := 0
		if quotes {
			i = 1
			for ; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' && i+1 < len(body) {
					i++
				}
				part += string(body[i])
			}
			if i >= len(body) {
				return s
			}
			i++
		}
		rest := i
		for ; i < len(body) && body[i] != ','; i++ {
			if strings.ContainsRune(`{}"\`, rune(body[i])) {
				return s
			}
		}
		if !quotes {
			part = strings.TrimSpace(body[:i])
			if part == "" {
				return s
			}
		} else if strings.TrimSpace(body[rest:i]) != "" {
			return s
		}
		if !quotes && strings.EqualFold(part, "null") {
			parts = append(parts, "NULL")
		} else {
			parts = append(parts, arrayElement(t.canonicalLiteral(part, elem)))
		}
		if i >= len(body) {
			break
		}
		if body = body[i+1:]; strings.TrimSpace(body) == "" {
			return s
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// arrayElement quotes an element as array_out does.
func arrayElement(s string) string {
	if s != "" && !strings.EqualFold(s, "null") && !strings.ContainsAny(s, "{}\",\\ \t\n\r\v\f") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
