/* The prediction of rr_rlimit_check is what the system then returns. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#endif

static uint64_t nr_open = 1 << 20;

/* xorshift64: any sequence will do, the same each time. */
static uint64_t random_state = UINT64_C(88172645463325252);
static uint64_t random_number(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Around every edge: the present limits, the system's maximum, zero, powers of two, infinity. */
static uint64_t random_value(const rr_rlimit *present) {
    const uint64_t edges[] = {present->rlim_cur, present->rlim_max, nr_open, 0, UINT64_C(1) << 31, UINT64_C(1) << 32,
                              UINT64_C(1) << 63, RR_RLIM_INFINITY, random_number()};
    return edges[random_number() % (sizeof edges / sizeof edges[0])] + random_number() % 3 - 1;
}

static int32_t scratch;
static rr_process *scratch_process;

/* A child that does nothing, so that no limit affects it. */
static void start_scratch(void) {
    scratch = (int32_t)fork();
    if (scratch == 0)
        for (;;)
            pause();
    kill(scratch, SIGSTOP);
    CHECK_EQ(waitpid(scratch, NULL, WUNTRACED), scratch);
    CHECK_CALL(rr_process_open(scratch, &scratch_process), 0);
}

static void end_scratch(void) {
    rr_process_close(scratch_process);
    kill(scratch, SIGKILL);
    CHECK_EQ(waitpid(scratch, NULL, 0), scratch);
}

#ifdef __linux__
static int system_sets(int resource, const rr_rlimit *wanted) {
    struct rlimit limits;
    const int refused = refusal_by_width(wanted->rlim_cur, wanted->rlim_max);
    if (refused)
        return refused;
    limits.rlim_cur = (rlim_t)wanted->rlim_cur;
    limits.rlim_max = (rlim_t)wanted->rlim_max;
    return prlimit(scratch, (__typeof__(RLIMIT_CPU))resource, &limits, NULL) ? errno : 0;
}

/* Returns whether a hard limit of the scratch process may have been lowered, so that a new process is needed. */
static int compare_one(int resource) {
    rr_rlimit present, wanted;
    rr_verdict verdict;
    int error;
    CHECK_CALL(rr_prlimit(scratch, resource, NULL, &present), 0);
    wanted.rlim_cur = random_value(&present);
    wanted.rlim_max = random_value(&present);
    CHECK_CALL(rr_rlimit_check(scratch_process, resource, &wanted, &verdict), 0);
    error = system_sets(resource, &wanted);
    if (verdict.error != error) {
        char text[300];
        snprintf(text, sizeof text, "%s from %llu:%llu to %llu:%llu: predicted %d (%s), returned %d",
                 rr_resource_name(resource), (unsigned long long)present.rlim_cur, (unsigned long long)present.rlim_max,
                 (unsigned long long)wanted.rlim_cur, (unsigned long long)wanted.rlim_max, verdict.error,
                 rr_reason_text(verdict.reason), error);
        fail(__FILE__, __LINE__, text);
    }
    return error == 0 && wanted.rlim_max < present.rlim_max;
}

static int triples = 3000;

static void compare_many(void) {
    int i;
    start_scratch();
    for (i = 0; i < triples; i++) {
        int resource = (int)(random_number() % rr_resource_count());
        if (!is_emulated(resource) && compare_one(resource)) {
            end_scratch();
            start_scratch();
        }
    }
    end_scratch();
}

static void in_a_user_namespace(void) {
    if (unshare(CLONE_NEWUSER) != 0)
        _exit(77);
    compare_many();
}

static void as_an_ordinary_user(void) {
    if (getuid() == 0) {
        CHECK_EQ(setgid(65534), 0);
        CHECK_EQ(setuid(65534), 0);
    }
    compare_many();
}

/* Capabilities belong to a thread: the first thread keeps its own. */
static void *in_thread(void *unused) {
    unsigned header[2] = {0x20080522, 0}, none[6] = {0, 0, 0, 0, 0, 0};
    (void)unused;
    CHECK_EQ(syscall(SYS_capset, header, none), 0);
    compare_many();
    return NULL;
}

static void without_capabilities(void) {
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void run_where(void (*place)(void)) {
    int status;
    if (emulated_by("valgrind"))
        triples = 200;
    random_state = random_state * UINT64_C(6364136223846793005) + 1; /* other triples than the last place's */
    status = status_of_child(place);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no user namespace can be made here");
    else
        CHECK_EQ(status, 0);
}
#else
static void compare_many(void) {}
static void in_a_user_namespace(void) {}
static void as_an_ordinary_user(void) {}
static void without_capabilities(void) {}
static void run_where(void (*place)(void)) {
    place();
    skip("another process's limits can be set on Linux, to compare with");
}
#endif

static void predicts_as_this_user(void) { run_where(compare_many); }
static void predicts_in_a_user_namespace(void) { run_where(in_a_user_namespace); }
static void predicts_as_an_ordinary_user(void) { run_where(as_an_ordinary_user); }
static void predicts_in_a_thread_without_capabilities(void) { run_where(without_capabilities); }

/* For the caller itself: each in a separate process, which then makes the change. */
static int own_resource;
static rr_rlimit own_wanted;

static void foretell_and_try(void) {
    rr_verdict verdict;
    signal(SIGXCPU, SIG_IGN);
    CHECK_CALL(rr_rlimit_check(NULL, own_resource, &own_wanted, &verdict), 0);
    CHECK_CALL(rr_setrlimit(own_resource, &own_wanted), verdict.error);
}

static void predicts_for_the_caller(void) {
    int i, tries = emulated_by("valgrind") ? 20 : 1000;
    for (i = 0; i < tries; i++) {
        rr_rlimit present;
        own_resource = (int)(random_number() % rr_resource_count());
        CHECK_CALL(rr_getrlimit(own_resource, &present), 0);
        own_wanted.rlim_cur = random_value(&present);
        own_wanted.rlim_max = random_value(&present);
        if (emulated_by("valgrind"))
            own_resource = RR_RLIMIT_CORE; /* it runs under the others itself */
        if (own_resource == RR_RLIMIT_CPU && own_wanted.rlim_max == 0)
            continue; /* kills at the next tick */
        if (!is_emulated(own_resource))
            in_child(foretell_and_try);
    }
}

static void reasons(void) {
    const rr_rlimit present = {10, 20}, fits = {20, 20}, crossed = {20, 10}, higher = {10, 21};
    const rr_rlimit infinite = {10, RR_RLIM_INFINITY};
    rr_verdict verdict;
    if (getuid() == 0) {
        CHECK_EQ(setgid(65534), 0);
        CHECK_EQ(setuid(65534), 0);
    }
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &present), 0);
#define VERDICT(resource, wanted, the_error, the_reason)                         \
    (FILL(verdict), CHECK_CALL(rr_rlimit_check(NULL, resource, &(wanted), &verdict), 0), \
     CHECK_EQ(verdict.error, the_error), CHECK_EQ(verdict.reason, the_reason),   \
     CHECK(verdict.reserved[0] == 0 && verdict.reserved[1] == 0))
    VERDICT(RR_RLIMIT_CORE, fits, 0, RR_REASON_NONE);
    CHECK_EQ(verdict.ceiling, 20);
    VERDICT(RR_RLIMIT_CORE, crossed, EINVAL, RR_REASON_SOFT_ABOVE_HARD);
    CHECK_EQ(verdict.ceiling, 20);
    VERDICT(RR_RLIMIT_CORE, higher, EPERM, RR_REASON_HARD_NEEDS_PRIVILEGE);
    CHECK_EQ(verdict.ceiling, 20);
    VERDICT(99, fits, EINVAL, RR_REASON_UNKNOWN_RESOURCE);
    CHECK_EQ(verdict.ceiling, 0);
    VERDICT(-1, fits, EINVAL, RR_REASON_UNKNOWN_RESOURCE);
#ifdef __linux__
    VERDICT(RR_RLIMIT_NOFILE, infinite, EPERM, RR_REASON_ABOVE_SYSTEM_MAXIMUM);
    CHECK(verdict.ceiling > 0 && verdict.ceiling <= nr_open);
#endif
    (void)infinite;
}

