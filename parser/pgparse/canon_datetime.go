package pgparse

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var dateTime = regexp.MustCompile(`^(\d{4,6})-(\d{1,2})-(\d{1,2})(?:[ tT]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?\s*(z|Z|utc|UTC|gmt|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?$`)
var timeOfDay = regexp.MustCompile(`^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d*)?)?$`)

// dateTimeText canonicalizes dates and times in ISO notation; zone, which may
// be nil, is for those that should have one and do not. What depends on
// DateStyle or on the moment ("now") is not read.
func dateTimeText(s string, as typed, zone *time.Location) (string, bool) {
	s = strings.TrimSpace(s)
	switch lower := strings.ToLower(s); {
	case lower == "infinity" || lower == "-infinity":
		return lower, as.Name != "time" && as.Name != "timetz"
	case lower == "epoch":
		s = "1970-01-01 00:00:00+00"
	}
	if as.Name == "time" {
		m := timeOfDay.FindStringSubmatch(s)
		if m == nil {
			return "", false
		}
		return fmt.Sprintf("%02s:%02s:%02s%s", m[1], m[2], orZero(m[3]), fraction(m[4], as.mod)), true
	}
	m := dateTime.FindStringSubmatch(s)
	if m == nil || as.Name == "timetz" {
		return "", false
	}
	date := fmt.Sprintf("%s-%02s-%02s", m[1], m[2], m[3])
	switch as.Name {
	case "date":
		return date, true
	case "timestamp":
		return fmt.Sprintf("%s %02s:%02s:%02s%s", date, orZero(m[4]), orZero(m[5]), orZero(m[6]), fraction(m[7], "")), true
	}
	if m[8] != "" {
		zone = time.FixedZone("", int(offset(m[8])/time.Second))
	} else if zone == nil {
		return "", false
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", fmt.Sprintf("%s %02s:%02s:%02s", date, orZero(m[4]), orZero(m[5]), orZero(m[6])), zone)
	if err != nil {
		return "", false
	}
	return t.UTC().Format("2006-01-02 15:04:05") + fraction(m[7], "") + "+00", true
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// fraction trims the fraction of a second; it is left alone if a modifier says
// how to round it.
func fraction(s, mod string) string {
	if mod != "" {
		return s
	}
	s = strings.TrimRight(s, "0")
	if s == "." {
		return ""
	}
	if len(s) > 7 {
		s = s[:7]
	}
	return s
}

// offset of a zone from UTC.
func offset(zone string) time.Duration {
	if zone[0] != '+' && zone[0] != '-' {
		return 0
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	h, m := digits, "0"
	if len(digits) > 2 {
		h, m = digits[:len(digits)-2], digits[len(digits)-2:]
	}
	hours, _ := strconv.Atoi(h)
	minutes, _ := strconv.Atoi(m)
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if zone[0] == '-' {
		return -d
	}
	return d
}

// interval is the server's representation.
type interval struct {
	months, days int64
	micros       int64
}

var intervalPart = regexp.MustCompile(`^([+-]?\d*\.?\d+)\s*([a-zA-Z]+)\s*`)
var intervalTime = regexp.MustCompile(`^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?\s*`)

// intervalUnits in months, days, or microseconds.
var intervalUnits = map[string]interval{
	"us": {micros: 1}, "microsecond": {micros: 1}, "usec": {micros: 1}, "ms": {micros: 1000}, "millisecond": {micros: 1000}, "msec": {micros: 1000},
	"s": {micros: 1e6}, "sec": {micros: 1e6}, "second": {micros: 1e6}, "m": {micros: 60e6}, "min": {micros: 60e6}, "minute": {micros: 60e6},
	"h": {micros: 3600e6}, "hr": {micros: 3600e6}, "hour": {micros: 3600e6}, "d": {days: 1}, "day": {days: 1}, "w": {days: 7}, "week": {days: 7},
	"mon": {months: 1}, "month": {months: 1}, "y": {months: 12}, "yr": {months: 12}, "year": {months: 12}, "decade": {months: 120}, "dec": {months: 120},
	"c": {months: 1200}, "cent": {months: 1200}, "century": {months: 1200}, "centurie": {months: 1200}, "millennium": {months: 12000}, "mil": {months: 12000},
}

// lastFields is what a number without a unit counts, by the fields that an
// interval is restricted to (INTERVAL_MASK).
var lastFields = map[string]string{"4": "y", "2": "mon", "6": "mon", "8": "d", "1024": "h", "1032": "h", "2048": "m", "3072": "m", "3080": "m"}

// intervalText canonicalizes an interval in the notation "1 day 02:03:04", to
// what IntervalStyle postgres prints. mod is the type's modifier. By the SQL
// standard, a sign in front is for all fields if none has another
// (DecodeInterval).
func intervalText(s, mod string, standard bool) (string, bool) {
	rest := strings.TrimSpace(s)
	rest = strings.TrimSpace(strings.TrimPrefix(rest, "@"))
	ago := false
	if r, ok := strings.CutSuffix(strings.ToLower(rest), "ago"); ok {
		rest, ago = strings.TrimSpace(r), true
	}
	if seconds, err := strconv.ParseFloat(rest, 64); err == nil && !strings.ContainsAny(rest, "xXpPnN_") {
		rest = strconv.FormatFloat(seconds, 'f', -1, 64) + " " + cmp.Or(lastFields[mod], "s")
	}
	if rest == "" {
		return "", false
	}
	negative := standard && rest[0] == '-' && !strings.ContainsAny(rest[1:], "+-")
	if negative {
		rest = rest[1:]
	}
	var v interval
	for rest != "" {
		if m := intervalTime.FindStringSubmatch(rest); m != nil {
			h, _ := strconv.ParseInt(m[2], 10, 64)
			mi, _ := strconv.ParseInt(m[3], 10, 64)
			sec, _ := strconv.ParseFloat(orZero(m[4])+m[5], 64)
			t := h*3600e6 + mi*60e6 + int64(sec*1e6+0.5)
			if m[1] == "-" {
				t = -t
			}
			v.micros += t
			rest = rest[len(m[0]):]
			continue
		}
		m := intervalPart.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		word := strings.ToLower(m[2])
		unit, ok := intervalUnits[word]
		if !ok {
			unit, ok = intervalUnits[strings.TrimSuffix(word, "s")]
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if !ok || err != nil {
			return "", false
		}
		if unit.micros > 0 {
			v.micros += int64(round(n * float64(unit.micros)))
		} else {
			whole := float64(int64(n))
			v.months += int64(whole) * unit.months
			v.days += int64(whole) * unit.days
			if part := n - whole; part != 0 {
				if unit.months > 0 {
					months := part * float64(unit.months)
					if months != float64(int64(months)) {
						return "", false
					}
					v.months += int64(months)
				}
				v.micros += int64(round(part * float64(unit.days) * 86400e6))
			}
		}
		rest = rest[len(m[0]):]
	}
	if ago != negative {
		v = interval{-v.months, -v.days, -v.micros}
	}
	return v.restricted(mod).String(), true
}

// restricted drops what the fields of a modifier do not hold.
func (v interval) restricted(mod string) interval {
	fields, _, _ := strings.Cut(mod, ",")
	unit := int64(1)
	switch fields {
	case "4":
		return interval{months: v.months / 12 * 12}
	case "2", "6":
		return interval{months: v.months}
	case "8":
		return interval{months: v.months, days: v.days}
	case "1024", "1032":
		unit = 3600e6
	case "2048", "3072", "3080":
		unit = 60e6
	}
	v.micros = v.micros / unit * unit
	return v
}

func round(f float64) float64 {
	if f < 0 {
		return f - 0.5
	}
	return f + 0.5
}

// String is what IntervalStyle postgres prints: a sign is written out after a
// negative part.
func (v interval) String() string {
	var b strings.Builder
	negative := false
	part := func(n int64, unit string) {
		if n == 0 {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if negative && n > 0 {
			b.WriteByte('+')
		}
		b.WriteString(strconv.FormatInt(n, 10) + " " + unit)
		if n != 1 {
			b.WriteByte('s')
		}
		negative = n < 0
	}
	part(v.months/12, "year")
	part(v.months%12, "mon")
	part(v.days, "day")
	if v.micros != 0 || b.Len() == 0 {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		t := v.micros
		if t < 0 {
			b.WriteByte('-')
			t = -t
		} else if negative {
			b.WriteByte('+')
		}
		fmt.Fprintf(&b, "%02d:%02d:%02d", t/3600e6, t/60e6%60, t/1e6%60)
		if f := t % 1e6; f != 0 {
			b.WriteString(strings.TrimRight(fmt.Sprintf(".%06d", f), "0"))
		}
	}
	return b.String()
}
