// Package pairs says how many random pairs of schemas a property test plays. It
// knows the flags of pgregory.net/rapid and nothing of dialects.
package pairs

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Set has the following rapid checks of a test play the usual number of pairs,
// always the same ones, or as many new ones as $TRUEUP_PAIRS says.
func Set(t testing.TB, usual int) {
	t.Helper()
	set := func(name, value string) {
		old := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, old) })
	}
	set("rapid.nofailfile", "true")
	wanted := os.Getenv("TRUEUP_PAIRS")
	if wanted == "" {
		set("rapid.seed", "1")
		set("rapid.checks", strconv.Itoa(usual))
		return
	}
	if n, err := strconv.Atoi(wanted); err != nil || n < 1 {
		t.Fatalf("TRUEUP_PAIRS=%s: not a number of pairs", wanted)
	}
	set("rapid.checks", wanted)
}
