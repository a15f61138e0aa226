package rresource

// #include "shim.h"
import "C"

// The additional resources of Linux.
const (
	RSS        Resource = C.RR_RLIMIT_RSS        // resident set, in bytes; not enforced
	NPROC      Resource = C.RR_RLIMIT_NPROC      // processes and threads of the real user
	MEMLOCK    Resource = C.RR_RLIMIT_MEMLOCK    // memory locked into RAM, in bytes
	AS         Resource = C.RR_RLIMIT_AS         // address space, in bytes; Go itself maps much more than it uses
	LOCKS      Resource = C.RR_RLIMIT_LOCKS      // file locks; not enforced
	SIGPENDING Resource = C.RR_RLIMIT_SIGPENDING // queued signals of the real user
	MSGQUEUE   Resource = C.RR_RLIMIT_MSGQUEUE   // POSIX message queues of the real user, in bytes
	NICE       Resource = C.RR_RLIMIT_NICE       // 20 minus the lowest nice value allowed
	RTPRIO     Resource = C.RR_RLIMIT_RTPRIO     // the highest real-time priority
	RTTIME     Resource = C.RR_RLIMIT_RTTIME     // time of a real-time thread without blocking, in microseconds
)
