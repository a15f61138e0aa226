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
 *   processes   rr_process_open  rr_process_from_fd  rr_process_close  rr_process_pid
 *               rr_process_fd  rr_process_check
 *   many        rr_rlimits_get  rr_rlimits_set  rr_rlimit_raise  rr_rlimit_check  rr_reason_text
 *               rr_rlimit_used
 *   rusage      rr_getrusage  rr_wait4  rr_wait_status  rr_getpagesize
 *               rr_rusage_field_count  rr_rusage_field_name  rr_rusage_field_summary  rr_rusage_value
 *   usage       rr_usage_read  rr_usage_from_rusage  rr_usage_since  rr_usage_reset_peak
 *               rr_usage_field_count  rr_usage_field_name  rr_usage_field_unit  rr_usage_value
 *   commands    rr_command_new  rr_command_free  rr_command_add_arg  rr_command_set_arg0  rr_command_set_env
 *               rr_command_clear_env  rr_command_set_directory  rr_command_dup2  rr_command_set_limit
 *               rr_command_new_group  rr_command_new_session  rr_command_no_launcher  rr_command_spawn  rr_step_text
 *               rr_child_pid  rr_child_fd  rr_child_process  rr_child_kill  rr_child_wait
 *               rr_child_free
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
 *   - A sandbox or a security module may refuse any system call. Where the system has a second way to the
 *     same answer, that one is used. Otherwise the function returns the error of the refusal, in most
 *     cases EPERM, EACCES or ENOSYS.
 *   - Structs have one size and one layout everywhere and hold no pointers. Texts that are returned
 *     are static, in English, and never to be freed.
 *   - Nothing here prints, exits, locks, keeps global state or calls back. What opens and closes a
 *     handle, builds a command or starts it allocates; nothing else does, and may be called from a
 *     signal handler. Every function may be called from any thread, but a handle is used by one thread
 *     at a time.
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
 * The change would be accepted.
 */
#define RR_REASON_NONE 0

/**
 * The soft limit is above the hard one.
 */
#define RR_REASON_SOFT_ABOVE_HARD 1

/**
 * The hard limit would rise, and the caller has no privilege to raise it.
 */
#define RR_REASON_HARD_NEEDS_PRIVILEGE 2

/**
 * The hard limit is above a maximum of the system that holds for everybody: NOFILE above
 * /proc/sys/fs/nr_open on Linux.
 */
#define RR_REASON_ABOVE_SYSTEM_MAXIMUM 3

/**
 * The process belongs to another user, or runs under other user ids, and the caller has no
 * privilege over it.
 */
#define RR_REASON_NOT_YOUR_PROCESS 4

/**
 * This system has no such resource.
 */
#define RR_REASON_UNKNOWN_RESOURCE 5

/**
 * What the answer depends on cannot be read: on Linux without /proc, without a free descriptor, or in a
 * sandbox.
 */
#define RR_REASON_UNKNOWN 6

/**
 * The kernel cannot store the value: a 32-bit Linux kernel stores finite limits below 4,294,967,295.
 */
#define RR_REASON_NOT_REPRESENTABLE 7

/**
 * Bytes that always suffice for rr_rlimit_format, the closing NUL included.
 */
#define RR_RLIMIT_TEXT_SIZE 64

/**
 * The group cpu_ns of rr_usage.
 */
#define RR_USAGE_CPU 1

/**
 * The group user_ns and system_ns of rr_usage.
 */
#define RR_USAGE_TIMES 2

/**
 * The group wall_ns of rr_usage.
 */
#define RR_USAGE_WALL 4

/**
 * The group rss_bytes of rr_usage.
 */
#define RR_USAGE_RSS 8

/**
 * The group peak_rss_bytes of rr_usage.
 */
#define RR_USAGE_PEAK_RSS 16

/**
 * The group virtual_bytes of rr_usage.
 */
#define RR_USAGE_VIRTUAL 32

/**
 * The group swap_bytes of rr_usage.
 */
#define RR_USAGE_SWAP 64

/**
 * The group minor_faults and major_faults of rr_usage.
 */
#define RR_USAGE_FAULTS 128

/**
 * The group read_bytes and written_bytes of rr_usage.
 */
#define RR_USAGE_IO 256

/**
 * The group voluntary_switches and involuntary_switches of rr_usage.
 */
#define RR_USAGE_SWITCHES 512

/**
 * The group threads of rr_usage.
 */
#define RR_USAGE_THREADS 1024

/**
 * The group open_files of rr_usage.
 */
#define RR_USAGE_OPEN_FILES 2048

/**
 * Every group of rr_usage that there is in this version.
 */
#define RR_USAGE_ALL 4095

/**
 * Beside RR_USAGE_PEAK_RSS in rr_usage.known: peak_rss_bytes is an upper bound, for the record may
 * be that of the program that the process was before execve(2), or of an ancestor. No group.
 */
#define RR_USAGE_PEAK_IS_BOUND 4294967296

/**
 * A descriptor of rr_command_dup2; detail is its number in the program.
 */
#define RR_STEP_DESCRIPTOR 1

/**
 * The new session or process group.
 */
#define RR_STEP_SESSION 2

/**
 * The user, the group or the supplementary groups.
 */
#define RR_STEP_CREDENTIALS 3

/**
 * The working directory.
 */
#define RR_STEP_DIRECTORY 4

/**
 * A limit; detail is the resource.
 */
#define RR_STEP_LIMIT 5

/**
 * The execution of the program.
 */
#define RR_STEP_EXEC 6

/**
 * The control group.
 */
#define RR_STEP_CGROUP 7

/**
 * The process tree.
 */
#define RR_STEP_TREE 8

/**
 * The start itself: memory, processes or descriptors that it needs.
 */
#define RR_STEP_START 9

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
 * The value counts nanoseconds; of rr_usage alone, no limit does.
 */
#define RR_UNIT_NANOSECONDS 6

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

#if defined(__FreeBSD__)
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit and at every fifth second
 * after it, SIGKILL at the hard one.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment and heap, as far as brk(2) extends them, in bytes. ENOMEM beyond. A value above the
 * sysctl kern.maxdsiz becomes that one.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes. SIGSEGV beyond. A value above the sysctl kern.maxssiz becomes
 * that one.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none, and a larger one is not written.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit; every larger value counts as it. 2^63-1 here.
 */
#define RR_RLIM_INFINITY 9223372036854775807ull

/**
 * A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY

/**
 * A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY

/**
 * Resident set, in bytes. Nothing fails beyond: when memory is short, such a process loses its
 * pages first.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes of the real user, 1 at least. EAGAIN from fork(2) beyond; root is exempt. A value above
 * the sysctl kern.maxprocperuid becomes that one.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
 * the sysctl kern.maxfilesperproc becomes that one.
 */
