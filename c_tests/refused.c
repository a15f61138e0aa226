/*
 * Every function outside commands while its system calls are refused, one after another, with each of the errors
 * that sandboxes and full tables cause. The result is the same as without refusal, found by another method; or an
 * error that the header lists; or an unknown value that is marked as such. It is never a wrong value and never
 * "ended".
 *
 * A thread calls the function under a filter that passes each of its system calls to the program, which allows it or
 * provides its result in place of the kernel. So the calls are not listed here but found: those that the function
 * makes, and those that it makes instead after the first ones are refused.
 *
 * RR_REFUSED_TABLE=1 prints a line for each function and system call.
 */
#include "check.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#if defined(SECCOMP_IOCTL_NOTIF_RECV) && defined(SECCOMP_USER_NOTIF_FLAG_CONTINUE) && defined(SYS_seccomp)

enum { MOST_VALUES = 80, MOST_CALLS = 32, MOST_SUBJECTS = 160 };

/* The result of a function: its error, and what it wrote. */
struct result {
    int error;
    size_t count;
    uint64_t values[MOST_VALUES];
};

struct subject {
    const char *name;
    void (*call)(int argument, struct result *result);
    int argument;
    /* Whether a result of 0 is as correct as the one without a filter; NULL: if it is the same. */
    int (*is_right)(int argument, const struct result *result, const struct result *whole);
    /* The errors that the header lists in addition to the error of the refused call. */
    int listed[4];
};

static struct subject subjects[MOST_SUBJECTS];
static size_t subject_count;

static void subject(const char *name, void (*call)(int, struct result *), int argument,
                    int (*is_right)(int, const struct result *, const struct result *), int listed, int also_listed) {
    struct subject *added = &subjects[subject_count++];
    CHECK(subject_count <= MOST_SUBJECTS);
    added->name = name, added->call = call, added->argument = argument, added->is_right = is_right;
    added->listed[0] = listed, added->listed[1] = also_listed;
}

static void give(struct result *result, uint64_t value) {
    if (result->count < MOST_VALUES)
        result->values[result->count++] = value;
}

/* A stopped child, whose values do not change; and a handle for it, new for each call. */
static int32_t sleeper;
static int sleeper_pidfd = -1;
static rr_process *handle, *own_handle, *opened;

/* The hard limits of both, read outside of the filter. */
static uint64_t hard[2][64];

static rr_process *handle_of(int argument) { return argument & 1 ? handle : NULL; }

/* --- one call after another --- */

enum { ALWAYS = 1, ONCE = 2 };
struct refusal {
    int calls[4], count, error, how;
};

static struct refusal refusal;
static int seen[MOST_CALLS], seen_count; /* the system calls of one run, each once */
static struct subject *running;
static struct result observed;
static int listener, phase;
enum { BEFORE, WITHIN, AFTER };

static void *call_under_filter(void *unused) {
    struct sock_filter program[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF}};
    struct sock_fprog filter = {1, program};
    int fd;
    (void)unused;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    __atomic_store_n(&listener, fd, __ATOMIC_SEQ_CST);
    if (fd < 0)
        return NULL;
    __atomic_store_n(&phase, WITHIN, __ATOMIC_SEQ_CST);
    running->call(running->argument, &observed);
    __atomic_store_n(&phase, AFTER, __ATOMIC_SEQ_CST);
    return NULL;
}

static int is_refused(int number) {
    int i;
    for (i = 0; i < refusal.count; i++)
        if (refusal.calls[i] == number && refusal.how) {
            if (refusal.how == ONCE)
                refusal.calls[i] = -1;
            return 1;
        }
    return 0;
}

static void note(int number) {
    int i;
    for (i = 0; i < seen_count; i++)
        if (seen[i] == number)
            return;
    if (seen_count < MOST_CALLS)
        seen[seen_count++] = number;
}

/* Handles the thread's system calls until it has ended. */
static void serve(pthread_t thread) {
    for (;;) {
        struct seccomp_notif request;
        struct seccomp_notif_resp response;
        struct pollfd poll_listener;
        poll_listener.fd = listener, poll_listener.events = POLLIN, poll_listener.revents = 0;
        poll(&poll_listener, 1, 20);
        if (!(poll_listener.revents & POLLIN)) {
            /* The end of the thread is reported since Linux 5.9 only. */
            if (pthread_tryjoin_np(thread, NULL) == 0)
                return;
            continue;
        }
        memset(&request, 0, sizeof request);
        memset(&response, 0, sizeof response);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0)
            continue;
        response.id = request.id;
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        if (__atomic_load_n(&phase, __ATOMIC_SEQ_CST) == WITHIN) {
            note(request.data.nr);
            if (is_refused(request.data.nr)) {
                response.flags = 0;
                response.error = -refusal.error;
            }
        }
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    }
}

