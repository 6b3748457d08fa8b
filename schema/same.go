package schema

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Same tells whether two catalogs hold the same objects, in any order. It compares
// on all processors.
func Same(a, b *Catalog) bool {
	if a.Len() != b.Len() {
		return false
	}
	var differ atomic.Bool
	var wg sync.WaitGroup
	for part := range b.portions(runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for _, o := range part {
				if o == nil {
					continue
				}
				if differ.Load() {
					return
				}
				if old := a.Object(o.ID()); old == nil || !Equal(old, o) {
					differ.Store(true)
				}
			}
		})
	}
	wg.Wait()
	return !differ.Load()
}