#define RR_RLIMIT_NOFILE 8

/**
 * Memory that the process locks into RAM, in bytes. ENOMEM from mlock(2) beyond.
 */
#define RR_RLIMIT_MEMLOCK 6

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 10

/**
 * Socket buffers of the user, in bytes. ENOBUFS beyond.
 */
#define RR_RLIMIT_SBSIZE 9

/**
 * Pseudo-terminals of the user. EAGAIN from posix_openpt(2) beyond.
 */
#define RR_RLIMIT_NPTS 11

/**
 * Swap space that the user's processes reserve or use, in bytes. ENOMEM beyond, while bit 1 of the
 * sysctl vm.overcommit is set; see tuning(7).
 */
#define RR_RLIMIT_SWAP 12

/**
 * Kernel event queues of the user. ENOMEM from kqueue(2) beyond.
 */
#define RR_RLIMIT_KQUEUES 13

/**
 * Locks of the user that processes share, such as process-shared mutexes. ENOMEM beyond.
 */
#define RR_RLIMIT_UMTXP 14

/**
 * Kernel buffers of the user's pipes and FIFOs, in bytes. Since FreeBSD 14.2, EINVAL before.
 */
#define RR_RLIMIT_PIPEBUF 15

/**
 * Virtual machines of the user. Since FreeBSD 15, EINVAL before.
 */
#define RR_RLIMIT_VMM 16

/**
 * Another name of RR_RLIMIT_AS.
 */
#define RR_RLIMIT_VMEM RR_RLIMIT_AS
#endif

#if defined(__NetBSD__)
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit, which the kernel itself
 * then raises by five seconds; SIGKILL at the hard one.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment and heap, as far as brk(2) extends them, in bytes. ENOMEM beyond. A value above the
 * kernel's maximum becomes that one.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes, rounded up to whole pages. SIGSEGV beyond. EINVAL for a value
 * below the present use; one above the kernel's maximum becomes that one.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit; every larger value counts as it. 2^63-1 here.
 */
#define RR_RLIM_INFINITY 9223372036854775807ull

/**
 * A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY

/**
 * A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY

/**
 * Resident set, in bytes. Kept, but not enforced.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes of the real user. EAGAIN from fork(2) beyond; root is exempt. A value above the sysctl
 * kern.maxproc becomes that one.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
 * the sysctl kern.maxfiles becomes that one.
 */
#define RR_RLIMIT_NOFILE 8

/**
 * Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
 */
#define RR_RLIMIT_MEMLOCK 6

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 10

/**
 * Socket buffers of the user, in bytes. ENOBUFS beyond.
 */
#define RR_RLIMIT_SBSIZE 9

/**
 * Another name of RR_RLIMIT_AS.
 */
#define RR_RLIMIT_VMEM RR_RLIMIT_AS

/**
 * Threads of the user, not counting the first one of each process. EAGAIN from pthread_create(3)
 * beyond; root is exempt. A value above the sysctl kern.maxlwp becomes that one.
 */
#define RR_RLIMIT_NTHR 11
#endif

#if defined(__OpenBSD__)
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit and at every fifth second
 * after it, SIGKILL at the hard one.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment, heap and anonymous mappings, in bytes. ENOMEM beyond. A value above the kernel's
 * maximum becomes that one.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes. SIGSEGV beyond. A value above the kernel's maximum becomes
 * that one.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit; every larger value counts as it. 2^63-1 here.
 */
#define RR_RLIM_INFINITY 9223372036854775807ull

/**
 * A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY

/**
 * A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY

/**
 * Resident set, in bytes. Kept, but not enforced since OpenBSD 6.1.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes of the real user. EAGAIN from fork(2) beyond; root is exempt. A value above the sysctl
 * kern.maxproc becomes that one.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
 * the sysctl kern.maxfiles becomes that one.
 */
#define RR_RLIMIT_NOFILE 8

/**
 * Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
 */
#define RR_RLIMIT_MEMLOCK 6
#endif

#if defined(__DragonFly__)
/**
 * Processor time of the process, in seconds. SIGXCPU beyond the soft limit, SIGKILL five seconds
 * after the hard one.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment and heap, as far as brk(2) extends them, in bytes. ENOMEM beyond. A value above the
 * sysctl kern.maxdsiz becomes that one.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes. SIGSEGV beyond. A value above the sysctl kern.maxssiz becomes
 * that one.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none, and a larger one is not written.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit; every larger value counts as it. 2^63-1 here.
 */
#define RR_RLIM_INFINITY 9223372036854775807ull

/**
 * Resident set, in bytes. Nothing fails beyond: when memory is short, such a process loses its
 * pages first.
 */
#define RR_RLIMIT_RSS 5

/**
 * Processes of the real user, 1 at least. EAGAIN from fork(2) beyond; root is exempt. A value above
 * the sysctl kern.maxprocperuid becomes that one.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. A value above
 * the sysctl kern.maxfilesperproc becomes that one.
 */
#define RR_RLIMIT_NOFILE 8

/**
 * Memory that the process locks into RAM, in bytes. Kept, but not enforced: mlock(2) is the
 * superuser's.
 */
#define RR_RLIMIT_MEMLOCK 6

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 10

/**
 * Socket buffers of the user, in bytes. Beyond, new ones are made smaller.
 */
#define RR_RLIMIT_SBSIZE 9

/**
 * Another name of RR_RLIMIT_AS.
 */
#define RR_RLIMIT_VMEM RR_RLIMIT_AS

/**
 * POSIX file locks of the user. ENOLCK from fcntl(2) beyond; root is exempt. A value above the
 * sysctl kern.maxposixlocksperuid becomes that one.
 */
#define RR_RLIMIT_POSIXLOCKS 11
#endif

#if defined(__APPLE__)
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit; the hard one only bounds
 * it.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Data segment and heap, in bytes. EINVAL for a value below the present use.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes. SIGSEGV beyond. EINVAL for a value below the present use, and
 * for a lower one from another thread.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none, and a larger one is not written.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit; every larger value counts as it. 2^63-1 here.
 */
#define RR_RLIM_INFINITY 9223372036854775807ull

/**
 * A soft limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR RR_RLIM_INFINITY

/**
 * A hard limit too large for rlim_t. Equals RR_RLIM_INFINITY here: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX RR_RLIM_INFINITY

/**
 * Another name of RR_RLIMIT_AS: it limits the address space, not the resident set.
 */
#define RR_RLIMIT_RSS RR_RLIMIT_AS

/**
 * Processes of the real user. EAGAIN from fork(2) beyond. A value above the sysctl
 * kern.maxprocperuid (kern.maxproc for root) becomes that one.
 */