static void set_limits(int32_t pid, int resource, uint64_t soft) {
    struct rlimit limits;
    CHECK_EQ(prlimit(pid, (__typeof__(RLIMIT_CPU))resource, NULL, &limits), 0);
    limits.rlim_cur = (rlim_t)soft;
    CHECK_EQ(prlimit(pid, (__typeof__(RLIMIT_CPU))resource, &limits, NULL), 0);
}

static void reset_limits(void) {
    const int32_t pids[2] = {0, sleeper};
    int i;
    for (i = 0; i < 2; i++) {
        int resource;
        for (resource = 0; resource < (int)rr_resource_count(); resource++) {
            struct rlimit limits;
            CHECK_EQ(prlimit(pids[i], (__typeof__(RLIMIT_CPU))resource, NULL, &limits), 0);
            hard[i][resource] = limits.rlim_max;
        }
        set_limits(pids[i], RLIMIT_CORE, 1);
        set_limits(pids[i], RLIMIT_RSS, 1 << 20);
    }
}

/* Returns 0 if no such filter can be set. */
static int run_subject(struct subject *chosen) {
    pthread_t thread;
    reset_limits();
    CHECK_EQ(rr_process_open(sleeper, &handle), 0);
    CHECK_EQ(rr_process_open(0, &own_handle), 0);
    opened = NULL;
    running = chosen;
    memset(&observed, 0, sizeof observed);
    seen_count = 0;
    listener = 0, phase = BEFORE;
    if (pthread_create(&thread, NULL, call_under_filter, NULL) != 0)
        return 0;
    while (__atomic_load_n(&listener, __ATOMIC_SEQ_CST) == 0)
        sched_yield();
    if (listener < 0) {
        pthread_join(thread, NULL);
        return 0;
    }
    serve(thread);
    close(listener);
    rr_process_close(handle), rr_process_close(own_handle), rr_process_close(opened);
    return 1;
}

/* --- the functions --- */

static void give_limits(struct result *result, const rr_rlimit *limits) {
    give(result, limits->rlim_cur);
    give(result, limits->rlim_max);
}

static void call_getrlimit(int resource, struct result *result) {
    rr_rlimit limits;
    if ((result->error = rr_getrlimit(resource, &limits)) == 0)
        give_limits(result, &limits);
}

static void call_setrlimit(int resource, struct result *result) {
    rr_rlimit limits = {7, RR_RLIM_INFINITY};
    limits.rlim_max = hard[0][resource];
    result->error = rr_setrlimit(resource, &limits);
}

/* The limits after a change are read by the program itself, outside of the filter. */
static int is_set(int argument, const struct result *result, const struct result *whole) {
    struct rlimit core, rss;
    (void)whole;
    CHECK_EQ(prlimit(argument & 1 ? sleeper : 0, RLIMIT_CORE, NULL, &core), 0);
    CHECK_EQ(prlimit(argument & 1 ? sleeper : 0, RLIMIT_RSS, NULL, &rss), 0);
    if (argument & 2) /* of a set, both */
        return result->error ? core.rlim_cur == 1 && rss.rlim_cur == 1 << 20 : core.rlim_cur == 7 && rss.rlim_cur == 8;
    return result->error ? core.rlim_cur == 1 : core.rlim_cur == 7;
}

static int own_core_is_set(int resource, const struct result *result, const struct result *whole) {
    (void)resource;
    return is_set(0, result, whole);
}

static void call_prlimit(int argument, struct result *result) {
    rr_rlimit limits;
    if ((result->error = rr_prlimit(argument & 1 ? sleeper : 0, RR_RLIMIT_CORE, NULL, &limits)) == 0)
        give_limits(result, &limits);
}

static void call_prlimit_set(int argument, struct result *result) {
    rr_rlimit limits = {7, RR_RLIM_INFINITY};
    limits.rlim_max = hard[argument & 1][RR_RLIMIT_CORE];
    result->error = rr_prlimit(argument & 1 ? sleeper : 0, RR_RLIMIT_CORE, &limits, NULL);
}

