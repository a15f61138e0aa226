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

// Process is a handle on a process. It means this process for as long as it is open, whoever has its
// number later: what is read through it never comes from another one. On Linux it holds a descriptor;
// [Process.Close] closes it, and so does the garbage collector where that was forgotten.
type Process struct {
	mu     sync.Mutex // the library's handles are for one thread at a time
	handle *C.rr_process
	pid    int
}

// OpenProcess opens a process by its number, 0 being the caller. A zombie can be opened too.
//
// EINVAL: pid is negative or a thread that leads no process. ESRCH: there is no such process. EMFILE,
// ENFILE or ENOMEM: no room for another handle. ENOTSUP: nothing on this system tells another process
// from a later one with its number. See pidfd_open(2).
func OpenProcess(pid int) (*Process, error) {
	return newProcess(C.process_open(pidOf(pid)))
}

// ProcessFromFD opens the process behind a pidfd, on Linux. The pidfd is copied and stays the caller's.
//
// EBADF: it is no pidfd. EINVAL: it is a thread's. ESRCH: its process has been waited for. ENOTSUP: a
// system without pidfds.
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

// Close closes the handle; the process goes on. A second time it does nothing. It returns nil.
func (p *Process) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	runtime.SetFinalizer(p, nil)
	C.rr_process_close(p.handle)
	p.handle = nil
	return nil
}

// PID is the number of the process. Once the process has ended and been waited for, another may have
// it.
func (p *Process) PID() int { return p.pid }

// Alive tells whether the process still runs: nil, or ESRCH when it has ended, as a zombie too.
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

// Used tells how much of a limit the process uses now, as [Used]. ESRCH: it has ended, as a zombie
// too. EACCES: the system keeps it from the caller.
func (p *Process) Used(resource Resource) (amount uint64, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		amount, err = used(handle, resource)
		return err
	})
	return amount, err
}

// Check tells what setting a limit of the process would come to, as [Check]. ESRCH: it has ended, as a
// zombie too.
func (p *Process) Check(resource Resource, wanted Rlimit) (verdict Verdict, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		verdict, err = check(handle, resource, wanted)
		return err
	})
	return verdict, err
}

// ReadUsage reads what the process uses and has used, as [ReadUsage]. [UsageSwitches] is not known of
// another process, and [UsageIO] only to those who may trace it. ESRCH: it has ended and been waited
// for.
func (p *Process) ReadUsage(wanted UsageGroups) (usage Usage, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		usage, err = readUsage(handle, wanted)
		return err
	})
	return usage, err
}

// ResetPeak forgets the peak of the process's resident set, as [ResetPeak]. EACCES or EPERM: it is not
// the caller's to change.
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