#define RR_RLIMIT_NPROC 7

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond. The sysctl
 * kern.maxfilesperproc holds where it is lower. Some versions answer EINVAL to RR_RLIM_INFINITY as
 * the soft limit.
 */
#define RR_RLIMIT_NOFILE 8

/**
 * Memory that the process locks into RAM, in bytes. mlock(2) fails beyond.
 */
#define RR_RLIMIT_MEMLOCK 6

/**
 * Address space of the process, in bytes; with the shared cache it begins at gigabytes. ENOMEM from
 * mmap(2) beyond. EINVAL for a value below the present use.
 */
#define RR_RLIMIT_AS 5
#endif

#if (defined(__sun) || defined(__illumos__))
/**
 * Processor time of the process, in seconds. SIGXCPU at the soft limit; the hard one only bounds
 * it.
 */
#define RR_RLIMIT_CPU 0

/**
 * Size of a file that the process writes, in bytes. SIGXFSZ, and EFBIG where that is ignored.
 */
#define RR_RLIMIT_FSIZE 1

/**
 * Heap, in bytes. ENOMEM from brk(2) beyond.
 */
#define RR_RLIMIT_DATA 2

/**
 * Stack of the main thread, in bytes. SIGSEGV beyond. Set it from that thread, and before the
 * program starts where its stack shall grow.
 */
#define RR_RLIMIT_STACK 3

/**
 * Size of a core dump, in bytes: 0 writes none, else it is cut to this.
 */
#define RR_RLIMIT_CORE 4

/**
 * No limit. 2^64-3 here; the two values above it are RR_RLIM_SAVED_MAX and RR_RLIM_SAVED_CUR.
 */
#define RR_RLIM_INFINITY 18446744073709551613ull

/**
 * A soft limit too large for rlim_t. A 64-bit program never gets it: every limit can be told.
 */
#define RR_RLIM_SAVED_CUR 18446744073709551615ull

/**
 * A hard limit too large for rlim_t. A 64-bit program never gets it: every limit can be told.
 */
#define RR_RLIM_SAVED_MAX 18446744073709551614ull

/**
 * One more than the highest file descriptor that the process may open. EMFILE beyond.
 */
#define RR_RLIMIT_NOFILE 5

/**
 * Address space of the process, in bytes. ENOMEM from mmap(2) and brk(2) beyond.
 */
#define RR_RLIMIT_AS 6

/**
 * Another name of RR_RLIMIT_AS.
 */
#define RR_RLIMIT_VMEM RR_RLIMIT_AS
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
 * A program that rr_command_spawn has started, freed by rr_child_free.
 */
typedef struct rr_child rr_child;

/**
 * A program and how it is to be started, begun by rr_command_new and freed by rr_command_free. It keeps
 * copies of all that it is given.
 */
typedef struct rr_command rr_command;

/**
 * A process, opened by rr_process_open or rr_process_from_fd and closed by rr_process_close. Where a
 * function takes one, NULL means the caller itself.
 */
typedef struct rr_process rr_process;

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
 * The limits of one resource among many.
 */
typedef struct rr_rlimit_entry {
    /**
     * One of RR_RLIMIT_...
     */
    int32_t resource;
    /**
     * Zero.
     */
    int32_t reserved;
    /**
     * Its limits, in the resource's unit.
     */
    struct rr_rlimit limits;
} rr_rlimit_entry;

/**
 * What rr_setrlimit or rr_prlimit would answer, and why.
 */
typedef struct rr_verdict {
    /**
     * 0, EINVAL, EPERM or ERANGE, as the call would return it; ENOTSUP where that is unknown.
     */
    int32_t error;
    /**
     * RR_REASON_..., why.
     */
    int32_t reason;
    /**
     * The highest hard limit that is certain to be accepted, in the resource's unit; 0 when none is.
     */
    uint64_t ceiling;
    /**
     * Zero.
     */
    uint64_t reserved[2];
} rr_verdict;

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

/**
 * What a process has used: nanoseconds, bytes and counts, the same for the caller, another process
 * and a child that has ended. A group of fields whose bit is missing in `known` is not known, and
 * zero.
 */
typedef struct rr_usage {
    /**
     * RR_USAGE_... of the groups that are known. Ignore bits that you do not know.
     */
    uint64_t known;
    /**
     * Processor time of all its threads, ended ones too, in user mode and in the kernel.
     */
    uint64_t cpu_ns;
    /**
     * Processor time in user mode; of another process on Linux in steps of 10 ms.
     */
    uint64_t user_ns;
    /**
     * Processor time in the kernel; of another process on Linux in steps of 10 ms.
     */
    uint64_t system_ns;
    /**
     * Time since the process started, in steps of 10 ms on Linux; on NetBSD, DragonFly and macOS by the
     * time of day, so that a clock which was set meanwhile shows in it.
     */
    uint64_t wall_ns;
    /**
     * Resident set: its memory in RAM now, shared pages too.
     */
    uint64_t rss_bytes;
    /**
     * The largest resident set so far.
     */
    uint64_t peak_rss_bytes;
    /**
     * Address space.
     */
    uint64_t virtual_bytes;
    /**
     * Memory swapped out.
     */
    uint64_t swap_bytes;
    /**
     * Page faults served without input or output.
     */
    uint64_t minor_faults;
    /**
     * Page faults that needed input or output.
     */
    uint64_t major_faults;
    /**
     * Bytes that had to be read from storage; what a cache had does not count.
     */
    uint64_t read_bytes;
    /**
     * Bytes that were sent on their way to storage.
     */
    uint64_t written_bytes;
    /**
     * Voluntary context switches: a thread waited for something.
     */
    uint64_t voluntary_switches;
    /**
     * Involuntary context switches: a time slice ended or a more urgent task came.
     */
    uint64_t involuntary_switches;
    /**
     * Threads now.
     */
    uint64_t threads;
    /**
     * Open file descriptors now.
     */
    uint64_t open_files;
    /**
     * Zero.
     */
    uint64_t reserved[15];
} rr_usage;

/**
 * The step at which a start failed.
 */
typedef struct rr_failure {
    /**
     * One of RR_STEP_...
     */
    int32_t step;
    /**
     * The descriptor or the resource, as the step says; else 0.
     */
    int32_t detail;
} rr_failure;

/**
 * How a child ended and what it used.
 */
