/* Difficult callers: with many threads, in sandboxes and namespaces, with full tables and low limits. Whatever
 * posix_spawn could start there is started, through the launcher or directly. */
#include "ways.h"
#include "notify.h"

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <ucontext.h>

#ifndef CLONE_NEWPID
#define CLONE_NEWPID 0x20000000
#endif
#ifndef CLONE_NEWNS
#define CLONE_NEWNS 0x20000
#endif

/* ---- Threads ------------------------------------------------------------------------------------- */

enum { ALLOCATORS = 64, SPAWNERS = 8 };
static volatile int allocators_go_on;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static rr_command *shared_command;
static int spawns_by_each;

/* Allocates and prints, so that it holds locks of libc and its own most of the time. */
static void *allocate(void *arg) {
    char text[100];
    (void)arg;
    while (allocators_go_on) {
        void *memory;
        pthread_mutex_lock(&lock);
        memory = malloc((size_t)rand() % 5000 + 1);
        snprintf(text, sizeof text, "%p", memory);
        free(memory);
        pthread_mutex_unlock(&lock);
        usleep(500);
    }
    return NULL;
}

static void *spawn_often(void *arg) {
    size_t wrong = 0;
    int i;
    (void)arg;
    for (i = 0; i < spawns_by_each; i++) {
        rr_child *child;
        rr_outcome outcome;
        if (rr_command_spawn(shared_command, &child, NULL) != 0) {
            wrong++;
            continue;
        }
        if (rr_child_wait(child, -1, &outcome) != 0 || outcome.exit_code != 0 || (!is_direct && is_bound(&outcome)))
            wrong++;
        rr_child_free(child);
    }
    return (void *)wrong;
}

static void many_threads(void) {
    pthread_t allocators[ALLOCATORS], spawners[SPAWNERS];
    int i, before = open_descriptors();
    size_t wrong = 0;
    const int is_slow = emulated_by("valgrind") || emulated_by("qemu-user") || emulated_by("qemu-system");
    /* 10,000 in total for both methods. */
    spawns_by_each = is_slow ? 20 : has_launcher() ? 625 : 1250;
    shared_command = command_of("/bin/true");
    allocators_go_on = 1;
    for (i = 0; i < ALLOCATORS; i++)
        CHECK_EQ(pthread_create(&allocators[i], NULL, allocate, NULL), 0);
    for (i = 0; i < SPAWNERS; i++)
        CHECK_EQ(pthread_create(&spawners[i], NULL, spawn_often, NULL), 0);
    for (i = 0; i < SPAWNERS; i++) {
        void *result;
        pthread_join(spawners[i], &result);
        wrong += (size_t)result;
    }
    allocators_go_on = 0;
    for (i = 0; i < ALLOCATORS; i++)
        pthread_join(allocators[i], NULL);
    rr_command_free(shared_command);
    CHECK_EQ(wrong, 0);
    CHECK_EQ(open_descriptors(), before);
    check_no_children();
}
static void eight_threads_spawn_while_64_allocate(void) { in_child(many_threads); }

enum { HOLDERS = 100 };
static volatile int holders_go_on;
static void *fork_holders(void *arg) {
    pid_t *holders = (pid_t *)arg;
    int i;
    for (i = 0; i < HOLDERS && holders_go_on; i++) {
        holders[i] = fork();
        if (holders[i] == 0)
            for (;;)
                pause();
        usleep(1000);
    }
    return NULL;
}

/* Children that another thread forks meanwhile keep whatever the caller has open at that moment. */
static void spawn_during_forks(void) {
    static pid_t holders[HOLDERS];
    pthread_t thread;
    int i;
    end_after(60);
    holders_go_on = 1;
    CHECK_EQ(pthread_create(&thread, NULL, fork_holders, holders), 0);
    for (i = 0; i < 200; i++) {
        rr_child *child;
        rr_command *command = command_of(i % 2 ? "/bin/true" : "/nowhere");
        CHECK_EQ(rr_command_spawn(command, &child, NULL), i % 2 ? 0 : ENOENT);
        rr_command_free(command);
        if (i % 2)
            CHECK_EQ(ended_either_way(child).exit_code, 0);
    }
    holders_go_on = 0;
    pthread_join(thread, NULL);
    for (i = 0; i < HOLDERS; i++)
        if (holders[i] > 0) {
            kill(holders[i], SIGKILL);
            waitpid(holders[i], NULL, 0);
        }
    check_no_children();
}

