package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// headroom is what the heap may grow by before it is collected again.
const headroom = 160 << 20

// spaceGarbage has the heap collected after it grew by [headroom], or by a third
// if that is more. A run reads two catalogs, compares, and ends: collecting
// whenever a small heap has doubled would be done in vain. $GOGC has its way.
func spaceGarbage() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(100 * headroom / (4 << 20)) // of 4 MiB, the least that is reckoned with
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	type collected struct{ _ *int } // with a pointer, or it may share its place with others
	var after func(*collected)
	after = func(c *collected) {
		metrics.Read(live)
		n := max(live[0].Value.Uint64(), 4<<20)
		debug.SetGCPercent(int(100 * max(n/3, headroom) / n))
		runtime.SetFinalizer(c, after) // until the next time
	}
	runtime.SetFinalizer(new(collected), after)
}