typedef struct rr_outcome {
    /**
     * 0 to 255, or -1 when a signal ended it.
     */
    int32_t exit_code;
    /**
     * The signal that ended it, or 0 when it exited.
     */
    int32_t signal;
    /**
     * 1 when it left a core dump, else 0.
     */
    int32_t core_dumped;
    /**
     * The resource whose limit ended it, one of RR_RLIMIT_..., where that is known; else -1. CPU: it was
     * ended by SIGKILL with its own processor time at or past the hard limit, or by SIGXCPU at or past
     * the soft one. FSIZE: it was ended by SIGXFSZ under a finite soft limit. It says that the limit had
     * been reached, not who sent the signal. usage.cpu_ns may be less than that limit (0.81 s of 1 s was
     * seen): the kernel compares a clock of its own, which counts what it has not yet added there. Always -1 for other limits, of which a process does not die
     * but by its own doing, and on systems other than Linux.
     */
    int32_t limit;
    /**
     * From the call of rr_command_spawn until rr_child_wait saw the end: as long as the program ran only
     * for a caller that waits meanwhile. Nanoseconds.
     */
    uint64_t wall_ns;
    /**
     * As wait4(2) gave it: with the descendants that the child waited for.
     */
    struct rr_rusage rusage;
    /**
     * The same in nanoseconds and bytes. Its peak_rss_bytes is the program's own, whatever the caller
     * holds or held: the largest of the program and of the descendants that it waited for, not their sum.
     * With RR_USAGE_PEAK_IS_BOUND it is only an upper bound.
     */
    struct rr_usage usage;
    /**
     * Zero.
     */
    uint64_t reserved[8];
} rr_outcome;

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
 * the superuser elsewhere. On Linux a limit below the present use is accepted, and what is in use
 * stays so; macOS refuses one for DATA, STACK and AS with EINVAL, and so does NetBSD for STACK. The
 * BSDs and macOS lower a value above some maximum of the system to that one: read it back.
 *
 * resource: one of RR_RLIMIT_...
 * limits: both halves, in the resource's unit; RR_RLIM_INFINITY for none. On systems where that is
 * 2^63-1 every larger value counts as none.
 *
 * Returns 0; EINVAL when this system has no such resource or the soft limit is above the hard one;
 * EPERM when the hard limit would rise and the caller may not raise it, or NOFILE is above the
 * system's maximum (/proc/sys/fs/nr_open on Linux; that one holds for everybody); ERANGE when the
 * kernel cannot store a value, and then nothing is changed: a 32-bit Linux kernel stores finite limits
 * below 4,294,967,295; EFAULT when limits is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See setrlimit(2).
 */
int rr_setrlimit(int resource,
                 const struct rr_rlimit *limits);

/**
 * Sets the limits of a process for one resource and gives back the former ones: in one step on
 * Linux and FreeBSD; on the other systems they are read first and then set.
 *
 * pid: the process; 0 is the caller.
 * resource: one of RR_RLIMIT_..., looked at before pid.
 * new_limits: as for rr_setrlimit; NULL only reads.
 * old_limits: is written on success; NULL when not wanted. It may be the same object as
 * new_limits.
 *
 * Returns 0; EINVAL, EPERM and ERANGE as rr_setrlimit; ESRCH when there is no such process; EPERM also when
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
 * Opens a process by its number. The handle means this process for as long as it is open, whoever
 * has its number later: by a pidfd on Linux, elsewhere by when it started. A zombie can be opened too,
 * but on NetBSD and OpenBSD, which forget when it started.
 *
 * What is *read* through a handle never comes from another process. No system sets limits by
 * handle, so a *write* looks at the process before and after: ESRCH then means that it ended, and
 * in that window a new holder of the number may have been changed. An unreaped child of the caller
 * is always safe. In a process of another pid namespace, which got the handle by fork(2), the number
 * means another process: functions that need the number return ENOTSUP there, or ESRCH.
 *
 * pid: the process; 0 is the caller.
 * process: is written on success; the caller closes it with rr_process_close.
 *
 * Returns 0; EINVAL when pid is negative or a thread that leads no process; ESRCH when there is no
 * such process; EMFILE, ENFILE or ENOMEM when there is no room for another handle; ENOTSUP for
 * another process where nothing tells it from a later one, which the caller may not see, or which is
 * such a zombie; EACCES without pidfds when /proc hides the process; EFAULT when process is NULL.
 *
 * Any thread; not async-signal-safe: it allocates. A handle is used by one thread at a time. On Linux
 * it holds one descriptor, which exec closes, and from rr_usage_read on up to four more, files of /proc
 * that make the next reading cheap; none of these while half of what RLIMIT_NOFILE allows is in use;
 * elsewhere none. On OpenBSD it needs the promise ps of pledge(2). Since 0.1. See pidfd_open(2).
 */
int rr_process_open(int32_t pid,
                    struct rr_process **process);

/**
 * Opens the process behind a pidfd, on Linux.
 *
 * pidfd: of pidfd_open(2) or clone(2). It is copied: the caller's stays open and the caller's.
 * process: is written on success; the caller closes it with rr_process_close.
 *
 * Returns 0; EBADF when pidfd is no pidfd; EINVAL when it is a thread's; ESRCH when its process has
 * been waited for; EMFILE, ENFILE or ENOMEM when there is no room for another handle; ENOTSUP when the
 * process has no number in the caller's pid namespace, on Linux before 6.13 where /proc is missing or
 * belongs to another pid namespace, and on a system without pidfds; EFAULT when process is NULL.
 *
 * Any thread; not async-signal-safe: it allocates. Since 0.1. See pidfd_open(2).
 */
int rr_process_from_fd(int pidfd,
                       struct rr_process **process);

/**
 * Closes a handle. The process goes on.
 *
 * process: of rr_process_open or rr_process_from_fd, and not used after it; NULL does nothing.
 *
 * Returns nothing.
 *
 * Any thread; not async-signal-safe. Since 0.1.
 */
void rr_process_close(struct rr_process *process);

/**
 * Tells the number of the process. Once the process has ended and been waited for, another may have
 * it.
 *
 * process: a handle; NULL is the caller.
 *
 * Returns the number, above 0.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int32_t rr_process_pid(const struct rr_process *process);

/**
 * Tells the descriptor that the handle holds, to poll(2): it is readable once the process has ended.
 *
 * process: a handle.
 *
 * Returns the pidfd, which stays the handle's and is not to be closed; -1 where there is none: on a
 * kernel before 5.3, in a sandbox that refuses pidfds, on a system other than Linux, and for NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_process_fd(const struct rr_process *process);

/**
 * Tells whether the process still runs.
 *
 * process: a handle; NULL is the caller, which does.
 *
 * Returns 0; ESRCH when it has ended, as a zombie too, whose parent has not waited for it yet; without
 * pidfds ENOTSUP or EACCES when /proc belongs to another pid namespace or hides the process, and EMFILE,
 * ENFILE or ENOMEM when there is no room to open a file of it.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_process_check(const struct rr_process *process);

/**
 * Reads the limits of a process for every resource. Of another user's process too: where the system
 * call is refused Linux shows them in /proc/PID/limits.
 *
 * process: a handle; NULL is the caller.
 * entries: room for capacity entries; the first *count are written on success, in the order of the
 * resources' numbers. NULL when capacity is 0.
 * capacity: rr_resource_count() is always enough.
 * count: is written on success and on ERANGE: how many there are.
 *
 * Returns 0; ERANGE when capacity is too small; ESRCH when the process has ended and been waited
 * for; EPERM when the system tells the limits of such a process to nobody but its user, or /proc hides
 * it; EMFILE, ENFILE or ENOMEM when there is no room to open a file of /proc; ENOTSUP when the system
 * tells nobody, and in another pid namespace than that of the handle; EFAULT when count is NULL, or entries with a capacity above 0.
 *
 * Any thread; async-signal-safe. Since 0.1. See prlimit(2), proc_pid_limits(5).
 */
