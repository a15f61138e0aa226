package rresource

// #include "shim.h"
// extern uint64_t soft_nofile_at_start;
import "C"

import "sync/atomic"

// nofileWasSet: this package has set the limit on open files, so that children inherit it.
var nofileWasSet atomic.Bool

// nofileAfterStart has the limits on open files after Go's startup.
var nofileAfterStart, _ = Getrlimit(NOFILE)

// nofileForChildren returns the limits on open files that have to be set for a child: those that the program
// was started with, if only Go has changed them since (see syscall/rlimit.go).
func nofileForChildren() (Rlimit, bool) {
	present, err := Getrlimit(NOFILE)
	atStart := uint64(C.soft_nofile_at_start)
	if err != nil || nofileWasSet.Load() || present != nofileAfterStart || atStart >= present.Cur {
		return Rlimit{}, false
	}
	return Rlimit{Cur: atStart, Max: present.Max}, true
}
