package rresource

// #include "shim.h"
import "C"

import (
	"math"
	"os"
	"runtime"
	"sync"
	"syscall"
)

// Process is a handle for a process. It refers to this process as long as it is open, even if its PID is
// reused: values read through it are never those of another process. On Linux it uses a descriptor, which
// [Process.Close] closes, or else the garbage collector.
type Process struct {
	mu     sync.Mutex // the library's handles are for one thread at a time
	handle *C.rr_process
	pid    int
}

// OpenProcess opens a process by its PID; 0 is the caller. A zombie can be opened too.
//
// EINVAL: pid is negative or that of a thread that is not a thread-group leader. ESRCH: there is no such
// process. EMFILE, ENFILE or ENOMEM: no descriptor or memory for another handle. ENOTSUP: this system cannot
// distinguish a process from a later one with the same PID. See pidfd_open(2).
func OpenProcess(pid int) (*Process, error) {
	return newProcess(C.process_open(pidOf(pid)))
}

// ProcessFromFD opens the process that a pidfd refers to, on Linux. The pidfd is copied and stays the caller's.
//
// EBADF: it is not a pidfd. EINVAL: it refers to a thread. ESRCH: its process was reaped. ENOTSUP: a system
// without pidfds.
func ProcessFromFD(pidfd uintptr) (*Process, error) {
	if pidfd > math.MaxInt32 {
		return nil, syscall.EBADF
	}
	return newProcess(C.process_from_fd(C.int(pidfd)))
}

func newProcess(result C.process_result) (*Process, error) {
	if result.error != 0 {
		return nil, failure(result.error)
	}
	process := &Process{handle: result.process, pid: int(C.rr_process_pid(result.process))}
	runtime.SetFinalizer(process, (*Process).Close)
	return process, nil
}

// Close closes the handle; the process continues. A second call does nothing. It returns nil.
func (p *Process) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	runtime.SetFinalizer(p, nil)
	C.rr_process_close(p.handle)
	p.handle = nil
	return nil
}

// PID is the PID of the process. It may be reused after the process was reaped.
func (p *Process) PID() int { return p.pid }

// Alive reports whether the process is running: nil, or ESRCH if it has ended, also for a zombie.
func (p *Process) Alive() error {
	return p.use(func(handle *C.rr_process) error { return failure(C.rr_process_check(handle)) })
}

// Getrlimits reads the limits of the process for every resource, of another user's process too. ESRCH:
// it has ended and been waited for.
func (p *Process) Getrlimits() (limits Limits, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		limits, err = getrlimits(handle)
		return err
	})
	return limits, err
}

// Setrlimits sets many limits of the process: all of them, or none. Errors as [Setrlimits]; ESRCH: it
// has ended, as a zombie too.
func (p *Process) Setrlimits(limits Limits) error {
	if p.pid == os.Getpid() {
		return p.use(func(*C.rr_process) error { return Setrlimits(limits) })
	}
	return p.use(func(handle *C.rr_process) error { return setrlimits(handle, limits) })
}

// Used returns the current usage of a limit by the process, see [Used]. ESRCH: it has ended, also for a zombie.
// EACCES: the caller may not read it.
func (p *Process) Used(resource Resource) (amount uint64, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		amount, err = used(handle, resource)
		return err
	})
	return amount, err
}

// Check predicts the result of setting a limit of the process, see [Check]. ESRCH: it has ended, as a zombie
// too.
func (p *Process) Check(resource Resource, wanted Rlimit) (verdict Verdict, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		verdict, err = check(handle, resource, wanted)
		return err
	})
	return verdict, err
}

// ReadUsage reads the usage of the process, see [ReadUsage]. [UsageSwitches] is not known for another process,
// and [UsageIO] only to callers that may trace it. ESRCH: it has ended and been waited for.
func (p *Process) ReadUsage(wanted UsageGroups) (usage Usage, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		usage, err = readUsage(handle, wanted)
		return err
	})
	return usage, err
}

// ResetPeak resets the peak resident set size of the process, see [ResetPeak]. EACCES or EPERM: the caller may
// not change it.
func (p *Process) ResetPeak() error {
	return p.use(func(handle *C.rr_process) error { return failure(C.rr_usage_reset_peak(handle)) })
}

// use calls with the handle while no other goroutine has it. The deferred Unlock also keeps p from the
// garbage collector, and so the handle open, until the call is over.
func (p *Process) use(call func(*C.rr_process) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.handle == nil {
		return os.ErrClosed
	}
	return call(p.handle)
}