int rr_rlimits_get(const struct rr_process *process,
                   struct rr_rlimit_entry *entries,
                   size_t capacity,
                   size_t *count);

/**
 * Sets many limits of a process: all of them, or none. Nothing is foretold: the system decides on each
 * entry, one that changes nothing included. Entries that change nothing come first, then hard limits are
 * raised, soft ones raised, soft ones cut, hard ones cut; within each NOFILE comes first and limits on
 * time last. If one is refused, those before it are put back in reverse.
 *
 * This holds while nobody else changes these limits, the system's maximum of NOFILE or the process's
 * credentials. A hard limit that was cut cannot be put back without privilege, which matters only where a
 * sandbox refuses some resources and accepts others. A change that was put back was not invisible: a soft
 * CPU limit below the time already used may have sent SIGXCPU.
 *
 * process: a handle; NULL is the caller.
 * entries: each resource once, in any order; reserved is 0. NULL when count is 0.
 * count: how many.
 * failed: is written with the index of the entry that was refused, where it was one. NULL when not
 * wanted.
 *
 * Returns 0; EINVAL for an unknown resource, one given twice, a soft limit above the hard one, or a
 * reserved field that is not 0; EPERM and ERANGE as rr_setrlimit and rr_prlimit; ESRCH when the process has
 * ended, as a zombie too; ENOTSUP in another pid namespace than that of the handle; ENOTRECOVERABLE when
 * something was refused and then could not be put back; EMFILE, ENFILE or ENOMEM when there is no room to
 * open a file of /proc; EFAULT when entries is NULL with a count above
 * 0.
 *
 * Any thread; async-signal-safe. Since 0.1. See prlimit(2).
 */
int rr_rlimits_set(const struct rr_process *process,
                   const struct rr_rlimit_entry *entries,
                   size_t count,
                   size_t *failed);

/**
 * Raises the soft limit of the calling process as near to what is wanted as it may have it, and
 * never lowers it. The hard limit stays.
 *
 * resource: one of RR_RLIMIT_...
 * wanted: the soft limit, in the resource's unit; RR_RLIM_INFINITY for as much as there is.
 * result: is written on success: the limits now in force, whose soft one may be below wanted. NULL
 * when not wanted.
 *
 * Returns 0; EINVAL when this system has no such resource; EPERM when nothing can be set because the
 * hard limit of NOFILE is above the system's maximum; ERANGE as rr_setrlimit.
 *
 * Any thread; async-signal-safe. Since 0.1. See setrlimit(2).
 */
int rr_rlimit_raise(int resource,
                    uint64_t wanted,
                    struct rr_rlimit *result);

/**
 * Tells what rr_setrlimit, or rr_prlimit for another process, would answer, and why, without doing
 * it. A security module or a sandbox may still refuse what this one accepts; and FreeBSD and NetBSD,
 * which let more callers read the limits of another user's process than set them. RR_REASON_UNKNOWN,
 * with the error ENOTSUP, where something that decides cannot be read: on Linux the user namespace of a
 * caller with CAP_SYS_RESOURCE, and the maximum of NOFILE, without /proc or without a free descriptor.
 * The error is EPERM where the change is certain to be refused for one of two reasons.
 *
 * process: a handle; NULL is the caller.
 * resource: one of RR_RLIMIT_...; an unknown one is a verdict too.
 * wanted: the limits, in the resource's unit.
 * verdict: is written on success.
 *
 * Returns 0 whenever a verdict was written; ESRCH when the process has ended, as a zombie too;
 * ENOTSUP on a system that cannot reach the limits of another process, and in another pid namespace than
 * that of the handle; EFAULT when wanted or verdict
 * is NULL.
 *
 * Any thread, about which it tells: on Linux threads may differ in their capabilities.
 * Async-signal-safe. Since 0.1. See prlimit(2), capabilities(7).
 */
int rr_rlimit_check(const struct rr_process *process,
                    int resource,
                    const struct rr_rlimit *wanted,
                    struct rr_verdict *verdict);

/**
 * Says a reason of rr_rlimit_check in an English sentence, for a log.
 *
 * reason: one of RR_REASON_...
 *
 * Returns a static text; never NULL, for an unknown number neither.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_reason_text(int reason);

/**
 * Tells how much of a limit is in use now: the very number that the kernel compares with the limit,
 * except MEMLOCK's.
 *
 * process: a handle; NULL is the caller.
 * resource: one of RR_RLIMIT_... On Linux these are accounted: CPU (whole seconds), DATA, STACK, AS,
 * RSS, MEMLOCK, SIGPENDING, NOFILE (how many are open, though the limit is on their numbers), NICE
 * (20 - nice of the calling thread, or of the process's first) and RTPRIO (likewise). Elsewhere CPU
 * of the caller. MEMLOCK is what mlock(2) and mmap(2) have locked, VmLck in proc_pid_status(5). The same
 * limit also holds for pinned memory (VmPin, io_uring, BPF, perf), which the kernel counts elsewhere, in
 * part by user, and which is not included.
 * used: is written on success, in the resource's unit.
 *
 * Returns 0; EINVAL when this system has no such resource; ENOTSUP when it does not tell: on Linux
 * for FSIZE, CORE, LOCKS, MSGQUEUE, NPROC and RTTIME, for what this kernel leaves out of
 * proc_pid_status(5), as it does for memory of its own threads, and for another process when /proc is
 * missing or belongs to another pid namespace; ESRCH when the process has ended, as a zombie too; EACCES
 * or EPERM when the system keeps it from the caller, as /proc does with the option hidepid; ENOENT for the
 * caller without /proc; EMFILE, ENFILE or ENOMEM when there is no room to open a file of /proc; EFAULT
 * when used is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See proc_pid_status(5), proc_pid_fd(5).
 */
int rr_rlimit_used(const struct rr_process *process,
                   int resource,
                   uint64_t *used);

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