static void children_forked_meanwhile_delay_nothing(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators do not share memory with a child, which reports through a socket that other processes may hold");
    else
        in_child(spawn_during_forks);
}

/* ---- Few descriptors, low limits ----------------------------------------------------------------- */

/* It runs, through the launcher or directly. */
static void check_runs(void) {
    rr_outcome outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK_EQ(outcome.exit_code, 0);
    check_no_children();
}

static void fill_the_table(int free_numbers) {
    const rr_rlimit few = {64, 64};
    int fd, last = -1;
    CHECK_EQ(rr_setrlimit(RR_RLIMIT_NOFILE, &few), 0);
    while ((fd = fcntl(0, F_DUPFD_CLOEXEC, 0)) >= 0)
        last = fd;
    while (free_numbers--)
        close(last--);
}

static void with_free_descriptors(int count) {
    rr_child *child;
    rr_outcome outcome;
    rr_command *command;
    int before, i;
    fill_the_table(count);
    before = open_descriptors();
    for (i = 0; i < 3; i++) {
        child = spawned(shell("exit 4"));
        CHECK_EQ(rr_child_fd(child) >= 0, count > 0);
        CHECK_CALL(rr_child_kill(child, 0), 0);
        CHECK_CALL(rr_child_wait(child, 60000000000, &outcome), 0);
        CHECK_EQ(outcome.exit_code, 4);
        CHECK_CALL(rr_child_kill(child, 0), ESRCH);
        rr_child_free(child);
        command = command_of("/nowhere");
        CHECK_CALL(rr_command_spawn(command, &child, NULL), ENOENT);
        rr_command_free(command);
        command = shell("exec sleep 100");
        CHECK_CALL(rr_command_new_group(command), 0);
        child = spawned(command);
        CHECK_CALL(rr_child_wait(child, 20000000, &outcome), ETIMEDOUT);
        CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
        CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
        CHECK_EQ(outcome.signal, SIGKILL);
        rr_child_free(child);
    }
    CHECK_EQ(open_descriptors(), before);
    check_no_children();
}
static void with_0_free(void) { with_free_descriptors(0); }
static void with_1_free(void) { with_free_descriptors(1); }
static void with_2_free(void) { with_free_descriptors(2); }
static void with_3_free(void) { with_free_descriptors(3); }

static void a_full_table_of_descriptors(void) {
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        skip("emulators keep additional descriptors and do not share memory with a child");
        return;
    }
    in_child(with_0_free);
    in_child(with_1_free);
    in_child(with_2_free);
    in_child(with_3_free);
}

static void caller_of_low_limits(int resource, uint64_t soft, uint64_t hard) {
    rr_rlimit limits, after;
    rr_outcome outcome;
    rr_command *command = command_of("/bin/true");
    const rr_rlimit enough = {20, 20};
    CHECK_EQ(rr_getrlimit(resource, &limits), 0);
    limits.rlim_cur = soft;
    if (hard < limits.rlim_max)
        limits.rlim_max = hard;
    if (resource == RR_RLIMIT_NOFILE && hard >= 20)
        CHECK_CALL(rr_command_set_limit(command, resource, &enough), 0);
    CHECK_EQ(rr_setrlimit(resource, &limits), 0);
    outcome = ended_either_way(spawned(command));
    CHECK_EQ(outcome.exit_code, 0);
    CHECK_EQ(rr_getrlimit(resource, &after), 0);
    CHECK(same_limits(&after, limits.rlim_cur, limits.rlim_max));
    check_no_children();
}

