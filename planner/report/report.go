// Package report shows the difference of two schemas to people and to
// programs: one renderer per format over one model, [Report]. It knows no
// dialect and reads no SQL: definitions come as text.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/planner"
	"github.com/trueup-sql/trueup/schema"
)

// Version of the JSON format; see schema.json in this folder.
const Version = 1

// Report is what is found when a live schema is compared with the expected one.
type Report struct {
	Version  int       `json:"version"`
	Tool     string    `json:"tool"`
	Dialect  string    `json:"dialect"`
	Actual   string    `json:"actual"`   // what was looked at, without a password
	Expected string    `json:"expected"` // what it was compared with
	Time     time.Time `json:"time"`
	Summary  Summary   `json:"summary"`
	// Differences are sorted by object, one for each object that stands alone;
	// its columns, indexes, comments .. are the items in it.
	Differences []Difference `json:"differences"`
	// Settled are objects that both sides changed in the same way since the last
	// deployment.
	Settled []Object `json:"settled,omitempty"`
	// Unmanaged are live objects of kinds that are not managed.
	Unmanaged []Object `json:"unmanaged,omitempty"`
	// Revert is the SQL that would make actual as expected, in order.
	Revert []string `json:"revert"`
}

// Summary counts the differences.
type Summary struct {
	Missing    int `json:"missing"`
	Unexpected int `json:"unexpected"`
	Changed    int `json:"changed"`
}

// Total is the number of differences.
func (s Summary) Total() int { return s.Missing + s.Unexpected + s.Changed }

// Change says in which way an object differs.
type Change string

const (
	Missing    Change = "missing"    // expected, but not there
	Unexpected Change = "unexpected" // there, but not expected
	Changed    Change = "changed"
)

// Class says who changed an object since the last deployment, when that is known.
type Class string

const (
	ChangedInProduction Class = "changed in production"
	NotDeployedYet      Class = "not deployed yet"
	Conflict            Class = "both, differently"
)

// Object names an object.
type Object struct {
	Kind   string `json:"kind"`
	Schema string `json:"schema,omitempty"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
	Args   string `json:"args,omitempty"`
}

// Path is the dotted name.
func (o Object) Path() string { return o.id().Path() }

func (o Object) String() string { return o.id().String() }

func (o Object) id() schema.ID {
	return schema.ID{Kind: schema.Kind(o.Kind), Schema: o.Schema, Parent: o.Parent, Name: o.Name, Args: o.Args}
}

func object(id schema.ID) Object {
	return Object{string(id.Kind), id.Schema, id.Parent, id.Name, id.Args}
}

// Difference is an object that differs, with everything that belongs to it.
type Difference struct {
	Object Object      `json:"object"`
	Change Change      `json:"change"`
	Class  Class       `json:"class,omitempty"`
	Items  []Item      `json:"items,omitempty"` // for a changed object
	Origin *schema.Pos `json:"origin,omitempty"`
	// ExpectedSQL and ActualSQL define the object with all that belongs to it.
	ExpectedSQL string `json:"expected_sql,omitempty"`
	ActualSQL   string `json:"actual_sql,omitempty"`
}

// Item is one thing that differs in an object: the object itself or a part.
type Item struct {
	Object     Object     `json:"object"`
	Change     Change     `json:"change"`
	Properties []Property `json:"properties,omitempty"`
}

// Property is a property that differs, by the model's name for it.
type Property struct {
	Name     string `json:"name"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
}

// Definer gives the SQL that defines an object of a catalog with its parts.
type Definer func(c *schema.Catalog, id schema.ID) (string, error)

// Roots are the objects that stand alone and are different, or hold something
// that is, by a plan.
func Roots(p *planner.Plan) map[schema.ID]bool {
	roots := map[schema.ID]bool{}
	if p.Delta != nil {
		b := builder{delta: p.Delta}
		for _, ch := range p.Delta.Changes {
			if !stepsAside(ch) {
				roots[b.root(ch.Object()).ID()] = true
			}
		}
	}
	return roots
}

// Classify says of every difference who changed the object since the last
// deployment: live and wanted are the objects in which the live and the
// expected side differ from what was deployed. What both sides changed alike
// is no difference, and is listed in Settled.
func (r *Report) Classify(live, wanted map[schema.ID]bool) {
	differs := map[schema.ID]bool{}
	for i := range r.Differences {
		d := &r.Differences[i]
		id := d.Object.id()
		differs[id] = true
		switch {
		case live[id] && wanted[id]:
			d.Class = Conflict
		case wanted[id]:
			d.Class = NotDeployedYet
		default:
			d.Class = ChangedInProduction
		}
	}
	for id := range live {
		if wanted[id] && !differs[id] {
			r.Settled = append(r.Settled, object(id))
		}
	}
	slices.SortFunc(r.Settled, func(a, b Object) int { return a.id().Compare(b.id()) })
}

