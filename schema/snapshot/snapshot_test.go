package snapshot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/snapshot"
)

type thing struct {
	Name  string
	Kind  string // as an aggregate has
	Flag  bool
	Count int
	Of    schema.ID
	Parts []part
	More  *part
	part
	Nth  nth
	Text schema.Expr
	Bare schema.Expr // as inspected, not canonical yet
	Note string      `schema:"derived"`
}

type part struct {
	Low, High int64
	OpClass   string
}

// nth writes itself.
type nth struct{ n int }

func (o nth) MarshalJSON() ([]byte, error)  { return json.Marshal(o.n) }
func (o *nth) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &o.n) }

func (t *thing) ID() schema.ID      { return schema.ID{Kind: "thing", Name: t.Name} }
func (t *thing) Owner() schema.ID   { return schema.ID{} }
func (t *thing) Refs() []schema.Ref { return nil }

func things(snapshot.Header) (snapshot.Constructor, error) {
	return func(k schema.Kind) schema.Object {
		if k == "thing" {
			return &thing{}
		}
		return nil
	}, nil
}

func written(t *testing.T) string {
	t.Helper()
	c := schema.NewCatalog()
	c.Put(&thing{Name: "<a>", Kind: "normal", Flag: true, Count: -1, Of: schema.ID{Kind: "thing", Name: "b"}, Parts: []part{{Low: 1}, {OpClass: "x"}},
		More: &part{High: 1 << 62}, part: part{}, Nth: nth{7}, Text: schema.Expr{Text: "a < 1 && b", Canon: "a<1"}, Bare: schema.Expr{Text: "x", Refs: []schema.Ref{{To: schema.ID{Kind: "not kept"}}}}, Note: "n"})
	c.Put(&thing{Name: "b"})
	var b bytes.Buffer
	if err := snapshot.Write(&b, snapshot.Header{Dialect: "toy"}, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRoundTrip(t *testing.T) {
	text := written(t)
	if !snapshot.Is(text) {
		t.Error("not recognised")
	}
	s, err := snapshot.Read("s.json", text, things)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := snapshot.Write(&again, s.Header, s.Catalog); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, again.String()); diff != "" {
		t.Error(diff)
	}
	if o := s.Catalog.Object(schema.ID{Kind: "thing", Name: "<a>"}).(*thing); o.Nth.n != 7 || o.Kind != "normal" {
		t.Errorf("what writes itself came back as %v", o.Nth)
	}
	if !strings.Contains(text, `"text": "a < 1 && b"`) || !strings.Contains(text, `"canon": "a<1"`) || strings.Contains(text, "not kept") {
		t.Errorf("unreadable, or too much:\n%s", text)
	}
}

func TestTampering(t *testing.T) {
	text := written(t)
	last := strings.LastIndex(text, "\n}")
	for name, changed := range map[string]string{
		"a property":         strings.Replace(text, `"count": -1`, `"count": -2`, 1),
		"the header":         strings.Replace(text, `"server_version": 0`, `"server_version": 1`, 1),
		"the fingerprint":    strings.Replace(text, `"fingerprint": "sha256:`, `"fingerprint": "sha256:0`, 1),
		"the checksum":       strings.Replace(text, `"checksum": "sha256:`, `"checksum": "sha256:0`, 1),
		"a member more":      text[:last] + `, "unmanaged": [{"kind": "cast", "name": "c"}]` + text[last:],
		"a member twice":     text[:last] + `, "dialect": "other"` + text[last:],
		"without a checksum": text[:strings.Index(text, ",\n  \"checksum\"")] + text[last:],
	} {
		if changed == text {
			t.Fatalf("%s: not changed", name)
		}
		_, err := snapshot.Read("s.json", changed, things)
		if _, ok := errors.AsType[*snapshot.TamperedError](err); !ok {
			t.Errorf("%s: err = %v, want a TamperedError", name, err)
		}
	}
	for _, same := range []string{strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(text, "\n", "\n\t")} {
		if _, err := snapshot.Read("s.json", same, things); err != nil {
			t.Errorf("only space was changed: %v", err)
		}
	}
}