/* SIGXFSZ would end the caller, or wait for the program. */
static void size_0(void) { caller_of_low_limits(RR_RLIMIT_FSIZE, 0, RR_RLIM_INFINITY); }
static void size_0_hard(void) { caller_of_low_limits(RR_RLIMIT_FSIZE, 0, 0); }
static void size_negative(void) { caller_of_low_limits(RR_RLIMIT_FSIZE, (uint64_t)1 << 63, (uint64_t)1 << 63); }
static void files_0(void) { caller_of_low_limits(RR_RLIMIT_NOFILE, 0, RR_RLIM_INFINITY); }
static void stack_low(void) { caller_of_low_limits(RR_RLIMIT_STACK, 128 << 10, RR_RLIM_INFINITY); }
static void locked_0(void) { caller_of_low_limits(RR_RLIMIT_MEMLOCK, 0, 0); }
static void processes_0(void) { caller_of_low_limits(RR_RLIMIT_NPROC, 0, 0); }
static void signals_0(void) { caller_of_low_limits(RR_RLIMIT_SIGPENDING, 0, 0); }
static void messages_0(void) { caller_of_low_limits(RR_RLIMIT_MSGQUEUE, 0, 0); }

static void low_limits_of_the_caller(void) {
    in_child(size_0);
    in_child(size_0_hard);
    if (!kernel_is_narrow())
        in_child(size_negative);
    in_child(locked_0);
    in_child(signals_0);
    in_child(messages_0);
    if (geteuid() == 0)
        in_child(processes_0);
    if (emulated_by("valgrind") || emulated_by("qemu-user"))
        skip("emulators need additional descriptors and stack");
    else {
        in_child(files_0);
        in_child(stack_low);
    }
}

static void room_for_one(void) {
    const rr_rlimit two = {2, 2};
    const uid_t nobody_else = (uid_t)(60000 + getpid() % 5000);
    CHECK(setgid(nobody_else) == 0 && setuid(nobody_else) == 0);
    CHECK_EQ(rr_setrlimit(RR_RLIMIT_NPROC, &two), 0);
    check_runs();
}

/* The caller and one more process: too few for the launcher and the program. */
static void a_user_who_may_start_one_process(void) {
    if (geteuid() != 0 || emulated_by("qemu-user"))
        skip("only root can become another user, and qemu-user needs additional threads");
    else
        in_child(room_for_one);
}

/* ---- Namespaces and sandboxes -------------------------------------------------------------------- */

/* The program is the first process of the namespace. If the launcher were, the namespace would end with it. */
static void in_new_namespace(void) {
    rr_outcome outcome;
    if (unshare(CLONE_NEWPID) != 0)
        _exit(77);
    outcome = ended_either_way(spawned(shell("test $$ = 1 && sleep 0.1 && exit 8")));
    CHECK_EQ(outcome.exit_code, 8);
    check_no_children();
}

static void first_process_of_a_namespace(void) {
    pid_t init;
    int status;
    if (unshare(CLONE_NEWPID) != 0)
        _exit(77);
    init = fork();
    if (init == 0) {
        rr_outcome outcome = ended(spawned(shell("exit 8")));
        CHECK_EQ(getpid(), 1);
        CHECK_EQ(outcome.exit_code, 8);
        _exit(current_failures != 0);
    }
    CHECK(waitpid(init, &status, 0) == init && status == 0);
}

static void pid_namespaces(void) {
    int status;
    if (emulated_by("qemu-user")) {
        skip("qemu-user has no namespaces");
        return;
    }
    status = status_of_child(in_new_namespace);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        skip("unshare(CLONE_NEWPID) is not allowed here");
        return;
    }
    CHECK_EQ(status, 0);
    in_child(first_process_of_a_namespace);
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (__u32)offsetof(struct seccomp_data, field))
#define RETURN(result) BPF_STMT(BPF_RET | BPF_K, (result))
/* The system call, and the filter's result for it. */
#define REFUSE(number, result) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), RETURN(result)
#define WITH(error) (SECCOMP_RET_ERRNO | (error))
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW 4
#else
#define LOW 0
#endif

static void filter(const struct sock_filter *rules, size_t count) {
    struct sock_fprog program;
    program.len = (unsigned short)count;
    program.filter = (struct sock_filter *)(size_t)rules;
    CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}
#define FILTER(rules) filter(rules, sizeof(rules) / sizeof((rules)[0]))

/* What Docker's default profile refuses an unprivileged container: clone3 so that libc falls back to
 * clone, clone with any flag of a namespace, and what only administrators need. */
