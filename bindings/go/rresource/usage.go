package rresource

// #include "shim.h"
import "C"

import (
	"fmt"
	"math"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// Who is whose usage [Getrusage] reads.
type Who int32

// Whose usage [Getrusage] can read.
const (
	Self     Who = C.RR_RUSAGE_SELF     // this process, all its threads, including ended ones
	Children Who = C.RR_RUSAGE_CHILDREN // the ended descendants that were waited for
	Both     Who = C.RR_RUSAGE_BOTH     // Self and Children: times and counts add, Maxrss is the larger
	Thread   Who = C.RR_RUSAGE_THREAD   // the thread that the goroutine is on: see [runtime.LockOSThread]
)

// Rusage is resource usage as the system reports it. A field that the system does not maintain is zero: on
// Linux Ixrss, Idrss, Isrss, Nswap, Msgsnd, Msgrcv and Nsignals. See getrusage(2).
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

// Getrusage returns the usage of this process or its children; [Both] works on every system.
//
// EINVAL: who is not one of the constants. ENOTSUP: [Thread] on a system that does not report the usage of
// threads.
func Getrusage(who Who) (Rusage, error) {
	result := C.get_rusage(C.int(who))
	if result.error != 0 {
		return Rusage{}, failure(result.error)
	}
	return rusageOf(&result.usage), nil
}

// Wait4 waits for a child (-1: any) and returns its usage, including that of the descendants that it waited
// for. With [syscall.WNOHANG], if no child has changed state, waited is 0 and the usage is zero.
//
// ECHILD: there is no such child. EINVAL: unknown options. See wait4(2).
func Wait4(pid int, options int) (waited int, status syscall.WaitStatus, usage Rusage, err error) {
	if options < 0 || options > math.MaxInt32 {
		return 0, 0, Rusage{}, syscall.EINVAL
	}
	for {
		result := C.wait_for(pidOf(pid), C.int(options))
		// Go interrupts threads by its own signals, which do not concern the caller.
		if result.error != C.int(syscall.EINTR) {
			return int(result.waited), syscall.WaitStatus(result.status), rusageOf(&result.usage), failure(result.error)
		}
	}
}

// Usage converts the system's record to nanoseconds and bytes. The peak is then only a bound, because the
// record does not show whether it was inherited from an ancestor: [UsagePeakIsBound].
//
// EINVAL: a field is negative.
func (r Rusage) Usage() (Usage, error) {
	from := r.c()
	var usage C.rr_usage
	code := C.rr_usage_from_rusage(&from, &usage)
	return usageOf(&usage), failure(code)
}

// UsageGroups is a set of groups of the fields of [Usage].
type UsageGroups uint64

// The groups of the fields of [Usage].
const (
	UsageCPU       UsageGroups = C.RR_USAGE_CPU        // CPU
	UsageTimes     UsageGroups = C.RR_USAGE_TIMES      // User and System
	UsageWall      UsageGroups = C.RR_USAGE_WALL       // Wall
	UsageRSS       UsageGroups = C.RR_USAGE_RSS        // RSS
	UsagePeakRSS   UsageGroups = C.RR_USAGE_PEAK_RSS   // PeakRSS
	UsageVirtual   UsageGroups = C.RR_USAGE_VIRTUAL    // Virtual
	UsageSwap      UsageGroups = C.RR_USAGE_SWAP       // Swap
	UsageFaults    UsageGroups = C.RR_USAGE_FAULTS     // MinorFaults and MajorFaults
	UsageIO        UsageGroups = C.RR_USAGE_IO         // ReadBytes and WrittenBytes
	UsageSwitches  UsageGroups = C.RR_USAGE_SWITCHES   // VoluntarySwitches and InvoluntarySwitches
	UsageThreads   UsageGroups = C.RR_USAGE_THREADS    // Threads
	UsageOpenFiles UsageGroups = C.RR_USAGE_OPEN_FILES // OpenFiles
	UsageAll       UsageGroups = C.RR_USAGE_ALL        // every group of this version

	// UsagePeakIsBound is set together with UsagePeakRSS if PeakRSS is an upper bound, because the record may
	// include the program that the process ran before execve(2), or an ancestor. It is not a group to request.
	UsagePeakIsBound UsageGroups = C.RR_USAGE_PEAK_IS_BOUND
)

var usageGroupNames = []struct {
	group UsageGroups
	name  string
}{
	{UsageCPU, "CPU"}, {UsageTimes, "Times"}, {UsageWall, "Wall"}, {UsageRSS, "RSS"}, {UsagePeakRSS, "PeakRSS"},
	{UsageVirtual, "Virtual"}, {UsageSwap, "Swap"}, {UsageFaults, "Faults"}, {UsageIO, "IO"},
	{UsageSwitches, "Switches"}, {UsageThreads, "Threads"}, {UsageOpenFiles, "OpenFiles"},
	{UsagePeakIsBound, "PeakIsBound"},
}

// Has reports whether all of these groups are in the set.
func (g UsageGroups) Has(groups UsageGroups) bool { return g&groups == groups }

// String names the groups in the set, like "CPU|RSS"; "0x0" for none.
func (g UsageGroups) String() string {
	var names []string
	for _, known := range usageGroupNames {
		if g.Has(known.group) {
			names = append(names, known.name)
			g &^= known.group
		}
	}
	if g != 0 || names == nil {
		names = append(names, fmt.Sprintf("%#x", uint64(g)))
	}
	return strings.Join(names, "|")
}

// Usage is the resource usage of a process. Fields of groups that are not in Known are zero.
type Usage struct {
	Known               UsageGroups   // the groups of the fields that are known
	CPU                 time.Duration // processor time, User and System together
	User                time.Duration // processor time in user mode
	System              time.Duration // processor time in the kernel
	Wall                time.Duration // time since the process began
	RSS                 uint64        // resident set, in bytes
	PeakRSS             uint64        // peak resident set, in bytes
	Virtual             uint64        // address space, in bytes
	Swap                uint64        // swapped-out memory, in bytes
	MinorFaults         uint64        // page faults served without input or output
	MajorFaults         uint64        // page faults that needed input or output
	ReadBytes           uint64        // read from storage
	WrittenBytes        uint64        // written to storage
	VoluntarySwitches   uint64        // context switches because it waited for something
	InvoluntarySwitches uint64        // other context switches
	Threads             uint64        // threads now
	OpenFiles           uint64        // open file descriptors now
}

// ReadUsage reads the usage of this process. Groups that are not wanted cost nothing; groups that are read
// together with wanted ones are included.
func ReadUsage(wanted UsageGroups) (Usage, error) {
	return readUsage(nil, wanted)
}

// Since returns the usage from the reading start to the reading u of the same process. Times, faults, bytes and
// context switches are differences, if known in both; the other fields, for which a difference is meaningless,
// are those of u.
//
// ERANGE: a counter is smaller in u than in start, for example because they are of different processes.
func (u Usage) Since(start Usage) (Usage, error) {
	before, after := start.c(), u.c()
	code := C.rr_usage_since(&before, &after, &after)
	if code != 0 {
		return Usage{}, failure(code)
	}
	return usageOf(&after), nil
}

// ResetPeak resets the peak resident set size of this process, [Usage.PeakRSS], to its current value.
// [Rusage.Maxrss] is not affected. ENOTSUP: not Linux.
func ResetPeak() error {
	return failure(C.rr_usage_reset_peak(nil))
}

func readUsage(process *C.rr_process, wanted UsageGroups) (Usage, error) {
	var usage C.rr_usage
	code := C.rr_usage_read(process, C.uint64_t(wanted), &usage)
	return usageOf(&usage), failure(code)
}

// A Usage begins as an rr_usage does: the same fields in the same order, each of 64 bits.
var _ = [1]struct{}{}[unsafe.Offsetof(C.rr_usage{}.minor_faults)-unsafe.Offsetof(Usage{}.MinorFaults)]
var _ = [1]struct{}{}[unsafe.Offsetof(C.rr_usage{}.open_files)-unsafe.Offsetof(Usage{}.OpenFiles)]

func usageOf(usage *C.rr_usage) Usage {
	result := *(*Usage)(unsafe.Pointer(usage))
	for _, length := range [...]*time.Duration{&result.CPU, &result.User, &result.System, &result.Wall} {
		*length = nanoseconds(C.uint64_t(*length))
	}
	return result
}

func (u Usage) c() (usage C.rr_usage) {
	*(*Usage)(unsafe.Pointer(&usage)) = u
	return usage
}

// rusageCounts are the fields of a Rusage and of an rr_rusage after the two times, in the same order.
type rusageCounts [14]int64

var _ = [1]struct{}{}[unsafe.Offsetof(Rusage{}.Nivcsw)-unsafe.Offsetof(Rusage{}.Maxrss)+8-unsafe.Sizeof(rusageCounts{})]
var _ = [1]struct{}{}[unsafe.Sizeof(C.rr_rusage{})-unsafe.Offsetof(C.rr_rusage{}.ru_maxrss)-unsafe.Sizeof(rusageCounts{})]

func rusageOf(usage *C.rr_rusage) Rusage {
	result := Rusage{Utime: timeOf(usage.ru_utime), Stime: timeOf(usage.ru_stime)}
	*(*rusageCounts)(unsafe.Pointer(&result.Maxrss)) = *(*rusageCounts)(unsafe.Pointer(&usage.ru_maxrss))
	return result
}

func (r Rusage) c() C.rr_rusage {
	result := C.rr_rusage{ru_utime: timeval(r.Utime), ru_stime: timeval(r.Stime)}
	*(*rusageCounts)(unsafe.Pointer(&result.ru_maxrss)) = *(*rusageCounts)(unsafe.Pointer(&r.Maxrss))
	return result
}

func timeOf(length C.rr_timeval) time.Duration {
	return time.Duration(length.tv_sec)*time.Second + time.Duration(length.tv_usec)*time.Microsecond
}

func timeval(length time.Duration) C.rr_timeval {
	return C.rr_timeval{
		tv_sec:  C.int64_t(length / time.Second),
		tv_usec: C.int64_t(length % time.Second / time.Microsecond),
	}
}

// nanoseconds clamps a duration to Go's maximum of 292 years.
func nanoseconds(length C.uint64_t) time.Duration {
	if length > math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(length)
}
