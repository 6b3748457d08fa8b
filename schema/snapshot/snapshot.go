// Package snapshot writes a catalog as versioned, stable, readable JSON, and
// reads it back. It knows no dialect: what objects there are, a constructor
// says. What is written is the catalog as it was inspected, before it was
// normalized, so that a newer trueup can compare an older snapshot; of a dialect
// whose inspection gives canonical expressions, with those.
package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trueup-sql/trueup/schema"
)

// Format is the version of the file format.
const Format = 2

// Header tells what a snapshot is of.
type Header struct {
	Format      int               `json:"trueup_snapshot"`
	Dialect     string            `json:"dialect"`
	Flavor      string            `json:"flavor"`
	Version     int               `json:"server_version"`
	Settings    map[string]string `json:"settings,omitempty"`
	Server      string            `json:"server,omitempty"`   // host and port, without user and password
	Database    string            `json:"database,omitempty"` // its name
	Tool        string            `json:"tool"`               // version of trueup
	Time        time.Time         `json:"time"`
	Fingerprint string            `json:"fingerprint"` // of the objects: "sha256:" and hexadecimal digits
}

// Snapshot is a header and a catalog.
type Snapshot struct {
	Header
	Catalog *schema.Catalog
}

// Constructor makes an empty object of a kind, or nil if there is no such kind.
type Constructor func(schema.Kind) schema.Object

// Is tells whether a text looks like a snapshot rather than SQL.
func Is(text string) bool {
	head := strings.TrimSpace(text[:min(len(text), 200)])
	return strings.HasPrefix(head, "{") && strings.Contains(head, `"trueup_snapshot"`)
}

// Write writes a snapshot, one object to a block, in the catalog's order, and
// fills in the header's format and fingerprint.
func Write(w io.Writer, h Header, c *schema.Catalog) error {
	blocks, err := encode(c)
	if err != nil {
		return err
	}
	h.Format, h.Fingerprint = Format, fingerprint(blocks)
	head, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(head, []byte("\n}")))
	if len(c.Unmanaged) > 0 {
		list, err := json.MarshalIndent(c.Unmanaged, "  ", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, ",\n  \"unmanaged\": %s", list)
	}
	b.WriteString(",\n  \"objects\": [")
	for i, block := range blocks {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		if err := json.Indent(&b, block, "    ", "  "); err != nil {
			return err
		}
	}
	b.WriteString("\n  ]\n}\n")
	return seal(w, b.Bytes())
}

// Fingerprint identifies a catalog's content.
func Fingerprint(c *schema.Catalog) (string, error) {
	blocks, err := encode(c)
	return fingerprint(blocks), err
}

// encode gives one compact JSON object for each object of the catalog.
func encode(c *schema.Catalog) ([][]byte, error) {
	var blocks [][]byte
	for o := range c.All() {
		v, err := plain(o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.ID(), err)
		}
		block, err := marshal(append(members{{"object_kind", o.ID().Kind}}, v...))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.ID(), err)
		}
		blocks = append(blocks, block)
	}
	return blocks, nil
}

func fingerprint(blocks [][]byte) string {
	h := sha256.New()
	for _, b := range blocks {
		h.Write(b)
		h.Write([]byte{'\n'})
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil))
}

// TamperedError: the text is not the one that the checksum was made of.
type TamperedError struct{ Name string }

func (e *TamperedError) Error() string {
	return fmt.Sprintf("%s: the snapshot was changed after it was written: its checksum does not fit\n  hint: take a new one with trueup snapshot", e.Name)
}

// ReadHeader reads only what a snapshot is of.
func ReadHeader(name, text string) (Header, error) {
	var h Header
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return h, fmt.Errorf("%s: not a readable snapshot: %w", name, err)
	}
	return h, nil
}

// Read reads a snapshot; name is for errors. It fails with a [*TamperedError]
// if the content does not fit the fingerprint.
func Read(name, text string, build func(Header) (Constructor, error)) (*Snapshot, error) {
	var file struct {
		Header
		Unmanaged []schema.ID       `json:"unmanaged"`
		Objects   []json.RawMessage `json:"objects"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		return nil, fmt.Errorf("%s: not a readable snapshot: %w", name, err)
	}
	if file.Format != Format {
		return nil, fmt.Errorf("%s: the snapshot has format %d, this trueup reads format %d", name, file.Format, Format)
	}
	construct, err := build(file.Header)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := &Snapshot{Header: file.Header, Catalog: schema.NewCatalog()}
	s.Catalog.Unmanaged = file.Unmanaged
	var blocks [][]byte
	for _, raw := range file.Objects {
		o, err := decode(raw, construct)
		if err == nil {
			err = s.Catalog.Add(o)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		blocks = append(blocks, compact.Bytes())
	}
	if fingerprint(blocks) != file.Fingerprint || !sealed(text) {
		return nil, &TamperedError{name}
	}
	return s, nil
}

func decode(raw json.RawMessage, construct Constructor) (schema.Object, error) {
	var head struct { // not "kind", which some objects have as a property
		Kind schema.Kind `json:"object_kind"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	o := construct(head.Kind)
	if o == nil {
		return nil, fmt.Errorf("unknown kind of object %q", head.Kind)
	}
	return o, errors.Join(json.Unmarshal(raw, o))
}