static void docker_like(void) {
    const struct sock_filter rules[] = {
        LOAD(nr),
        REFUSE(__NR_clone3, WITH(ENOSYS)),
        REFUSE(__NR_unshare, WITH(EPERM)),
        REFUSE(__NR_setns, WITH(EPERM)),
        REFUSE(__NR_mount, WITH(EPERM)),
        REFUSE(__NR_ptrace, WITH(EPERM)),
        REFUSE(__NR_bpf, WITH(EPERM)),
        REFUSE(__NR_perf_event_open, WITH(EPERM)),
        REFUSE(__NR_process_vm_readv, WITH(EPERM)),
        REFUSE(__NR_keyctl, WITH(EPERM)),
        REFUSE(__NR_pidfd_getfd, WITH(EPERM)),
        REFUSE(__NR_personality, WITH(EPERM)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + LOW),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x7E020000, 0, 1),
        RETURN(WITH(EPERM)),
        RETURN(SECCOMP_RET_ALLOW),
    };
    FILTER(rules);
    CHECK_EQ(exit_code_of(command_of("/bin/true")), 0);
    check_no_children();
}

static void memfd_refused(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_memfd_create, WITH(EPERM)), RETURN(SECCOMP_RET_ALLOW)};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
}

static void execveat_refused(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_execveat, WITH(EACCES)), RETURN(SECCOMP_RET_ALLOW)};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
}

static void sockets_refused(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_socketpair, WITH(EPERM)), RETURN(SECCOMP_RET_ALLOW)};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
}

/* A filter that kills a process makes it dump core. Before Linux 5.16 this kills all processes that share its memory,
 * whatever its core limit: `zap_threads` in fs/coredump.c. The caller is one of them until its child has executed. */
static int in_filtered_child(void *unused) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_sendmsg, SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW)};
    (void)unused;
    FILTER(rules);
    syscall(__NR_sendmsg, -1, NULL, 0);
    return 0;
}
static void share_memory_with_a_killed_process(void) {
    static char stack[65536] __attribute__((aligned(16)));
    int status;
    const pid_t child = clone(in_filtered_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

static void sendmsg_deadly(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_sendmsg, SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW)};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
    check_no_children();
}

/* waitid is refused, wait4 is not. */
static void waitid_refused(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_waitid, WITH(EPERM)), RETURN(SECCOMP_RET_ALLOW)};
    rr_child *child;
    rr_command *command = command_of("/nowhere");
    FILTER(rules);
    CHECK_EQ(exit_code_of(shell("exit 3")), 3);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), ENOENT);
    rr_command_free(command);
    check_no_children();
}

/* The launcher's messages could not be received: without the check before the start the program would run twice. */
static void recvmsg_refused(void) {
    const struct sock_filter rules[] = {LOAD(nr), REFUSE(__NR_recvmsg, WITH(EACCES)), RETURN(SECCOMP_RET_ALLOW)};
    rr_outcome outcome;
    rr_command *command = shell("echo >&9");
    char text[8];
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 9), 0);
    FILTER(rules);
    outcome = ended_either_way(spawned(command));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
    CHECK_EQ(read(ends[0], text, sizeof text), 1);
    check_no_children();
}

/* The bits of an argument, the low half. */
#define REFUSE_BITS(number, argument, bits, result)                                                            LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 3),                                                 BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (argument) + LOW),            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, 1), RETURN(result), RETURN(SECCOMP_RET_ALLOW)

/* As a kernel before 6.3, which does not support MFD_EXEC. */
static void memfd_flag_unknown(void) {
    const struct sock_filter rules[] = {REFUSE_BITS(__NR_memfd_create, 1, 0x10, WITH(EINVAL))};
    FILTER(rules);
    CHECK_EQ(exit_code_of(command_of("/bin/true")), 0);
}

/* As a sandbox that was written for libc's posix_spawn. */
static void pidfds_refused(void) {
    const struct sock_filter rules[] = {REFUSE_BITS(__NR_clone, 0, 0x1000, WITH(EPERM))};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(shell("exit 3")));
    CHECK(outcome.exit_code == 3 && is_bound(&outcome));
    check_no_children();
}

#define CLONE_WITH_PARENT(result) REFUSE_BITS(__NR_clone, 0, 0x8000, result)

