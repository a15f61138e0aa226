/*
 * rresource: measures and limits what a program uses, the same on every Unix.
 *
 * This file is the reference manual. It is generated from the comments of the source: `make header`.
 *
 * Contents
 *
 *   version     rr_version  rr_version_string
 *   errors      rr_strerror  rr_strerrorname
 *   resources   rr_resource_count  rr_resource_at  rr_resource_by_id  rr_resource_by_name
 *               rr_resource_name  rr_resource_summary
 *   constants   rr_constant
 *   limits      rr_getrlimit  rr_setrlimit  rr_prlimit
 *   text        rr_rlimit_parse  rr_rlimit_format
 *   usage       rr_getrusage  rr_wait4  rr_wait_status  rr_getpagesize
 *               rr_rusage_field_count  rr_rusage_field_name  rr_rusage_field_summary  rr_rusage_value
 *
 * Conventions
 *
 *   - A function that can fail returns an int: 0, or a positive errno value as posix_spawn(3) does,
 *     fit for rr_strerror and strerror(3). errno itself is left as it was.
 *   - Outputs are written on success only. A required pointer that is NULL gives EFAULT. One object
 *     may be input and output of one call.
 *   - EINVAL is a wrong argument; ENOTSUP a right one that this system cannot serve, so that zero
 *     never stands for "unknown"; ERANGE an index past the end, a buffer too small or a number too
 *     large; ENOENT an unknown name.
 *   - Structs have one size and one layout everywhere and hold no pointers. Texts that are returned
 *     are static, in English, and never to be freed.
 *   - Nothing here prints, exits, allocates, locks, keeps global state or calls back. Every function
 *     may be called from any thread and from a signal handler.
 *   - RR_RLIMIT_... has the system's own numbers and exists only where the system has the resource:
 *     test with #ifdef, or ask rr_resource_by_name at run time.
 *   - What says nothing else is there since version 0.1.
 */

#ifndef RRESOURCE_H
#define RRESOURCE_H

#include <stddef.h>
#include <stdint.h>

#if !(defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__) || \
      defined(__DragonFly__) || defined(__APPLE__) || defined(__sun)) || defined(__alpha__)
#error "rresource: this system or architecture is not in the catalog"
#endif

/**
 * Major version of the header: incompatible changes. While it is 0 the minor one says them.
 */
#define RR_VERSION_MAJOR 0

/**
 * Minor version of the header: additions.
 */
#define RR_VERSION_MINOR 1

/**
 * Patch version of the header: corrections.
 */
#define RR_VERSION_PATCH 0

/**
 * Bytes that always suffice for rr_rlimit_format, the closing NUL included.
 */
#define RR_RLIMIT_TEXT_SIZE 64

/**
 * The value counts bytes.
 */
#define RR_UNIT_BYTES 1

/**
 * The value counts seconds.
 */
#define RR_UNIT_SECONDS 2

/**
 * The value counts microseconds.
 */
#define RR_UNIT_MICROSECONDS 3

/**
 * The value counts things: descriptors, processes, signals.
 */
#define RR_UNIT_COUNT 4

/**
 * The value is a ceiling on a scheduling priority.
 */
#define RR_UNIT_PRIORITY 5

/**
 * The use of the whole process counts against the limit.
 */
#define RR_SCOPE_PROCESS 1

/**
 * The use of all processes of the same real user counts against the limit.
 */
#define RR_SCOPE_USER 2

/**
 * Each thread counts by itself.
 */
#define RR_SCOPE_THREAD 3

/**
 * Each file counts by itself.
 */
#define RR_SCOPE_FILE 4

/**
 * The kernel stores this limit but does not enforce it.
 */
#define RR_RESOURCE_UNENFORCED 1

/**
 * The calling process, all its threads together, ended ones too.
 */
#define RR_RUSAGE_SELF 0

/**
 * The ended descendants of the calling process that were waited for.
 */
#define RR_RUSAGE_CHILDREN (-1)

/**
 * RR_RUSAGE_SELF and RR_RUSAGE_CHILDREN together: times and counts add, ru_maxrss is the larger.
 */
#define RR_RUSAGE_BOTH (-2)

/**
 * The calling thread alone. ENOTSUP where the system keeps no such record.
 */
#define RR_RUSAGE_THREAD 1

#if (defined(__linux__) || defined(__ANDROID__))
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit and at every second after
 * it, SIGKILL at the hard one.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment, heap and private writable mappings, in bytes. ENOMEM beyond.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes; the size of new threads' stacks unless they ask for one.
 * SIGSEGV beyond. At exec a quarter of it bounds arguments and environment.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none, else it is cut to this.
 */
