package main

import (
	"os"
	"runtime"
	"strings"
	"syscall"
	"unsafe"
)

// hugeHeap has the kernel back the heap with huge pages, where it does so for those
// that ask (transparent_hugepage/enabled is "madvise"; with "always" it does so
// anyway). Go does not ask. Faults and misses of the TLB cost a plan of 10,000 tables
// 6 to 10 % of its time, more on virtual machines. The heap grows into address space
// that was advised on and given back untouched, so that this takes no memory.
func hugeHeap() {
	const (
		space         = 512 << 20
		page          = 2 << 20
		madvHugepage  = 14 // MADV_HUGEPAGE, linux/mman.h
		noOvercommit  = "2"
		onlyIfAdvised = "[madvise]"
	)
	if !strings.Contains(read("/sys/kernel/mm/transparent_hugepage/enabled"), onlyIfAdvised) || read("/proc/sys/vm/overcommit_memory") == noOvercommit {
		return
	}
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) != nil || limit.Cur < 1<<62 {
		return
	}
	b := make([]byte, space)
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	skip := -start % page
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, start+skip, space-page, madvHugepage)
	runtime.KeepAlive(b)
	runtime.GC() // frees b
}

// read is a file of the kernel's, or "".
func read(path string) string {
	b, _ := os.ReadFile(path)
	return strings.TrimSpace(string(b))
}
