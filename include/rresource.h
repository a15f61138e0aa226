/*
 * rresource: measures and limits the resources that programs use, with the same calls on every Unix.
 *
 * This file is the reference manual. It is generated from the comments of the source by `make header`.
 *
 * Contents
 *
 *   version     rr_version  rr_version_string
 *   errors      rr_strerror  rr_strerrorname
 *   resources   rr_resource_count  rr_resource_at  rr_resource_by_id  rr_resource_by_name  rr_resource_name
 *               rr_resource_summary  rr_constant
 *   limits      rr_getrlimit  rr_setrlimit  rr_prlimit
 *   text        rr_rlimit_parse  rr_rlimit_format  rr_duration_parse
 *   processes   rr_process_open  rr_process_from_fd  rr_process_close  rr_process_pid  rr_process_fd
 *               rr_process_check
 *   many        rr_rlimits_get  rr_rlimits_set  rr_rlimit_raise  rr_rlimit_check  rr_reason_text
 *               rr_rlimit_used
 *   rusage      rr_getrusage  rr_rusage_field_count  rr_rusage_field_name  rr_rusage_field_summary
 *               rr_rusage_field_unit  rr_rusage_value  rr_wait4  rr_wait_status  rr_getpagesize
 *   usage       rr_usage_read  rr_usage_from_rusage  rr_usage_since  rr_usage_reset_peak
 *               rr_usage_field_count  rr_usage_field_name  rr_usage_field_summary  rr_usage_field_unit
 *               rr_usage_field_group  rr_usage_value
 *   bounds      rr_bounds_read  rr_bound_effective  rr_bound_format
 *   commands    rr_command_new  rr_command_free  rr_command_add_arg  rr_command_set_arg0  rr_command_set_env
 *               rr_command_clear_env  rr_command_set_directory  rr_command_dup2  rr_command_set_limit
 *               rr_command_close_from  rr_command_set_umask  rr_command_set_credentials
 *               rr_command_set_cgroup  rr_command_new_group  rr_command_new_session  rr_command_no_launcher
 *               rr_command_spawn  rr_step_text  rr_child_pid  rr_child_fd  rr_child_process  rr_child_kill
 *               rr_child_wait  rr_child_free  rr_outcome_field_count  rr_outcome_field_name
 *               rr_outcome_field_unit  rr_outcome_value
 *   trees       rr_command_set_tree  rr_command_set_tree_limit  rr_child_tree
 *
 * Conventions
 *
 *   - A function that can fail returns an int: 0 on success, otherwise a positive error number of <errno.h>,
 *     as posix_spawn(3) does. Pass it to rr_strerror for a text. `errno` is never changed.
 *   - A result is written only on success. A parameter that is a "buffer" is where the result is written.
 *   - A required pointer that is NULL gives EFAULT, which is not listed under Errors. Freeing or closing NULL
 *     does nothing. One object can be input and output of the same call.
 *   - EINVAL means an invalid argument. ENOTSUP means valid, but not supported on this system, so that zero
 *     never means "unknown". ERANGE means an index past the end, a buffer that is too small or a number that is
 *     too large. ENOENT means an unknown name.
 *   - A sandbox or security module can refuse any system call. If the system has another way to the same
 *     result, the library uses it. Otherwise the function returns the error of the refusal, usually EPERM,
 *     EACCES or ENOSYS.
 *   - On Linux the functions that have a process handle as a parameter may open files of /proc or /sys. They return
 *     EMFILE, ENFILE or ENOMEM if there is no descriptor or memory for that.
 *   - Structs contain no pointers and have the same size and layout on every system. Reserved fields are zero
 *     in results and must be zero in arguments. Strings that are returned are static, in English, and must not
 *     be freed.
 *   - No function prints, exits, locks, starts a thread, calls back or keeps global state.
 *   - Thread safety: every function can be called from any thread. A handle (rr_process, rr_command, rr_child)
 *     can be used by one thread at a time, with two exceptions. Several threads can start one command at the
 *     same time if none of them changes it. The other functions of a child, except rr_child_free, can be called
 *     while another thread is in rr_child_wait.
 *   - Signal safety: every function is async-signal-safe and allocates no memory, except the rr_command_*
 *     functions, rr_process_open, rr_process_from_fd, rr_process_close, rr_child_process and rr_child_free. A
 *     signal handler must not call rr_child_wait for the child that the interrupted code waits for.
 *   - RR_RLIMIT_* and RR_RLIM_* have the system's own values. All other constants are the same everywhere.
 *   - Every function has been available since version 0.1 unless noted otherwise.
 */

#ifndef RRESOURCE_H
#define RRESOURCE_H

#include <stddef.h>
#include <stdint.h>

#if !(defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__) || \
      defined(__DragonFly__) || defined(__APPLE__) || defined(__sun)) || defined(__alpha__)
#error "rresource: this system or architecture is not in the catalog"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ======================================================================================================== *
 * version: Version
 *
 * The version of the header, for #if, and the version of the library that is loaded.
 */

#define RR_VERSION_MAJOR  0 /* Incompatible changes; while it is 0, the minor version counts them */
#define RR_VERSION_MINOR  1 /* Additions */
#define RR_VERSION_PATCH  0 /* Corrections */
/* The version of this header, to compare with rr_version() */
#define RR_VERSION_NUMBER (((RR_VERSION_MAJOR << 16) | (RR_VERSION_MINOR << 8)) | RR_VERSION_PATCH)

/** Gets the version of the library that is loaded. It can be newer than the header that the program was
 * compiled with.
 *
 * Returns: the version as (major << 16) | (minor << 8) | patch, to compare with RR_VERSION_NUMBER
 */
uint32_t rr_version(void);

/** Gets the version of the loaded library as text.
 *
 * Returns: a static string such as "0.1.0"; never NULL
 */
const char *rr_version_string(void);

/* ======================================================================================================== *
 * errors: Errors
 *
 * Texts and names for the errors that the functions of this library return.
 */

/** Gets a text that explains an error of this library and what to do about it.
 *
 * error: 0, or an error that a function of this library returned
 *
 * Returns: a static string; "unknown error" for a number that this library does not return; never NULL
 */
const char *rr_strerror(int error);

/** Gets the name that <errno.h> gives to an error.
 *
 * error: an error that a function of this library returned
 *
 * Returns: a static string such as "EPERM"; NULL for 0 and for a number that this library does not return
 */
const char *rr_strerrorname(int error);

/* ======================================================================================================== *
 * resources: Resources
 *
 * The resources that can be limited on this system. A resource is identified by its number, RR_RLIMIT_*, or
 * by its name. Constants can be looked up by name at run time.
 *
 * RR_RLIMIT_* have the system's own numbers. Each exists only on the systems that have the resource: test for
 * it with #ifdef, or call rr_resource_by_name at run time. This table applies unless the comment of a
 * constant below contradicts it.
 *
 * Resource  Unit     Limits                                        When exceeded
 * CPU       seconds  processor time of the process                 SIGXCPU at the soft limit, SIGKILL at the hard one
 * FSIZE     bytes    size of a file that the process writes        SIGXFSZ; EFBIG if the signal is ignored
 * DATA      bytes    data segment and heap of the process          ENOMEM
 * STACK     bytes    stack of the main thread                      SIGSEGV
 * CORE      bytes    size of a core dump                           0 disables core dumps
 * NOFILE    count    highest descriptor number plus one            EMFILE
 * AS        bytes    address space of the process                  ENOMEM
 * RSS       bytes    resident set size of the process              nothing: not enforced
 * NPROC     count    processes of the real user, except for root   EAGAIN from fork(2)
 * MEMLOCK   bytes    memory that the process locks into RAM        ENOMEM from mlock(2)
 * SBSIZE    bytes    socket buffers of the user                    ENOBUFS
 *
 * OFILE is another name for NOFILE, and VMEM for AS. RR_RLIM_INFINITY means no limit. RR_RLIM_SAVED_CUR and
 * RR_RLIM_SAVED_MAX stand for a soft or hard limit that is too large for rlim_t. They equal RR_RLIM_INFINITY
 * except on Solaris, because every limit is representable.
 */

#define RR_UNIT_NONE         0 /* No unit: a code or a mask */
#define RR_UNIT_BYTES        1 /* Bytes */
#define RR_UNIT_SECONDS      2 /* Seconds */
#define RR_UNIT_MICROSECONDS 3 /* Microseconds */
#define RR_UNIT_COUNT        4 /* A number of things: descriptors, processes, signals */
#define RR_UNIT_PRIORITY     5 /* A scheduling priority */
#define RR_UNIT_NANOSECONDS  6 /* Nanoseconds; used by fields of rr_usage and rr_outcome only */
#define RR_UNIT_KIB          7 /* KiB (1024 bytes); used by fields of rr_rusage only */
#define RR_UNIT_PAGES        8 /* Memory pages; used by fields of rr_rusage only */

#define RR_SCOPE_PROCESS 1 /* The limit applies to the process as a whole */
#define RR_SCOPE_USER    2 /* The limit applies to all processes of the real user together */
#define RR_SCOPE_THREAD  3 /* The limit applies to each thread separately */
#define RR_SCOPE_FILE    4 /* The limit applies to each file separately */

#define RR_RESOURCE_UNENFORCED 0x1u /* The system stores this limit but does not enforce it */

/** A resource that can be limited on this system.
 */
typedef struct rr_resource {
    int32_t id;     /* Number of the resource, one of RR_RLIMIT_* */
    int32_t unit;   /* Unit of its limits, one of RR_UNIT_* */
    int32_t scope;  /* What its limits apply to, one of RR_SCOPE_* */
    uint32_t flags; /* RR_RESOURCE_UNENFORCED or 0; ignore unknown bits */
} rr_resource;

#if (defined(__linux__) || defined(__ANDROID__))
#define RR_RLIMIT_CPU        0          /* SIGXCPU again at every second after the soft limit */
#define RR_RLIMIT_FSIZE      1
#define RR_RLIMIT_DATA       2          /* includes private writable mappings */
#define RR_RLIMIT_STACK      3          /* also the default size of new threads' stacks; a quarter of it
                                           limits arguments and environment of execve(2) */
#define RR_RLIMIT_CORE       4          /* a larger core dump is truncated */
#define RR_RLIMIT_LOCKS      10         /* file locks; not enforced since Linux 2.4.25 */
#define RR_RLIMIT_SIGPENDING 11         /* queued signals of the real user; EAGAIN from sigqueue(3) */
#define RR_RLIMIT_MSGQUEUE   12         /* bytes in POSIX message queues of the real user; EMFILE from
                                           mq_open(3) */
#define RR_RLIMIT_NICE       13         /* 20 minus the lowest nice value that a thread can set, 1 to 40 */
#define RR_RLIMIT_RTPRIO     14         /* highest real-time priority that a thread can set, 0 to 99 */
#define RR_RLIMIT_RTTIME     15         /* microseconds that a real-time thread can run without blocking;
                                           SIGXCPU at the soft limit, SIGKILL at the hard limit */
