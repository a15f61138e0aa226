package rresource

// #include "shim.h"
import "C"

import (
	"math"
	"os"
	"sort"
	"strconv"
	"syscall"
	"unsafe"
)

// Rlimit is a soft and a hard limit, in the resource's unit; [Infinity] means no limit.
type Rlimit struct {
	Cur uint64 // the soft limit, which is enforced
	Max uint64 // the hard limit, up to which the soft one may be raised
}

// Limits holds the limits of many resources.
type Limits map[Resource]Rlimit

// String formats the limits as numbers or "unlimited": "64", or "1024:unlimited" if they differ. [Format] uses
// the resource's unit.
func (l Rlimit) String() string {
	if l.Cur == l.Max {
		return limitText(l.Cur)
	}
	return limitText(l.Cur) + ":" + limitText(l.Max)
}

func limitText(value uint64) string {
	if value == Infinity {
		return "unlimited"
	}
	return strconv.FormatUint(value, 10)
}

// LimitError names the limit that was refused. It unwraps to the [syscall.Errno].
type LimitError struct {
	Resource Resource // whose limit was refused
	Reason   Reason   // why; ReasonNone if only Err is known
	Err      error    // a [syscall.Errno]
}

// Error names the limit that was refused and the reason, like "NOFILE: operation not permitted: " and the
// reason.
func (e *LimitError) Error() string {
	text := e.Resource.String() + ": " + e.Err.Error()
	if e.Reason != ReasonNone {
		text += ": " + e.Reason.String()
	}
	return text
}

// limitError is the error for refused limits, with the reason if the library finds one; nil for nil.
func limitError(process *C.rr_process, resource Resource, limits Rlimit, err error) error {
	if err == nil {
		return nil
	}
	refused := &LimitError{Resource: resource, Err: err}
	if verdict, failed := check(process, resource, limits); failed == nil && verdict.Err == err {
		refused.Reason = verdict.Reason
	}
	return refused
}

// Unwrap gives the reason, a [syscall.Errno].
func (e *LimitError) Unwrap() error { return e.Err }

// Getrlimit reads the limits of this process for one resource. EINVAL: this system has no such
// resource. See getrlimit(2).
func Getrlimit(resource Resource) (Rlimit, error) {
	return rlimitOf(C.get_rlimit(C.int(resource)))
}

// Setrlimit sets the limits of this process, all its threads, for one resource; programs that it starts inherit
// them. The soft limit may be set to any value up to the hard limit; a lowered hard limit cannot be raised
// again without privilege.
//
// Errors are a *[LimitError], with EINVAL: this system has no such resource, or Cur is above Max; EPERM: Max
// would rise and the caller may not raise it, or [NOFILE] is above the system's maximum. See setrlimit(2).
func Setrlimit(resource Resource, limits Rlimit) error {
	err := limitError(nil, resource, limits, failure(C.set_rlimit(C.int(resource), limits.c())))
	if err == nil {
		tellGo(resource, limits)
	}
	return err
}

// Prlimit reads the limits of the process pid, 0 being the caller, and sets them unless new is nil: atomically
// on Linux and FreeBSD. To refer to a process whose PID may be reused, use [OpenProcess].
//
// EINVAL and EPERM as [Setrlimit]; ESRCH: there is no such process; EPERM also when it is another user's;
// ENOTSUP: this system cannot access the limits of another process. See prlimit(2).
func Prlimit(pid int, resource Resource, new *Rlimit) (old Rlimit, err error) {
	if new == nil {
		return rlimitOf(C.read_prlimit(pidOf(pid), C.int(resource)))
	}
	old, err = rlimitOf(C.swap_prlimit(pidOf(pid), C.int(resource), new.c()))
	if err == nil && (pid == 0 || pid == os.Getpid()) {
		tellGo(resource, *new)
	}
	return old, err
}

// Raise raises the soft limit of this process as near to wanted as possible, and never lowers it; [Infinity]
// means as high as possible. It returns the limits that are now in force.
//
// EINVAL: this system has no such resource. EPERM: nothing can be set because the hard limit of
// [NOFILE] is above the system's maximum.
func Raise(resource Resource, wanted uint64) (Rlimit, error) {
	limits, err := rlimitOf(C.raise_rlimit(C.int(resource), C.uint64_t(wanted)))
	if err == nil {
		tellGo(resource, limits)
	}
	return limits, err
}

// Getrlimits reads the limits of this process for every resource.
func Getrlimits() (Limits, error) {
	return getrlimits(nil)
}

// Setrlimits sets many limits of this process: all of them, or none. If one is refused, the error is a
// *[LimitError] that names it.
//
// EINVAL: an unknown resource, or a Cur above its Max. EPERM as [Setrlimit]. ENOTRECOVERABLE: one was refused,
// and the previous ones could not be restored.
func Setrlimits(limits Limits) error {
	err := setrlimits(nil, limits)
	if wanted, found := limits[NOFILE]; found && err == nil {
		tellGo(NOFILE, wanted)
	}
	return err
}

// Used returns the current usage of a limit by this process: the number that the kernel compares with the
// limit. EINVAL: this system has no such resource. ENOTSUP: the system does not report it, such as for [FSIZE]
// and [CORE] on Linux.
func Used(resource Resource) (uint64, error) {
	return used(nil, resource)
}