#define RR_RLIMIT_CORE 4

/**
 * File locks. Kept, but not enforced since Linux 2.4.25.
 */
#define RR_RLIMIT_LOCKS 10

/**
 * Queued signals of the real user. EAGAIN from sigqueue(3) beyond.
 */
#define RR_RLIMIT_SIGPENDING 11

/**
 * POSIX message queues of the real user, in bytes. EMFILE from mq_open(3) beyond.
 */
#define RR_RLIMIT_MSGQUEUE 12

/**
 * How far a thread may raise its priority: 20 minus the lowest nice value allowed, 1 to 40.
 */
#define RR_RLIMIT_NICE 13

/**
 * The highest real-time priority that a thread may take, 0 to 99.
 */
#define RR_RLIMIT_RTPRIO 14

/**
 * Processor time that a real-time thread may take without blocking, in microseconds. SIGXCPU at
 * the soft limit, SIGKILL at the hard one.
 */
#define RR_RLIMIT_RTTIME 15

/**
 * Another name of RR_RLIMIT_NOFILE.
 */
#define RR_RLIMIT_OFILE RR_RLIMIT_NOFILE

/**
 * No limit; the largest value. All 64 bits on every Linux, on 32-bit ones too.
 */
#define RR_RLIM_INFINITY UINT64_MAX

/**
 * A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR UINT64_MAX

/**
 * A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX UINT64_MAX
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && !(defined(__mips__) || defined(__mips64) || defined(__sparc__) || defined(__sparc64__)))
/**
 * Resident set, in bytes. Kept, but not enforced since Linux 2.4.30.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes and threads of the real user. EAGAIN from fork(2) beyond; root is exempt.
 */
#define RR_RLIMIT_NPROC 6

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. The hard
 * limit may not be above the file /proc/sys/fs/nr_open, for anybody.
 */
#define RR_RLIMIT_NOFILE 7

/**
 * Memory that the process locks into RAM, in bytes. ENOMEM or EPERM from mlock(2) beyond.
 */
#define RR_RLIMIT_MEMLOCK 8

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 9
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && (defined(__mips__) || defined(__mips64)))
/**
 * Resident set, in bytes. Kept, but not enforced since Linux 2.4.30.
 */
#define RR_RLIMIT_RSS 7

/**
 * Processes and threads of the real user. EAGAIN from fork(2) beyond; root is exempt.
 */
#define RR_RLIMIT_NPROC 8

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. The hard
 * limit may not be above the file /proc/sys/fs/nr_open, for anybody.
 */
#define RR_RLIMIT_NOFILE 5

/**
 * Memory that the process locks into RAM, in bytes. ENOMEM or EPERM from mlock(2) beyond.
 */
#define RR_RLIMIT_MEMLOCK 9

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 6
#endif

#if ((defined(__linux__) || defined(__ANDROID__)) && (defined(__sparc__) || defined(__sparc64__)))
/**
 * Resident set, in bytes. Kept, but not enforced since Linux 2.4.30.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes and threads of the real user. EAGAIN from fork(2) beyond; root is exempt.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. The hard
 * limit may not be above the file /proc/sys/fs/nr_open, for anybody.
 */
#define RR_RLIMIT_NOFILE 6

/**
 * Memory that the process locks into RAM, in bytes. ENOMEM or EPERM from mlock(2) beyond.
 */
#define RR_RLIMIT_MEMLOCK 8

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 9
#endif

/**
 * What can be limited on this system, and how its limits count.
 */
typedef struct rr_resource {
    /**
     * Its number, one of RR_RLIMIT_...
     */
    int32_t id;
    /**
     * What its limits count: RR_UNIT_BYTES, RR_UNIT_SECONDS, RR_UNIT_MICROSECONDS, RR_UNIT_COUNT
     * or RR_UNIT_PRIORITY.
     */
    int32_t unit;
    /**
     * Whose use counts against the limit: RR_SCOPE_PROCESS, RR_SCOPE_USER, RR_SCOPE_THREAD or
     * RR_SCOPE_FILE.
     */
    int32_t scope;
    /**
     * RR_RESOURCE_UNENFORCED or 0. Ignore bits that you do not know.
     */
    uint32_t flags;
} rr_resource;

/**
 * A limit: the soft one, which the kernel enforces, and the hard one, up to which the process may
 * raise the soft one by itself.
 */
typedef struct rr_rlimit {
    /**
     * The soft limit, in the resource's unit; RR_RLIM_INFINITY for none.
     */
    uint64_t rlim_cur;
    /**
     * The hard limit, in the resource's unit; RR_RLIM_INFINITY for none.
     */
    uint64_t rlim_max;
} rr_rlimit;