static void launchers_clone_refused(void) {
    const struct sock_filter rules[] = {CLONE_WITH_PARENT(WITH(EPERM))};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
    check_no_children();
}

/* The launcher ends without a program: it is started directly, once. */
static void launchers_clone_deadly(void) {
    const struct sock_filter rules[] = {CLONE_WITH_PARENT(SECCOMP_RET_KILL_PROCESS)};
    rr_outcome outcome;
    FILTER(rules);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    CHECK(outcome.exit_code == 0 && is_bound(&outcome));
    check_no_children();
}

static void a_filter_like_dockers(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators make additional system calls, and qemu-user does not support filters");
    else
        in_child(docker_like);
}

static void filters_that_refuse_the_launcher(void) {
    in_child(memfd_refused);
    in_child(execveat_refused);
    in_child(sockets_refused);
    in_child(launchers_clone_refused);
    in_child(launchers_clone_deadly);
    in_child(recvmsg_refused);
    in_child(memfd_flag_unknown);
    in_child(pidfds_refused);
}

static void a_filter_that_kills_the_child(void) {
    const int status = status_of_child(share_memory_with_a_killed_process);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        skip("a filter that kills a process ends all that share its memory, before Linux 5.16");
    else {
        CHECK_EQ(status, 0);
        in_child(sendmsg_deadly);
    }
}

#if defined(__x86_64__)
static void handle_call(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RAX] = -ENOSYS;
}

/* A sandbox whose signal handler provides the results; posix_spawn works in it too. */
static void calls_handled_by_a_handler(void) {
    const struct sock_filter rules[] = {
        LOAD(nr), REFUSE(__NR_socketpair, SECCOMP_RET_TRAP), REFUSE(__NR_memfd_create, SECCOMP_RET_TRAP),
        REFUSE(__NR_statx, SECCOMP_RET_TRAP), REFUSE(__NR_waitid, SECCOMP_RET_TRAP), RETURN(SECCOMP_RET_ALLOW),
    };
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handle_call;
    action.sa_flags = SA_SIGINFO;
    CHECK_EQ(sigaction(SIGSYS, &action, NULL), 0);
    FILTER(rules);
    CHECK_EQ(ended_either_way(spawned(shell("exit 3"))).exit_code, 3);
    check_no_children();
}
#endif

static void a_filter_that_sends_sigsys(void) {
#if defined(__x86_64__)
    if (!emulated_by("valgrind")) {
        in_child(calls_handled_by_a_handler);
        return;
    }
#endif
    skip("the handler is written for the registers of x86-64, and emulators do not support filters");
}

/* 0, 1 and 2 are closed, and a thread continues to write to them: its output must not reach the descriptors of a
 * start. */
static volatile int logger_goes_on;
static void *log_on(void *arg) {
    while (logger_goes_on)
        if (write(1, "log\n", 4) + write(2, "log\n", 4) > 0)
            (*(volatile int *)arg)++;
    return NULL;
}

static void starts_beside_a_logger(void) {
    pthread_t thread;
    volatile int logged = 0;
    int runs[2], succeeded = 0, found = 0, i;
    char text[4096];
    ssize_t length;
    CHECK_EQ(pipe(runs), 0);
    CHECK(fcntl(runs[0], F_DUPFD_CLOEXEC, 20) == 20 && fcntl(runs[1], F_DUPFD_CLOEXEC, 21) == 21);
    close(0), close(1), close(2), close(runs[0]), close(runs[1]);
    logger_goes_on = 1;
    CHECK_EQ(pthread_create(&thread, NULL, log_on, (void *)(size_t)&logged), 0);
    end_after(100);
    for (i = 0; i < 200; i++) {
        rr_child *child;
        rr_outcome outcome;
        rr_command *command = shell("printf x >&9");
        rr_command_dup2(command, 21, 9);
        if (rr_command_spawn(command, &child, NULL) == 0) {
            CHECK_EQ(rr_child_wait(child, -1, &outcome), 0);
            rr_child_free(child);
            succeeded++;
        }
        rr_command_free(command);
    }
    logger_goes_on = 0;
    pthread_join(thread, NULL);
    check_no_children();
    close(21);
    while ((length = read(20, text, sizeof text)) > 0)
        found += (int)length;
    CHECK_EQ(found, succeeded);
    CHECK(succeeded > 0);
}