#define RR_RLIMIT_OFILE      RR_RLIMIT_NOFILE
#define RR_RLIM_INFINITY     UINT64_MAX /* 64 bits on 32-bit systems too */
#define RR_RLIM_SAVED_CUR    UINT64_MAX
#define RR_RLIM_SAVED_MAX    UINT64_MAX
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && !(defined(__mips__) || defined(__mips64) || defined(__sparc__) || defined(__sparc64__)))
#define RR_RLIMIT_RSS     5 /* not enforced since Linux 2.4.30 */
#define RR_RLIMIT_NPROC   6 /* processes and threads */
#define RR_RLIMIT_NOFILE  7 /* the hard limit cannot exceed /proc/sys/fs/nr_open */
#define RR_RLIMIT_MEMLOCK 8 /* ENOMEM or EPERM */
#define RR_RLIMIT_AS      9
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && (defined(__mips__) || defined(__mips64)))
#define RR_RLIMIT_NOFILE  5 /* the hard limit cannot exceed /proc/sys/fs/nr_open */
#define RR_RLIMIT_AS      6
#define RR_RLIMIT_RSS     7 /* not enforced since Linux 2.4.30 */
#define RR_RLIMIT_NPROC   8 /* processes and threads */
#define RR_RLIMIT_MEMLOCK 9 /* ENOMEM or EPERM */
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && (defined(__sparc__) || defined(__sparc64__)))
#define RR_RLIMIT_RSS     5 /* not enforced since Linux 2.4.30 */
#define RR_RLIMIT_NOFILE  6 /* the hard limit cannot exceed /proc/sys/fs/nr_open */
#define RR_RLIMIT_NPROC   7 /* processes and threads */
#define RR_RLIMIT_MEMLOCK 8 /* ENOMEM or EPERM */
#define RR_RLIMIT_AS      9
#endif

#if defined(__FreeBSD__)
#define RR_RLIMIT_CPU     0                      /* SIGXCPU again at every fifth second after the soft
                                                    limit */
#define RR_RLIMIT_FSIZE   1
#define RR_RLIMIT_DATA    2                      /* as extended by brk(2); a greater value is clamped to
                                                    sysctl kern.maxdsiz */
#define RR_RLIMIT_STACK   3                      /* a greater value is clamped to sysctl kern.maxssiz */
#define RR_RLIMIT_CORE    4                      /* a larger core dump is not written */
#define RR_RLIMIT_RSS     5                      /* when memory is short, pages of such a process are
                                                    reclaimed first */
#define RR_RLIMIT_MEMLOCK 6
#define RR_RLIMIT_NPROC   7                      /* at least 1; a greater value is clamped to sysctl
                                                    kern.maxprocperuid */
#define RR_RLIMIT_NOFILE  8                      /* a greater value is clamped to sysctl
                                                    kern.maxfilesperproc */
#define RR_RLIMIT_SBSIZE  9
#define RR_RLIMIT_AS      10
#define RR_RLIMIT_NPTS    11                     /* pseudo-terminals of the user; EAGAIN from
                                                    posix_openpt(2) */
#define RR_RLIMIT_SWAP    12                     /* bytes of swap space that the user's processes reserve
                                                    or use; ENOMEM if bit 1 of sysctl vm.overcommit is set,
                                                    see tuning(7) */
#define RR_RLIMIT_KQUEUES 13                     /* kernel event queues of the user; ENOMEM from kqueue(2) */
#define RR_RLIMIT_UMTXP   14                     /* process-shared locks of the user; ENOMEM */
#define RR_RLIMIT_PIPEBUF 15                     /* bytes in buffers of the user's pipes; since FreeBSD
                                                    14.2, EINVAL before */
#define RR_RLIMIT_VMM     16                     /* virtual machines of the user; since FreeBSD 15, EINVAL
                                                    before */
#define RR_RLIMIT_VMEM    RR_RLIMIT_AS
#define RR_RLIM_INFINITY  9223372036854775807ull /* 2^63-1; every greater value also means no limit */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY
#endif

#if defined(__NetBSD__)
#define RR_RLIMIT_CPU     0                      /* at the soft limit the system raises the soft limit by
                                                    five seconds */
#define RR_RLIMIT_FSIZE   1
#define RR_RLIMIT_DATA    2                      /* as extended by brk(2); a greater value is clamped to
                                                    the kernel's maximum */
#define RR_RLIMIT_STACK   3                      /* rounded up to whole pages; EINVAL below current usage;
                                                    a greater value is clamped to the kernel's maximum */
#define RR_RLIMIT_CORE    4
#define RR_RLIMIT_RSS     5
#define RR_RLIMIT_MEMLOCK 6                      /* mlock(2) fails */
#define RR_RLIMIT_NPROC   7                      /* a greater value is clamped to sysctl kern.maxproc */
#define RR_RLIMIT_NOFILE  8                      /* a greater value is clamped to sysctl kern.maxfiles */
#define RR_RLIMIT_SBSIZE  9
#define RR_RLIMIT_AS      10
#define RR_RLIMIT_NTHR    11                     /* threads of the user, excluding the first one of each
                                                    process; EAGAIN from pthread_create(3); not for root; a
                                                    greater value is clamped to sysctl kern.maxlwp */
#define RR_RLIMIT_VMEM    RR_RLIMIT_AS
#define RR_RLIM_INFINITY  9223372036854775807ull /* 2^63-1; every greater value also means no limit */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY
#endif

#if defined(__OpenBSD__)
#define RR_RLIMIT_CPU     0                      /* SIGXCPU again at every fifth second after the soft
                                                    limit */
#define RR_RLIMIT_FSIZE   1
#define RR_RLIMIT_DATA    2                      /* includes anonymous mappings; a greater value is clamped
                                                    to the kernel's maximum */
#define RR_RLIMIT_STACK   3                      /* a greater value is clamped to the kernel's maximum */
#define RR_RLIMIT_CORE    4
#define RR_RLIMIT_RSS     5                      /* not enforced since OpenBSD 6.1 */
#define RR_RLIMIT_MEMLOCK 6                      /* mlock(2) fails */
#define RR_RLIMIT_NPROC   7                      /* a greater value is clamped to sysctl kern.maxproc */
#define RR_RLIMIT_NOFILE  8                      /* a greater value is clamped to sysctl kern.maxfiles */
#define RR_RLIM_INFINITY  9223372036854775807ull /* 2^63-1; every greater value also means no limit */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY
#endif

#if defined(__DragonFly__)
#define RR_RLIMIT_CPU        0                      /* SIGKILL five seconds after the hard limit */
#define RR_RLIMIT_FSIZE      1
#define RR_RLIMIT_DATA       2                      /* as extended by brk(2); a greater value is clamped to
                                                       sysctl kern.maxdsiz */
#define RR_RLIMIT_STACK      3                      /* a greater value is clamped to sysctl kern.maxssiz */
#define RR_RLIMIT_CORE       4                      /* a larger core dump is not written */
#define RR_RLIMIT_RSS        5                      /* when memory is short, pages of such a process are
                                                       reclaimed first */
#define RR_RLIMIT_MEMLOCK    6                      /* not enforced: only the superuser can call mlock(2) */
#define RR_RLIMIT_NPROC      7                      /* at least 1; a greater value is clamped to sysctl
                                                       kern.maxprocperuid */
#define RR_RLIMIT_NOFILE     8                      /* a greater value is clamped to sysctl
                                                       kern.maxfilesperproc */
#define RR_RLIMIT_SBSIZE     9                      /* further buffers are smaller */
#define RR_RLIMIT_AS         10
#define RR_RLIMIT_POSIXLOCKS 11                     /* POSIX file locks of the user; ENOLCK from fcntl(2);
                                                       not for root; a greater value is clamped to sysctl
                                                       kern.maxposixlocksperuid */
#define RR_RLIMIT_VMEM       RR_RLIMIT_AS
#define RR_RLIM_INFINITY     9223372036854775807ull /* 2^63-1; every greater value also means no limit */
#endif

#if defined(__APPLE__)
#define RR_RLIMIT_CPU     0                      /* SIGXCPU at the soft limit; nothing at the hard limit */
#define RR_RLIMIT_FSIZE   1
#define RR_RLIMIT_DATA    2                      /* EINVAL below current usage */
#define RR_RLIMIT_STACK   3                      /* EINVAL below current usage; EINVAL for a lower value
                                                    from another thread */
#define RR_RLIMIT_CORE    4                      /* a larger core dump is not written */
#define RR_RLIMIT_AS      5                      /* many gigabytes at the start, because of the shared
                                                    cache; EINVAL below current usage */
#define RR_RLIMIT_MEMLOCK 6                      /* mlock(2) fails */
#define RR_RLIMIT_NPROC   7                      /* a greater value is clamped to sysctl kern.maxprocperuid
                                                    (kern.maxproc for root) */
#define RR_RLIMIT_NOFILE  8                      /* the lower one of this and sysctl kern.maxfilesperproc
                                                    applies; some versions return EINVAL for a soft limit
                                                    of RR_RLIM_INFINITY */
#define RR_RLIMIT_RSS     RR_RLIMIT_AS           /* another name for AS: limits the address space */
#define RR_RLIM_INFINITY  9223372036854775807ull /* 2^63-1; every greater value also means no limit */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY
#endif

#if (defined(__sun) || defined(__illumos__))
#define RR_RLIMIT_CPU     0                       /* SIGXCPU at the soft limit; nothing at the hard limit */
#define RR_RLIMIT_FSIZE   1
#define RR_RLIMIT_DATA    2                       /* heap; ENOMEM from brk(2) */
#define RR_RLIMIT_STACK   3                       /* set it from the main thread; the stack does not grow
                                                     beyond what was set when the program started */
#define RR_RLIMIT_CORE    4                       /* a larger core dump is truncated */
#define RR_RLIMIT_NOFILE  5
#define RR_RLIMIT_AS      6
#define RR_RLIMIT_VMEM    RR_RLIMIT_AS
#define RR_RLIM_INFINITY  18446744073709551613ull /* 2^64-3 */
#define RR_RLIM_SAVED_CUR 18446744073709551615ull /* 2^64-1; not returned to a 64-bit program */
#define RR_RLIM_SAVED_MAX 18446744073709551614ull /* 2^64-2; not returned to a 64-bit program */
#endif

/** Gets the number of resources that can be limited on this system, such as 16 on Linux.
 *
 * Returns: the number of resources
 */
size_t rr_resource_count(void);

/** Describes a resource by its index. Indexes are in the order of the resources' numbers.
 *
 * index: 0 to rr_resource_count() - 1
 * resource: buffer for the description
 *
 * Errors:
 *   ERANGE  index is past the end
 */
int rr_resource_at(size_t index, struct rr_resource *resource);

/** Describes a resource by its number.
 *
 * id: one of RR_RLIMIT_*
 * resource: buffer for the description
 *
 * Errors:
 *   EINVAL  the resource does not exist on this system
 */
int rr_resource_by_id(int id, struct rr_resource *resource);

/** Describes a resource by its name. The name is "NOFILE", "RLIMIT_NOFILE", "RR_RLIMIT_NOFILE" or systemd's
 * "LimitNOFILE", in upper or lower case. An alias such as OFILE or VMEM is accepted where the system has it.
 *
 * name: name of the resource
 * resource: buffer for the description
 *
 * Errors:
 *   ENOENT  there is no resource of that name on this system
 */
int rr_resource_by_name(const char *name, struct rr_resource *resource);

/** Gets the name of a resource.
 *
 * id: one of RR_RLIMIT_*
 *
 * Returns: a static string such as "NOFILE"; NULL if the resource does not exist on this system
 */
const char *rr_resource_name(int id);

/** Gets a short description of what a resource limits.
 *
 * id: one of RR_RLIMIT_*
 *
 * Returns: a static string such as "open file descriptors"; NULL if the resource does not exist on this system
 */
const char *rr_resource_summary(int id);

/** Gets a constant of this header, the size of a struct or the offset of a field by name. It is meant for
 * languages that cannot read the header.
 *
 * name: name of a constant, in capitals, with or without RR_: "RLIMIT_NOFILE". SIZEOF_ and the name of a
 *   struct is its size: "SIZEOF_OUTCOME". OFFSETOF_, a struct and a field is the offset of the field:
 *   "OFFSETOF_USAGE_CPU_NS".
 * value: buffer for the value. RR_RLIM_INFINITY is stored as its 64 bits, which are -1 on Linux.
 *
 * Errors:
 *   ENOENT  there is no constant of that name on this system
 */
int rr_constant(const char *name, int64_t *value);

/* ======================================================================================================== *
 * limits: One limit
 *
 * The limits of one resource, as in <sys/resource.h>. Every value is 64 bits wide on every system.
 */