static void call_open(int argument, struct result *result) {
    if ((result->error = rr_process_open(argument & 1 ? sleeper : 0, &opened)) == 0)
        give(result, (uint64_t)rr_process_pid(opened));
}

static void call_from_fd(int argument, struct result *result) {
    (void)argument;
    if ((result->error = rr_process_from_fd(sleeper_pidfd, &opened)) == 0)
        give(result, (uint64_t)rr_process_pid(opened));
}

static void call_close(int argument, struct result *result) {
    (void)argument, (void)result;
    rr_process_close(own_handle);
    own_handle = NULL;
}

static void call_pid(int argument, struct result *result) { give(result, (uint64_t)rr_process_pid(handle_of(argument))); }
static void call_fd(int argument, struct result *result) { give(result, (uint64_t)(rr_process_fd(handle_of(argument)) >= 0)); }
static void call_check(int argument, struct result *result) { result->error = rr_process_check(handle_of(argument)); }
static void call_check_own(int argument, struct result *result) {
    (void)argument;
    result->error = rr_process_check(own_handle);
}

static void call_rlimits_get(int argument, struct result *result) {
    rr_rlimit_entry entries[64];
    size_t count, i;
    if ((result->error = rr_rlimits_get(argument == 2 ? own_handle : handle_of(argument), entries, 64, &count)) != 0)
        return;
    for (i = 0; i < count; i++) {
        give(result, (uint64_t)entries[i].resource);
        give_limits(result, &entries[i].limits);
    }
}

static void call_rlimits_set(int argument, struct result *result) {
    rr_rlimit_entry entries[2];
    memset(entries, 0, sizeof entries);
    entries[0].resource = RR_RLIMIT_CORE;
    entries[0].limits.rlim_cur = 7, entries[0].limits.rlim_max = hard[argument & 1][RR_RLIMIT_CORE];
    entries[1].resource = RR_RLIMIT_RSS;
    entries[1].limits.rlim_cur = 8, entries[1].limits.rlim_max = hard[argument & 1][RR_RLIMIT_RSS];
    result->error = rr_rlimits_set(handle_of(argument), entries, 2, NULL);
}

static void call_raise(int argument, struct result *result) {
    rr_rlimit limits;
    (void)argument;
    if ((result->error = rr_rlimit_raise(RR_RLIMIT_CORE, 7, &limits)) == 0)
        give_limits(result, &limits);
}

/* For CORE and for NOFILE, which has a maximum: a change that is accepted, and a raise of the hard limit. */
static void call_rlimit_check(int argument, struct result *result) {
    rr_rlimit wanted = {1, RR_RLIM_INFINITY};
    rr_verdict verdict;
    int resource = argument & 2 ? RR_RLIMIT_NOFILE : RR_RLIMIT_CORE;
    if (!(argument & 4))
        wanted.rlim_max = hard[argument & 1][resource];
    if ((result->error = rr_rlimit_check(handle_of(argument), resource, &wanted, &verdict)) != 0)
        return;
    give(result, (uint64_t)verdict.error), give(result, (uint64_t)verdict.reason), give(result, verdict.ceiling);
}

/* Unknown is a separate reason; a ceiling from a less exact source is lower. */
static int is_verdict(int argument, const struct result *result, const struct result *whole) {
    (void)argument;
    if (result->values[1] == RR_REASON_UNKNOWN)
        return result->values[0] == ENOTSUP || result->values[0] == whole->values[0];
    return result->values[0] == whole->values[0] && result->values[1] == whole->values[1] &&
           result->values[2] <= whole->values[2];
}

static void call_used(int argument, struct result *result) {
    uint64_t used;
    if ((result->error = rr_rlimit_used(handle_of(argument), argument >> 1, &used)) == 0)
        give(result, used);
}

static int is_near(uint64_t value, uint64_t whole, uint64_t slack) {
    return (value > whole ? value - whole : whole - value) <= slack && (value > 0 || whole <= 1);
}

