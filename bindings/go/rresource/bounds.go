package rresource

// #include "shim.h"
import "C"

import "fmt"

// BoundKind is what a bound limits.
type BoundKind int32

// The kinds of bounds.
const (
	BoundMemory BoundKind = C.RR_BOUND_MEMORY // memory, in bytes
	BoundSwap   BoundKind = C.RR_BOUND_SWAP   // swap space, in bytes
	BoundCPU    BoundKind = C.RR_BOUND_CPU    // processors, in nanoseconds of processor time per second
	BoundTasks  BoundKind = C.RR_BOUND_TASKS  // processes and threads
	BoundFiles  BoundKind = C.RR_BOUND_FILES  // open descriptors
)

// BoundSource is what bounds a process.
type BoundSource int32

// What bounds a process.
const (
	SourceRlimit     BoundSource = C.RR_SOURCE_RLIMIT      // a soft limit; Detail is the [Resource]
	SourceCgroup     BoundSource = C.RR_SOURCE_CGROUP      // a control group; Detail is its level
	SourceCgroupHigh BoundSource = C.RR_SOURCE_CGROUP_HIGH // its memory.high, which slows down only; Detail is its level
	SourceAffinity   BoundSource = C.RR_SOURCE_AFFINITY    // the affinity mask
	SourceCpuset     BoundSource = C.RR_SOURCE_CPUSET      // the cpuset of a control group; Detail is its level
	SourceMachine    BoundSource = C.RR_SOURCE_MACHINE     // what the machine has
	SourceSysctl     BoundSource = C.RR_SOURCE_SYSCTL      // a setting of the kernel; Detail is its number in rresource.h
)

// BoundFlags are properties of a [Bound].
type BoundFlags uint32

// The properties of a [Bound].
const (
	BoundUsedKnown     BoundFlags = C.RR_BOUND_USED_KNOWN      // Used, Reclaimable and Room are known
	BoundShared        BoundFlags = C.RR_BOUND_SHARED          // other processes use it up too
	BoundAddressSpace  BoundFlags = C.RR_BOUND_ADDRESS_SPACE   // it counts address space, which can be reserved without using memory
	BoundPartial       BoundFlags = C.RR_BOUND_PARTIAL         // control groups that may bind more tightly are hidden from the caller
	BoundCgroupV1      BoundFlags = C.RR_BOUND_CGROUP_V1       // the control group is of version 1
	BoundMemoryAndSwap BoundFlags = C.RR_BOUND_MEMORY_AND_SWAP // it counts memory and swap space together
)

// Has reports whether all of these flags are set.
func (f BoundFlags) Has(flags BoundFlags) bool { return f&flags == flags }

// Bound is one thing that bounds a process. Levels count from the process's own control group, which is 0; the
// level of a hidden one is -1.
type Bound struct {
	Kind        BoundKind   // what it bounds
	Source      BoundSource // where it comes from
	Detail      int         // the resource, the level of the group or the sysctl, depending on Source
	Flags       BoundFlags  // its properties
	Limit       uint64      // in the unit of the kind
	Used        uint64      // what counts against Limit
	Reclaimable uint64      // what the kernel can take back of Used, such as page cache
	Room        uint64      // what is left: Limit - Used + Reclaimable, at least 0
}

// Processors is the limit of a bound of [BoundCPU] in processors, such as 1.5.
func (b Bound) Processors() float64 { return float64(b.Limit) / 1e9 }

// String writes the bound as a line for a log, such as
// "memory: 100 MiB (memory.max, own control group), 39 MiB left".
func (b Bound) String() string {
	bound := C.rr_bound{
		source: C.int32_t(b.Source), detail: C.int32_t(b.Detail), flags: C.uint32_t(b.Flags), limit: C.uint64_t(b.Limit),
		used: C.uint64_t(b.Used), reclaimable: C.uint64_t(b.Reclaimable), room: C.uint64_t(b.Room),
	}
	var text [C.RR_BOUND_TEXT_SIZE]C.char
	if C.rr_bound_format(&bound, C.int(b.Kind), &text[0], C.size_t(len(text))) != 0 {
		return fmt.Sprintf("bound of kind %d from source %d", b.Kind, b.Source)
	}
	return C.GoString(&text[0])
}

// Bounds returns the bounds of one kind of this process, the tightest limit first.
//
// EINVAL: kind is not one of the constants. ENOTSUP: nothing of this kind can be read on this system.
func Bounds(kind BoundKind) ([]Bound, error) { return readBounds(nil, kind) }

// EffectiveBound finds the bound of this process with the smallest limit, and the one with the least room, which is
// the same again if no usage is known. Errors as [Bounds].
func EffectiveBound(kind BoundKind) (limit, room Bound, err error) { return effectiveBound(nil, kind) }

// Bounds returns the bounds of one kind of the process, see [Bounds]. ESRCH: it has ended.
func (p *Process) Bounds(kind BoundKind) (bounds []Bound, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		bounds, err = readBounds(handle, kind)
		return err
	})
	return bounds, err
}

// EffectiveBound finds what limits the process most, as [EffectiveBound]. ESRCH: it has ended.
func (p *Process) EffectiveBound(kind BoundKind) (limit, room Bound, err error) {
	err = p.use(func(handle *C.rr_process) (err error) {
		limit, room, err = effectiveBound(handle, kind)
		return err
	})
	return limit, room, err
}

func readBounds(handle *C.rr_process, kind BoundKind) ([]Bound, error) {
	var found [C.RR_BOUND_CAPACITY]C.rr_bound
	var count C.size_t
	if code := C.rr_bounds_read(handle, C.int(kind), &found[0], C.size_t(len(found)), &count); code != 0 {
		return nil, failure(code)
	}
	bounds := make([]Bound, count)
	for i := range bounds {
		bounds[i] = boundOf(kind, &found[i])
	}
	return bounds, nil
}

func effectiveBound(handle *C.rr_process, kind BoundKind) (limit, room Bound, err error) {
	result := C.effective_bound(handle, C.int(kind))
	if result.error != 0 {
		return Bound{}, Bound{}, failure(result.error)
	}
	return boundOf(kind, &result.limit), boundOf(kind, &result.room), nil
}

func boundOf(kind BoundKind, bound *C.rr_bound) Bound {
	return Bound{
		Kind: kind, Source: BoundSource(bound.source), Detail: int(bound.detail), Flags: BoundFlags(bound.flags),
		Limit: uint64(bound.limit), Used: uint64(bound.used), Reclaimable: uint64(bound.reclaimable),
		Room: uint64(bound.room),
	}
}