/** The limits of one resource, in the unit of the resource. RR_RLIM_INFINITY stands for no limit.
 */
typedef struct rr_rlimit {
    uint64_t rlim_cur; /* Soft limit: the one that the system enforces */
    uint64_t rlim_max; /* Hard limit: the maximum to which an unprivileged process can raise its soft limit */
} rr_rlimit;

/** Gets the limits of the calling process for one resource. See getrlimit(2).
 *
 * resource: one of RR_RLIMIT_*
 * limits: buffer for the limits, in the unit of the resource
 *
 * Errors:
 *   EINVAL  the resource does not exist on this system
 */
int rr_getrlimit(int resource, struct rr_rlimit *limits);

/** Sets the limits of the calling process for one resource. They apply to all its threads and are inherited
 * by the programs that it starts. See setrlimit(2).
 *
 * A process can set its soft limit to any value up to the hard limit, and can lower its hard limit. Raising
 * the hard limit requires privilege: on Linux CAP_SYS_RESOURCE in the initial user namespace, elsewhere the
 * superuser.
 *
 * System        Value                                    Effect
 * Linux         less than current usage                  accepted; what is in use stays in use
 * macOS         less than current usage, of DATA, STACK  EINVAL
 *               and AS
 * NetBSD        less than current usage, of STACK        EINVAL
 * BSDs, macOS   greater than a maximum of the system     clamped to it; read the limit back
 * BSDs, macOS   greater than RR_RLIM_INFINITY            no limit
 *
 * resource: one of RR_RLIMIT_*
 * limits: new limits, in the unit of the resource; RR_RLIM_INFINITY for no limit
 *
 * Errors:
 *   EPERM   the hard limit would rise and the caller lacks the privilege; or the hard limit for NOFILE
 *           exceeds /proc/sys/fs/nr_open on Linux, which no privilege overrides
 *   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
 *   ERANGE  the kernel cannot store the value; a 32-bit Linux kernel stores finite limits below 4,294,967,295
 */
int rr_setrlimit(int resource, const struct rr_rlimit *limits);

/** Sets the limits of a process for one resource and gets the previous limits. Linux and FreeBSD do both in one
 * step; elsewhere the limits are read first and set afterwards. See prlimit(2).
 *
 * pid: process ID; 0 for the calling process
 * resource: one of RR_RLIMIT_*; checked before pid
 * new_limits: new limits, in the unit of the resource; NULL to leave them unchanged
 * old_limits: buffer for the previous limits, which can be new_limits; NULL if not wanted
 *
 * Errors:
 *   ESRCH    there is no such process
 *   EPERM    the process has other user or group IDs and the caller lacks the privilege; or as for rr_setrlimit
 *   EINVAL   as for rr_setrlimit
 *   ERANGE   as for rr_setrlimit
 *   ENOTSUP  this system cannot change or read the limits of another process
 */
int rr_prlimit(int32_t pid, int resource, const struct rr_rlimit *new_limits, struct rr_rlimit *old_limits);

/* ======================================================================================================== *
 * text: Limits and durations as text
 *
 * The form in which limits and durations are written in configuration files and on command lines. It does not
 * depend on the locale.
 */

#define RR_RLIMIT_TEXT_SIZE 64 /* Size of a buffer that is large enough for any result of rr_rlimit_format */

/** Parses limits from text such as "1024", "8M", "4:unlimited" or "1h30min".
 *
 * One value sets the soft and the hard limit. "soft:hard" sets each. "soft:" sets the soft limit only and
 * ":hard" the hard limit only; the other one stays as it is in `limits`. A value is a word or a number without
 * blanks. Letters can be in either case.
 *
 * Value                Meaning
 * unlimited, infinity  no limit; also -1 (except for NICE) and the decimal value of RR_RLIM_INFINITY
 * hard                 the hard limit that `limits` contains before the call
 * number               digits, optionally with a decimal point, and a suffix that depends on the resource
 *
 * Resource      Suffix of a number
 * bytes         none or B; or K, M, G, T, P or E for powers of 1024, which B or iB can follow
 * counts        none; or K, M or G for powers of 1024
 * CPU, RTTIME   none for the unit of the resource; or us, ms, s, min, h or d; numbers with suffixes add up: "1h30min"
 * NICE          none; the number is the limit, or with a sign the nice level: "-5" is the same limit as "25"
 * RTPRIO        none
 *
 * Bytes and counts must be whole: "1.5GiB" is accepted, "1.5" is malformed. A time is rounded up to the unit of the
 * resource. "m" is malformed, because it could mean minutes or months.
 *
 * resource: one of RR_RLIMIT_*
 * text: null-terminated text
 * limits: limits that the text may leave unchanged, such as from rr_getrlimit; replaced on success
 *
 * Errors:
 *   EINVAL  malformed limit; or the soft limit would be greater than the hard limit; or the resource does not
 *           exist on this system
 *   ERANGE  well-formed text, but the number is too large for a limit or is not a nice level
 */
int rr_rlimit_parse(int resource, const char *text, struct rr_rlimit *limits);

/** Formats limits as text that rr_rlimit_parse parses back to the same numbers.
 *
 * The text is one value if both limits are equal, otherwise "soft:hard". No limit is "unlimited". Bytes use
 * the largest power of 1024 that divides them: "8M", "1536K", "1000". Times use units: "1h30min". Everything
 * else is a plain number.
 *
 * resource: one of RR_RLIMIT_*
 * limits: limits, in the unit of the resource
 * text: buffer for the null-terminated text
 * size: size of the buffer in bytes; RR_RLIMIT_TEXT_SIZE is always enough
 *
 * Errors:
 *   ERANGE  the buffer is too small
 *   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
 */
int rr_rlimit_format(int resource, const struct rr_rlimit *limits, char *text, size_t size);

/** Parses a duration such as "200ms", "1h30min", "1.5s" or "90". A number without a suffix counts seconds. The
 * suffixes are ns, us, ms, s, min, h and d, in upper or lower case. Numbers with suffixes add up. Each is rounded up
 * to a whole nanosecond. It is meant for timeouts; rr_child_wait accepts at most 2^63-1 ns.
 *
 * text: null-terminated text
 * ns: buffer for the duration in nanoseconds
 *
 * Errors:
 *   EINVAL  malformed duration
 *   ERANGE  the duration exceeds 2^64-1 nanoseconds
 */
int rr_duration_parse(const char *text, uint64_t *ns);

/* ======================================================================================================== *
 * processes: Processes
 *
 * A handle for a process. Where a parameter is a process handle, NULL stands for the calling process.
 */

/** A handle for a process, from rr_process_open or rr_process_from_fd. Close it with rr_process_close.
 */
typedef struct rr_process rr_process;

/** Opens a handle for a process.
 *
 * The handle refers to this process as long as it is open, even if another process later gets the same
 * process ID. On Linux it holds a pidfd. On the other systems it holds the start time of the process. See
 * pidfd_open(2).
 *
 * Values read through a handle always come from this process. No system can set limits through a handle, so a call
 * that sets something checks the process before and after. If the process ends during such a call, the call returns
 * ESRCH and may have changed a new process with the same process ID. This cannot happen for a child that has not been
 * reaped. If a process inherits a handle through fork(2) and is in another pid namespace, functions that need the
 * process ID return ENOTSUP or ESRCH in that process.
 *
 * On Linux rr_usage_read keeps up to four more descriptors of /proc files in the handle, which makes later
 * reads cheaper. It keeps none while half of the descriptors that RLIMIT_NOFILE allows are in use. All
 * descriptors are close-on-exec. On OpenBSD the caller needs the promise ps of pledge(2).
 *
 * pid: process ID; 0 for the calling process
 * process: buffer for the handle; close it with rr_process_close
 *
 * Errors:
 *   ESRCH    there is no such process
 *   EINVAL   pid is negative, or is a thread that is not a thread-group leader
 *   EMFILE   too many open descriptors in the calling process
 *   ENFILE   too many open files in the system
 *   ENOMEM   out of memory
 *   ENOTSUP  this system does not report the start time of that process to the caller; on NetBSD and OpenBSD
 *            also if it is a zombie
 *   EACCES   there are no pidfds, and /proc hides the process
 */
int rr_process_open(int32_t pid, struct rr_process **process);

/** Opens a handle for the process that a pidfd refers to. Linux only. See pidfd_open(2).
 *
 * pidfd: descriptor from pidfd_open(2) or clone(2); it is duplicated and stays open
 * process: buffer for the handle; close it with rr_process_close
 *
 * Errors:
 *   EBADF    pidfd is not an open pidfd
 *   ESRCH    the process was already reaped
 *   EINVAL   pidfd refers to a thread that is not a thread-group leader
 *   EMFILE   too many open descriptors in the calling process
 *   ENFILE   too many open files in the system
 *   ENOMEM   out of memory
 *   ENOTSUP  the process has no process ID in the caller's pid namespace; or before Linux 6.13, /proc is not
 *            mounted or belongs to another pid namespace; or not Linux
 */
int rr_process_from_fd(int pidfd, struct rr_process **process);

/** Closes a handle. The process is not affected.
 *
 * process: a handle, which becomes invalid; NULL does nothing
 */
void rr_process_close(struct rr_process *process);

/** Gets the process ID of a process. After the process has been reaped, another process can get the same ID.
 *
 * process: a handle, or NULL for the calling process
 *
 * Returns: the process ID, greater than 0
 */
int32_t rr_process_pid(const struct rr_process *process);

/** Gets the pidfd of a handle, for poll(2): it becomes readable when the process ends.
 *
 * process: a handle
 *
 * Returns: the descriptor, which belongs to the handle and must not be closed; -1 if there is none: before
 *   Linux 5.3, in a sandbox that refuses pidfds, on other systems, and for NULL
 */
int rr_process_fd(const struct rr_process *process);

/** Checks that a process is running.
 *
 * process: a handle, or NULL for the calling process
 *
 * Errors:
 *   ESRCH    the process has ended; a zombie has ended too
 *   ENOTSUP  there are no pidfds, and /proc belongs to another pid namespace
 *   EACCES   there are no pidfds, and /proc hides the process
 */
int rr_process_check(const struct rr_process *process);

/* ======================================================================================================== *
 * many: Many limits, explained
 *
 * All limits of a process at once, soft limits raised as far as possible, the reason why a change would be
 * refused, and current usage compared with a limit.
 */

/** The limits of one resource, as an element of an array.
 */
typedef struct rr_rlimit_entry {
    int32_t resource;        /* One of RR_RLIMIT_* */
    int32_t reserved;        /* Zero */
    struct rr_rlimit limits; /* Limits, in the unit of the resource */
} rr_rlimit_entry;

#define RR_REASON_NONE                 0 /* The change would be accepted */
#define RR_REASON_SOFT_ABOVE_HARD      1 /* The soft limit is greater than the hard limit */
#define RR_REASON_HARD_NEEDS_PRIVILEGE 2 /* The hard limit would rise and the caller lacks the privilege to
                                            raise it */
#define RR_REASON_ABOVE_SYSTEM_MAXIMUM 3 /* The hard limit exceeds a maximum that binds privileged callers
                                            too, such as /proc/sys/fs/nr_open on Linux */
#define RR_REASON_NOT_YOUR_PROCESS     4 /* The process has other user or group IDs and the caller lacks
                                            the privilege to change its limits */
#define RR_REASON_UNKNOWN_RESOURCE     5 /* The resource does not exist on this system */
#define RR_REASON_UNKNOWN              6 /* What the result depends on cannot be read: without /proc,
                                            without a free descriptor, or in a sandbox */
#define RR_REASON_NOT_REPRESENTABLE    7 /* The kernel cannot store the value: a 32-bit Linux kernel stores
                                            finite limits below 4,294,967,295 */

/** What rr_setrlimit or rr_prlimit would return for a change, and why.
 */