static void each_reason(void) { in_child(reasons); }

static int32_t roots_pid;
static void ask_of_anothers(void) {
    const rr_rlimit low = {1, 2};
    rr_process *process;
    rr_verdict verdict;
    CHECK_EQ(setgid(65534), 0);
    CHECK_EQ(setuid(65534), 0);
    CHECK_CALL(rr_process_open(roots_pid, &process), 0);
    CHECK_CALL(rr_rlimit_check(process, RR_RLIMIT_CORE, &low, &verdict), 0);
    CHECK_EQ(verdict.error, EPERM);
    CHECK_EQ(verdict.reason, RR_REASON_NOT_YOUR_PROCESS);
    CHECK_EQ(verdict.ceiling, 0);
    rr_process_close(process);
}

static void another_users_process(void) {
#ifdef __linux__
    if (getuid() != 0) {
        skip("needs root, to have a process of another user");
        return;
    }
    roots_pid = (int32_t)getpid();
    in_child(ask_of_anothers);
#else
    skip("only the caller can be opened here");
#endif
}

static void every_reason_has_a_sentence(void) {
    const char *unknown = rr_reason_text(INT_MAX);
    int reason;
    CHECK(unknown && *unknown);
    CHECK_TEXT(rr_reason_text(-1), unknown);
    for (reason = RR_REASON_NONE; reason <= RR_REASON_NOT_REPRESENTABLE; reason++) {
        const char *text = rr_reason_text(reason);
        CHECK(text && text[strlen(text) - 1] == '.' && strcmp(text, unknown) != 0);
    }
}

int main(void) {
    FILE *file = fopen("/proc/sys/fs/nr_open", "r");
    unsigned long long number;
    if (file) {
        if (fscanf(file, "%llu", &number) == 1)
            nr_open = number;
        fclose(file);
    }
    kernel_is_narrow(); /* once, for all children */
    RUN(predicts_as_this_user);
    RUN(predicts_in_a_user_namespace);
    RUN(predicts_as_an_ordinary_user);
    RUN(predicts_in_a_thread_without_capabilities);
    RUN(predicts_for_the_caller);
    RUN(each_reason);
    RUN(another_users_process);
    RUN(every_reason_has_a_sentence);
    return report();
}