/**
 * Reads what a process uses and has used.
 *
 * process: a handle; NULL is the caller.
 * wanted: RR_USAGE_... of the groups that are wanted, RR_USAGE_ALL for every one. Only they are paid
 * for; groups that come with them for nothing are given too. Bits that this version does not know
 * are ignored.
 * usage: is written on success. Its field known says which groups were got: what this system or the
 * caller's rights do not give has no bit and is zero.
 *
 * What is known on Linux: of the caller everything. Its peak is that of the program that it runs
 * now; without /proc it is a bound, RR_USAGE_PEAK_IS_BOUND. Of another process everything but
 * RR_USAGE_SWITCHES (the kernel counts those of living threads alone), and RR_USAGE_IO only with the
 * right to trace it, see ptrace(2). Of a zombie RR_USAGE_CPU, _TIMES, _FAULTS and _IO. Nothing but
 * RR_USAGE_CPU where /proc belongs to another pid namespace.
 *
 * What is known elsewhere: of the caller what getrusage(2) gives, its peak as a bound; of another
 * process RR_USAGE_CPU and _TIMES; of both RR_USAGE_WALL and _RSS. Besides, on FreeBSD of both
 * RR_USAGE_VIRTUAL and _THREADS, of others _FAULTS, _SWITCHES and the peak as a bound, of the caller
 * _OPEN_FILES. On NetBSD of both RR_USAGE_VIRTUAL and _THREADS, of others _FAULTS. On OpenBSD of the
 * caller RR_USAGE_OPEN_FILES. On DragonFly of both RR_USAGE_VIRTUAL and _THREADS, of others the peak
 * as a bound and, when they have one thread, _FAULTS and _SWITCHES; when they have more, no times. On
 * macOS of both RR_USAGE_VIRTUAL, _IO and _THREADS, of others _FAULTS, but only the superuser is told
 * more than RR_USAGE_WALL of another user's process. On Solaris of both RR_USAGE_VIRTUAL and
 * _THREADS, of others _FAULTS and _SWITCHES. The peak on FreeBSD and DragonFly is the largest that a
 * clock tick saw. Of a zombie on FreeBSD and Solaris RR_USAGE_CPU, _TIMES, _FAULTS and _SWITCHES, and
 * on FreeBSD the peak; on DragonFly and macOS nothing; on NetBSD and OpenBSD, where nothing tells it
 * from a later process, the answer is ESRCH. On the other systems of Apple nothing is told of other
 * processes.
 *
 * Returns 0; ESRCH when the process has ended and been waited for; EMFILE, ENFILE or ENOMEM when
 * there is no room to open a file of /proc; ENOTSUP in a child of the process that opened a handle on
 * itself where nothing tells it from a later one, and in another pid namespace than that of the handle;
 * EFAULT when usage is NULL.
 *
 * Any thread; async-signal-safe. On OpenBSD what getrusage(2) does not give needs the promise ps of
 * pledge(2). Since 0.1. See proc_pid_stat(5), proc_pid_status(5), clock_getcpuclockid(3), sysctl(3),
 * proc(5).
 */
int rr_usage_read(struct rr_process *process,
                  uint64_t wanted,
                  struct rr_usage *usage);

/**
 * Turns the system's own record into nanoseconds and bytes.
 *
 * from: what rr_getrusage or rr_wait4 gave.
 * usage: is written on success. RR_USAGE_CPU, _TIMES, _FAULTS and _SWITCHES are known; RR_USAGE_IO on
 * Linux, where a block is 512 bytes; RR_USAGE_PEAK_RSS with RR_USAGE_PEAK_IS_BOUND, where the
 * system keeps a peak: the record does not tell whether it is an ancestor's.
 *
 * Returns 0; EINVAL for a record with a negative number or with 1,000,000 microseconds or more;
 * EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1. See getrusage(2).
 */
int rr_usage_from_rusage(const struct rr_rusage *from,
                         struct rr_usage *usage);

/**
 * Tells what was used between two readings of one process.
 *
 * start: the earlier reading.
 * end: the later one.
 * difference: is written on success, and may be start or end. Of times, faults, bytes read and
 * written and context switches the difference, known where both readings know them; resident set,
 * peak, address space, swap, threads and open files, which a difference says nothing about, as at
 * the end.
 *
 * Returns 0; ERANGE when something that only grows is less at the end, as when the two are of
 * different processes; EINVAL when a reserved field is not zero; EFAULT when a pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_usage_since(const struct rr_usage *start,
                   const struct rr_usage *end,
                   struct rr_usage *difference);

/**
 * Forgets the peak of the resident set: from now on it is that of the time to come. ru_maxrss stays.
 *
 * process: a handle; NULL is the caller.
 *
 * Returns 0; ESRCH when the process has ended; EACCES or EPERM when it is not the caller's to
 * change; EROFS when /proc is mounted read-only; EMFILE, ENFILE or ENOMEM when there is no room to open a
 * file of /proc; ENOTSUP on a system other than Linux, without /proc, on a kernel built without the file
 * (CONFIG_PROC_PAGE_MONITOR), and for another process where /proc belongs to another pid namespace.
 *
 * Any thread; async-signal-safe. Since 0.1. See proc_pid_clear_refs(5).
 */
int rr_usage_reset_peak(const struct rr_process *process);

/**
 * Counts the fields of rr_usage, known and reserved apart: 16.
 *
 * Returns the count; the functions below take indices below it, in the order of the struct.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
size_t rr_usage_field_count(void);

/**
 * Names a field of rr_usage.
 *
 * index: 0 to rr_usage_field_count() - 1.
 *
 * Returns a static text like "cpu_ns"; NULL past the end.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_usage_field_name(size_t index);

/**
 * Tells what a field of rr_usage counts.
 *
 * index: 0 to rr_usage_field_count() - 1.
 *
 * Returns RR_UNIT_NANOSECONDS, RR_UNIT_BYTES or RR_UNIT_COUNT; 0 past the end.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_usage_field_unit(size_t index);

/**
 * Takes one field out of an rr_usage, by number.
 *
 * usage: what one of the functions above gave.
 * index: 0 to rr_usage_field_count() - 1.
 * value: is written on success, in the field's unit.
 *
 * Returns 0; ENOTSUP when the field is not known; ERANGE when index is past the end; EFAULT when a
 * pointer is NULL.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
int rr_usage_value(const struct rr_usage *usage, size_t index, uint64_t *value);

/**
 * Begins a command: a program, and how it is to be started. rr_command_spawn starts it, as often as
 * wanted. Whatever is not said below the program has from the caller, as after posix_spawn(3):
 * environment, directory, user, limits, open descriptors without close-on-exec, ignored signals. But
 * SIGPIPE is default in it and no signal is blocked.
 *
 * program: a path when it has a slash, else a name to be looked for in the PATH of the program's own
 * environment, "/bin:/usr/bin" when that has none. A relative path, an empty part of PATH too, counts
 * from the program's directory (see rr_command_set_directory). It is copied, and is argument 0 unless
 * rr_command_set_arg0 says another.
 * command: is written on success; the caller frees it with rr_command_free.
 *
 * Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL. Whether the program is
 * there is seen when it is spawned.
 *
 * Any thread; not async-signal-safe: it allocates. A command is changed by one thread at a time;
 * while nobody changes it, many threads may spawn it. Since 0.1. See posix_spawnp(3).
 */