static void standard_descriptors_closed(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators keep additional descriptors");
    else
        in_child(starts_beside_a_logger);
}

#ifdef CAN_NOTIFY
static int closed[3], clones, found_open;

static long long look_at_standard_descriptors(const struct seccomp_data *call, int32_t thread) {
    int fd;
    (void)call;
    for (fd = 0; fd < 3 && thread == arranging_thread; fd++)
        found_open += closed[fd] && fcntl(fd, F_GETFD) >= 0;
    clones++;
    return PASS;
}

/* Each alone, and all of them: while a child begins nothing of the start has their numbers. */
static void closed_standard_descriptors_stay_free(void) {
    static const int numbers[] = {SYS_clone};
    int fd;
    ARRANGE(look_at_standard_descriptors, numbers);
    for (is_direct = 0; is_direct < 2; is_direct++)
        for (fd = 0; fd < 4; fd++) {
            int standard, kept[3];
            for (standard = 0; standard < 3; standard++) {
                closed[standard] = standard == fd || fd == 3;
                kept[standard] = fcntl(standard, F_DUPFD_CLOEXEC, 10);
                if (closed[standard])
                    close(standard);
            }
            CHECK_EQ(ended_either_way(spawned(command_of("/bin/true"))).exit_code, 0);
            for (standard = 0; standard < 3; standard++) {
                dup2(kept[standard], standard);
                close(kept[standard]);
            }
        }
    CHECK(clones >= 8);
    CHECK_EQ(found_open, 0);
}
#endif

/* Without a pidfd a signal is sent to the PID, and the thread that frees the PID first waits until no other thread is
 * about to use it. A waiter with a higher priority must give up the processor meanwhile, or the others cannot go on. */
static void *signal_on(void *child) {
    while (rr_child_kill((rr_child *)child, 0) == 0)
        ;
    return NULL;
}

static void use_policy(int policy) {
    struct sched_param parameters;
    memset(&parameters, 0, sizeof parameters);
    parameters.sched_priority = policy == SCHED_FIFO;
    CHECK_EQ(sched_setscheduler(0, policy, &parameters), 0);
}

static void a_waiter_before_all_others(void) {
    enum { SENDERS = 4, ROUNDS = 10 };
    const struct sock_filter rules[] = {REFUSE_BITS(__NR_clone, 0, 0x1000, WITH(EPERM))};
    int round, late = 0;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    CHECK_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    FILTER(rules);
    for (round = 0; round < ROUNDS; round++) {
        rr_child *child = spawned(shell("sleep 0.05"));
        pthread_t senders[SENDERS];
        rr_outcome outcome;
        uint64_t returned;
        int i;
        CHECK_EQ(rr_child_fd(child), -1);
        for (i = 0; i < SENDERS; i++)
            CHECK_EQ(pthread_create(&senders[i], NULL, signal_on, child), 0);
        use_policy(SCHED_FIFO);
        returned = nanoseconds_now();
        CHECK_EQ(rr_child_wait(child, -1, &outcome), 0);
        returned = nanoseconds_now() - returned;
        use_policy(SCHED_OTHER);
        for (i = 0; i < SENDERS; i++)
            pthread_join(senders[i], NULL);
        /* The kernel lets others run once a second for 50 ms, despite a real-time thread. */
        late += returned > 600000000;
        rr_child_free(child);
    }
    CHECK(late <= ROUNDS / 5);
    check_no_children();
}

static void a_waiter_under_sched_fifo(void) {
    struct sched_param parameters;
    memset(&parameters, 0, sizeof parameters);
    parameters.sched_priority = 1;
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators take no filter, and run one thread at a time");
    else if (sched_setscheduler(0, SCHED_FIFO, &parameters) != 0)
        skip("SCHED_FIFO is refused");
    else {
        use_policy(SCHED_OTHER);
        in_child(a_waiter_before_all_others);
    }
}

static void a_filter_that_refuses_waitid(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators make additional system calls, and qemu-user does not support filters");
    else
        in_child(waitid_refused);
}