typedef struct rr_verdict {
    int32_t error;        /* Error that the call would return: 0, EINVAL, EPERM or ERANGE; ENOTSUP if that
                             is unknown */
    int32_t reason;       /* Reason for the error, one of RR_REASON_* */
    uint64_t ceiling;     /* Highest hard limit that is certain to be accepted, in the unit of the
                             resource; 0 if none is */
    uint64_t reserved[2]; /* Zero */
} rr_verdict;

/** Gets the limits of a process for every resource. On Linux they are also available for processes of other
 * users, from /proc/PID/limits.
 *
 * process: a handle, or NULL for the calling process
 * entries: array for the limits, in the order of the resources' numbers; NULL if capacity is 0
 * capacity: number of elements in entries; rr_resource_count() is always enough
 * count: buffer for the number of resources; also written on ERANGE
 *
 * Errors:
 *   ERANGE   capacity is too small
 *   ESRCH    the process was already reaped
 *   EPERM    this system reports the limits of that process to its owner only, or /proc hides the process
 *   ENOTSUP  this system does not report the limits of another process; or the caller is in another pid
 *            namespace than the handle
 */
int rr_rlimits_get(const struct rr_process *process,
                   struct rr_rlimit_entry *entries,
                   size_t capacity,
                   size_t *count);

/** Sets several limits of a process: either all of them or none.
 *
 * Nothing is predicted: the system decides on each entry. Entries that change nothing come first. Then hard limits
 * are raised, soft limits are raised, soft limits are lowered and hard limits are lowered, in this order. In each of
 * these steps NOFILE comes first and limits on time come last. If the system refuses one, those before it are
 * restored in reverse order.
 *
 * It is all or none only if nothing else changes these limits, the system's maximum for NOFILE or the
 * credentials of the process meanwhile. A lowered hard limit cannot be restored without privilege; this matters
 * only in a sandbox that refuses some resources and accepts others. A change that was undone may have had an
 * effect: a soft CPU limit below the time already used sends SIGXCPU.
 *
 * process: a handle, or NULL for the calling process
 * entries: limits to set, each resource at most once, in any order; NULL if count is 0
 * count: number of elements in entries
 * failed: buffer for the index of the refused entry; written on error if one entry is the reason; NULL if not
 *   wanted
 *
 * Errors:
 *   EPERM            as for rr_setrlimit and rr_prlimit
 *   ERANGE           as for rr_setrlimit
 *   EINVAL           a resource does not exist or occurs twice, a soft limit is greater than its hard limit,
 *                    or a reserved field is not zero
 *   ESRCH            the process has ended; a zombie has ended too
 *   ENOTRECOVERABLE  an entry was refused and a previous limit could not be restored
 *   ENOTSUP          this system cannot change the limits of another process; or the caller is in another pid
 *                    namespace than the handle
 */
int rr_rlimits_set(const struct rr_process *process,
                   const struct rr_rlimit_entry *entries,
                   size_t count,
                   size_t *failed);

/** Raises the soft limit of the calling process to a wanted value, or as close to it as the hard limit and the
 * system's maximum permit. It never lowers the soft limit and never changes the hard limit.
 *
 * resource: one of RR_RLIMIT_*
 * wanted: soft limit, in the unit of the resource; RR_RLIM_INFINITY for the highest possible
 * result: buffer for the limits now in force; the soft limit may be less than wanted; NULL if not wanted
 *
 * Errors:
 *   EINVAL  the resource does not exist on this system
 *   EPERM   the hard limit for NOFILE exceeds the system's maximum, so that no change is possible
 *   ERANGE  as for rr_setrlimit
 */
int rr_rlimit_raise(int resource, uint64_t wanted, struct rr_rlimit *result);

/** Predicts what rr_setrlimit, or rr_prlimit for another process, would return for a change, and why. Nothing
 * is changed. On Linux the prediction applies to the calling thread, because threads can differ in their
 * capabilities. See capabilities(7).
 *
 * A security module or sandbox can refuse a change that is predicted to succeed. FreeBSD and NetBSD allow
 * some callers to read the limits of another user's process but not to set them; the prediction does not
 * cover this.
 *
 * The reason is RR_REASON_UNKNOWN if the result depends on something that cannot be read. On Linux this can
 * happen if /proc is not mounted or no descriptor is free: the maximum for NOFILE is then unknown, and so is
 * whether the CAP_SYS_RESOURCE of the caller is valid in the initial user namespace. The error is EPERM if the
 * change would be refused either way, otherwise ENOTSUP.
 *
 * process: a handle, or NULL for the calling process
 * resource: one of RR_RLIMIT_*; an unknown one gives a verdict as well
 * wanted: limits, in the unit of the resource
 * verdict: buffer for the verdict
 *
 * Errors:
 *   ESRCH    the process has ended; a zombie has ended too
 *   ENOTSUP  this system does not report the limits of another process; or the caller is in another pid
 *            namespace than the handle
 */
int rr_rlimit_check(const struct rr_process *process,
                    int resource,
                    const struct rr_rlimit *wanted,
                    struct rr_verdict *verdict);

/** Gets a sentence that explains a reason from rr_rlimit_check, for a message to the user.
 *
 * reason: one of RR_REASON_*
 *
 * Returns: a static string, even for an unknown number; never NULL
 */
const char *rr_reason_text(int reason);

/** Gets the current usage that counts against a limit: the number that the system compares with the limit, except for
 * MEMLOCK and NOFILE.
 *
 * Resource on Linux       Usage
 * CPU                     processor time in whole seconds
 * AS, DATA, STACK, RSS    VmSize, VmData, VmStk and VmRSS of proc(5) in bytes
 * MEMLOCK, SIGPENDING     VmLck in bytes and the first number of SigQ of proc(5)
 * NOFILE                  number of open descriptors; the limit itself applies to the descriptor's number
 * NICE                    20 minus the nice value of the calling thread, or of another process's main thread
 * RTPRIO                  real-time priority of the same thread
 * FSIZE, CORE, LOCKS, MSGQUEUE, NPROC, RTTIME   ENOTSUP
 *
 * For MEMLOCK this is what mlock(2) and mmap(2) have locked. The limit also applies to pinned memory (VmPin,
 * io_uring, BPF, perf), which the kernel counts separately, partly by user, and which is not included. On other
 * systems only CPU of the calling process is available.
 *
 * process: a handle, or NULL for the calling process
 * resource: one of RR_RLIMIT_*
 * used: buffer for the usage, in the unit of the resource
 *
 * Errors:
 *   ENOTSUP  this system does not report the usage, or the kernel omits it, as for its own threads; or for
 *            another process, /proc is not mounted or belongs to another pid namespace
 *   EINVAL   the resource does not exist on this system
 *   ESRCH    the process has ended; a zombie has ended too
 *   EACCES   the caller may not read the usage of that process, or /proc hides it (hidepid)
 *   EPERM    as EACCES
 *   ENOENT   the process is the caller and /proc is not mounted
 */
int rr_rlimit_used(const struct rr_process *process, int resource, uint64_t *used);

/* ======================================================================================================== *
 * rusage: Usage as the system reports it
 *
 * The record of getrusage(2) and wait4(2) with the same fields and layout on every system.
 */

#define RR_RUSAGE_SELF     0    /* The calling process: all its threads, including those that have ended */
#define RR_RUSAGE_CHILDREN (-1) /* Descendants of the calling process that have ended and been reaped */
#define RR_RUSAGE_BOTH     (-2) /* RR_RUSAGE_SELF plus RR_RUSAGE_CHILDREN; ru_maxrss is the greater of the
                                   two */
#define RR_RUSAGE_THREAD   1    /* The calling thread */

/** A length of time.
 */
typedef struct rr_timeval {
    int64_t tv_sec;  /* Seconds */
    int64_t tv_usec; /* Microseconds, 0 to 999,999 */
} rr_timeval;

/** Resource usage as getrusage(2) reports it. A field that the system does not maintain is zero. On Linux
 * these are ru_ixrss, ru_idrss, ru_isrss, ru_nswap, ru_msgsnd, ru_msgrcv and ru_nsignals.
 *
 * ru_maxrss is in KiB on Linux and the BSDs, in bytes on macOS, in pages on Solaris. For
 * RR_RUSAGE_CHILDREN it is that of the largest descendant. On Linux it is inherited through fork(2) and
 * kept by execve(2), so it can be the peak of an ancestor; rr_usage_read and rr_child_wait report the
 * program's own peak.
 */
typedef struct rr_rusage {
    struct rr_timeval ru_utime; /* Processor time in user mode */
    struct rr_timeval ru_stime; /* Processor time in the kernel */
    int64_t ru_maxrss;          /* Peak resident set size */
    int64_t ru_ixrss;           /* Integral of shared memory size over time */
    int64_t ru_idrss;           /* Integral of unshared data size over time */
    int64_t ru_isrss;           /* Integral of unshared stack size over time */
    int64_t ru_minflt;          /* Page faults that required no I/O */
    int64_t ru_majflt;          /* Page faults that required I/O */
    int64_t ru_nswap;           /* Times that the process was swapped out */
    int64_t ru_inblock;         /* Blocks read from storage; 512 bytes each on Linux */
    int64_t ru_oublock;         /* Blocks written to storage; 512 bytes each on Linux */
    int64_t ru_msgsnd;          /* Messages sent */
    int64_t ru_msgrcv;          /* Messages received */
    int64_t ru_nsignals;        /* Signals received */
    int64_t ru_nvcsw;           /* Voluntary context switches: the process waited for a resource */
    int64_t ru_nivcsw;          /* Involuntary context switches: the time slice ended or a higher priority
                                   became runnable */
} rr_rusage;

/** Gets the resource usage of the calling process, its children or the calling thread. See getrusage(2).
 *
 * who: one of RR_RUSAGE_*. Where the system has no call for RR_RUSAGE_BOTH, RR_RUSAGE_SELF is read first and
 *   RR_RUSAGE_CHILDREN immediately afterwards.
 * usage: buffer for the usage
 *
 * Errors:
 *   EINVAL   who is unknown
 *   ENOTSUP  who is RR_RUSAGE_THREAD and this system does not account for threads
 */
int rr_getrusage(int who, struct rr_rusage *usage);

/** Gets the number of fields in rr_rusage, which is 16. Indexes are in the order of the struct.
 *
 * Returns: the number of fields
 */
size_t rr_rusage_field_count(void);

/** Gets the name of a field of rr_rusage.
 *
 * index: 0 to rr_rusage_field_count() - 1
 *
 * Returns: a static string such as "ru_utime"; NULL if index is past the end
 */
const char *rr_rusage_field_name(size_t index);

/** Gets a short description of a field of rr_rusage.
 *
 * index: 0 to rr_rusage_field_count() - 1
 *
 * Returns: a static string such as "time in user mode"; NULL if index is past the end
 */
const char *rr_rusage_field_summary(size_t index);

/** Gets the unit of a field of rr_rusage, as rr_rusage_value stores it.
 *
 * index: 0 to rr_rusage_field_count() - 1
 *
 * Returns: one of RR_UNIT_*; RR_UNIT_NONE for an integral over time and if index is past the end
 */
int rr_rusage_field_unit(size_t index);

/** Gets a field of rr_rusage by its index.
 *
 * usage: usage from rr_getrusage or rr_wait4
 * index: 0 to rr_rusage_field_count() - 1
 * value: buffer for the value; times are in seconds, everything else is unchanged
 *
 * Errors:
 *   ERANGE  index is past the end
 */
int rr_rusage_value(const struct rr_rusage *usage, size_t index, double *value);

