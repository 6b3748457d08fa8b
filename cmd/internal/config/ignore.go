// Package config reads the files that configure trueup's commands. Unknown
// keys are errors with a line number. It decides nothing about schemas.
package config

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/trueup-sql/trueup/schema/filter"
)

// IgnoreFile is the file of accepted differences that is read if it is there.
const IgnoreFile = "trueup.ignore.yaml"

// ignored is an entry of the file:
//
//   - object: view:report_*        # a pattern, see package filter
//     kinds: [index, trigger]      # optional: only objects of these kinds; then without object, all of them
//     properties: [comment]        # optional: only these may differ
//     reason: made by the BI tool  # required
//     expires: 2027-01-31          # optional: holds up to and including that day
type ignored struct {
	Object     string   `yaml:"object"`
	Kinds      []string `yaml:"kinds"`
	Properties []string `yaml:"properties"`
	Reason     string   `yaml:"reason"`
	Expires    string   `yaml:"expires"`
}

// LoadIgnore reads accepted differences. No name means [IgnoreFile], which may
// be missing.
func LoadIgnore(name string) ([]*filter.Accepted, error) {
	file := name
	if file == "" {
		file = IgnoreFile
	}
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && name == "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []ignored
	if err := Decode(file, b, &entries); err != nil {
		return nil, err
	}
	var out []*filter.Accepted
	for i, e := range entries {
		a, err := e.accepted()
		if err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", file, i+1, err)
		}
		out = append(out, a)
	}
	return out, nil
}

func (e ignored) accepted() (*filter.Accepted, error) {
	if e.Reason == "" {
		return nil, errors.New("a reason is missing")
	}
	if e.Object == "" && len(e.Kinds) > 0 {
		e.Object = "*"
	}
	p, err := Pattern(e.Object)
	if err == nil {
		err = Kinds(e.Kinds)
	}
	if err != nil {
		return nil, err
	}
	a := &filter.Accepted{Object: p, Kinds: e.Kinds, Properties: e.Properties, Reason: e.Reason}
	if e.Expires != "" {
		day, err := time.Parse(time.DateOnly, e.Expires)
		if err != nil {
			return nil, fmt.Errorf("expires: want a day such as 2027-01-31, not %q", e.Expires)
		}
		a.Expires = day.AddDate(0, 0, 1)
	}
	return a, nil
}
