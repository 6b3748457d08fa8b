package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoad(t *testing.T) {
	c, err := Load(write(t, File, `
environments:
  prod: {url: "postgres://app:${TRUEUP_TEST_PASSWORD}@db/prod", sources: [schema/], groups: [eu], lock_timeout: 5s}
  stage: {url_command: [echo, "sqlite:stage.db"], groups: [eu]}
`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"prod", "stage"}, c.Group("eu")); diff != "" {
		t.Error(diff)
	}
	if _, err := c.Target(c.Environments["prod"]); err == nil || !strings.Contains(err.Error(), "$TRUEUP_TEST_PASSWORD is not set") {
		t.Errorf("err = %v", err)
	}
	t.Setenv("TRUEUP_TEST_PASSWORD", "p@ss")
	if u, err := c.Target(c.Environments["prod"]); err != nil || u != "postgres://app:p@ss@db/prod" {
		t.Errorf("target = %q, %v", u, err)
	}
	if u, err := c.Target(c.Environments["stage"]); err != nil || u != "sqlite:stage.db" {
		t.Errorf("target = %q, %v", u, err)
	}
	if got := c.Paths([]string{"schema/"})[0]; got != filepath.Join(filepath.Dir(c.Path), "schema") {
		t.Errorf("path = %s", got)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ text, fails string }{
		{"environments:\n  prod:\n    ulr: x\n", `:3:5: unknown field "ulr", did you mean url?`},
		{"environments:\n  prod:\n", "environment prod: want one of url"},
		{"environments:\n  prod: {url: x, enable_drop: maybe}\n", ":2:31: want true or false, not text"},
		{"environments:\n  prod: {url: x, lock_timeout: 5}\n", ":2:32: want a time such as 5s or 1m30s, not a number"},
		{"environments:\n  prod: {url: x, sources: a.sql}\n", ":2:27: want a list, not text"},
		{"environments:\n  prod: {url: [x]}\n", ":2:15: want text, not a list"},
		{"environments:\n  prod: {url: {x: y}}\n", "want text, not keys with values"},
		{"- prod\n", ":1:1: want keys with values, not a list"},
		{"environments:\n  prod: {url: x, allow_drop: [tabel]}\n", `allow_drop: there is no kind of object "tabel", did you mean "table"?`},
		{"environments:\n  prod: {url: x, exclude: ['veiw:x']}\n", `did you mean "view"?`},
		{"environments:\n  prod: {url: x, rules: [{match: 'foreign_key:x', drop: true}]}\n", `did you mean "foreign key"?`},
		{"environments:\n  prod: {url: x, algorithm: instnat}\n", "algorithm: want one of DEFAULT, INSTANT"},
		{"environments:\n  prod: {}\n", "environment prod: want one of url"},
		{"environments:\n  prod: {url: x, manage: [roles]}\n", "neither privileges nor owners"},
		{"environments:\n  a: {url: x, groups: [b]}\n  b: {url: y}\n", "there is a group of the same name"},
	} {
		if _, err := Load(write(t, File, c.text)); err == nil || !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%q: err = %v, want %q", c.text, err, c.fails)
		}
	}
}

// TestSchema: the JSON Schema for editors knows every key, and no other.
func TestSchema(t *testing.T) {
	b, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties struct {
			Environments struct {
				AdditionalProperties struct {
					Properties map[string]any
				}
			}
		}
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for i := range reflect.TypeFor[Environment]().NumField() {
		want = append(want, reflect.TypeFor[Environment]().Field(i).Tag.Get("yaml"))
	}
	for k := range s.Properties.Environments.AdditionalProperties.Properties {
		got = append(got, k)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