/* ---- Other places, other programs ---------------------------------------------------------------- */

/* TOMOYO looks up the file to execute by name, here /dev/fd/N, which needs /proc: `tomoyo_find_next_domain` in
 * security/tomoyo/domain.c. Debian 11 enables it. */
static int executes_descriptors(void) {
    char *const arguments[] = {(char *)"true", NULL};
    int status;
    const pid_t child = fork();
    if (child == 0) {
        syscall(__NR_execveat, open("/bin/true", O_RDONLY | O_CLOEXEC), "", arguments, environ, AT_EMPTY_PATH);
        _exit(errno == ENOENT ? 78 : 1);
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 78));
    return status == 0;
}

static void without_proc(void) {
    rr_outcome outcome;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        _exit(77);
    while (umount2("/proc", MNT_DETACH) == 0)
        ;
    CHECK(access("/proc/self", F_OK) != 0);
    if (is_direct || executes_descriptors()) {
        CHECK_EQ(exit_code_of(shell("exit 5")), 5);
        check_no_children();
        return;
    }
    outcome = ended_either_way(spawned(shell("exit 5")));
    CHECK(outcome.exit_code == 5 && is_bound(&outcome));
    check_no_children();
    _exit(current_failures ? 1 : 78);
}

static void a_caller_without_proc(void) {
    int status;
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("emulators need /proc");
        return;
    }
    status = status_of_child(without_proc);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("/proc cannot be taken away here");
    else if (WIFEXITED(status) && WEXITSTATUS(status) == 78)
        skip("this kernel's security module cannot execute a descriptor without /proc: started directly");
    else
        CHECK_EQ(status, 0);
}

/* The signal has to be sent at the caller's end, not at the launcher's. */
static void a_program_that_ends_with_its_parent(void) {
    rr_command *command;
    if (access("/usr/bin/setpriv", X_OK) != 0) {
        skip("there is no setpriv");
        return;
    }
    command = command_of("/usr/bin/setpriv");
    CHECK_CALL(rr_command_add_arg(command, "--pdeathsig"), 0);
    CHECK_CALL(rr_command_add_arg(command, "KILL"), 0);
    CHECK_CALL(rr_command_add_arg(command, "sleep"), 0);
    CHECK_CALL(rr_command_add_arg(command, "0.2"), 0);
    CHECK_EQ(exit_code_of(command), 0);
}

static void a_setuid_program(void) {
    char path[] = "/tmp/rr-setuid-XXXXXX", copy[sizeof path + 32];
    struct statvfs place;
    int file;
    if (geteuid() != 0 || emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("only root can make one for another user, and emulators run it as themselves");
        return;
    }
    file = mkstemp(path);
    CHECK(file >= 0 && fstatvfs(file, &place) == 0);
    close(file);
    if (place.f_flag & ST_NOSUID)
        skip("/tmp takes no setuid programs");
    else {
        rr_command *command = command_of(path);
        snprintf(copy, sizeof copy, "cat /usr/bin/id > %s", path);
        CHECK_EQ(exit_code_of(shell(copy)), 0);
        CHECK(chown(path, 64321, 64321) == 0 && chmod(path, 04755) == 0);
        CHECK_CALL(rr_command_add_arg(command, "-u"), 0);
        CHECK(strcmp(output_of(command), "64321\n") == 0);
    }
    CHECK_EQ(unlink(path), 0);
}

/* Whether a program starts with this many bytes of arguments. */
static int starts_with(size_t bytes, rr_outcome *outcome) {
    static char text[100001];
    rr_command *command = command_of("/bin/true");
    rr_child *child;
    int error;
    memset(text, 'x', sizeof text - 1);
    CHECK_CALL(rr_command_clear_env(command), 0);
    for (; bytes > sizeof text - 1; bytes -= sizeof text - 1)
        CHECK_CALL(rr_command_add_arg(command, text), 0);
    CHECK_CALL(rr_command_add_arg(command, text + sizeof text - 1 - bytes), 0);
    error = rr_command_spawn(command, &child, NULL);
    rr_command_free(command);
    CHECK(error == 0 || error == E2BIG);
    if (error == 0)
        *outcome = ended_either_way(child);
    return error == 0;
}