int rr_command_new(const char *program,
                   struct rr_command **command);

/**
 * Frees a command. What was spawned from it goes on, and its rr_child stays good.
 *
 * command: of rr_command_new, and not used after it; NULL does nothing.
 *
 * Returns nothing.
 *
 * Any thread; not async-signal-safe. Since 0.1.
 */
void rr_command_free(struct rr_command *command);

/**
 * Adds one argument behind those that are there.
 *
 * command: of rr_command_new.
 * argument: is copied. It goes to the program as it is: no shell reads it.
 *
 * Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL. On an error the command
 * is as it was.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See execve(2).
 */
int rr_command_add_arg(struct rr_command *command, const char *argument);

/**
 * Says argument 0, the name by which the program knows itself, where it is not to be the program as
 * it was given to rr_command_new.
 *
 * command: of rr_command_new.
 * name: is copied; a second call replaces the first.
 *
 * Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See execve(2).
 */
int rr_command_set_arg0(struct rr_command *command, const char *name);

/**
 * Sets a variable of the program's environment, or removes it. All others are those that the caller
 * has when it spawns, unless rr_command_clear_env was called.
 *
 * command: of rr_command_new.
 * name: is copied; not empty, without '='.
 * value: is copied; NULL removes the variable. A later call for the same name replaces this one.
 *
 * Returns 0; EINVAL for a name that is empty or has a '='; ENOMEM when there is no memory; EFAULT when
 * command or name is NULL.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See environ(7).
 */
int rr_command_set_env(struct rr_command *command,
                       const char *name,
                       const char *value);

/**
 * Gives the program an empty environment: without the caller's variables, and without those that
 * rr_command_set_env has set before this call. What it sets after it is there.
 *
 * command: of rr_command_new.
 *
 * Returns 0; EFAULT when command is NULL.
 *
 * Any thread, one at a time; not async-signal-safe. Since 0.1.
 */
int rr_command_clear_env(struct rr_command *command);

/**
 * Says the program's working directory. Relative paths of the program itself and in PATH count from
 * it.
 *
 * command: of rr_command_new.
 * path: is copied; a relative one counts from the caller's directory when it spawns. Whether it is
 * there is seen then. A second call replaces the first.
 *
 * Returns 0; ENOMEM when there is no memory; EFAULT when a pointer is NULL.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See chdir(2).
 */
int rr_command_set_directory(struct rr_command *command, const char *path);

/**
 * Gives the program a descriptor of the caller's, under a number of its own. All that are named take
 * effect at once, so that 1 can go to 2 and 2 to 1. Descriptors that are not named are inherited as
 * ever: those without close-on-exec.
 *
 * command: of rr_command_new.
 * source_fd: the caller's, open when it spawns; it stays the caller's. The same number as child_fd
 * lets the program inherit it in spite of close-on-exec.
 * child_fd: the number in the program. A later call for the same number replaces this one.
 *
 * Returns 0; EBADF when a number is negative; ENOMEM when there is no memory; EFAULT when command is
 * NULL. That source_fd is not open, or child_fd is not below the hard limit of NOFILE, is seen when it
 * is spawned: EBADF. EMFILE when descriptors are exchanged and not one number is free.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See dup2(2).
 */
int rr_command_dup2(struct rr_command *command,
                    int source_fd,
                    int child_fd);

/**
 * Limits the program. Both halves are set in it alone, just before it begins; the caller's own limits
 * are not touched. It inherits the caller's for the resources that are not named.
 *
 * A limit holds for one process, not for all that it starts: each of these begins with the same limits
 * and a use of its own. NPROC counts all processes of the user; CPU counts whole seconds.
 *
 * command: of rr_command_new.
 * resource: one of RR_RLIMIT_... A later call for the same one replaces this one.
 * limits: both halves, in the resource's unit; they are copied. Any value, 0 too: the start itself does
 * not suffer from NOFILE, NPROC, FSIZE or MEMLOCK. On Linux a finite CPU limit above 18446744073 seconds (584
 * years) is clamped to that, since the kernel would count fewer. Of an AS, DATA or STACK too small to begin with the
 * program dies, or it cannot be executed: that is its outcome, or an error of rr_command_spawn.
 *
 * Returns 0; EINVAL when this system has no such resource or the soft limit is above the hard one;
 * ERANGE as rr_setrlimit; ENOMEM when there is no memory; EFAULT when a pointer is NULL. That the hard limit may not be raised
 * is seen when it is spawned: EPERM.
 *
 * Any thread, one at a time; not async-signal-safe: it allocates. Since 0.1. See setrlimit(2).
 */
int rr_command_set_limit(struct rr_command *command,
                         int resource,
                         const struct rr_rlimit *limits);

/**
 * Lets the program lead a process group of its own, so that rr_child_kill reaches what it starts too.
 *
 * command: of rr_command_new.
 *
 * Returns 0; EFAULT when command is NULL.
 *
 * Any thread, one at a time; not async-signal-safe. Since 0.1. See setpgid(2).
 */
int rr_command_new_group(struct rr_command *command);

/**
 * Lets the program lead a session of its own, without a controlling terminal, and with it a process
 * group.
 *
 * command: of rr_command_new.
 *
 * Returns 0; EFAULT when command is NULL.
 *
 * Any thread, one at a time; not async-signal-safe. Since 0.1. See setsid(2).
 */
int rr_command_new_session(struct rr_command *command);

/**
 * Never starts the program through the launcher (see rr_command_spawn). Its peak memory is then only a
 * bound where it is not above the caller's own: RR_USAGE_PEAK_IS_BOUND says so.
 *
 * command: of rr_command_new.
 *
 * Returns 0; EFAULT when command is NULL.
 *
 * Any thread, one at a time; not async-signal-safe. Since 0.1.
 */
int rr_command_no_launcher(struct rr_command *command);

