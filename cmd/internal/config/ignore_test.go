package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLoadIgnore(t *testing.T) {
	for _, c := range []struct{ text, fails string }{
		{"- object: view:report_*\n  properties: [comment]\n  reason: made by the BI tool\n  expires: 2027-01-31\n", ""},
		{"- kinds: [index, trigger]\n  reason: made by the BI tool\n  expires: 2027-01-31\n", ""},
		{"- kinds: [indx]\n  reason: b\n", `"indx"`},
		{"- object: a\n", "entry 1: a reason is missing"},
		{"- object: a\n  reason: b\n  expire: 2027-01-31\n", `:3:3: unknown field "expire", did you mean expires?`},
		{"- object: a\n  reason: b\n  expires: soon\n", "want a day"},
		{"- object: '/(/'\n  reason: b\n", "missing closing )"},
	} {
		file := filepath.Join(t.TempDir(), "i.yaml")
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := LoadIgnore(file)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q: error %v, want %q", c.text, err, c.fails)
			}
			continue
		}
		if err != nil || len(got) != 1 || got[0].Expired(time.Date(2027, 1, 31, 23, 0, 0, 0, time.UTC)) || !got[0].Expired(time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%q: %v %v", c.text, got, err)
		}
	}
}
