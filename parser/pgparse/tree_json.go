package pgparse

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// libpg_query hands out a tree as protobuf, or as JSON of the same shape. Of the
// time for the former, nine tenths go into its encoder (libpg_query 16-5.1.0: for
// every node it goes through the 270 kinds that the node might be, twice), so trees
// are read from their JSON. That lacks one thing: the values of integers that are
// not positive.

// errUnclear is the error for a tree that its JSON does not tell for certain.
var errUnclear = errors.New("the JSON of the tree does not say it all")

// readTree reads the JSON of the tree of a text.
func readTree(text, json string) (*pg_query.ParseResult, error) {
	tree := &pg_query.ParseResult{}
	d := treeReader{text: text, json: json}
	if err := d.message(rootMessage, reflect.ValueOf(tree).Elem()); err != nil {
		return nil, err
	}
	if d.at != len(json) || d.vague > 0 {
		return nil, errUnclear
	}
	return tree, nil
}

// treeReader reads JSON, as libpg_query writes it, into the messages of pg_query_go.
type treeReader struct {
	text  string // what was parsed
	json  string
	at    int
	vague int // integers whose value is not known
}

// treeMessage is what is known of a kind of message.
type treeMessage struct {
	goType reflect.Type
	fields func() map[string]treeField // by their names in JSON; found out when first asked for
}

// treeField is a field of a message.
type treeField struct {
	index   int
	read    func(*treeReader, reflect.Value) error
	wrapper reflect.Type // what holds the value in a field for one of several kinds; nil for other fields
}

var (
	treeMessages   sync.Map // reflect.Type to *treeMessage
	rootMessage    = messageOf(reflect.TypeFor[pg_query.ParseResult]())
	constMessage   = reflect.TypeFor[pg_query.A_Const]()
	integerMessage = reflect.TypeFor[pg_query.Integer]()
)

func messageOf(t reflect.Type) *treeMessage {
	m := &treeMessage{goType: t}
	m.fields = sync.OnceValue(func() map[string]treeField { return fieldsOfMessage(t) })
	known, _ := treeMessages.LoadOrStore(t, m)
	return known.(*treeMessage)
}

func fieldsOfMessage(t reflect.Type) map[string]treeField {
	fields := map[string]treeField{}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type.Kind() != reflect.Interface {
			fields[jsonName(f)] = treeField{index: i, read: readerOf(f.Type)}
			continue
		}
		for _, w := range wrappersOf(t, i) {
			fields[jsonName(w.Field(0))] = treeField{index: i, read: readerOf(w.Field(0).Type), wrapper: w}
		}
	}
	delete(fields, "") // what is no part of the message
	return fields
}

// wrappersOf are the structs that a message's field for one of several kinds may hold.
func wrappersOf(message reflect.Type, field int) (out []reflect.Type) {
	m := reflect.New(message).Interface().(protoreflect.ProtoMessage).ProtoReflect()
	kinds := m.Descriptor().Fields()
	for i := range kinds.Len() {
		if kinds.Get(i).ContainingOneof() == nil {
			continue
		}
		m.Set(kinds.Get(i), m.NewField(kinds.Get(i)))
		if held := reflect.ValueOf(m.Interface()).Elem().Field(field); !held.IsNil() {
			out = append(out, held.Elem().Type().Elem())
		}
	}
	return out
}

// jsonName is the name that the tag of a field gives it in JSON.
func jsonName(f reflect.StructField) (name string) {
	for part := range strings.SplitSeq(f.Tag.Get("protobuf"), ",") {
		if key, value, _ := strings.Cut(part, "="); key == "name" || key == "json" {
			name = value // json comes last
		}
	}
	return name
}

// readerOf makes the reader of values of a type.
func readerOf(t reflect.Type) func(*treeReader, reflect.Value) error {
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() != reflect.Struct {
			break
		}
		m := messageOf(t.Elem())
		return func(d *treeReader, v reflect.Value) error {
			p := reflect.New(m.goType)
			v.Set(p)
			return d.message(m, p.Elem())
		}
	case reflect.Slice:
		element := readerOf(t.Elem())
		return func(d *treeReader, v reflect.Value) error { return d.list(v, element) }
	case reflect.String:
		return func(d *treeReader, v reflect.Value) error {
			s, err := d.string()
			v.SetString(s)
			return err
		}
	case reflect.Bool:
		return func(d *treeReader, v reflect.Value) error {
			v.SetBool(d.skip("true"))
			return must(v.Bool() || d.skip("false"))
		}
	case reflect.Int32, reflect.Int64:
		if _, ok := reflect.Zero(t).Interface().(protoreflect.Enum); ok {
			return enumReader(t)
		}
		return func(d *treeReader, v reflect.Value) error {
			n, err := strconv.ParseInt(d.number(), 10, t.Bits())
			v.SetInt(n)
			return err
		}
	case reflect.Uint32, reflect.Uint64:
		return func(d *treeReader, v reflect.Value) error {
			n, err := strconv.ParseUint(d.number(), 10, t.Bits())
			v.SetUint(n)
			return err
		}
	}
	return func(*treeReader, reflect.Value) error { return errUnclear }
}