/**
 * A length of time.
 */
typedef struct rr_timeval {
    /**
     * Whole seconds.
     */
    int64_t tv_sec;
    /**
     * And microseconds, 0 to 999,999.
     */
    int64_t tv_usec;
} rr_timeval;

/**
 * What a process has used, as the system itself reports it. A field that the system does not keep
 * is zero: on Linux ru_ixrss, ru_idrss, ru_isrss, ru_nswap, ru_msgsnd, ru_msgrcv and ru_nsignals.
 */
typedef struct rr_rusage {
    /**
     * Processor time in user mode.
     */
    struct rr_timeval ru_utime;
    /**
     * Processor time in the kernel.
     */
    struct rr_timeval ru_stime;
    /**
     * Peak resident set: KiB on Linux and the BSDs, bytes on macOS, pages on Solaris. On Linux it
     * is inherited through fork(2) and execve(2), so that it may be an ancestor's. For
     * RR_RUSAGE_CHILDREN that of the largest descendant, not of all together.
     */
    int64_t ru_maxrss;
    /**
     * Shared memory, integrated over time.
     */
    int64_t ru_ixrss;
    /**
     * Unshared data, integrated over time.
     */
    int64_t ru_idrss;
    /**
     * Unshared stack, integrated over time.
     */
    int64_t ru_isrss;
    /**
     * Page faults served without input or output.
     */
    int64_t ru_minflt;
    /**
     * Page faults that needed input or output.
     */
    int64_t ru_majflt;
    /**
     * Times the process was swapped out.
     */
    int64_t ru_nswap;
    /**
     * Blocks that were read from a device; of 512 bytes on Linux.
     */
    int64_t ru_inblock;
    /**
     * Blocks that were written to a device; of 512 bytes on Linux.
     */
    int64_t ru_oublock;
    /**
     * Messages sent.
     */
    int64_t ru_msgsnd;
    /**
     * Messages received.
     */
    int64_t ru_msgrcv;
    /**
     * Signals received.
     */
    int64_t ru_nsignals;
    /**
     * Voluntary context switches: the process waited for something.
     */
    int64_t ru_nvcsw;
    /**
     * Involuntary context switches: its time slice ended or a more urgent task came.
     */
    int64_t ru_nivcsw;
} rr_rusage;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Tells the version of the library that the program runs with, which may be newer than the header
 * it was compiled with.
 *
 * Returns (major << 16) | (minor << 8) | patch.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
uint32_t rr_version(void);

/**
 * Tells the version of the library that the program runs with, as text.
 *
 * Returns a static string like "0.1.0"; never NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_version_string(void);

/**
 * Says what an error means to a caller of this library, and what to do where that is known.
 *
 * error: 0, or an errno value as the functions of this library return it.
 *
 * Returns a static English text; never NULL, for an unknown number neither.
 *
 * Any thread; async-signal-safe, unlike strerror(3). Since 0.1.
 */
const char *rr_strerror(int error);

/**
 * Names an error as errno.h does.
 *
 * error: an errno value.
 *
 * Returns a static text like "EPERM"; NULL for 0 and for a number that is no error of this system.
 *
 * Any thread; async-signal-safe. Since 0.1. Compare strerrorname_np(3).
 */
const char *rr_strerrorname(int error);

/**
 * Counts the resources that can be limited on this system: 16 on Linux.
 *
 * Returns the count; rr_resource_at takes indices below it.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
size_t rr_resource_count(void);

/**
 * Describes a resource by its place in the list of all, which is in the order of their numbers.
 *
 * index: 0 to rr_resource_count() - 1.
 * resource: is written on success.
 *
 * Returns 0; ERANGE when index is past the end; EFAULT when resource is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_resource_at(size_t index, struct rr_resource *resource);

/**
 * Describes a resource by its number.
 *
 * id: one of RR_RLIMIT_...
 * resource: is written on success.
 *
 * Returns 0; EINVAL when this system has no such resource; EFAULT when resource is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_resource_by_id(int id, struct rr_resource *resource);

/**
 * Describes a resource by its name.
 *
 * name: NOFILE, RLIMIT_NOFILE, RR_RLIMIT_NOFILE or systemd's LimitNOFILE, in upper or lower case;
 * also OFILE for NOFILE and VMEM for AS on systems that have these names.
 * resource: is written on success.
 *
 * Returns 0; ENOENT when this system has no resource of that name; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_resource_by_name(const char *name, struct rr_resource *resource);

/**
 * Names a resource.
 *
 * id: one of RR_RLIMIT_...
 *
 * Returns a static text like "NOFILE"; NULL when this system has no such resource.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_resource_name(int id);

/**
 * Says in a few words what a resource limits.
 *
 * id: one of RR_RLIMIT_...
 *
 * Returns a static text like "open file descriptors"; NULL when this system has no such resource.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_resource_summary(int id);

/**
 * Looks up a constant of this header by name, for languages that cannot read a #define.
 *
 * name: the constant's name in capital letters, with or without RR_: "RLIMIT_NOFILE",
 * "RR_RUSAGE_CHILDREN".
 * value: is written on success; RR_RLIM_INFINITY as its 64 bits, which is -1 on Linux.
 *
 * Returns 0; ENOENT when this system has no constant of that name; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_constant(const char *name, int64_t *value);

/**
 * Reads the limits of the calling process for one resource.
 *
 * resource: one of RR_RLIMIT_...
 * limits: is written on success, in the resource's unit (see rr_resource).
 *
 * Returns 0; EINVAL when this system has no such resource; EFAULT when limits is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See getrlimit(2).
 */