/** Waits for a child to change state and gets its resource usage, including that of the descendants that it
 * reaped. See wait4(2).
 *
 * pid: process ID of a child; -1 for any child; 0 for any child in the caller's process group; less than -1 for
 *   any child in process group -pid
 * options: WNOHANG, WUNTRACED and WCONTINUED of <sys/wait.h>, or 0
 * waited: buffer for the process ID of the child; 0 if WNOHANG was given and no child has changed state
 * status: buffer for the status, for rr_wait_status or the macros of <sys/wait.h>; 0 if waited is 0; NULL if
 *   not wanted
 * usage: buffer for the usage; all zero if waited is 0; NULL if not wanted
 *
 * Errors:
 *   ECHILD  there is no such child, or it was already reaped
 *   EINTR   a signal handler was called
 *   EINVAL  options are invalid
 */
int rr_wait4(int32_t pid, int options, int32_t *waited, int32_t *status, struct rr_rusage *usage);

/** Decodes the status of a child that has ended. See WIFEXITED and WIFSIGNALED in wait(2).
 *
 * status: status from rr_wait4 or waitpid(2)
 * exit_code: buffer for the exit status, 0 to 255; -1 if a signal ended the child
 * signal: buffer for the signal that ended the child; 0 if it exited
 *
 * Errors:
 *   EINVAL  the status is of a child that stopped or continued
 */
int rr_wait_status(int32_t status, int32_t *exit_code, int32_t *signal);

/** Gets the size of a memory page, which is the unit of ru_maxrss on Solaris.
 *
 * Returns: the size in bytes
 */
size_t rr_getpagesize(void);

/* ======================================================================================================== *
 * usage: Usage of any process
 *
 * The usage of the calling process, of another process or of a child that has ended, in the same units
 * everywhere. The field `known` is a bit mask of the groups of fields that are known.
 */

#define RR_USAGE_CPU           0x1ull         /* cpu_ns */
#define RR_USAGE_TIMES         0x2ull         /* user_ns and system_ns */
#define RR_USAGE_WALL          0x4ull         /* wall_ns */
#define RR_USAGE_RSS           0x8ull         /* rss_bytes */
#define RR_USAGE_PEAK_RSS      0x10ull        /* peak_rss_bytes */
#define RR_USAGE_VIRTUAL       0x20ull        /* virtual_bytes */
#define RR_USAGE_SWAP          0x40ull        /* swap_bytes */
#define RR_USAGE_FAULTS        0x80ull        /* minor_faults and major_faults */
#define RR_USAGE_IO            0x100ull       /* read_bytes and written_bytes */
#define RR_USAGE_SWITCHES      0x200ull       /* voluntary_switches and involuntary_switches */
#define RR_USAGE_THREADS       0x400ull       /* threads */
#define RR_USAGE_OPEN_FILES    0x800ull       /* open_files */
#define RR_USAGE_ALL           0xFFFull       /* Every group of this version */
#define RR_USAGE_PEAK_IS_BOUND 0x100000000ull /* Not a group: peak_rss_bytes is an upper bound, because the
                                                 record may include an ancestor or the program that the
                                                 process ran before execve(2) */

/** Resource usage of a process in nanoseconds, bytes and counts. It has the same form for the calling
 * process, for another process and for a child that has ended. The fields of a group whose bit is not set
 * in `known` are zero and mean nothing.
 */
typedef struct rr_usage {
    uint64_t known;                /* RR_USAGE_* bits of the groups that are known; ignore unknown bits */
    uint64_t cpu_ns;               /* Processor time of all threads, including ended ones, in user mode and
                                      in the kernel */
    uint64_t user_ns;              /* Processor time in user mode; on Linux in steps of 10 ms for other
                                      processes */
    uint64_t system_ns;            /* Processor time in the kernel; on Linux in steps of 10 ms for other
                                      processes */
    uint64_t wall_ns;              /* Time since the process started; on Linux in steps of 10 ms. On
                                      NetBSD, DragonFly and macOS a change of the system's clock changes
                                      it. */
    uint64_t rss_bytes;            /* Current resident set size, including shared pages */
    uint64_t peak_rss_bytes;       /* Peak resident set size */
    uint64_t virtual_bytes;        /* Size of the address space */
    uint64_t swap_bytes;           /* Size of swapped-out memory */
    uint64_t minor_faults;         /* Page faults that required no I/O */
    uint64_t major_faults;         /* Page faults that required I/O */
    uint64_t read_bytes;           /* Bytes read from storage; reads that a cache satisfied are excluded */
    uint64_t written_bytes;        /* Bytes submitted for writing to storage */
    uint64_t voluntary_switches;   /* Voluntary context switches: a thread waited for a resource */
    uint64_t involuntary_switches; /* Involuntary context switches: a time slice ended or a higher priority
                                      became runnable */
    uint64_t threads;              /* Current number of threads */
    uint64_t open_files;           /* Current number of open file descriptors */
    uint64_t reserved[15];         /* Zero */
} rr_usage;

/** Gets the resource usage of a process.
 *
 * The groups that are available depend on the system. RR_USAGE_ is omitted from the names. "rusage" stands for
 * CPU, TIMES, FAULTS, SWITCHES and PEAK_RSS, where the peak is an upper bound (RR_USAGE_PEAK_IS_BOUND).
 *
 * System     Calling process               Another process               Zombie
 * Linux      all; the peak is a bound      all except SWITCHES; IO only  CPU, TIMES, FAULTS, IO
 *            only if /proc is not mounted  if ptrace(2) is permitted
 * FreeBSD    rusage, WALL, RSS, VIRTUAL,   rusage, WALL, RSS, VIRTUAL,   rusage
 *            THREADS, OPEN_FILES           THREADS
 * NetBSD     rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, WALL,     ESRCH
 *            THREADS                       RSS, VIRTUAL, THREADS
 * OpenBSD    rusage, WALL, RSS,            CPU, TIMES, WALL, RSS         ESRCH
 *            OPEN_FILES
 * DragonFly  rusage, WALL, RSS, VIRTUAL,   PEAK_RSS, WALL, RSS,          none
 *            THREADS                       VIRTUAL, THREADS; with one
 *                                          thread all of rusage
 * macOS      rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, WALL,     none
 *            IO, THREADS                   RSS, VIRTUAL, IO, THREADS;
 *                                          only WALL if the process is
 *                                          another user's, except to root
 * Solaris    rusage, WALL, RSS, VIRTUAL,   CPU, TIMES, FAULTS, SWITCHES, CPU, TIMES, FAULTS,
 *            THREADS                       WALL, RSS, VIRTUAL, THREADS   SWITCHES
 *
 * On Linux, if /proc belongs to another pid namespace, only CPU is available for another process. On FreeBSD
 * and DragonFly the peak is the largest size at any clock tick. On OpenBSD, groups other than rusage require
 * the promise ps of pledge(2). On Apple systems other than macOS nothing is available for another process.
 * See proc(5), clock_getcpuclockid(3), sysctl(3).
 *
 * process: a handle, or NULL for the calling process
 * wanted: RR_USAGE_* bits of the wanted groups, or RR_USAGE_ALL. Other groups cost nothing. Unknown bits are
 *   ignored.
 * usage: buffer for the usage. `known` has the bits of the groups that were read, which can be fewer or more
 *   than wanted: a group that needs no further system call is included.
 *
 * Errors:
 *   ESRCH    the process was already reaped
 *   ENOTSUP  a process opened a handle for itself, the caller is a child of it that inherited the handle, and
 *            this system cannot identify the process; or the caller is in another pid namespace than the handle
 */
int rr_usage_read(struct rr_process *process, uint64_t wanted, struct rr_usage *usage);

/** Converts an rr_rusage to nanoseconds and bytes. CPU, TIMES, FAULTS and SWITCHES become known. On Linux IO
 * becomes known too, because a block has 512 bytes there. PEAK_RSS becomes known as an upper bound
 * (RR_USAGE_PEAK_IS_BOUND), because the record may include the peak of an ancestor.
 *
 * from: usage from rr_getrusage or rr_wait4
 * usage: buffer for the converted usage
 *
 * Errors:
 *   EINVAL  a number is negative, or a tv_usec is greater than 999,999
 */
int rr_usage_from_rusage(const struct rr_rusage *from, struct rr_usage *usage);

/** Calculates what a process used between two readings. Times, faults, bytes read and written, and context
 * switches are subtracted; each is known if both readings know it. Sizes, peak, threads and open files have
 * no meaningful difference and are copied from `end`.
 *
 * start: earlier reading
 * end: later reading of the same process
 * difference: buffer for the result, which can be start or end
 *
 * Errors:
 *   ERANGE  a value that only grows is smaller in end; the readings may be of different processes
 *   EINVAL  a reserved field is not zero
 */
int rr_usage_since(const struct rr_usage *start, const struct rr_usage *end, struct rr_usage *difference);

/** Resets the peak resident set size of a process to its current value. ru_maxrss is not affected. See
 * clear_refs in proc(5).
 *
 * process: a handle, or NULL for the calling process
 *
 * Errors:
 *   ESRCH    the process has ended
 *   EACCES   the caller may not write the process's clear_refs file
 *   EPERM    the caller may not change the process
 *   EROFS    /proc is mounted read-only
 *   ENOTSUP  not Linux, /proc is not mounted, the kernel was built without CONFIG_PROC_PAGE_MONITOR, or for
 *            another process, /proc belongs to another pid namespace
 */
int rr_usage_reset_peak(const struct rr_process *process);

/** Gets the number of fields in rr_usage, excluding `known` and `reserved`, which is 16. Indexes are in the
 * order of the struct.
 *
 * Returns: the number of fields
 */
size_t rr_usage_field_count(void);

/** Gets the name of a field of rr_usage.
 *
 * index: 0 to rr_usage_field_count() - 1
 *
 * Returns: a static string such as "cpu_ns"; NULL if index is past the end
 */
const char *rr_usage_field_name(size_t index);

/** Gets a short description of a field of rr_usage.
 *
 * index: 0 to rr_usage_field_count() - 1
 *
 * Returns: a static string such as "processor time"; NULL if index is past the end
 */
const char *rr_usage_field_summary(size_t index);

/** Gets the unit of a field of rr_usage.
 *
 * index: 0 to rr_usage_field_count() - 1
 *
 * Returns: RR_UNIT_NANOSECONDS, RR_UNIT_BYTES or RR_UNIT_COUNT; RR_UNIT_NONE if index is past the end
 */
int rr_usage_field_unit(size_t index);

/** Gets the group that a field of rr_usage belongs to.
 *
 * index: 0 to rr_usage_field_count() - 1
 *
 * Returns: one of the RR_USAGE_* bits; 0 if index is past the end
 */
uint64_t rr_usage_field_group(size_t index);

/** Gets a field of rr_usage by its index.
 *
 * usage: usage from one of the functions above
 * index: 0 to rr_usage_field_count() - 1
 * value: buffer for the value, in the unit of the field
 *
 * Errors:
 *   ENOTSUP  the field is not known
 *   ERANGE   index is past the end
 */
int rr_usage_value(const struct rr_usage *usage, size_t index, uint64_t *value);

/* ======================================================================================================== *
 * bounds: Bounds
 *
 * What really limits a process and how much is left: its own limits, its control groups, the machine
 * and settings of the kernel.
 */

#define RR_BOUND_MEMORY 1 /* Memory, in bytes */
#define RR_BOUND_SWAP   2 /* Swap space, in bytes */
#define RR_BOUND_CPU    3 /* Processors, in nanoseconds of processor time per second: 1.5 processors are
                             1,500,000,000 */
#define RR_BOUND_TASKS  4 /* Tasks: processes and threads */
#define RR_BOUND_FILES  5 /* Open descriptors */

#define RR_SOURCE_RLIMIT      1 /* A soft limit of the process; `detail` is the resource, one of
                                   RR_RLIMIT_* */
#define RR_SOURCE_CGROUP      2 /* A control group; `detail` is its level */
#define RR_SOURCE_CGROUP_HIGH 3 /* The memory.high of a control group; `detail` is its level. Above it the
                                   kernel slows the group down but refuses nothing */