/* The program's own memory varies, and other processes of the user have signals too. */
static int is_use(int argument, const struct result *result, const struct result *whole) {
    uint64_t slack = 0;
    switch (argument >> 1) {
    case RLIMIT_CPU: slack = 60; break;
    case RLIMIT_AS: case RLIMIT_DATA: case RLIMIT_RSS: slack = argument & 1 ? 0 : 256 << 20; break;
    case RLIMIT_SIGPENDING: return result->values[0] < whole->values[0] + 100;
    }
    return is_near(result->values[0], whole->values[0], slack);
}

static void call_getrusage(int who, struct result *result) {
    rr_rusage usage;
    if ((result->error = rr_getrusage(who, &usage)) == 0)
        give(result, (uint64_t)usage.ru_maxrss);
}

static int is_any(int argument, const struct result *result, const struct result *whole) {
    (void)argument;
    return result->values[0] > 0 || whole->values[0] == 0;
}

static void call_wait4(int argument, struct result *result) {
    int32_t waited, status;
    (void)argument;
    if ((result->error = rr_wait4(sleeper, WNOHANG, &waited, &status, NULL)) == 0)
        give(result, (uint64_t)waited), give(result, (uint64_t)status);
}

static void call_usage_read(int argument, struct result *result) {
    rr_usage usage;
    size_t i;
    uint64_t value;
    rr_process *process = argument == 2 ? own_handle : handle_of(argument);
    if ((result->error = rr_usage_read(process, RR_USAGE_ALL, &usage)) != 0)
        return;
    give(result, usage.known);
    for (i = 0; i < rr_usage_field_count(); i++) {
        int known = rr_usage_value(&usage, i, &value) == 0;
        give(result, known ? value : UINT64_MAX);
    }
}

/* Unknown, or about the same. Only the age of the child changes; times may also be read in ticks of 10 ms. */
static int is_usage(int argument, const struct result *result, const struct result *whole) {
    size_t i;
    for (i = 1; i < result->count; i++) {
        const char *name = rr_usage_field_name(i - 1);
        uint64_t slack = 0;
        if (result->values[i] == UINT64_MAX)
            continue;
        if (strcmp(name, "wall_ns") == 0)
            slack = UINT64_C(100000000000);
        else if (strstr(name, "_ns"))
            slack = argument & 1 ? 30000000 : UINT64_C(60000000000);
        else if (!(argument & 1) && strcmp(name, "threads") != 0 && strcmp(name, "open_files") != 0)
            slack = 256 << 20;
        if (result->values[i] + slack < whole->values[i] || result->values[i] > whole->values[i] + slack) {
            printf("%s: %llu, not %llu\n", name, (unsigned long long)result->values[i], (unsigned long long)whole->values[i]);
            return 0;
        }
    }
    return 1;
}

static void call_reset_peak(int argument, struct result *result) { result->error = rr_usage_reset_peak(handle_of(argument)); }

/* Functions that only calculate: none of them makes a system call. */
static void calculate(int argument, struct result *result) {
    char text[64];
    rr_rlimit limits;
    rr_resource resource;
    rr_rusage rusage;
    rr_usage usage;
    int64_t constant;
    int32_t code, signal_number;
    uint64_t value;
    double number;
    (void)argument;
    memset(&rusage, 0, sizeof rusage);
    give(result, rr_version()), give(result, rr_version_string() != NULL);
    give(result, rr_strerror(EPERM) != NULL), give(result, rr_strerrorname(EPERM) != NULL);
    give(result, rr_resource_count()), give(result, (uint64_t)rr_resource_at(0, &resource));
    give(result, (uint64_t)rr_resource_by_id(0, &resource)), give(result, (uint64_t)rr_resource_by_name("CPU", &resource));
    give(result, rr_resource_name(0) != NULL), give(result, rr_resource_summary(0) != NULL);
    give(result, (uint64_t)rr_constant("RR_RLIMIT_CPU", &constant));
    give(result, (uint64_t)rr_rlimit_parse(RR_RLIMIT_CORE, "1:2", &limits));
    give(result, (uint64_t)rr_rlimit_format(RR_RLIMIT_CORE, &limits, text, sizeof text));
    give(result, rr_reason_text(0) != NULL);
    give(result, rr_rusage_field_count()), give(result, rr_rusage_field_name(0) != NULL);
    give(result, rr_rusage_field_summary(0) != NULL), give(result, (uint64_t)rr_rusage_value(&rusage, 0, &number));
    give(result, (uint64_t)rr_wait_status(0, &code, &signal_number)), give(result, rr_getpagesize());
    give(result, (uint64_t)rr_usage_from_rusage(&rusage, &usage)), give(result, (uint64_t)rr_usage_since(&usage, &usage, &usage));
    give(result, rr_usage_field_count()), give(result, rr_usage_field_name(0) != NULL);
    give(result, (uint64_t)rr_usage_field_unit(0)), give(result, (uint64_t)rr_usage_value(&usage, 0, &value));
}

