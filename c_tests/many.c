/* Many limits at once: all of them or none; and the soft limit raised. */
#include "check.h"

enum { MOST = 64 };

static size_t snapshot(rr_process *process, rr_rlimit_entry entries[MOST]) {
    size_t count = 0;
    CHECK_CALL(rr_rlimits_get(process, entries, MOST, &count), 0);
    return count;
}

static void a_snapshot_is_what_the_system_reports(void) {
    rr_rlimit_entry entries[MOST];
    size_t count = snapshot(NULL, entries), i;
    CHECK_EQ(count, rr_resource_count());
    for (i = 0; i < count; i++) {
        struct rlimit theirs;
        CHECK_EQ(entries[i].resource, i);
        CHECK_EQ(entries[i].reserved, 0);
        CHECK_EQ(getrlimit((int)i, &theirs), 0);
        CHECK(same_limits(&entries[i].limits, theirs.rlim_cur, theirs.rlim_max));
    }
}

static void too_little_room_reports_how_much_is_needed(void) {
    rr_rlimit_entry entries[MOST];
    size_t count = 0;
    FILL(entries);
    CHECK_CALL(rr_rlimits_get(NULL, NULL, 0, &count), ERANGE);
    CHECK_EQ(count, rr_resource_count());
    count = 0;
    CHECK_CALL(rr_rlimits_get(NULL, entries, rr_resource_count() - 1, &count), ERANGE);
    CHECK_EQ(count, rr_resource_count());
    CHECK_UNTOUCHED(entries);
    CHECK_CALL(rr_rlimits_get(NULL, entries, rr_resource_count(), &count), 0);
    CHECK(is_untouched(&entries[count], sizeof entries[0]));
}

static rr_rlimit_entry roots[MOST];
static int32_t root_pid;

static void read_as_ordinary(void) {
    rr_rlimit_entry entries[MOST];
    rr_rlimit limits;
    rr_process *process;
    size_t i;
    CHECK_EQ(setgid(65534), 0);
    CHECK_EQ(setuid(65534), 0);
    CHECK_CALL(rr_prlimit(root_pid, RR_RLIMIT_NOFILE, NULL, &limits), EPERM);
    CHECK_CALL(rr_process_open(root_pid, &process), 0);
    CHECK_EQ(snapshot(process, entries), rr_resource_count());
    for (i = 0; i < rr_resource_count(); i++) {
        CHECK_EQ(entries[i].resource, roots[i].resource);
        CHECK_EQ(entries[i].limits.rlim_cur, roots[i].limits.rlim_cur);
        CHECK_EQ(entries[i].limits.rlim_max, roots[i].limits.rlim_max);
    }
    rr_process_close(process);
}

static void another_users_process_is_shown(void) {
#ifdef __linux__
    if (getuid() != 0) {
        skip("needs root, to have a process of another user");
        return;
    }
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator keeps limits to itself, /proc shows the host's");
        return;
    }
    root_pid = (int32_t)getpid();
    snapshot(NULL, roots);
    in_child(read_as_ordinary);
#else
    skip("this system does not show them");
#endif
}

/* Five resources whose limits do no harm; of the first four only the soft limits change, so that they can be
 * restored without privilege. */
static rr_rlimit_entry set[5];
static rr_rlimit_entry before[MOST];

static void prepare(void) {
    const int resources[5] = {RR_RLIMIT_CORE, RR_RLIMIT_FSIZE, RR_RLIMIT_RSS, RR_RLIMIT_CPU, RR_RLIMIT_NOFILE};
    int i;
    snapshot(NULL, before);
    for (i = 0; i < 5; i++) {
        set[i].resource = resources[i];
        set[i].reserved = 0;
        set[i].limits = before[resources[i]].limits;
        set[i].limits.rlim_cur = 1 << 20;
        if (set[i].limits.rlim_cur > set[i].limits.rlim_max)
            set[i].limits.rlim_cur = set[i].limits.rlim_max - 1;
    }
    set[4].limits.rlim_cur = 100;
}

static void check_nothing_changed(void) {
    rr_rlimit_entry after[MOST];
    size_t count = snapshot(NULL, after);
    CHECK(memcmp(before, after, count * sizeof before[0]) == 0);
}