#define RR_SOURCE_AFFINITY    4 /* The affinity mask, see sched_setaffinity(2); `detail` is 0 */
#define RR_SOURCE_CPUSET      5 /* The cpuset of a control group; `detail` is its level */
#define RR_SOURCE_MACHINE     6 /* The memory, swap space or processors that the machine has; `detail` is 0 */
#define RR_SOURCE_SYSCTL      7 /* A setting of the kernel; `detail` is one of RR_SYSCTL_* */

#define RR_SYSCTL_PID_MAX         1 /* kernel.pid_max on Linux: the number of process and thread IDs */
#define RR_SYSCTL_THREADS_MAX     2 /* kernel.threads-max on Linux: the tasks of the whole system */
#define RR_SYSCTL_FILE_MAX        3 /* fs.file-max on Linux: the open files of the whole system, except
                                       with CAP_SYS_ADMIN */
#define RR_SYSCTL_NR_OPEN         4 /* fs.nr_open on Linux: the open descriptors of one process */
#define RR_SYSCTL_COMMIT          5 /* CommitLimit of /proc/meminfo on Linux, in force while
                                       vm.overcommit_memory is 2 */
#define RR_SYSCTL_MAXPROC         6 /* kern.maxproc on the BSDs and macOS: the processes of the whole
                                       system */
#define RR_SYSCTL_MAXFILES        7 /* kern.maxfiles on the BSDs and macOS: the open files of the whole
                                       system */
#define RR_SYSCTL_MAXFILESPERPROC 8 /* kern.maxfilesperproc on FreeBSD, DragonFly and macOS: the open files
                                       of one process */

#define RR_BOUND_USED_KNOWN      0x1u  /* `used`, `reclaimable` and `room` are known */
#define RR_BOUND_SHARED          0x2u  /* Other processes use it too, so the room can shrink even if this
                                          process uses no more */
#define RR_BOUND_ADDRESS_SPACE   0x4u  /* Address space is counted, which a process may reserve without
                                          using memory */
#define RR_BOUND_PARTIAL         0x8u  /* Control groups that may bind more tightly are hidden from the
                                          caller. All bounds of one call have it, or none */
#define RR_BOUND_CGROUP_V1       0x10u /* The control group is of version 1 */
#define RR_BOUND_MEMORY_AND_SWAP 0x20u /* Memory and swap space are counted together:
                                          memory.memsw.limit_in_bytes of a control group of version 1 */

#define RR_BOUND_CAPACITY  32  /* Largest number of bounds that rr_bounds_read reports */
#define RR_BOUND_TEXT_SIZE 192 /* Size of a buffer that is large enough for any result of rr_bound_format */

/** One thing that bounds a process.
 *
 * The level of a control group is 0 for the process's own group, 1 for its parent, and so on. It is -1 for
 * a group that is hidden from the caller but whose limit the kernel reports (version 1 only).
 */
typedef struct rr_bound {
    int32_t source;       /* What sets the bound, one of RR_SOURCE_* */
    int32_t detail;       /* Which of them: a resource, a level, one of RR_SYSCTL_*, or 0 */
    uint32_t flags;       /* RR_BOUND_USED_KNOWN, _SHARED, _ADDRESS_SPACE, _PARTIAL, _CGROUP_V1,
                             _MEMORY_AND_SWAP; ignore unknown bits */
    uint32_t reserved0;   /* Zero */
    uint64_t limit;       /* The bound, in the unit of the kind; never RR_RLIM_INFINITY */
    uint64_t used;        /* Current usage that counts against it */
    uint64_t reclaimable; /* Part of `used` that the kernel can reclaim, such as page cache */
    uint64_t room;        /* What is left: limit - used + reclaimable; 0 if that is negative */
    uint64_t reserved[4]; /* Zero */
} rr_bound;

/** Gets everything that bounds a process in one respect: limits, control groups, processors, the machine and kernel
 * settings. What has no limit is omitted. The bound with the smallest limit comes first; at most RR_BOUND_CAPACITY
 * bounds are reported.
 *
 * Kind    On Linux; *: the usage is known               On other systems, where they exist
 * MEMORY  control groups *, RLIMIT_AS *,                RLIMIT_AS, RLIMIT_DATA,
 *         RLIMIT_DATA *, physical memory *,             physical memory
 *         commit limit *
 * SWAP    control groups *, swap space *                RLIMIT_SWAP
 * CPU     control groups, their cpuset, affinity mask,  online processors; on FreeBSD also the
 *         online processors                             affinity mask
 * TASKS   control groups *, RLIMIT_NPROC,               RLIMIT_NPROC, kern.maxproc
 *         kernel.threads-max *, kernel.pid_max *
 * FILES   RLIMIT_NOFILE *, fs.nr_open *, fs.file-max *  RLIMIT_NOFILE, kern.maxfiles,
 *                                                       kern.maxfilesperproc
 *
 * Control groups of versions 1 and 2 are read, from the process's own group up to the highest visible one. Groups
 * that are hidden from the caller, such as the parents of a container, set RR_BOUND_PARTIAL. RLIMIT_NPROC is omitted
 * if the kernel does not apply it to the process. The affinity mask and the control groups are those of the calling
 * thread, or of another process's main thread. An address-space limit bounds what can be mapped, not what is used. Up
 * to 16 KiB of stack is used. See cgroups(7), proc(5), sched_setaffinity(2).
 *
 * process: a handle, or NULL for the calling process
 * kind: RR_BOUND_MEMORY, RR_BOUND_SWAP, RR_BOUND_CPU, RR_BOUND_TASKS or RR_BOUND_FILES
 * bounds: array for the bounds; NULL if capacity is 0
 * capacity: number of elements in bounds; RR_BOUND_CAPACITY is always enough
 * count: buffer for the number of bounds; also written on ERANGE
 *
 * Errors:
 *   EINVAL   kind is unknown
 *   ERANGE   capacity is too small
 *   ESRCH    the process has ended
 *   ENOTSUP  no bound of this kind can be read on this system
 */
int rr_bounds_read(struct rr_process *process,
                   int kind,
                   struct rr_bound *bounds,
                   size_t capacity,
                   size_t *count);

/** Gets the bound with the smallest limit and the bound with the least room.
 *
 * The two are often different: a parent control group with a larger limit has less room if its other members use it.
 * RR_SOURCE_CGROUP_HIGH is not considered. For RR_BOUND_MEMORY, a handle keeps up to eight files open for the next
 * call, unless half of the descriptors that RLIMIT_NOFILE allows are in use. Up to 12 KiB of stack is used.
 *
 * process: a handle, or NULL for the calling process
 * kind: as for rr_bounds_read
 * least_limit: buffer for the bound with the smallest limit
 * least_room: buffer for the bound with the least room among those with RR_BOUND_USED_KNOWN, or a copy of
 *   least_limit if there is none
 *
 * Errors:
 *   EINVAL   kind is unknown
 *   ESRCH    the process has ended
 *   ENOTSUP  no bound of this kind can be read on this system
 */
int rr_bound_effective(struct rr_process *process,
                       int kind,
                       struct rr_bound *least_limit,
                       struct rr_bound *least_room);

/** Formats a bound as one line for a log, such as
 * "memory: 100 MiB (memory.max, control group 2 levels up), 39 MiB left". Sizes are rounded down.
 *
 * bound: a bound from rr_bounds_read or rr_bound_effective
 * kind: the kind that it was read for
 * text: buffer for the line and its NUL
 * size: size of the buffer in bytes; RR_BOUND_TEXT_SIZE is always enough
 *
 * Errors:
 *   EINVAL  kind, source, or the resource or setting in detail is unknown, or a reserved field is not zero
 *   ERANGE  the buffer is too small
 */
int rr_bound_format(const struct rr_bound *bound, int kind, char *text, size_t size);

/* ======================================================================================================== *
 * commands: Commands
 *
 * Programs started under limits. A command describes how to start a program. A child is a program that was
 * started. An outcome is how it ended, the limit that ended it, and what it used.
 */

/** A program and how to start it, from rr_command_new. Free it with rr_command_free.
 */
typedef struct rr_command rr_command;

/** A program that was started, from rr_command_spawn. Free it with rr_child_free.
 */
typedef struct rr_child rr_child;

#define RR_STEP_DESCRIPTOR  1 /* Duplicating or closing descriptors; detail is child_fd of rr_command_dup2
                                 or first_fd of rr_command_close_from */
#define RR_STEP_SESSION     2 /* Creating the session or process group */
#define RR_STEP_CREDENTIALS 3 /* Changing the user, group or supplementary groups */
#define RR_STEP_DIRECTORY   4 /* Changing to the working directory */
#define RR_STEP_LIMIT       5 /* Setting a limit; detail is the resource */
#define RR_STEP_EXEC        6 /* Executing the program */
#define RR_STEP_CGROUP      7 /* Joining the control group */
#define RR_STEP_TREE        8 /* Setting up the process tree */
#define RR_STEP_START       9 /* Creating the process: memory, processes or descriptors were not available */

/** The step at which a start failed.
 */
typedef struct rr_failure {
    int32_t step;   /* One of RR_STEP_* */
    int32_t detail; /* Descriptor or resource that could not be set; 0 for the other steps */
} rr_failure;

#define RR_OOM_NO       0 /* The out-of-memory killer did not end the program */
#define RR_OOM_POSSIBLE 1 /* SIGKILL ended the program, and the system's count of out-of-memory kills rose
                             while it ran */
#define RR_OOM_YES      2 /* The program's control group recorded the out-of-memory kill */
#define RR_OOM_UNKNOWN  3 /* SIGKILL ended the program, and the system does not report why */

/** How a child ended and what it used.
 */
typedef struct rr_outcome {
    int32_t exit_code;       /* Exit status, 0 to 255; -1 if a signal ended the program */
    int32_t signal;          /* Signal that ended the program; 0 if it exited */
    int32_t core_dumped;     /* 1 if the program left a core dump, else 0 */
    int32_t limit;           /* Resource whose limit had been reached when a signal ended the program, one
                                of RR_RLIMIT_*; else -1. See rr_child_wait. */
    uint64_t wall_ns;        /* Time from the call of rr_command_spawn until rr_child_wait noticed the end */
    struct rr_rusage rusage; /* Usage as wait4(2) reports it, including descendants that the program reaped */
    struct rr_usage usage;   /* The same in nanoseconds and bytes. peak_rss_bytes is the peak of the
                                program itself or of the largest descendant that it reaped, not their sum.
                                It excludes the caller's memory unless RR_USAGE_PEAK_IS_BOUND is set. */
    int32_t oom;             /* Whether the out-of-memory killer ended the program, one of RR_OOM_* */
    int32_t reserved0;       /* Zero */
    uint64_t reserved[7];    /* Zero */
} rr_outcome;

/** Creates a command: a program and how to start it. It can be started any number of times.
 *
 * Unless set otherwise, the program inherits from the caller what it would after fork(2) and execve(2):
 * environment, working directory, user, limits, ignored signals and all descriptors that are not close-on-exec.
 * SIGPIPE has its default action in the program, and no signal is blocked. See posix_spawn(3).
 *
 * program: path of the program if it contains a slash. Otherwise it is searched for in the PATH of the
 *   program's environment, or in "/bin:/usr/bin" if there is no PATH. Relative paths, including an empty entry
 *   of PATH, are relative to the program's working directory. It is copied, and is argument 0 by default.
 * command: buffer for the command; free it with rr_command_free
 *
 * Errors:
 *   ENOMEM  out of memory
 */
int rr_command_new(const char *program, struct rr_command **command);

/** Frees a command. Programs that were started from it are not affected.
 *
 * command: a command, which becomes invalid; NULL does nothing
 */
void rr_command_free(struct rr_command *command);