static void list_subjects(void) {
    int resource, argument;
    subject("rr_getrlimit", call_getrlimit, RR_RLIMIT_CORE, NULL, 0, 0);
    subject("rr_setrlimit", call_setrlimit, RR_RLIMIT_CORE, own_core_is_set, 0, 0);
    subject("rr_rlimit_raise", call_raise, 0, NULL, 0, 0);
    for (argument = 0; argument < 2; argument++) {
        subject("rr_prlimit", call_prlimit, argument, NULL, 0, 0);
        subject("rr_prlimit to set", call_prlimit_set, argument, is_set, 0, 0);
        subject("rr_process_open", call_open, argument, NULL, ENOTSUP, 0);
        subject("rr_process_pid", call_pid, argument, NULL, 0, 0);
        subject("rr_process_fd", call_fd, argument, NULL, 0, 0);
        subject("rr_process_check", call_check, argument, NULL, ENOTSUP, 0);
        subject("rr_rlimits_set", call_rlimits_set, argument | 2, is_set, ENOTSUP, 0);
        subject("rr_usage_reset_peak", call_reset_peak, argument, NULL, ENOTSUP, 0);
        for (resource = 0; resource < (int)rr_resource_count(); resource++)
            subject("rr_rlimit_used", call_used, resource << 1 | argument, is_use, ENOTSUP, EACCES);
    }
    for (argument = 0; argument < 3; argument++) { /* the last with a handle on the caller */
        subject("rr_rlimits_get", call_rlimits_get, argument, NULL, ENOTSUP, 0);
        subject("rr_usage_read", call_usage_read, argument, is_usage, ENOTSUP, 0);
    }
    for (argument = 0; argument < 8; argument++)
        subject("rr_rlimit_check", call_rlimit_check, argument, is_verdict, ENOTSUP, 0);
    subject("rr_process_check", call_check_own, 0, NULL, ENOTSUP, 0);
    subject("rr_process_close", call_close, 0, NULL, 0, 0);
    if (sleeper_pidfd >= 0)
        subject("rr_process_from_fd", call_from_fd, 0, NULL, ENOTSUP, 0);
    subject("rr_getrusage", call_getrusage, RR_RUSAGE_SELF, is_any, 0, 0);
    subject("rr_getrusage", call_getrusage, RR_RUSAGE_CHILDREN, is_any, 0, 0);
    subject("rr_getrusage", call_getrusage, RR_RUSAGE_BOTH, is_any, 0, 0);
    subject("rr_wait4", call_wait4, 0, NULL, 0, 0);
}

/* --- the matrix --- */

static const struct {
    int number;
    const char *name;
    int interruptible; /* by a signal handler: signal(7) and the calls on files */
} CALLS[] = {
#define CALL_NAMED(name, interruptible) {SYS_##name, #name, interruptible},
#ifdef SYS_getrlimit
    CALL_NAMED(getrlimit, 0)
#endif
#ifdef SYS_setrlimit
    CALL_NAMED(setrlimit, 0)
#endif
#ifdef SYS_pread64
    CALL_NAMED(pread64, 1)
#endif
#ifdef SYS_pidfd_open
    CALL_NAMED(pidfd_open, 0)
#endif
#ifdef SYS_pidfd_send_signal
    CALL_NAMED(pidfd_send_signal, 0)
#endif
#ifdef SYS_statx
    CALL_NAMED(statx, 1)
#endif
    CALL_NAMED(prlimit64, 0) CALL_NAMED(openat, 1) CALL_NAMED(preadv, 1) CALL_NAMED(readlinkat, 1)
    CALL_NAMED(getdents64, 1) CALL_NAMED(ppoll, 1) CALL_NAMED(close, 0) CALL_NAMED(write, 0) CALL_NAMED(kill, 0)
    CALL_NAMED(getpid, 0) CALL_NAMED(capget, 0) CALL_NAMED(ioctl, 0) CALL_NAMED(fcntl, 0) CALL_NAMED(getpriority, 0)
    CALL_NAMED(sched_getparam, 0) CALL_NAMED(clock_gettime, 0) CALL_NAMED(getrusage, 0) CALL_NAMED(wait4, 0)
    CALL_NAMED(read, 1) CALL_NAMED(lseek, 0)
};
enum { CALL_COUNT = sizeof CALLS / sizeof CALLS[0] };

