//go:build !linux

package main

// hugeHeap does nothing here.
func hugeHeap() {}
