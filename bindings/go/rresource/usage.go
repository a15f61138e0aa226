package rresource

// #include "shim.h"
import "C"

import (
	"math"
	"syscall"
	"time"
)

// Who is whose usage [Getrusage] reads.
type Who int32

// Whose usage there is to read.
const (
	Self     Who = C.RR_RUSAGE_SELF     // this process, all its threads together, ended ones too
	Children Who = C.RR_RUSAGE_CHILDREN // the ended descendants that were waited for
	Both     Who = C.RR_RUSAGE_BOTH     // Self and Children: times and counts add, Maxrss is the larger
	Thread   Who = C.RR_RUSAGE_THREAD   // the thread that the goroutine is on: see [runtime.LockOSThread]
)

// Rusage is what was used as the system itself reports it. A field that the system does not keep is
// zero: on Linux Ixrss, Idrss, Isrss, Nswap, Msgsnd, Msgrcv and Nsignals. See getrusage(2).
type Rusage struct {
	Utime time.Duration // processor time in user mode
	Stime time.Duration // processor time in the kernel
	// Maxrss is the peak resident set: KiB on Linux and the BSDs, bytes on macOS, pages on Solaris. On
	// Linux it is inherited through fork and exec, so that it may be an ancestor's.
	Maxrss   int64
	Ixrss    int64 // shared memory, integrated over time
	Idrss    int64 // unshared data, integrated over time
	Isrss    int64 // unshared stack, integrated over time
	Minflt   int64 // page faults served without input or output
	Majflt   int64 // page faults that needed input or output
	Nswap    int64 // times swapped out
	Inblock  int64 // blocks read from a device, of 512 bytes on Linux
	Oublock  int64 // blocks written to a device, of 512 bytes on Linux
	Msgsnd   int64 // messages sent
	Msgrcv   int64 // messages received
	Nsignals int64 // signals received
	Nvcsw    int64 // voluntary context switches: it waited for something
	Nivcsw   int64 // involuntary context switches
}

// Getrusage reads what this process or its children have used; [Both] works on every system.
//
// EINVAL: who is none of the constants. ENOTSUP: [Thread] on a system that keeps no record of threads.
func Getrusage(who Who) (Rusage, error) {
	result := C.get_rusage(C.int(who))
	if result.error != 0 {
		return Rusage{}, failure(result.error)
	}
	return rusageOf(&result.usage), nil
}

// Wait4 waits for a child, -1 being any, and tells what it and the descendants that it waited for have
// used. Nothing to report, with [syscall.WNOHANG] among the options: waited 0 and usage zero.
//
// ECHILD: there is no such child. EINVAL: unknown options. See wait4(2).
func Wait4(pid int, options int) (waited int, status syscall.WaitStatus, usage Rusage, err error) {
	if options < 0 || options > math.MaxInt32 {
		return 0, 0, Rusage{}, syscall.EINVAL
	}
	for {
		result := C.wait_for(pidOf(pid), C.int(options))
		// Go interrupts threads by signals of its own: no matter of the caller's.
		if result.error != C.int(syscall.EINTR) {
			return int(result.waited), syscall.WaitStatus(result.status), rusageOf(&result.usage), failure(result.error)
		}
	}
}

func rusageOf(usage *C.rr_rusage) Rusage {
	return Rusage{
		Utime:    durationOf(usage.ru_utime),
		Stime:    durationOf(usage.ru_stime),
		Maxrss:   int64(usage.ru_maxrss),
		Ixrss:    int64(usage.ru_ixrss),
		Idrss:    int64(usage.ru_idrss),
		Isrss:    int64(usage.ru_isrss),
		Minflt:   int64(usage.ru_minflt),
		Majflt:   int64(usage.ru_majflt),
		Nswap:    int64(usage.ru_nswap),
		Inblock:  int64(usage.ru_inblock),
		Oublock:  int64(usage.ru_oublock),
		Msgsnd:   int64(usage.ru_msgsnd),
		Msgrcv:   int64(usage.ru_msgrcv),
		Nsignals: int64(usage.ru_nsignals),
		Nvcsw:    int64(usage.ru_nvcsw),
		Nivcsw:   int64(usage.ru_nivcsw),
	}
}

func durationOf(length C.rr_timeval) time.Duration {
	return time.Duration(length.tv_sec)*time.Second + time.Duration(length.tv_usec)*time.Microsecond
}