int rr_getrlimit(int resource, struct rr_rlimit *limits);

/**
 * Sets the limits of the calling process, all its threads, for one resource. Programs that it
 * starts inherit them.
 *
 * A process may move its soft limit anywhere from 0 to the hard one, and lower the hard one, which
 * cannot be raised again without privilege: CAP_SYS_RESOURCE in the first user namespace on Linux,
 * the superuser elsewhere. A limit below the present use is accepted: what is in use stays so.
 *
 * resource: one of RR_RLIMIT_...
 * limits: both halves, in the resource's unit; RR_RLIM_INFINITY for none. On systems where that is
 * 2^63-1 every larger value counts as none.
 *
 * Returns 0; EINVAL when this system has no such resource or the soft limit is above the hard one;
 * EPERM when the hard limit would rise and the caller may not raise it, or NOFILE is above the
 * system's maximum (/proc/sys/fs/nr_open on Linux; that one holds for everybody); EFAULT when
 * limits is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See setrlimit(2).
 */
int rr_setrlimit(int resource, const struct rr_rlimit *limits);

/**
 * Sets the limits of a process for one resource and gives back the former ones, in one step.
 *
 * pid: the process; 0 is the caller.
 * resource: one of RR_RLIMIT_..., looked at before pid.
 * new_limits: as for rr_setrlimit; NULL only reads.
 * old_limits: is written on success; NULL when not wanted. It may be the same object as
 * new_limits.
 *
 * Returns 0; EINVAL and EPERM as rr_setrlimit; ESRCH when there is no such process; EPERM also when
 * the process is another user's and the caller lacks the privilege; ENOTSUP on a system that cannot
 * reach the limits of another process.
 *
 * Any thread; async-signal-safe. Since 0.1. See prlimit(2).
 */
int rr_prlimit(int32_t pid,
               int resource,
               const struct rr_rlimit *new_limits,
               struct rr_rlimit *old_limits);