/** Appends an argument. It is passed to the program unchanged, without a shell.
 *
 * command: a command
 * argument: the argument, which is copied
 *
 * Errors:
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_add_arg(struct rr_command *command, const char *argument);

/** Sets argument 0, the name by which the program knows itself. By default it is the program as given to
 * rr_command_new.
 *
 * command: a command
 * name: the name, which is copied
 *
 * Errors:
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_set_arg0(struct rr_command *command, const char *name);

/** Sets or removes a variable in the program's environment. All other variables are those of the caller at the
 * time of the start, unless rr_command_clear_env was called.
 *
 * command: a command
 * name: name of the variable, which is copied
 * value: value of the variable, which is copied; NULL to remove the variable
 *
 * Errors:
 *   EINVAL  name is empty or contains '='
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_set_env(struct rr_command *command, const char *name, const char *value);

/** Clears the program's environment. It removes the caller's variables and those that earlier calls of
 * rr_command_set_env have set; later calls add to the empty environment.
 *
 * command: a command
 *
 * Errors:
 *   EFAULT  command is NULL
 */
int rr_command_clear_env(struct rr_command *command);

/** Sets the program's working directory.
 *
 * command: a command
 * path: path of the directory, which is copied; a relative path is relative to the caller's working directory
 *   at the time of the start
 *
 * Errors:
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_set_directory(struct rr_command *command, const char *path);

/** Duplicates a descriptor of the caller for the program. The parameters have the order of dup2(2). All
 * duplications take effect at the same time, so that 1 and 2 can be swapped.
 *
 * command: a command
 * source_fd: descriptor of the caller that is open at the time of the start. If it equals child_fd, the program
 *   inherits it even if it is close-on-exec.
 * child_fd: descriptor in the program; a later call for the same one replaces this call
 *
 * Errors:
 *   EBADF   a descriptor is negative
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_dup2(struct rr_command *command, int source_fd, int child_fd);

/** Sets the limits of the program for one resource. They take effect in the program only, immediately before
 * it starts; the caller's limits are not changed. For other resources the program inherits the caller's
 * limits.
 *
 * A limit applies to one process. Each process that the program starts has the same limits and its own usage.
 * NPROC counts all processes of the user, and CPU counts whole seconds. A limit on NOFILE, NPROC, FSIZE or
 * MEMLOCK does not impede the start itself. If AS, DATA or STACK is too small for the program, it ends
 * immediately or rr_command_spawn fails.
 *
 * On Linux a finite CPU limit greater than 18,446,744,073 seconds (584 years) is clamped to that value, because
 * the kernel would wrap it around.
 *
 * command: a command
 * resource: one of RR_RLIMIT_*; a later call for the same resource replaces this call
 * limits: limits, in the unit of the resource
 *
 * Errors:
 *   EINVAL  the resource does not exist on this system, or the soft limit is greater than the hard limit
 *   ERANGE  as for rr_setrlimit
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_set_limit(struct rr_command *command, int resource, const struct rr_rlimit *limits);

/** Closes all descriptors in the program from first_fd on, except those that rr_command_dup2 names. See
 * close_range(2).
 *
 * The caller's descriptors are not changed. On Linux before 5.11 this requires /proc. On other systems descriptors at
 * or above the caller's soft limit on NOFILE stay open.
 *
 * command: a command
 * first_fd: the lowest descriptor to close, such as 3; a later call replaces this call
 *
 * Errors:
 *   EBADF  first_fd is negative
 */
int rr_command_close_from(struct rr_command *command, int first_fd);

/** Sets the program's file mode creation mask. See umask(2).
 *
 * command: a command
 * mask: permissions that the program's new files do not get, such as 022; a later call replaces this call
 *
 * Errors:
 *   EINVAL  mask has bits other than 0777
 */
int rr_command_set_umask(struct rr_command *command, uint32_t mask);

/** Sets the user and the groups of the program: its real, effective and saved user and group IDs and its
 * supplementary groups. It requires the privilege of setgroups(2), even if nothing changes. If a part fails,
 * rr_command_spawn fails with RR_STEP_CREDENTIALS and the program does not run.
 *
 * The working directory, the control group and the limits are set with the caller's privileges; the program is
 * executed with those of the new user. If the processes of that user exceed the limit on NPROC, rr_command_spawn
 * fails with EAGAIN and RR_STEP_EXEC. See setresuid(2), execve(2).
 *
 * command: a command
 * uid: user ID
 * gid: group ID
 * groups: supplementary groups, which are copied; NULL if count is 0
 * count: number of groups; 0 for none. A later call replaces this call.
 *
 * Errors:
 *   EINVAL  an ID is 4,294,967,295, or there are more than 65,536 groups
 *   ENOMEM  out of memory; the command is unchanged
 */
int rr_command_set_credentials(struct rr_command *command,
                               uint32_t uid,
                               uint32_t gid,
                               const uint32_t *groups,
                               size_t count);

/** Starts the program in a control group, which everything that it starts inherits. Linux only: on other systems
 * rr_command_spawn fails with ENOTSUP and RR_STEP_CGROUP. See cgroups(7).
 *
 * command: a command
 * cgroup_fd: descriptor of the group's directory, of version 1 or 2, that is open at the time of the start; a later
 *   call replaces this call
 *
 * Errors:
 *   EBADF  cgroup_fd is negative
 */
int rr_command_set_cgroup(struct rr_command *command, int cgroup_fd);

/** Makes the program the leader of a new process group, so that rr_child_kill also reaches what it starts. See
 * setpgid(2).
 *
 * command: a command
 *
 * Errors:
 *   EFAULT  command is NULL
 */
int rr_command_new_group(struct rr_command *command);

/** Makes the program the leader of a new session, without a controlling terminal, and of a new process group.
 * See setsid(2).
 *
 * command: a command
 *
 * Errors:
 *   EFAULT  command is NULL
 */
int rr_command_new_session(struct rr_command *command);

/** Disables the launcher (see rr_command_spawn). The program's peak resident set size is then only an upper
 * bound if it does not exceed the caller's; RR_USAGE_PEAK_IS_BOUND is set in that case.
 *
 * command: a command
 *
 * Errors:
 *   EFAULT  command is NULL
 */
int rr_command_no_launcher(struct rr_command *command);

/** Starts the program as a child of the caller. On success the program has been executed. On error there is no
 * child and no zombie, and `failure` reports the step that failed.
 *
 * On Linux the program is started through a small launcher, because a process inherits its parent's record of peak
 * memory: without it, a small program started by a large caller would appear large. The program is the caller's own
 * child (except in a tree, rr_command_set_tree). The caller can notice the launcher: for less than a millisecond
 * there is a second child, named rresource-launcher. It causes a second SIGCHLD, and waitpid(-1) in another thread
 * may reap it, which does no harm.
 *
 * The launcher runs with the caller's rights. It is the file libexecdir/rresource/launcher if root or the caller's
 * effective user owns the file, no other user can write to it, and it equals the copy in this library byte for byte.
 * Otherwise it is that copy, executed from a sealed memfd. From its first start until it is freed, a command keeps a
 * descriptor of the launcher, which is close-on-exec.
 *
 * If the launcher cannot run, the program is started directly, as after rr_command_no_launcher. This happens in
 * some sandboxes, with the sysctl vm.memfd_noexec, in emulators, at a limit on processes, and on other systems
 * and architectures. It also happens if execve(2) of the launcher would change the caller's rights or the meaning
 * of the program's path: capabilities without an ambient set, a different file-system user, /proc/self/exe.
 *
 * If the call succeeds, the program runs exactly once. If it fails with an error other than EPROTO, the program
 * does not run. If another process kills the program before it begins, the call succeeds and that signal is the
 * outcome, as with posix_spawn(3).
 *
 * ETXTBSY: a program that the calling process has just written can still be open for writing in a child that
 * another thread forked meanwhile, until that child executes. Start the program again after a few milliseconds, or
 * write it in another process.
 *
 * The caller's memory is not copied, its limits and signal handlers are not changed, and no thread is created. During
 * the call the calling thread has all signals blocked except SIGSYS and those for faults, such as SIGSEGV. On Linux
 * the handle of a child holds one descriptor, or a few for a tree, all close-on-exec. See posix_spawn(3), execve(2).
 *
 * command: a command, which can be used again or freed immediately
 * child: buffer for the child; free it with rr_child_free
 * failure: buffer for the step that failed, written on any error except EFAULT; NULL if not wanted
 *
 * Errors:
 *   ENOENT        the program, its interpreter or the working directory does not exist
 *   EACCES        the program is not executable, or a directory may not be searched
 *   ENOEXEC       the program is not in an executable format
 *   ENOTDIR       a part of a path is not a directory
 *   ELOOP         too many symbolic links in a path
 *   ENAMETOOLONG  a path is too long
 *   E2BIG         the arguments and the environment are too long
 *   ETXTBSY       the program is open for writing
 *   EPERM         the caller lacks the privilege to raise a hard limit or to change the credentials
 *   EINVAL        the system does not accept a limit, or a tree has limits but rr_command_set_tree was not called
 *   EBADF         source_fd is not open, or child_fd is not less than the hard limit on NOFILE
 *   EAGAIN        the limit on processes is reached
 *   ENOMEM        out of memory
 *   EMFILE        too many open descriptors in the calling process, or no descriptor is free to swap others
 *   ENFILE        too many open files in the system
 *   EPROTO        the launcher's answer could not be read, so it is unknown whether the program was started
 *   EISDIR        the program's interpreter is a directory
 *   EIO           an I/O error occurred while the program was read
 *   ENODEV        the file system of the program is not available
 *   ESTALE        the network file system of the program is not available
 *   ENOSYS        a sandbox refuses to create processes
 *   ENOTSUP       this system cannot do what the command asks for; see rr_command_set_tree, rr_command_set_cgroup
 */
int rr_command_spawn(const struct rr_command *command, struct rr_child **child, struct rr_failure *failure);

/** Gets a few words that name a step of a start, for a message to the user.
 *
 * step: one of RR_STEP_*
 *
 * Returns: a static string such as "working directory"; never NULL, also for an unknown number
 */
const char *rr_step_text(int step);

/** Gets the process ID of a child. After the child has been reaped, another process can get the same ID.
 *
 * child: a child
 *
 * Returns: the process ID, greater than 0; -1 for NULL
 */
int32_t rr_child_pid(const struct rr_child *child);

/** Gets the pidfd of a child, for poll(2): it is readable once the child has ended, before and after
 * rr_child_wait. See pidfd_open(2).
 *
 * child: a child
 *
 * Returns: the descriptor, which belongs to the child's handle and must not be closed; -1 if there is none:
 *   before Linux 5.3, if no descriptor was free, on other systems, and for NULL
 */
int rr_child_fd(const struct rr_child *child);

/** Opens a handle for a child as a process, to get its usage and limits while it runs. The handle stays valid
 * when the child is freed.
 *
 * child: a child
 * process: buffer for the handle; close it with rr_process_close
 *
 * Errors:
 *   ESRCH    the child was already reaped
 *   EMFILE   too many open descriptors in the calling process
 *   ENFILE   too many open files in the system
 *   ENOMEM   out of memory
 *   ENOTSUP  this system cannot open other processes; see rr_process_open
 */
int rr_child_process(const struct rr_child *child, struct rr_process **process);

/** Sends a signal to a child, or to its whole process group if it is the leader of one (rr_command_new_group,
 * rr_command_new_session). The signal never reaches a later process with the same process ID. Without a descriptor
 * (rr_child_fd) this requires that nothing else reaps the caller's children. In a tree (rr_command_set_tree) every
 * process gets the signal. See pidfd_send_signal(2), kill(2).
 *
 * child: a child
 * signal: signal number of <signal.h>; 0 to check only
 *
 * Errors:
 *   ESRCH   the child was already reaped, even if its process group still has members
 *   EPERM   the child runs as another user
 *   EINVAL  signal is not a signal number
 *   EAGAIN  the supervisor of a tree has not yet handled earlier signals
 */
int rr_child_kill(struct rr_child *child, int signal);

