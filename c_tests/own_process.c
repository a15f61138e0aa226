/* Tests that lower a limit, which cannot be undone, or change the user: each in a separate process. */
#include "check.h"

#ifdef __linux__
#define HAS_PRLIMIT 1
#else
#define HAS_PRLIMIT 0
#endif

static const uint64_t EDGES[] = {
    0, 1, 4096, UINT64_C(0x7ffffffb) /* 2^31-5 */, UINT64_C(0x100000000), UINT64_C(0x7ffffffffffffffb) /* 2^63-5 */,
    UINT64_C(0x8000000000000000), UINT64_C(0xfffffffffffffffb) /* 2^64-5 */, RR_RLIM_INFINITY,
};
#define EDGE_COUNT (sizeof EDGES / sizeof EDGES[0])

/* Input of the parts below: a child has its parent's variables. */
static int resource;
static rr_rlimit wanted;
static uint64_t system_result[3]; /* error, soft, hard */
static int channel[2];

static int left_out(int id) {
    if (emulated_by("valgrind"))
        return id != RLIMIT_CORE && id != RLIMIT_RSS;
    return is_emulated(id);
}

static void say_what_is_left_out(void) {
    if (emulated_by("qemu-user"))
        skip("qemu-user keeps AS, DATA and STACK to itself and applies none of them");
    if (emulated_by("valgrind"))
        skip("valgrind runs under the limits of its program: CORE and RSS only, which do not hurt it");
}

/* A soft CPU limit of 0, or one so large that the kernel's nanoseconds overflow, sends SIGXCPU. */
static void survive_xcpu(void) { signal(SIGXCPU, SIG_IGN); }

/* At a clock tick the kernel raises a soft CPU limit that was reached by a second, and kills at a hard limit of 0.
 * That is not an error of the library, and the part may try again between two ticks. */
static void between_ticks(void (*part)(void)) {
    int tries = resource == RLIMIT_CPU ? 50 : 1;
    while (--tries > 0) {
        int failures_before = current_failures;
        failures_are_quiet = 1;
        part();
        failures_are_quiet = 0;
        if (current_failures == failures_before)
            return;
        current_failures = failures_before;
    }
    part();
}

static void ask_the_system(void) {
    struct rlimit limits;
    uint64_t result[3] = {0, 0, 0};
    survive_xcpu();
    limits.rlim_cur = (rlim_t)wanted.rlim_cur;
    limits.rlim_max = (rlim_t)wanted.rlim_max;
    result[0] = (uint64_t)refusal_by_width(wanted.rlim_cur, wanted.rlim_max);
    if (result[0] == 0 && setrlimit(resource, &limits))
        result[0] = (uint64_t)errno;
    getrlimit(resource, &limits);
    result[1] = limits.rlim_cur;
    result[2] = limits.rlim_max;
    if (write(channel[1], result, sizeof result) != sizeof result)
        _exit(1);
}

static void setrlimit_returns_the_same(void) {
    struct rlimit limits;
    survive_xcpu();
    CHECK_CALL(rr_setrlimit(resource, &wanted), (int)system_result[0]);
    CHECK_EQ(getrlimit(resource, &limits), 0);
    CHECK_EQ(limits.rlim_cur, system_result[1]);
    CHECK_EQ(limits.rlim_max, system_result[2]);
}

static void prlimit_returns_the_same(void) {
    struct rlimit limits;
    rr_rlimit before, old_limits;
    survive_xcpu();
    FILL(old_limits);
    CHECK_CALL(rr_getrlimit(resource, &before), 0);
    CHECK_CALL(rr_prlimit(0, resource, &wanted, &old_limits), (int)system_result[0]);
    if (system_result[0])
        CHECK_UNTOUCHED(old_limits);
    else
        CHECK(same_limits(&old_limits, before.rlim_cur, before.rlim_max));
    CHECK_EQ(getrlimit(resource, &limits), 0);
    CHECK_EQ(limits.rlim_cur, system_result[1]);
    CHECK_EQ(limits.rlim_max, system_result[2]);
}

static void compare_once(void) {
    CHECK_EQ(pipe(channel), 0);
    in_child(ask_the_system);
    close(channel[1]);
    CHECK_EQ(read(channel[0], system_result, sizeof system_result), sizeof system_result);
    close(channel[0]);
    in_child(setrlimit_returns_the_same);
    in_child(prlimit_returns_the_same);
}

static void compare_with_the_system(void) { between_ticks(compare_once); }

static void every_edge_as_the_system_does(void) {
    size_t i;
    for (resource = 0; resource < (int)rr_resource_count(); resource++) {
        rr_rlimit present;
        if (left_out(resource))
            continue;
        CHECK_CALL(rr_getrlimit(resource, &present), 0);
        for (i = 0; i < EDGE_COUNT; i++) {
            wanted.rlim_cur = EDGES[i];
            wanted.rlim_max = present.rlim_max;
            compare_with_the_system();
            wanted.rlim_max = EDGES[i];
            compare_with_the_system();
        }
    }
    say_what_is_left_out();
}

static void set_and_read_back(void) {
    rr_rlimit limits;
    const int refused = refusal_by_width(wanted.rlim_cur, wanted.rlim_max);
    survive_xcpu();
    CHECK_CALL(rr_setrlimit(resource, &wanted), refused);
    if (refused)
        return;
    CHECK_CALL(rr_getrlimit(resource, &limits), 0);
    CHECK(same_limits(&limits, wanted.rlim_cur, wanted.rlim_max));
    FILL(limits);
    CHECK_CALL(rr_prlimit(0, resource, NULL, &limits), 0);
    CHECK(same_limits(&limits, wanted.rlim_cur, wanted.rlim_max));
}