static const char *name_of(int number) {
    size_t i;
    for (i = 0; i < CALL_COUNT; i++)
        if (CALLS[i].number == number)
            return CALLS[i].name;
    return "another";
}

static int is_interruptible(int number) {
    size_t i;
    for (i = 0; i < CALL_COUNT; i++)
        if (CALLS[i].number == number)
            return CALLS[i].interruptible;
    return 0;
}

static const int ERRORS[] = {EPERM, EACCES, ENOSYS, ENOMEM, EMFILE, EINTR};
enum { ERROR_COUNT = sizeof ERRORS / sizeof ERRORS[0] };
static long tried, same, listed, wrong;

/* 1: as without the filter; 2: an error that is listed; 0: wrong. */
static int judge(const struct subject *chosen, const struct result *whole) {
    size_t i;
    if (chosen->is_right == is_set || chosen->is_right == own_core_is_set) {
        if (!chosen->is_right(chosen->argument, &observed, whole))
            return 0; /* with any result: half of it was done, or nothing */
    }
    if (observed.error == 0 && whole->error == 0) {
        if (chosen->is_right)
            return chosen->is_right(chosen->argument, &observed, whole);
        return memcmp(&observed, whole, sizeof observed) == 0;
    }
    if (observed.error == whole->error)
        return 1;
    if (observed.error == refusal.error && refusal.error != EINTR)
        return 2;
    for (i = 0; i < 4; i++)
        if (observed.error && observed.error == chosen->listed[i])
            return 2;
    return 0;
}

static void try_refusal(struct subject *chosen, const struct result *whole, const int *calls, int count, int error,
                        int row[3]) {
    int verdict, i;
    char text[200];
    memset(&refusal, 0, sizeof refusal);
    memcpy(refusal.calls, calls, (size_t)count * sizeof calls[0]);
    refusal.count = count, refusal.error = error, refusal.how = error == EINTR ? ONCE : ALWAYS;
    CHECK(run_subject(chosen));
    verdict = judge(chosen, whole);
    tried++;
    row[verdict]++;
    same += verdict == 1, listed += verdict == 2, wrong += verdict == 0;
    if (verdict == 0) {
        int length = snprintf(text, sizeof text, "%s %d: %s", chosen->name, chosen->argument, rr_strerrorname(error));
        for (i = 0; i < count; i++)
            length += snprintf(text + length, sizeof text - (size_t)length, " from %s", name_of(calls[i]));
        snprintf(text + length, sizeof text - (size_t)length, ": returned %d with %llu, without %d with %llu",
                 observed.error, (unsigned long long)observed.values[0], whole->error,
                 (unsigned long long)whole->values[0]);
        fail(__FILE__, __LINE__, text);
    }
    memset(&refusal, 0, sizeof refusal);
}

/* close has done its work whatever it returns, and getpid cannot fail; only calls that wait are interrupted. */
static int is_worth(int number, int error) {
    return number != SYS_close && number != SYS_getpid && (error != EINTR || is_interruptible(number));
}

static void say_row(const struct subject *chosen, const int *calls, int count, const int row[3]) {
    if (getenv("RR_REFUSED_TABLE"))
        printf("%-20s %3d  %-18s %-18s same %d, listed %d, wrong %d\n", chosen->name, chosen->argument, name_of(calls[0]),
               count > 1 ? name_of(calls[1]) : "", row[1], row[2], row[0]);
}