/** Waits until a child has ended, reaps it, and gets how it ended and what it used. Once it has succeeded,
 * further calls return the same outcome.
 *
 * It uses poll(2) on the child's descriptor, and neither signal handlers nor threads. Without a descriptor
 * (rr_child_fd), and for a child that has ended but that another process traces (ptrace(2)), it checks
 * repeatedly, at intervals of at most 10 ms. It never takes longer than the timeout. A signal handler does not
 * interrupt it. On systems other than Linux a call with a timeout is a cancellation point, pthreads(7). See
 * waitid(2), wait4(2).
 *
 * `limit` in the outcome is the resource whose limit had been reached. On Linux it is one of these:
 *
 * Limit            Condition
 * RR_RLIMIT_CPU    ended by SIGKILL, with its own processor time at or above the hard limit; or by SIGXCPU,
 *                  with its time at or above the soft limit
 * RR_RLIMIT_FSIZE  ended by SIGXFSZ under a finite soft limit
 * -1               anything else; other limits make calls fail but do not kill the process
 *
 * The sender of the signal is not known. `usage.cpu_ns` can be less than the limit (0.81 s of 1 s was measured),
 * because the kernel compares the limit with a more recent clock. On other systems `limit` is always -1.
 *
 * If the caller ignores SIGCHLD or reaps its children elsewhere, the system discards the child's record. Since
 * Linux 6.15 the exit status is still available: the outcome then has the exit status, wall_ns, no other usage,
 * and limit -1. Otherwise the call returns ECHILD.
 *
 * child: a child
 * timeout_ns: maximum time to wait in nanoseconds; 0 to check only; negative to wait without a timeout
 * outcome: buffer for the outcome
 *
 * Errors:
 *   ETIMEDOUT  the child or its tree is still running
 *   ECHILD     the child was already reaped elsewhere
 */
int rr_child_wait(struct rr_child *child, int64_t timeout_ns, struct rr_outcome *outcome);

/** Frees a child's handle. A tree (rr_command_set_tree) is killed and reaped. Any other child is neither ended
 * nor reaped: if it has not been waited for, it becomes a zombie when it ends, until the caller reaps it by its
 * process ID.
 *
 * child: a child, which becomes invalid; NULL does nothing
 */
void rr_child_free(struct rr_child *child);

/** Gets the number of fields in rr_outcome, including those of `rusage` and `usage` and excluding the reserved
 * ones. Indexes are in the order of the struct.
 *
 * Returns: the number of fields
 */
size_t rr_outcome_field_count(void);

/** Gets the name of a field of rr_outcome.
 *
 * index: 0 to rr_outcome_field_count() - 1
 *
 * Returns: a static string such as "exit_code", "rusage.ru_utime" or "usage.cpu_ns"; NULL if index is past the
 *   end
 */
const char *rr_outcome_field_name(size_t index);

/** Gets the unit of a field of rr_outcome, as rr_outcome_value stores it.
 *
 * index: 0 to rr_outcome_field_count() - 1
 *
 * Returns: one of RR_UNIT_*; RR_UNIT_NONE for a code or a mask and if index is past the end
 */
int rr_outcome_field_unit(size_t index);

/** Gets a field of rr_outcome by its index.
 *
 * outcome: outcome from rr_child_wait
 * index: 0 to rr_outcome_field_count() - 1
 * value: buffer for the value, in the unit of the field; ru_utime and ru_stime are in microseconds
 *
 * Errors:
 *   ENOTSUP  the field belongs to `usage` and is not known
 *   ERANGE   index is past the end, or the value is greater than 2^63-1
 */
int rr_outcome_value(const struct rr_outcome *outcome, size_t index, int64_t *value);

/* ======================================================================================================== *
 * trees: Trees
 *
 * A program and everything that it starts, measured and ended as one. A process group cannot do that, because a
 * process leaves it with setsid(2). Trees exist on Linux only; on other systems rr_command_spawn fails with
 * ENOTSUP and RR_STEP_TREE.
 */

#define RR_TREE_SUPERVISOR 0x1u   /* A supervisor process, which adopts processes whose parent ends */
#define RR_TREE_NAMESPACE  0x2u   /* A supervisor as the first process of a PID namespace; see
                                     pid_namespaces(7) */
#define RR_TREE_CGROUP     0x4u   /* A supervisor, and a control group for the tree */
#define RR_TREE_ANY        0x7u   /* Any of these */
#define RR_TREE_WAIT       0x100u /* The tree ends with its last process; without this flag the end of the
                                     program ends the tree */

#define RR_TREE_CPU_NS  1 /* Processor time of all processes together, in nanoseconds */
#define RR_TREE_WALL_NS 2 /* Time since the start, in nanoseconds */
#define RR_TREE_MEMORY  3 /* Memory of all processes together, in bytes; requires RR_TREE_CGROUP */
#define RR_TREE_TASKS   4 /* Processes and threads; requires RR_TREE_CGROUP */

#define RR_TREE_KNOWS_PEAK_MEMORY 0x1000000000000ull /* peak_memory_bytes: memory.peak of the group */
#define RR_TREE_KNOWS_PROCESSES   0x2000000000000ull /* processes: pids.peak of the group */
#define RR_TREE_KNOWS_ORPHANS     0x4000000000000ull /* orphans and killed */
#define RR_TREE_KNOWS_OOM_KILLS   0x8000000000000ull /* oom_kills: memory.events of the group */

/** What a process tree used and how it ended.
 */
typedef struct rr_tree {
    uint64_t known;             /* RR_USAGE_* bits of the groups of `usage` that are known, and
                                   RR_TREE_KNOWS_* bits */
    int32_t mechanism;          /* Mechanism that was used, one of RR_TREE_SUPERVISOR, RR_TREE_NAMESPACE,
                                   RR_TREE_CGROUP */
    int32_t limit;              /* Limit at which the tree was killed, one of RR_TREE_CPU_NS,
                                   RR_TREE_WALL_NS, RR_TREE_MEMORY; else -1 */
    int32_t complete;           /* 1 if every process has ended and no missing processor time was noticed;
                                   else 0. See rr_command_set_tree. */
    int32_t reserved0;          /* Zero */
    struct rr_usage usage;      /* Usage of all processes together; peak_rss_bytes is that of the largest
                                   single process. The supervisor itself is excluded. */
    uint64_t peak_memory_bytes; /* Peak memory of all processes at once, as the control group counts it */
    uint64_t processes;         /* Largest number of processes and threads at once, as the control group
                                   counts it */
    uint64_t orphans;           /* Processes that the supervisor reaped after their parent had ended */
    uint64_t killed;            /* Processes that the supervisor killed and reaped, program included */
    uint64_t oom_kills;         /* Processes that the out-of-memory killer ended in the control group */
    uint64_t reserved[8];       /* Zero */
} rr_tree;

/** Makes the program the root of a process tree: the program and everything that it starts, whatever sessions and
 * process groups they create. A supervisor, a small program that runs with the caller's rights, is the caller's
 * child, and the program is the supervisor's. The strongest of the allowed mechanisms that works is used:
 * RR_TREE_CGROUP, RR_TREE_NAMESPACE, RR_TREE_SUPERVISOR. If none of them works, rr_command_spawn fails with ENOTSUP
 * and RR_STEP_TREE.
 *
 * rr_child_wait succeeds when the program and its tree have ended. When the program ends, the supervisor kills the
 * rest of the tree; with RR_TREE_WAIT the tree lives until its last process ends. A tree is also killed at a limit of
 * rr_command_set_tree_limit, by rr_child_kill with SIGKILL, by rr_child_free, and when the caller ends, even if
 * SIGKILL ends it. The end of the thread that started it has no effect.
 *
 * The outcome of rr_child_wait and the results of rr_child_pid, rr_child_fd and rr_child_process are those of the
 * program, which can end before its tree. rr_child_kill signals every process of the tree, shortly after the call has
 * returned. rr_child_free waits up to ten seconds for a tree that it kills, so that no zombie is left.
 *
 * Mechanism           Guarantees                                     Does not hold if
 * RR_TREE_SUPERVISOR  Every process is found, stopped and killed.    a process kills or stops the supervisor; the
 *                                                                    program executes a set-user-ID program that
 *                                                                    the caller may not kill; /proc is not mounted
 * RR_TREE_NAMESPACE   All processes are killed at once. None can     -
 *                     kill or stop the supervisor.
 * RR_TREE_CGROUP      As RR_TREE_SUPERVISOR; and all processes are   a process with the privilege to do so moves to
 *                     killed at once (Linux 5.14), even after the    another control group
 *                     supervisor was killed.
 *
 * No mechanism reaches a process that a daemon outside the tree starts on request.
 *
 * The processor time is that of all processes (RUSAGE_CHILDREN of the supervisor). Linux discards the usage of a
 * process whose parent ignores SIGCHLD; only RR_TREE_CGROUP counts its processor time. `complete` in rr_tree is 0 if
 * a process could not be killed. Unless RR_TREE_CGROUP was used, it is also 0 if the supervisor reaped a process that
 * ignored SIGCHLD or was itself killed. Parents that set SA_NOCLDWAIT instead, or that other processes of the tree
 * reaped, are not noticed.
 *
 * If a process of the tree kills the supervisor, the program is killed too. rr_child_wait then gets the exit status
 * (Linux 6.15 or later) or returns ECHILD.
 *
 * In a PID namespace the result of getpid(2) differs from rr_child_pid and does not name the process in /proc. If the
 * caller may not create a PID namespace, the namespace is created in a user namespace, in which only the caller's
 * user and group exist and set-user-ID programs have no effect; see user_namespaces(7). The control group is created
 * below the caller's own, or below that of rr_command_set_cgroup, in the hierarchy of version 2, and removed
 * afterwards.
 *
 * A tree requires Linux 5.4 or later, and fails in a sandbox that does not allow executing a memfd.
 *
 * command: a command
 * flags: RR_TREE_* of the allowed mechanisms, and RR_TREE_WAIT; a later call replaces this call
 *
 * Errors:
 *   EINVAL  no mechanism is allowed, or flags has unknown bits
 */
int rr_command_set_tree(struct rr_command *command, uint32_t flags);

/** Sets a limit of a tree. At the limit the tree is killed, and `limit` in rr_tree reports which one.
 *
 * Near RR_TREE_CPU_NS the time is checked every millisecond: the tree can exceed the limit by 1 ms for each
 * processor. Until a parent ends, the time of the children that it has reaped counts in steps of 10 ms;
 * RR_TREE_CGROUP counts it exactly. RR_TREE_MEMORY and RR_TREE_TASKS are limits of the control group, `memory.max`
 * without swap and `pids.max`: they require RR_TREE_CGROUP and a parent group that enables the controller. A tree at
 * RR_TREE_TASKS is not killed: its calls of fork(2) fail with EAGAIN. rr_command_spawn fails with RR_STEP_TREE: with
 * ENOTSUP if no allowed mechanism can enforce the limit, with EINVAL without rr_command_set_tree.
 *
 * command: a command
 * what: RR_TREE_CPU_NS, RR_TREE_WALL_NS, RR_TREE_MEMORY or RR_TREE_TASKS
 * value: the limit; RR_RLIM_INFINITY for none. A later call for the same limit replaces this call.
 *
 * Errors:
 *   EINVAL  what is unknown, or value is 0
 */
int rr_command_set_tree_limit(struct rr_command *command, int what, uint64_t value);

/** Gets what the tree of a child used and how it ended. See rr_command_set_tree.
 *
 * child: a child
 * tree: buffer for the tree
 *
 * Errors:
 *   EAGAIN  rr_child_wait has not succeeded yet
 *   ECHILD  rr_child_wait returned ECHILD
 *   EINVAL  the child was started without rr_command_set_tree
 */
int rr_child_tree(const struct rr_child *child, struct rr_tree *tree);

#ifdef __cplusplus
}
#endif

#endif /* RRESOURCE_H */