static void set_all(void) {
    rr_rlimit_entry after[MOST];
    size_t failed = 99, i;
    prepare();
    set[4].limits.rlim_max = 200; /* a hard cut */
    CHECK_CALL(rr_rlimits_set(NULL, set, 5, &failed), 0);
    CHECK_EQ(failed, 99);
    snapshot(NULL, after);
    for (i = 0; i < 5; i++) {
        rr_rlimit *limits = &after[set[i].resource].limits;
        CHECK(same_limits(limits, set[i].limits.rlim_cur, set[i].limits.rlim_max));
        before[set[i].resource].limits = set[i].limits;
    }
    check_nothing_changed();
}

static void all_are_set(void) {
    if (emulated_by("valgrind"))
        skip("valgrind keeps NOFILE to itself");
    else
        in_child(set_all);
}

static int permutations;

static void try_every_order(int fixed, int refused_resource, int error) {
    int i;
    if (fixed == 5) {
        size_t failed = 99;
        CHECK_CALL(rr_rlimits_set(NULL, set, 5, &failed), error);
        CHECK(failed < 5 && set[failed].resource == refused_resource);
        check_nothing_changed();
        permutations++;
    }
    for (i = fixed; i < 5; i++) {
        rr_rlimit_entry swapped = set[fixed];
        set[fixed] = set[i];
        set[i] = swapped;
        try_every_order(fixed + 1, refused_resource, error);
        set[i] = set[fixed];
        set[fixed] = swapped;
    }
}

static void one_refused_leaves_all_in_every_order(void) {
    permutations = 0;
    prepare();
    /* Above the system's maximum: refused for every caller. */
    set[4].limits.rlim_max = RR_RLIM_INFINITY;
#ifdef __linux__
    try_every_order(0, RR_RLIMIT_NOFILE, EPERM);
#else
    set[4].limits.rlim_cur = RR_RLIM_INFINITY, set[4].limits.rlim_max = 1;
    try_every_order(0, RR_RLIMIT_NOFILE, EINVAL);
#endif
    CHECK_EQ(permutations, 120);
}

static void raise_as_ordinary(void) {
    const rr_rlimit lower = {1, 1000};
    if (getuid() == 0) {
        CHECK_EQ(setgid(65534), 0);
        CHECK_EQ(setuid(65534), 0);
    }
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &lower), 0);
    prepare();
    set[0].limits.rlim_cur = 1;
    set[0].limits.rlim_max = 1001;
    try_every_order(0, RR_RLIMIT_CORE, EPERM);
}

static void a_raise_without_privilege_leaves_all_in_every_order(void) { in_child(raise_as_ordinary); }

static void wrong_entries_are_einval(void) {
    size_t failed;
    prepare();
#define REFUSED(entry, change)                                   \
    (prepare(), (change), failed = 99,                           \
     CHECK_CALL(rr_rlimits_set(NULL, set, 5, &failed), EINVAL),   \
     CHECK_EQ(failed, entry), check_nothing_changed(),           \
     CHECK_CALL(rr_rlimits_set(NULL, set, 5, NULL), EINVAL))
    REFUSED(2, set[2].resource = 99);
    REFUSED(2, set[2].resource = -1);
    REFUSED(3, set[3].resource = set[1].resource);
    REFUSED(1, set[1].reserved = 1);
    REFUSED(4, (set[4].limits.rlim_cur = 2, set[4].limits.rlim_max = 1));
    CHECK_CALL(rr_rlimits_set(NULL, NULL, 0, &failed), 0);
    CHECK_CALL(rr_rlimits_set(NULL, set, 0, &failed), 0);
}

static void more_entries_than_resources_are_einval(void) {
    rr_rlimit_entry entries[MOST];
    size_t failed = 99, count = snapshot(NULL, entries), i;
    for (i = count; i < MOST; i++)
        entries[i] = entries[0];
    snapshot(NULL, before);
    CHECK_CALL(rr_rlimits_set(NULL, entries, MOST, &failed), EINVAL);
    CHECK_EQ(failed, count);
    check_nothing_changed();
}

/* A filter refuses the writes of one resource after the checks have passed: the others are restored. */
#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARGUMENT(index) (offsetof(struct seccomp_data, args) + 8 * (index))
#else
#define ARGUMENT(index) (offsetof(struct seccomp_data, args) + 8 * (index) + 4)
#endif