// enumReader makes the reader of an enumeration, whose values have names.
func enumReader(t reflect.Type) func(*treeReader, reflect.Value) error {
	numbers := map[string]int64{}
	values := reflect.Zero(t).Interface().(protoreflect.Enum).Descriptor().Values()
	for i := range values.Len() {
		numbers[string(values.Get(i).Name())] = int64(values.Get(i).Number())
	}
	return func(d *treeReader, v reflect.Value) error {
		name, err := d.name()
		n, ok := numbers[name]
		v.SetInt(n)
		return errors.Join(err, must(ok))
	}
}

// message reads an object into a struct.
func (d *treeReader) message(m *treeMessage, v reflect.Value) error {
	vague := d.vague
	if err := d.fields(v, m.fields()); err != nil {
		return err
	}
	switch m.goType {
	case integerMessage:
		if v.Addr().Interface().(*pg_query.Integer).Ival == 0 {
			d.vague++
		}
	case constMessage: // its place is that of the sign, if it has one
		at := int(v.Addr().Interface().(*pg_query.A_Const).Location)
		if at >= 0 && at < len(d.text) && d.text[at] == '0' {
			d.vague = vague
		}
	}
	return nil
}

func (d *treeReader) fields(v reflect.Value, known map[string]treeField) error {
	if d.skip("{}") {
		return nil
	}
	for open := "{"; d.skip(open); open = "," {
		name, err := d.name()
		f, ok := known[name]
		if err != nil || !ok || !d.skip(":") {
			return errUnclear
		}
		to := v.Field(f.index)
		if f.wrapper != nil {
			w := reflect.New(f.wrapper)
			to.Set(w)
			to = w.Elem().Field(0)
		}
		if err := f.read(d, to); err != nil {
			return err
		}
		if d.skip("}") {
			return nil
		}
	}
	return errUnclear
}

// list reads an array into a slice.
func (d *treeReader) list(v reflect.Value, element func(*treeReader, reflect.Value) error) error {
	if d.skip("[]") {
		return nil
	}
	for open := "["; d.skip(open); open = "," {
		n := v.Len()
		v.Grow(1)
		v.SetLen(n + 1)
		if err := element(d, v.Index(n)); err != nil {
			return err
		}
		if d.skip("]") {
			return nil
		}
	}
	return errUnclear
}

func must(ok bool) error {
	if !ok {
		return errUnclear
	}
	return nil
}

// skip goes past what comes next, if it is this.
func (d *treeReader) skip(s string) bool {
	if !strings.HasPrefix(d.json[d.at:], s) {
		return false
	}
	d.at += len(s)
	return true
}

// number is an integer.
func (d *treeReader) number() string {
	from := d.at
	for d.at < len(d.json) && (d.json[d.at] == '-' || d.json[d.at] >= '0' && d.json[d.at] <= '9') {
		d.at++
	}
	return d.json[from:d.at]
}

// name is a string without escapes; it is a part of the JSON.
func (d *treeReader) name() (string, error) {
	if !d.skip(`"`) {
		return "", errUnclear
	}
	n := strings.IndexByte(d.json[d.at:], '"')
	if n < 0 {
		return "", errUnclear
	}
	s := d.json[d.at : d.at+n]
	d.at += n + 1
	return s, nil
}

// string is any string; it shares no memory with the JSON.
func (d *treeReader) string() (string, error) {
	if !d.skip(`"`) {
		return "", errUnclear
	}
	var out []byte
	for from := d.at; d.at < len(d.json); d.at++ {
		switch d.json[d.at] {
		case '"':
			d.at++
			if out == nil {
				return strings.Clone(d.json[from : d.at-1]), nil
			}
			return string(append(out, d.json[from:d.at-1]...)), nil
		case '\\':
			out = append(out, d.json[from:d.at]...)
			c, n := d.escape()
			if n == 0 {
				return "", errUnclear
			}
			out = append(out, c)
			d.at += n - 1
			from = d.at + 1
		}
	}
	return "", errUnclear
}

// escape is the character that is written with a backslash, and its length there; 0
// if there is none. libpg_query escapes ASCII only.
func (d *treeReader) escape() (c byte, n int) {
	s := d.json[d.at:]
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case 'u':
		if len(s) < 6 {
			return 0, 0
		}
		code, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil || code > 0x7f {
			return 0, 0
		}
		return byte(code), 6
	case '"', '\\', '/':
		return s[1], 2
	}
	if i := strings.IndexByte("nrtbf", s[1]); i >= 0 {
		return "\n\r\t\b\f"[i], 2
	}
	return 0, 0
}