/**
 * Reads limits from text, as a configuration or a command line has them: "1024", "8M",
 * "4:unlimited", "1h30min".
 *
 * One value sets both halves; "soft:hard" sets each; "soft:" and ":hard" set one and leave the
 * other as it is in *limits. A value is a word or a number, letters in either case, no blanks:
 *
 * - "unlimited" or "infinity": none. So are, but for NICE, "-1" and the digits of RR_RLIM_INFINITY.
 * - "hard": rlim_max as it is in *limits before the call; no system call is made.
 * - A number: decimal digits, and a point only between digits. With its suffix it has to be whole,
 *   but for times: "1.5K" is 1536, "1.5" is refused.
 * - Bytes: plain, with B, or with K, M, G, T, P or E, powers of 1024, which may end in B or iB:
 *   "1.5GiB".
 * - Counts: plain, or with K, M or G, powers of 1024. RTPRIO: plain.
 * - CPU and RTTIME: plain, in the resource's unit, or one or more numbers with us, ms, s, min, h or
 *   d, which add up: "90", "500ms", "1h30min". Each is rounded up to the microsecond and the sum to
 *   the resource's unit. "m" is refused, for it may mean months.
 * - NICE: with a sign the nice level, -20 to +19, that the limit 20 - level allows; without one the
 *   limit itself. "-5" and "25" are the same.
 *
 * resource: one of RR_RLIMIT_...; its unit says which numbers are right (see rr_resource).
 * text: ends in NUL.
 * limits: is read, for the text may leave something to it: have rr_getrlimit fill it first. Is
 * written on success.
 *
 * Returns 0; ERANGE when the text is right but a number is not: too large for a limit, or outside
 * of the nice levels; EINVAL for every other text, when the soft limit would be above the hard one, and
 * when this system has no such resource; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_rlimit_parse(int resource,
                    const char *text,
                    struct rr_rlimit *limits);

/**
 * Writes limits as text that rr_rlimit_parse reads back to the same numbers: one value where both
 * halves are the same, else "soft:hard".
 *
 * None is "unlimited". Bytes have the largest power of 1024 that divides them: "8M", "1536K",
 * "1000". Times have the units of which there are some: "1h30min". All others are plain numbers,
 * for NICE the limit itself.
 *
 * resource: one of RR_RLIMIT_...; its unit decides the form.
 * limits: both halves, in the resource's unit.
 * text: is written on success and ends in NUL.
 * size: bytes that text has room for; RR_RLIMIT_TEXT_SIZE always suffices.
 *
 * Returns 0; ERANGE when text is too small; EINVAL when this system has no such resource or the
 * soft limit is above the hard one; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_rlimit_format(int resource, const struct rr_rlimit *limits, char *text, size_t size);

/**
 * Reads what the caller or its children have used.
 *
 * who: RR_RUSAGE_SELF, RR_RUSAGE_CHILDREN, RR_RUSAGE_BOTH or RR_RUSAGE_THREAD. BOTH works on every
 * system: where the kernel has no such call SELF is read first and CHILDREN at once after it.
 * usage: is written on success.
 *
 * Returns 0; EINVAL when who is none of them; ENOTSUP for RR_RUSAGE_THREAD on a system that keeps
 * no record of threads; EFAULT when usage is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See getrusage(2).
 */
int rr_getrusage(int who, struct rr_rusage *usage);

/**
 * Counts the fields of rr_rusage: 16.
 *
 * Returns the count; the functions below take indices below it, in the order of the struct.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
size_t rr_rusage_field_count(void);

/**
 * Names a field of rr_rusage.
 *
 * index: 0 to rr_rusage_field_count() - 1.
 *
 * Returns a static text like "ru_utime"; NULL past the end.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_rusage_field_name(size_t index);

/**
 * Says in a few words what a field of rr_rusage counts.
 *
 * index: 0 to rr_rusage_field_count() - 1.
 *
 * Returns a static text like "time in user mode"; NULL past the end.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_rusage_field_summary(size_t index);

/**
 * Takes one field out of an rr_rusage, by number.
 *
 * usage: what rr_getrusage or rr_wait4 gave.
 * index: 0 to rr_rusage_field_count() - 1.
 * value: is written on success; times in seconds, the rest as it stands in the struct.
 *
 * Returns 0; ERANGE when index is past the end; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_rusage_value(const struct rr_rusage *usage, size_t index, double *value);

/**
 * Waits for a child and tells what it and the descendants that it waited for have used.
 *
 * pid: a child; -1 any; 0 any of the caller's process group; below -1 any of the group -pid.
 * options: of waitpid(2): WNOHANG, WUNTRACED, WCONTINUED, as <sys/wait.h> has them.
 * waited: is written on success: the child, or 0 when WNOHANG found none that had changed.
 * status: is written on success, for rr_wait_status or the macros of <sys/wait.h>; 0 when waited is
 * 0. NULL when not wanted.
 * usage: is written on success; all zero when waited is 0. NULL when not wanted.
 *
 * Returns 0; ECHILD when there is no such child; EINTR when a signal handler ran meanwhile; EINVAL
 * for unknown options; EFAULT when waited is NULL, before a child is reaped.
 *
 * Any thread; async-signal-safe. Since 0.1. See wait4(2).
 */
int rr_wait4(int32_t pid, int options, int32_t *waited, int32_t *status, struct rr_rusage *usage);

/**
 * Takes apart the status of a child that has ended.
 *
 * status: what rr_wait4 or waitpid(2) gave.
 * exit_code: is written on success: 0 to 255, or -1 when a signal ended the child.
 * signal: is written on success: the signal that ended the child, or 0 when it exited.
 *
 * Returns 0; EINVAL when the status says that the child stopped or went on; EFAULT when a pointer
 * is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See wait(2), WIFEXITED and WIFSIGNALED.
 */
int rr_wait_status(int32_t status, int32_t *exit_code, int32_t *signal);

/**
 * Tells the size of a memory page, the unit of ru_maxrss on some systems.
 *
 * Returns bytes.
 *
 * Any thread; async-signal-safe. Since 0.1. See getpagesize(2).
 */
size_t rr_getpagesize(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RRESOURCE_H */