/* No system call has this number, so that a missing one is never matched. */
#ifndef SYS_setrlimit
#define SYS_setrlimit 0x7fffffff
#endif

static int refuse_writes_of(int resource) {
    struct sock_filter program[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 2, SYS_setrlimit},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, ARGUMENT(0)},
        {BPF_JMP | BPF_JEQ | BPF_K, 5, 6, (unsigned)resource},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_prlimit64},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, ARGUMENT(2)},
        {BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 0}, /* a read */
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, ARGUMENT(1)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)resource},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog filter = {sizeof program / sizeof program[0], program};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

static int refused_entry;

static void refused_at_the_write(void) {
    size_t failed = 99;
    prepare();
    if (!refuse_writes_of(set[refused_entry].resource))
        _exit(77);
    CHECK_CALL(rr_rlimits_set(NULL, set, 5, &failed), EPERM);
    CHECK_EQ(failed, refused_entry);
    check_nothing_changed();
}

static void two_hard_cuts(void) {
    size_t failed = 99;
    int error;
    prepare();
    set[0].limits.rlim_max = set[0].limits.rlim_cur; /* CORE's hard limit is cut */
    set[1].limits.rlim_max = set[1].limits.rlim_cur; /* and FSIZE's, which is refused */
    if (!refuse_writes_of(RR_RLIMIT_FSIZE))
        _exit(77);
    error = CALL(rr_rlimits_set(NULL, set, 2, &failed));
    CHECK_EQ(failed, 1);
    if (error == EPERM)
        check_nothing_changed(); /* privileged: the lowered limit could be restored */
    else
        CHECK_EQ(error, ENOTRECOVERABLE);
}
#endif

static void a_write_refused_after_the_check_puts_back_the_others(void) {
#ifdef __linux__
    if (emulated_by("valgrind")) {
        skip("valgrind keeps NOFILE to itself");
        return;
    }
    for (refused_entry = 0; refused_entry < 5; refused_entry++) {
        int status = status_of_child(refused_at_the_write);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            skip("no system-call filter can be set here");
            return;
        }
        CHECK_EQ(status, 0);
    }
#else
    skip("system-call filters are Linux's");
#endif
}

static void a_hard_cut_that_cannot_be_undone_is_reported(void) {
#ifdef __linux__
    int status = status_of_child(two_hard_cuts);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no system-call filter can be set here");
    else
        CHECK_EQ(status, 0);
#else
    skip("system-call filters are Linux's");
#endif
}

static void raise_the_soft_limit(void) {
    const rr_rlimit low = {10, 1000};
    rr_rlimit result, present;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low), 0);
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_CORE, 500, &result), 0);
    CHECK(same_limits(&result, 500, 1000));
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_CORE, 100, &result), 0); /* never lowers */
    CHECK(same_limits(&result, 500, 1000));
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_CORE, 1001, &result), 0); /* as near as it may */
    CHECK(same_limits(&result, 1000, 1000));
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &present), 0);
    CHECK(same_limits(&present, 1000, 1000));
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_CORE, RR_RLIM_INFINITY, NULL), 0);
    FILL(result);
    CHECK_CALL(rr_rlimit_raise(99, 1, &result), EINVAL);
    CHECK_CALL(rr_rlimit_raise(-1, 1, &result), EINVAL);
    CHECK_UNTOUCHED(result);
}

static void the_soft_limit_is_raised_as_far_as_it_may(void) { in_child(raise_the_soft_limit); }

int main(void) {
    RUN(a_snapshot_is_what_the_system_reports);
    RUN(too_little_room_reports_how_much_is_needed);
    RUN(another_users_process_is_shown);
    RUN(all_are_set);
    RUN(one_refused_leaves_all_in_every_order);
    RUN(a_raise_without_privilege_leaves_all_in_every_order);
    RUN(wrong_entries_are_einval);
    RUN(more_entries_than_resources_are_einval);
    RUN(a_write_refused_after_the_check_puts_back_the_others);
    RUN(a_hard_cut_that_cannot_be_undone_is_reported);
    RUN(the_soft_limit_is_raised_as_far_as_it_may);
    return report();
}