/**
 * Starts the program as a child of the caller. It runs when this returns 0: what keeps it from
 * beginning (no such program, not executable, a directory that is not there, a limit that may not be
 * set, a descriptor that is not open) is an error here, and then there is no child and no zombie.
 *
 * On Linux a process inherits the record of peak memory of the process that executes it, so that a small
 * program of a large caller would seem large. A tiny launcher is therefore executed first, with the caller's
 * rights, and starts the program as the caller's own child. The launcher is the file
 * libexecdir/rresource/launcher if root or the caller's effective user owns it, nobody else may write to it,
 * and it equals the copy inside this library byte for byte; else that copy, from a sealed memfd. The command
 * keeps its descriptor, with close-on-exec, from its first start until it is freed. If the launcher's exec
 * changed the caller's rights or the meaning of the program's path (capabilities without an ambient set, a
 * file-system user of its own, /proc/self/exe), or if the launcher cannot run (a sandbox, vm.memfd_noexec,
 * an emulator, another system or architecture, too few processes allowed), the program is started directly,
 * as after rr_command_no_launcher. A caller can see a second child, named rresource-launcher, for less than
 * a millisecond; a second SIGCHLD; and a child that waitpid(-1) in another thread may report. Nothing
 * depends on who waits for it.
 *
 * The program runs once if this returns 0, and does not run if it returns an error other than EPROTO. A
 * program that another process kills before it begins is a success with that signal as its outcome, as
 * after posix_spawn(3).
 *
 * The caller's memory is not copied, its limits and signal handlers stay as they are, and no thread is
 * started; its calling thread takes no signals meanwhile, except SIGSYS and those of a fault of its own.
 *
 * command: of rr_command_new. It may be spawned again and freed while the child runs.
 * child: is written on success; the caller frees it with rr_child_free, and should wait first.
 * failure: is written on an error other than EFAULT: the step that failed, and on what. NULL when not
 * wanted.
 *
 * Returns 0; ENOENT, EACCES, ENOTDIR, ENOEXEC, E2BIG, ELOOP, ENAMETOOLONG and others of execve(2) and
 * chdir(2); EPERM for a hard limit that may not be raised; EBADF for a descriptor; EAGAIN when no more
 * processes are allowed; ENOMEM; EPROTO when the launcher's answer could not be received, so that the
 * program may run, or may have run; EFAULT when a pointer is NULL.
 *
 * Any thread, many at once; not async-signal-safe: it allocates, and frees it before it returns but for
 * the handle. A child holds one descriptor on Linux, which exec closes. Since 0.1. See posix_spawn(3),
 * execve(2).
 */
int rr_command_spawn(const struct rr_command *command,
                     struct rr_child **child,
                     struct rr_failure *failure);

/**
 * Returns a few words for a step of a start, for a log.
 *
 * step: one of RR_STEP_...
 *
 * Returns a static text like "working directory"; never NULL, for an unknown number neither.
 *
 * Any thread; async-signal-safe. Since 0.1.
 */
const char *rr_step_text(int step);

/**
 * Tells the number of the child. Once it was waited for, another process may have it.
 *
 * child: of rr_command_spawn.
 *
 * Returns the number, above 0; -1 for NULL.
 *
 * Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1.
 */
int32_t rr_child_pid(const struct rr_child *child);

/**
 * Tells the descriptor that the child's handle holds, to poll(2): it is readable once the child has
 * ended, before and after it was waited for.
 *
 * child: of rr_command_spawn.
 *
 * Returns the pidfd, which stays the handle's and is not to be closed; -1 where there is none: on a
 * kernel before 5.3, when no descriptor was free, on a system other than Linux, and for NULL.
 *
 * Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1. See pidfd_open(2).
 */
int rr_child_fd(const struct rr_child *child);

/**
 * Opens the child as a process, to read its usage and limits while it runs.
 *
 * child: of rr_command_spawn.
 * process: is written on success: a handle of its own, which stays good when the child's is freed. The
 * caller closes it with rr_process_close.
 *
 * Returns 0; ESRCH once the child was waited for; EMFILE, ENFILE or ENOMEM when there is no room for
 * another handle; ENOTSUP on a system where rr_process_open knows no other process; EFAULT when a
 * pointer is NULL.
 *
 * Any thread, beside rr_child_wait too; not async-signal-safe: it allocates. Since 0.1. See
 * rr_process_open.
 */
int rr_child_process(const struct rr_child *child,
                     struct rr_process **process);

/**
 * Sends a signal to the child; to its whole process group where it leads one (rr_command_new_group,
 * rr_command_new_session). It never reaches a later process with the same number, unless there is no
 * descriptor (rr_child_fd) and somebody else waits for the caller's children.
 *
 * child: of rr_command_spawn.
 * signal: as in <signal.h>; 0 only looks whether there is a child to signal.
 *
 * Returns 0, for a child too that has ended and was not waited for; ESRCH once it was waited for, what
 * is left of its group notwithstanding; EINVAL when there is no such signal; EPERM when the child has
 * become another user's; EFAULT when child is NULL.
 *
 * Any thread, beside rr_child_wait too; async-signal-safe. Since 0.1. See pidfd_send_signal(2),
 * kill(2).
 */
int rr_child_kill(struct rr_child *child,
                  int signal);

/**
 * Waits until the child has ended, takes it off the system's table, and tells how it ended and what it
 * used. Waiting again gives the same once more.
 *
 * No signal handler, no thread and no SIGCHLD takes part, and the timeout is a poll(2) of the child's
 * own descriptor; where there is none it looks again and again, at most 10 ms apart. It does so too for a
 * child that has ended while another process traces it, ptrace(2), which keeps it from being reaped. It
 * never takes longer than the timeout. On systems other than Linux a wait with a timeout is a
 * cancellation point, pthreads(7).
 *
 * Where the caller ignores SIGCHLD, or waits for children elsewhere, the system drops the child's record
 * before this call can have it. Linux 6.15 and later still tell the exit status: then the outcome has
 * that, no usage but the wall time, and limit -1. Elsewhere the answer is ECHILD.
 *
 * child: of rr_command_spawn.
 * timeout_ns: how long to wait at most, in nanoseconds; 0 only looks; negative without a limit.
 * outcome: is written on success.
 *
 * Returns 0; ETIMEDOUT when it still runs; ECHILD when the child's record is gone; EFAULT when a pointer
 * is NULL. A signal handler that runs meanwhile does not interrupt it.
 *
 * Any thread, one at a time, and rr_child_kill, rr_child_process, rr_child_pid and rr_child_fd beside it;
 * async-signal-safe but for a wait of the same child that it interrupts. Since 0.1. See waitid(2),
 * wait4(2).
 */
int rr_child_wait(struct rr_child *child,
                  int64_t timeout_ns,
                  struct rr_outcome *outcome);

/**
 * Frees the handle of a child. It neither ends the child nor waits for it: one that was not waited for
 * is then the caller's to wait for by its number, or it stays a zombie once it has ended.
 *
 * child: of rr_command_spawn, and not used after it; NULL does nothing.
 *
 * Returns nothing.
 *
 * Any thread; not async-signal-safe. Since 0.1.
 */
void rr_child_free(struct rr_child *child);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* RRESOURCE_H */