// Reason is why a limit would be refused.
type Reason int32

// The reasons of refusals.
const (
	ReasonNone               Reason = C.RR_REASON_NONE                 // it would be accepted
	ReasonSoftAboveHard      Reason = C.RR_REASON_SOFT_ABOVE_HARD      // Cur is above Max
	ReasonHardNeedsPrivilege Reason = C.RR_REASON_HARD_NEEDS_PRIVILEGE // Max would rise, and the caller may not raise it
	ReasonAboveSystemMaximum Reason = C.RR_REASON_ABOVE_SYSTEM_MAXIMUM // above a maximum that binds privileged callers too
	ReasonNotYourProcess     Reason = C.RR_REASON_NOT_YOUR_PROCESS     // the process is another user's
	ReasonUnknownResource    Reason = C.RR_REASON_UNKNOWN_RESOURCE     // this system has no such resource
	ReasonUnknown            Reason = C.RR_REASON_UNKNOWN              // what it depends on cannot be read
	ReasonNotRepresentable   Reason = C.RR_REASON_NOT_REPRESENTABLE    // the kernel cannot store the value
)

// String returns the library's text for the reason.
func (r Reason) String() string {
	return C.GoString(C.rr_reason_text(C.int(r)))
}

// Verdict is the predicted result of setting a limit.
type Verdict struct {
	Err     error  // what [Setrlimit] would return: nil, or a [syscall.Errno]
	Reason  Reason // why
	Ceiling uint64 // the highest hard limit that would be accepted
}

// Check predicts what [Setrlimit] would return, and why. A security module or a sandbox may still refuse what
// Check accepts. An unknown resource is a verdict too, not an error.
func Check(resource Resource, wanted Rlimit) (Verdict, error) {
	return check(nil, resource, wanted)
}

func getrlimits(process *C.rr_process) (Limits, error) {
	entries := make([]C.rr_rlimit_entry, C.rr_resource_count())
	var count C.size_t
	code := C.rr_rlimits_get(process, unsafe.SliceData(entries), C.size_t(len(entries)), &count)
	if code != 0 {
		return nil, failure(code)
	}
	limits := make(Limits, count)
	for _, entry := range entries[:count] {
		limits[Resource(entry.resource)] = rlimit(entry.limits)
	}
	return limits, nil
}

func setrlimits(process *C.rr_process, limits Limits) error {
	entries := make([]C.rr_rlimit_entry, 0, len(limits))
	for resource, wanted := range limits {
		entries = append(entries, C.rr_rlimit_entry{resource: C.int32_t(resource), limits: wanted.c()})
	}
	// If several would be refused, the same one is named each time.
	sort.Slice(entries, func(i, j int) bool { return entries[i].resource < entries[j].resource })
	failed := C.size_t(len(entries))
	err := failure(C.rr_rlimits_set(process, unsafe.SliceData(entries), C.size_t(len(entries)), &failed))
	if err != nil && failed < C.size_t(len(entries)) {
		refused := entries[failed]
		return limitError(process, Resource(refused.resource), rlimit(refused.limits), err)
	}
	return err
}

func used(process *C.rr_process, resource Resource) (uint64, error) {
	result := C.rlimit_used(process, C.int(resource))
	return uint64(result.used), failure(result.error)
}

func check(process *C.rr_process, resource Resource, wanted Rlimit) (Verdict, error) {
	result := C.check_rlimit(process, C.int(resource), wanted.c())
	if result.error != 0 {
		return Verdict{}, failure(result.error)
	}
	return Verdict{
		Err:     failure(C.int(result.verdict.error)),
		Reason:  Reason(result.verdict.reason),
		Ceiling: uint64(result.verdict.ceiling),
	}, nil
}

func (l Rlimit) c() C.rr_rlimit {
	return C.rr_rlimit{rlim_cur: C.uint64_t(l.Cur), rlim_max: C.uint64_t(l.Max)}
}

func rlimit(limits C.rr_rlimit) Rlimit {
	return Rlimit{Cur: uint64(limits.rlim_cur), Max: uint64(limits.rlim_max)}
}

func rlimitOf(result C.rlimit_result) (Rlimit, error) {
	if result.error != 0 {
		return Rlimit{}, failure(result.error)
	}
	return rlimit(result.limits), nil
}

// pidOf clamps a PID to the range of pid_t, whose ends no process has.
func pidOf(pid int) C.int32_t {
	switch {
	case pid > math.MaxInt32:
		return math.MaxInt32
	case pid < math.MinInt32:
		return math.MinInt32
	default:
		return C.int32_t(pid)
	}
}

// tellGo makes Go drop the limit on open files that it found at the start, which it would restore in the
// programs that os/exec starts (syscall/rlimit.go). Only Go's own Setrlimit does so: it is called with the
// limits that were just set.
func tellGo(resource Resource, limits Rlimit) {
	if resource != NOFILE {
		return
	}
	var same syscall.Rlimit
	assign(&same.Cur, limits.Cur)
	assign(&same.Max, limits.Max)
	// The same limits were just accepted. If another thread has lowered the hard limit since, its limits stay.
	_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &same)
	nofileWasSet.Store(true)
}

// assign sets a field of syscall.Rlimit, which is signed on FreeBSD.
func assign[Field int64 | uint64](field *Field, value uint64) {
	*field = Field(value)
}