/* Each call that it makes, and together with it each call that it makes instead. */
static void try_subject(struct subject *chosen) {
    struct result whole;
    int calls[MOST_CALLS], count, i, j, e;
    memset(&refusal, 0, sizeof refusal);
    run_subject(chosen); /* the first run leaves things behind, such as a thread's stack */
    CHECK(run_subject(chosen));
    whole = observed;
    count = seen_count;
    CHECK(count < MOST_CALLS);
    memcpy(calls, seen, sizeof calls);
    for (i = 0; i < count; i++) {
        int instead[MOST_CALLS], instead_count = 0, row[3] = {0, 0, 0};
        for (e = 0; e < ERROR_COUNT; e++)
            if (is_worth(calls[i], ERRORS[e])) {
                try_refusal(chosen, &whole, &calls[i], 1, ERRORS[e], row);
                if (ERRORS[e] == ENOSYS)
                    memcpy(instead, seen, sizeof instead), instead_count = seen_count;
            }
        say_row(chosen, &calls[i], 1, row);
        for (j = 0; j < instead_count; j++) {
            int both[2], is_new = 1, k;
            for (k = 0; k < count; k++)
                is_new &= calls[k] != instead[j];
            if (!is_new)
                continue;
            both[0] = calls[i], both[1] = instead[j];
            memset(row, 0, sizeof row);
            for (e = 0; e < ERROR_COUNT; e++)
                if (ERRORS[e] != EINTR && is_worth(instead[j], ERRORS[e]))
                    try_refusal(chosen, &whole, both, 2, ERRORS[e], row);
            say_row(chosen, both, 2, row);
        }
    }
}

static int probe_error;
static void probe(int argument, struct result *result) {
    struct rlimit limits;
    (void)argument;
    result->error = getrlimit(RLIMIT_CORE, &limits) ? errno : 0;
}

/* Whether such a filter can be set, and does what it is to do. */
static int filter_works(void) {
    struct subject one = {"probe", probe, 0, NULL, {0, 0, 0, 0}};
    memset(&refusal, 0, sizeof refusal);
    refusal.calls[0] = SYS_prlimit64, refusal.count = 1, refusal.error = EXDEV, refusal.how = ALWAYS;
#ifdef SYS_getrlimit
    refusal.calls[1] = SYS_getrlimit, refusal.count = 2;
#endif
    if (!run_subject(&one))
        return 0;
    probe_error = observed.error;
    return probe_error == EXDEV;
}

static void start_sleeper(void) {
    sleeper = (int32_t)fork();
    if (sleeper == 0) {
        CHECK(nice(3) != -1); /* so that its two priorities differ */
        for (;;)
            pause();
    }
    kill(sleeper, SIGSTOP);
    CHECK_EQ(waitpid(sleeper, NULL, WUNTRACED), sleeper);
#ifdef SYS_pidfd_open
    sleeper_pidfd = (int)syscall(SYS_pidfd_open, sleeper, 0);
#endif
}

static void end_sleeper(void) {
    kill(sleeper, SIGKILL);
    CHECK_EQ(waitpid(sleeper, NULL, 0), sleeper);
}

static void whole_matrix(void) {
    size_t i;
    start_sleeper();
    if (!filter_works()) {
        end_sleeper();
        _exit(77);
    }
    list_subjects();
    for (i = 0; i < subject_count; i++)
        try_subject(&subjects[i]);
    end_sleeper();
    CHECK(tried > 500);
    CHECK(same > 0 && listed > 0);
    printf("%ld refusals: %ld with the same result, %ld with a listed error, %ld wrong\n", tried, same, listed, wrong);
    fflush(stdout);
}

static void only_calculates(void) {
    struct subject one = {"calculate", calculate, 0, NULL, {0, 0, 0, 0}};
    start_sleeper();
    if (!filter_works()) {
        end_sleeper();
        _exit(77);
    }
    memset(&refusal, 0, sizeof refusal);
    CHECK(run_subject(&one));
    CHECK_EQ(seen_count, 0);
    CHECK(observed.count == 26);
    end_sleeper();
}

static void run_part(void (*part)(void)) {
    int status;
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        skip("the emulator makes additional system calls");
        return;
    }
    status = status_of_child(part);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no filter that notifies this program can be set here: Linux 5.5, seccomp_unotify(2)");
    else
        CHECK_EQ(status, 0);
}

static void a_refused_call_never_causes_a_wrong_result(void) { run_part(whole_matrix); }
static void what_only_calculates_makes_no_system_call(void) { run_part(only_calculates); }

#else

static void a_refused_call_never_causes_a_wrong_result(void) { skip("filters that ask a program are those of Linux 5.5"); }
static void what_only_calculates_makes_no_system_call(void) { skip("filters that ask a program are those of Linux 5.5"); }

#endif

int main(void) {
    RUN(a_refused_call_never_causes_a_wrong_result);
    RUN(what_only_calculates_makes_no_system_call);
    return report();
}