static void try_once(void) { in_child(set_and_read_back); }

static void edges_below_the_hard_limit_come_back_exactly(void) {
    size_t i;
    int unlimited = 0;
    for (resource = 0; resource < (int)rr_resource_count(); resource++) {
        rr_rlimit present;
        if (left_out(resource))
            continue;
        CHECK_CALL(rr_getrlimit(resource, &present), 0);
        unlimited += present.rlim_max == RR_RLIM_INFINITY;
        for (i = 0; i < EDGE_COUNT && EDGES[i] <= present.rlim_max; i++) {
            wanted.rlim_cur = EDGES[i];
            wanted.rlim_max = present.rlim_max;
            between_ticks(try_once);
            wanted.rlim_max = EDGES[i];
            between_ticks(try_once);
        }
    }
    CHECK(unlimited > 0); /* else no edge above 2^32 was tried: run it where one hard limit is infinite */
    say_what_is_left_out();
}

/* Becomes an ordinary user, whatever the test runs as: ID 65534 is unprivileged on Linux. */
static void become_ordinary(void) {
    if (getuid() == 0) {
        CHECK_EQ(setgid(65534), 0);
        CHECK_EQ(setuid(65534), 0);
    }
}

static void lower_then_raise(void) {
    const rr_rlimit low = {10, 20}, higher_soft = {20, 20}, higher_hard = {10, 21}, above = {21, 20};
    rr_rlimit limits;
    become_ordinary();
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &low), 0);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &higher_hard), EPERM);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &above), EINVAL);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_NOFILE, &higher_hard, NULL), EPERM);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_NOFILE, &above, NULL), EINVAL);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    CHECK(same_limits(&limits, 10, 20));
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &higher_soft), 0);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    CHECK(same_limits(&limits, 20, 20));
}

static void an_ordinary_user_may_not_raise_a_hard_limit(void) {
    if (emulated_by("valgrind")) {
        skip("valgrind keeps NOFILE to itself");
        return;
    }
    in_child(lower_then_raise);
}

static int child_id;

static void set_limits_of_another(void) {
    const rr_rlimit first = {30, 40}, second = {15, 40};
    rr_rlimit limits;
    int32_t pid = child_id;
    CHECK_CALL(rr_prlimit(pid, RR_RLIMIT_NOFILE, &first, &limits), 0);
    CHECK_CALL(rr_prlimit(pid, RR_RLIMIT_NOFILE, &second, &limits), 0);
    CHECK(same_limits(&limits, 30, 40)); /* the previous ones */
    CHECK_CALL(rr_prlimit(pid, RR_RLIMIT_NOFILE, NULL, &limits), 0);
    CHECK(same_limits(&limits, 15, 40));
#if HAS_PRLIMIT
    {
        struct rlimit theirs;
        CHECK_EQ(prlimit(pid, RLIMIT_NOFILE, NULL, &theirs), 0);
        CHECK_EQ(theirs.rlim_cur, 15);
        CHECK_EQ(theirs.rlim_max, 40);
    }
#endif
}

static void anothers_process(void) {
    const rr_rlimit low = {10, 20};
    rr_rlimit limits;
    FILL(limits);
    become_ordinary();
    CHECK_CALL(rr_prlimit(child_id, RR_RLIMIT_NOFILE, &low, &limits), EPERM);
    CHECK_CALL(rr_prlimit(child_id, RR_RLIMIT_NOFILE, NULL, &limits), EPERM);
    CHECK_UNTOUCHED(limits);
}

static void start_sleeper(void) {
    fflush(stdout);
    child_id = (int)fork();
    if (child_id == 0)
        for (;;)
            pause();
}

static void end_sleeper(void) {
    kill(child_id, SIGKILL);
    CHECK_EQ(waitpid(child_id, NULL, 0), child_id);
}

static void prlimit_sets_and_returns_the_previous_limits_of_another_process(void) {
    start_sleeper();
    set_limits_of_another();
    end_sleeper();
}

static void prlimit_refuses_another_users_process(void) {
    if (getuid() != 0) {
        skip("needs root, to have a process of another user");
        return;
    }
    start_sleeper();
    in_child(anothers_process);
    end_sleeper();
}

static void limits_reach_the_children_of_the_caller(void) {
    rr_rlimit limits;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &limits), 0);
    CHECK(same_limits(&limits, 0, 0));
}

static void lower_and_fork(void) {
    const rr_rlimit none = {0, 0};
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &none), 0);
    in_child(limits_reach_the_children_of_the_caller);
}

static void children_inherit(void) { in_child(lower_and_fork); }

static void set_then_open(void) {
    const rr_rlimit three = {3, 3};
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &three), 0);
    errno = 0;
    CHECK_EQ(dup2(0, 3), -1);
}

static void a_limit_that_was_set_bites(void) {
    if (emulated_by("valgrind")) {
        skip("valgrind keeps NOFILE to itself");
        return;
    }
    in_child(set_then_open);
}

int main(void) {
    kernel_is_narrow(); /* once, for all children */
    RUN(every_edge_as_the_system_does);
    RUN(edges_below_the_hard_limit_come_back_exactly);
    RUN(an_ordinary_user_may_not_raise_a_hard_limit);
    RUN(prlimit_sets_and_returns_the_previous_limits_of_another_process);
    RUN(prlimit_refuses_another_users_process);
    RUN(children_inherit);
    RUN(a_limit_that_was_set_bites);
    return report();
}
