package rresource

// #cgo pkg-config: rresource
// #include "shim.h"
import "C"

import (
	"fmt"
	"syscall"
	"unsafe"
)

// Resource is a resource that the system can limit, by the system's own number. The constants below exist on
// every system; [Resources] lists all, and [ParseResource] finds one by name.
type Resource int32

// The resources of POSIX, which every system has, and open files.
const (
	CPU    Resource = C.RR_RLIMIT_CPU    // processor time of the process, in seconds
	FSIZE  Resource = C.RR_RLIMIT_FSIZE  // size of a file that the process writes, in bytes
	DATA   Resource = C.RR_RLIMIT_DATA   // data segment, heap and private writable mappings, in bytes
	STACK  Resource = C.RR_RLIMIT_STACK  // stack of the main thread, in bytes
	CORE   Resource = C.RR_RLIMIT_CORE   // size of a core dump, in bytes
	NOFILE Resource = C.RR_RLIMIT_NOFILE // open file descriptors: one more than the highest number
)

// NoResource means none, as in [Outcome.Limit].
const NoResource Resource = -1

// Infinity means no limit; it is the largest value of a limit.
const Infinity uint64 = C.RR_RLIM_INFINITY

// Unit is what the numbers of a limit count.
type Unit int32

// The units of limits.
const (
	Bytes        Unit = C.RR_UNIT_BYTES        // of memory or of a file
	Seconds      Unit = C.RR_UNIT_SECONDS      // of processor time
	Microseconds Unit = C.RR_UNIT_MICROSECONDS // of processor time
	Count        Unit = C.RR_UNIT_COUNT        // things: descriptors, processes, signals
	Priority     Unit = C.RR_UNIT_PRIORITY     // a ceiling on a scheduling priority
)

// String names the unit in lower case, like "bytes".
func (u Unit) String() string {
	switch u {
	case Bytes:
		return "bytes"
	case Seconds:
		return "seconds"
	case Microseconds:
		return "microseconds"
	case Count:
		return "count"
	case Priority:
		return "priority"
	default:
		return fmt.Sprintf("Unit(%d)", int32(u))
	}
}

// Scope is whose usage counts against a limit.
type Scope int32

// The scopes of limits.
const (
	PerProcess Scope = C.RR_SCOPE_PROCESS // the whole process
	PerUser    Scope = C.RR_SCOPE_USER    // all processes of the same real user
	PerThread  Scope = C.RR_SCOPE_THREAD  // each thread by itself
	PerFile    Scope = C.RR_SCOPE_FILE    // each file by itself
)

// String names the scope in lower case, like "process".
func (s Scope) String() string {
	switch s {
	case PerProcess:
		return "process"
	case PerUser:
		return "user"
	case PerThread:
		return "thread"
	case PerFile:
		return "file"
	default:
		return fmt.Sprintf("Scope(%d)", int32(s))
	}
}

// Description describes a resource.
type Description struct {
	Name     string // like "NOFILE"
	Summary  string // a few words, like "open file descriptors"
	Unit     Unit   // what its limit counts
	Scope    Scope  // whose usage counts against its limit
	Enforced bool   // false: the kernel stores the limit but does not enforce it
}

// Resources lists what can be limited on this system, in the order of the numbers.
func Resources() []Resource {
	resources := make([]Resource, 0, C.rr_resource_count())
	for index := C.size_t(0); index < C.rr_resource_count(); index++ {
		if found := C.resource_at(index); found.error == 0 {
			resources = append(resources, Resource(found.resource.id))
		}
	}
	return resources
}

// ParseResource finds a resource by its name: NOFILE, RLIMIT_NOFILE or systemd's LimitNOFILE, in
// upper or lower case; also OFILE for NOFILE and VMEM for AS on systems that have these names. ENOENT:
// this system has no resource of that name.
func ParseResource(name string) (Resource, error) {
	text, err := syscall.BytePtrFromString(name)
	if err != nil { // a NUL inside: not a name
		return NoResource, syscall.ENOENT
	}
	var found C.rr_resource
	if code := C.rr_resource_by_name((*C.char)(unsafe.Pointer(text)), &found); code != 0 {
		return NoResource, failure(code)
	}
	return Resource(found.id), nil
}

// String names the resource, like "NOFILE", or "Resource(99)" if this system does not have it.
func (r Resource) String() string {
	if name := C.rr_resource_name(C.int(r)); name != nil {
		return C.GoString(name)
	}
	return fmt.Sprintf("Resource(%d)", int32(r))
}

// Describe returns the description of the resource. EINVAL: this system has no such resource.
func (r Resource) Describe() (Description, error) {
	found := C.resource_by_id(C.int(r))
	if found.error != 0 {
		return Description{}, failure(found.error)
	}
	return Description{
		Name:     C.GoString(C.rr_resource_name(C.int(r))),
		Summary:  C.GoString(C.rr_resource_summary(C.int(r))),
		Unit:     Unit(found.resource.unit),
		Scope:    Scope(found.resource.scope),
		Enforced: found.resource.flags&C.RR_RESOURCE_UNENFORCED == 0,
	}, nil
}