/* Arguments that just fit: with the launcher's own arguments they do not. */
static void with_as_many_arguments_as_fit(void) {
    const rr_rlimit stack = {8 << 20, 8 << 20};
    size_t fit = 0, too_many = 16 << 20;
    rr_outcome outcome;
    CHECK_EQ(rr_setrlimit(RR_RLIMIT_STACK, &stack), 0);
    while (too_many - fit > 1) {
        size_t middle = fit + (too_many - fit) / 2;
        if (starts_with(middle, &outcome))
            fit = middle;
        else
            too_many = middle;
    }
    CHECK(fit > 1 << 20);
    CHECK(starts_with(fit, &outcome) && outcome.exit_code == 0);
    if (has_launcher() && !is_direct)
        CHECK(is_bound(&outcome));
}

static void as_many_arguments_as_fit(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("emulators have additional arguments");
    else
        in_child(with_as_many_arguments_as_fit);
}

/* A handler must not run in a child that shares the caller's memory, nor be called for the launcher's end. */
static volatile sig_atomic_t handled_elsewhere, handled;
static pid_t host;
static void on_signal(int number) {
    (void)number;
    handled++;
    if (getpid() != host)
        handled_elsewhere++;
}

static volatile int senders_go_on;
static void *send_signals(void *arg) {
    (void)arg;
    while (senders_go_on) {
        kill(0, SIGUSR1); /* the whole group: children on their way to exec too */
        usleep(50);
    }
    return NULL;
}

static void signals_meanwhile(void) {
    pthread_t thread;
    int i;
    const int times = emulated_by("valgrind") || emulated_by("qemu-user") ? 10 : 300;
    host = getpid();
    setpgid(0, 0);
    signal(SIGUSR1, on_signal);
    senders_go_on = 1;
    CHECK_EQ(pthread_create(&thread, NULL, send_signals, NULL), 0);
    for (i = 0; i < times; i++) {
        rr_child *child;
        rr_outcome outcome;
        rr_command *command = command_of("/bin/true");
        int error = rr_command_spawn(command, &child, NULL);
        rr_command_free(command);
        CHECK_EQ(error, 0);
        if (error)
            continue;
        CHECK_EQ(rr_child_wait(child, -1, &outcome), 0);
        CHECK(outcome.signal == SIGUSR1 || outcome.exit_code == 0);
        rr_child_free(child);
    }
    senders_go_on = 0;
    pthread_join(thread, NULL);
    CHECK(handled > 0);
    CHECK_EQ(handled_elsewhere, 0);
    check_no_children();
}
static void signals_during_the_start(void) { in_child(signals_meanwhile); }

static void run_all(void) {
    RUN_WAYS(eight_threads_spawn_while_64_allocate);
    RUN_WAYS(children_forked_meanwhile_delay_nothing);
    RUN_WAYS(a_full_table_of_descriptors);
    RUN_WAYS(low_limits_of_the_caller);
    RUN_WAYS(a_user_who_may_start_one_process);
    RUN_WAYS(pid_namespaces);
    RUN_WAYS(a_filter_like_dockers);
    if (has_launcher())
        run_way("filters_that_refuse_the_launcher launcher", filters_that_refuse_the_launcher, 0);
    if (has_launcher())
        run_way("a_filter_that_kills_the_child launcher", a_filter_that_kills_the_child, 0);
    RUN_WAYS(a_filter_that_refuses_waitid);
    RUN(a_waiter_under_sched_fifo);
    RUN_WAYS(a_filter_that_sends_sigsys);
    RUN_WAYS(standard_descriptors_closed);
    RUN_ARRANGED(closed_standard_descriptors_stay_free);
    RUN_WAYS(a_caller_without_proc);
    RUN_WAYS(a_program_that_ends_with_its_parent);
    RUN_WAYS(a_setuid_program);
    RUN_WAYS(as_many_arguments_as_fit);
    RUN_WAYS(signals_during_the_start);
}
#else
static void elsewhere(void) { skip("sandboxes, namespaces and a launcher are Linux's"); }
static void run_all(void) { RUN(elsewhere); }
#endif

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
    run_all();
    return report();
}
