// Package quickstart holds the example's test.
package quickstart

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemo runs the demonstration: it has to come to its end, to fit on one
// screen, and to say what it promises.
func TestDemo(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "trueup")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/trueup").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command("./demo.sh")
	cmd.Env = append(os.Environ(), "TRUEUP="+bin)
	b, err := cmd.CombinedOutput()
	out := string(b)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := strings.Count(out, "\n"); n >= 30 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"RENAME COLUMN mail TO email", "ADD COLUMN city", "ALTER TABLE trueup_new_invoice RENAME TO invoice"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	_, after, _ := strings.Cut(out, "--check\n")
	if after = strings.TrimSpace(after); !strings.HasSuffix(after, "in sync") || strings.Contains(after, ";\n") {
		t.Errorf("the last plan is not empty:\n%s", after)
	}
}