// stepsAside tells whether an object is only recreated because of another one.
func stepsAside(ch *planner.Change) bool {
	return ch.Because != nil && len(ch.Fields) == 0 && ch.New != nil && ch.Old != nil
}

// New makes the report of a plan that leads from actual to expected. Header
// fields of r are kept.
func New(r Report, p *planner.Plan, define Definer) (*Report, error) {
	r.Version, r.Dialect = Version, p.Dialect
	r.Revert, r.Differences = []string{}, []Difference{}
	for _, s := range p.Statements {
		r.Revert = append(r.Revert, s.SQL)
	}
	if p.Delta == nil {
		return &r, nil
	}
	for _, id := range p.Delta.Current.Unmanaged {
		r.Unmanaged = append(r.Unmanaged, object(id))
	}
	b := builder{p.Delta, define, map[schema.ID]*Difference{}}
	for _, ch := range p.Delta.Changes {
		b.add(ch)
	}
	for id, d := range b.byID {
		if err := b.finish(id, d); err != nil {
			return nil, err
		}
		r.Differences = append(r.Differences, *d)
		switch d.Change {
		case Missing:
			r.Summary.Missing++
		case Unexpected:
			r.Summary.Unexpected++
		default:
			r.Summary.Changed++
		}
	}
	slices.SortFunc(r.Differences, func(a, b Difference) int { return a.Object.id().Compare(b.Object.id()) })
	return &r, nil
}

type builder struct {
	delta  *planner.Delta
	define Definer
	byID   map[schema.ID]*Difference
}

// root is the object that stands alone and holds this one.
func (b builder) root(o schema.Object) schema.Object {
	for range 10 { // owners are not nested any deeper
		up := b.delta.Desired.Object(o.Owner())
		if up == nil {
			up = b.delta.Current.Object(o.Owner())
		}
		if up == nil {
			return o
		}
		o = up
	}
	return o
}

func (b builder) add(ch *planner.Change) {
	if stepsAside(ch) {
		return
	}
	root := b.root(ch.Object()).ID()
	d := b.byID[root]
	if d == nil {
		d = &Difference{Object: object(root), Change: Changed}
		b.byID[root] = d
	}
	item := Item{Object: object(ch.ID()), Change: Changed}
	switch ch.Verb {
	case planner.Create:
		item.Change = Missing
	case planner.Drop:
		item.Change = Unexpected
	case planner.Rename:
		item.Properties = []Property{{"Name", ch.New.ID().Path(), ch.Old.ID().Path()}}
	default:
		item.Properties = properties(ch)
	}
	if ch.ID() == root && item.Change != Changed {
		d.Change = item.Change
	}
	d.Items = append(d.Items, item)
}

func (b builder) finish(id schema.ID, d *Difference) error {
	if d.Change != Changed {
		d.Items = nil
	}
	if pos := b.delta.Desired.Origin[id]; !pos.IsZero() {
		d.Origin = &pos
	}
	var err error
	if d.Change != Unexpected {
		if d.ExpectedSQL, err = b.define(b.delta.Desired, id); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	if d.Change != Missing {
		if d.ActualSQL, err = b.define(b.delta.Current, id); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	return nil
}

func properties(ch *planner.Change) []Property {
	var out []Property
	old, now := reflect.ValueOf(ch.Old).Elem(), reflect.ValueOf(ch.New).Elem()
	for _, f := range schema.Differing(ch.Old, ch.New) {
		out = append(out, Property{f, text(now.FieldByName(f)), text(old.FieldByName(f))})
	}
	return out
}

// text is a property's value for a reader.
func text(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case schema.Expr:
		return x.Text
	case schema.ID:
		if x.IsZero() {
			return ""
		}
		return x.Path()
	case string:
		return x
	case fmt.Stringer:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = text(v.Index(i))
		}
		return strings.Join(parts, ", ")
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return text(v.Elem())
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				if s := text(v.Field(i)); v.Field(i).Kind() == reflect.Bool {
					parts = append(parts, strings.ToLower(f.Name))
				} else {
					parts = append(parts, s)
				}
			}
		}
		return strings.Join(parts, " ")
	case reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	}
	return fmt.Sprint(v.Interface())
}

// Format writes a report.
type Format func(io.Writer, *Report) error

// Formats by the names that --format takes.
var Formats = map[string]Format{"text": Text, "json": JSON, "markdown": Markdown, "html": HTML, "sarif": SARIF, "junit": JUnit}

// JSON writes the documented format: see schema.json.
func JSON(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
