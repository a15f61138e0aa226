/*
 * Sets of limits: in which order they are applied, and how a set that is refused is undone. The test implements the
 * system calls itself: it keeps limits as do_prlimit in the kernel's kernel/sys.c does, records each change, and
 * refuses a chosen one.
 */
#include "notify.h"

#ifdef CAN_NOTIFY

enum { RESOURCES = 16, MOST_WRITES = 400 };

typedef struct change {
    int resource, error;
    rr_rlimit before, after;
} change;

static rr_rlimit kept[RESOURCES];
static change changes[MOST_WRITES];
static int change_count;
static int is_privileged;
static int refuse_at = -1, refuse_again_at = -1; /* counted from 0 */
static int32_t set_process;                      /* 0: the caller */
static int end_process_at = -1, stays_zombie;

static int refusal_of(int resource, const rr_rlimit *wanted) {
    const uint64_t nr_open = 1 << 20;
    if (wanted->rlim_cur > wanted->rlim_max)
        return EINVAL;
    if (resource == RR_RLIMIT_NOFILE && wanted->rlim_max > nr_open)
        return EPERM;
    if (wanted->rlim_max > kept[resource].rlim_max && !is_privileged)
        return EPERM;
    return 0;
}

static int change_one(int resource, const rr_rlimit *wanted) {
    change *entry = &changes[change_count];
    if (change_count == MOST_WRITES)
        return EIO;
    entry->resource = resource;
    entry->before = kept[resource];
    entry->after = *wanted;
    /* As a security module does: the library cannot predict it. */
    entry->error = change_count == refuse_at || change_count == refuse_again_at ? EACCES : refusal_of(resource, wanted);
    change_count++;
    if (entry->error == 0)
        kept[resource] = *wanted;
    return entry->error;
}

static long long kept_limits(int resource, uint64_t wanted, uint64_t previous) {
    rr_rlimit before;
    int error = 0;
    if (resource < 0 || resource >= RESOURCES)
        return -EINVAL;
    before = kept[resource];
    if (wanted)
        error = change_one(resource, (const rr_rlimit *)(uintptr_t)wanted);
    if (error == 0 && previous)
        memcpy((void *)(uintptr_t)previous, &before, sizeof before);
    return -error;
}

static long long keep_limits(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
#ifdef SYS_getrlimit
    if (call->nr == SYS_getrlimit)
        return kept_limits((int)call->args[0], 0, call->args[1]);
#endif
#ifdef SYS_setrlimit
    if (call->nr == SYS_setrlimit)
        return kept_limits((int)call->args[0], call->args[1], 0);
#endif
    if (call->nr == SYS_prlimit64) {
        const int32_t pid = (int32_t)call->args[0];
        if (set_process && pid == set_process && call->args[2] && change_count == end_process_at) {
            siginfo_t info;
            kill(set_process, SIGKILL);
            waitid(P_PID, (id_t)set_process, &info, WEXITED | (stays_zombie ? WNOWAIT : 0));
        }
        if (set_process && kill(set_process, 0) != 0)
            return -ESRCH;
        return kept_limits((int)call->args[1], call->args[2], call->args[3]);
    }
    if (call->nr == SYS_capget) {
        uint32_t *sets = (uint32_t *)(uintptr_t)call->args[1];
        memset(sets, 0, 24);
        sets[0] = is_privileged ? 1u << 24 : 0;
        return 0;
    }
    return PASS;
}

/* For every resource 1000 and 2000 of its unit: room in both directions. */
static void begin(void) {
    static const int numbers[] = {
#if defined(SYS_getrlimit) && __SIZEOF_LONG__ == 8
        SYS_getrlimit,
#endif
#if defined(SYS_setrlimit) && __SIZEOF_LONG__ == 8
        SYS_setrlimit,
#endif
        SYS_prlimit64, SYS_capget};
    int i;
    for (i = 0; i < RESOURCES; i++)
        kept[i].rlim_cur = 1000, kept[i].rlim_max = 2000;
    if (notify_listener < 0)
        ARRANGE(keep_limits, numbers);
    change_count = 0;
    refuse_at = refuse_again_at = end_process_at = -1;
}

static rr_rlimit_entry entry_of(int resource, uint64_t soft, uint64_t hard) {
    rr_rlimit_entry entry;
    entry.resource = resource, entry.reserved = 0;
    entry.limits.rlim_cur = soft, entry.limits.rlim_max = hard;
    return entry;
}

/* Every kind of change, those that have to come last first. */
enum { ENTRIES = 12 };
static rr_rlimit_entry set[ENTRIES];
static void prepare(void) {
    set[0] = entry_of(RR_RLIMIT_CPU, 500, 600);           /* both cut */
    set[1] = entry_of(RR_RLIMIT_MEMLOCK, 1000, 1500);     /* the hard one cut */
    set[2] = entry_of(RR_RLIMIT_RTTIME, 900, 2000);       /* the soft one cut */
    set[3] = entry_of(RR_RLIMIT_STACK, 10, 2000);         /* the soft one cut */
    set[4] = entry_of(RR_RLIMIT_RSS, 1500, 2000);         /* the soft one raised */
    set[5] = entry_of(RR_RLIMIT_CORE, 3000, 3000);        /* both raised */
    set[6] = entry_of(RR_RLIMIT_FSIZE, 7, 4000);          /* raised and cut */
    set[7] = entry_of(RR_RLIMIT_NOFILE, 2500, 5000);      /* both raised */
    set[8] = entry_of(RR_RLIMIT_AS, 1000, 2000);          /* as it is */
    set[9] = entry_of(RR_RLIMIT_SIGPENDING, 1800, 1900);  /* cut and raised */
    set[10] = entry_of(RR_RLIMIT_DATA, 1, 1);             /* both cut */
    set[11] = entry_of(RR_RLIMIT_NPROC, 1000, 2001);      /* the hard one raised */
}

static int count_of_differences(void) {
    int i, count = 0;
    for (i = 0; i < ENTRIES; i++)
        count += !same_limits(&kept[set[i].resource], set[i].limits.rlim_cur, set[i].limits.rlim_max);
    return count;
}

static int is_as_before(void) {
    int i;
    for (i = 0; i < RESOURCES; i++)
        if (!same_limits(&kept[i], 1000, 2000))
            return 0;
    return 1;
}

/* What a change is: a raise may be refused, a cut hard limit cannot be raised again without privilege. */
enum kind { NO_CHANGE, HARD_RAISE, SOFT_RAISE, SOFT_CUT, HARD_CUT };
static enum kind kind_of(const change *entry) {
    if (memcmp(&entry->after, &entry->before, sizeof entry->after) == 0)
        return NO_CHANGE;
    if (entry->after.rlim_max > entry->before.rlim_max)
        return HARD_RAISE;
    if (entry->after.rlim_max < entry->before.rlim_max)
        return HARD_CUT;
    return entry->after.rlim_cur > entry->before.rlim_cur ? SOFT_RAISE : SOFT_CUT;
}

static int is_of_time(int resource) { return resource == RR_RLIMIT_CPU || resource == RR_RLIMIT_RTTIME; }

static void raises_come_before_cuts(void) {
    int i, kinds[HARD_CUT + 1] = {0};
    is_privileged = 1;
    begin();
    prepare();
    CHECK_CALL(rr_rlimits_set(NULL, set, ENTRIES, NULL), 0);
    CHECK_EQ(count_of_differences(), 0);
    for (i = 0; i < change_count; i++) {
        const enum kind kind = kind_of(&changes[i]);
        kinds[kind]++;
        CHECK_EQ(changes[i].error, 0);
        if (i == 0)
            continue;
        CHECK(kind >= kind_of(&changes[i - 1]));
        if (kind == kind_of(&changes[i - 1])) {
            CHECK(changes[i].resource != RR_RLIMIT_NOFILE);
            CHECK(is_of_time(changes[i].resource) || !is_of_time(changes[i - 1].resource));
        }
    }
    for (i = HARD_RAISE; i <= HARD_CUT; i++)
        CHECK(kinds[i] >= 2);
}

/* Whichever write is refused, the previous ones are undone, the last first. */
static void what_was_done_is_undone_last_first(void) {
    int whole, at, i;
    size_t failed;
    is_privileged = 1;
    begin();
    prepare();
    CHECK_CALL(rr_rlimits_set(NULL, set, ENTRIES, NULL), 0);
    whole = change_count;
    CHECK(whole >= ENTRIES);
    for (at = 0; at < whole; at++) {
        begin();
        refuse_at = at;
        failed = 99;
        CHECK_CALL(rr_rlimits_set(NULL, set, ENTRIES, &failed), EACCES);
        CHECK(failed < ENTRIES && set[failed].resource == changes[at].resource);
        CHECK(is_as_before());
        CHECK_EQ(change_count, 2 * at + 1);
        for (i = 0; i < at; i++) {
            const change *undone = &changes[2 * at - i];
            CHECK_EQ(undone->resource, changes[i].resource);
            CHECK(memcmp(&undone->after, &changes[i].before, sizeof undone->after) == 0);
            CHECK_EQ(undone->error, 0);
        }
    }
}

/* If one change cannot be undone, the others still are. */
static void one_that_stays_keeps_no_other_from_being_put_back(void) {
    const int resources[5] = {RR_RLIMIT_CORE, RR_RLIMIT_FSIZE, RR_RLIMIT_RSS, RR_RLIMIT_AS, RR_RLIMIT_DATA};
    rr_rlimit_entry lower[5];
    int at, again, i;
    is_privileged = 1;
    for (i = 0; i < 5; i++)
        lower[i] = entry_of(resources[i], 10, 2000);
    for (at = 1; at < 5; at++)
        for (again = at + 1; again <= 2 * at; again++) {
            int differences = 0;
            size_t failed = 99;
            begin();
            refuse_at = at;
            refuse_again_at = again;
            CHECK_CALL(rr_rlimits_set(NULL, lower, 5, &failed), ENOTRECOVERABLE);
            CHECK(failed < 5 && lower[failed].resource == changes[at].resource);
            for (i = 0; i < RESOURCES; i++)
                differences += !same_limits(&kept[i], 1000, 2000);
            CHECK_EQ(differences, 1);
            CHECK_EQ(change_count, 2 * at + 1);
        }
}

/* Without privilege a lowered hard limit stays lowered: that is reported, and nothing else stays changed. */
static void a_hard_cut_that_stays_is_reported(void) {
    int whole, at, last = 0;
    is_privileged = 0;
    begin();
    prepare();
    set[5].limits.rlim_cur = set[5].limits.rlim_max = set[6].limits.rlim_max = set[11].limits.rlim_max = 2000;
    set[7].limits.rlim_cur = 1500, set[7].limits.rlim_max = 2000;
    CHECK_CALL(rr_rlimits_set(NULL, set, ENTRIES, NULL), 0);
    CHECK_EQ(count_of_differences(), 0);
    whole = change_count;
    for (at = 0; at < whole; at++) {
        int i, was_cut = 0;
        begin();
        refuse_at = at;
        result_of_call = CALL(rr_rlimits_set(NULL, set, ENTRIES, NULL));
        for (i = 0; i < at; i++)
            was_cut |= kind_of(&changes[i]) == HARD_CUT;
        CHECK_EQ(result_of_call, was_cut ? ENOTRECOVERABLE : EACCES);
        CHECK(was_cut || is_as_before());
        last += was_cut;
    }
    /* Only after the first of the four hard cuts. */
    CHECK_EQ(last, 3);
}

/* A change that the kernel refuses for its values, at any place in the set, leaves everything unchanged. */
static void a_raise_without_privilege_changes_nothing(void) {
    int place;
    is_privileged = 0;
    for (place = 0; place < 3; place++) {
        rr_rlimit_entry three[3];
        size_t failed = 99;
        begin();
        three[0] = entry_of(RR_RLIMIT_CORE, 10, 20), three[1] = entry_of(RR_RLIMIT_CPU, 10, 20);
        three[2] = entry_of(RR_RLIMIT_STACK, 10, 20);
        three[place].limits.rlim_max = 2001;
        CHECK_CALL(rr_rlimits_set(NULL, three, 3, &failed), EPERM);
        CHECK_EQ(failed, place);
        CHECK(is_as_before());
    }
}

static void a_hard_raise_and_a_soft_cut_in_one(void) {
    rr_rlimit_entry one = entry_of(RR_RLIMIT_CORE, 5, 3000);
    is_privileged = 1;
    begin();
    CHECK_CALL(rr_rlimits_set(NULL, &one, 1, NULL), 0);
    CHECK(same_limits(&kept[RR_RLIMIT_CORE], 5, 3000));
    begin();
    refuse_at = 1;
    CHECK_CALL(rr_rlimits_set(NULL, &one, 1, NULL), EACCES);
    CHECK(is_as_before());
    begin();
    one = entry_of(RR_RLIMIT_CORE, 1500, 1500);
    CHECK_CALL(rr_rlimits_set(NULL, &one, 1, NULL), 0);
    CHECK(same_limits(&kept[RR_RLIMIT_CORE], 1500, 1500));
}

/* If the process ends meanwhile, nothing needs to be undone. */
static void a_process_that_ends_meanwhile_is_esrch(void) {
    rr_process *process;
    size_t failed = 99;
    set_process = start_sleeper();
    CHECK_CALL(rr_process_open(set_process, &process), 0);
    is_privileged = 1;
    begin();
    prepare();
    end_process_at = 5;
    CHECK_CALL(rr_rlimits_set(process, set, ENTRIES, &failed), ESRCH);
    CHECK_EQ(change_count, 5);
    rr_process_close(process);
}

/* A change of a zombie's limits is accepted by the kernel: of those that follow none is made. */
static void a_process_that_becomes_a_zombie_meanwhile_is_esrch(void) {
    rr_process *process;
    set_process = start_sleeper();
    CHECK_CALL(rr_process_open(set_process, &process), 0);
    is_privileged = 1;
    begin();
    prepare();
    end_process_at = 5, stays_zombie = 1;
    CHECK_CALL(rr_rlimits_set(process, set, ENTRIES, NULL), ESRCH);
    CHECK_EQ(change_count, 6);
    rr_process_close(process);
}

static void another_process_is_the_same(void) {
    rr_process *process;
    set_process = start_sleeper();
    CHECK_CALL(rr_process_open(set_process, &process), 0);
    is_privileged = 1;
    begin();
    prepare();
    CHECK_CALL(rr_rlimits_set(process, set, ENTRIES, NULL), 0);
    CHECK_EQ(count_of_differences(), 0);
    rr_process_close(process);
    kill(set_process, SIGKILL);
}
#endif

int main(void) {
    RUN_ARRANGED(raises_come_before_cuts);
    RUN_ARRANGED(what_was_done_is_undone_last_first);
    RUN_ARRANGED(one_that_stays_keeps_no_other_from_being_put_back);
    RUN_ARRANGED(a_hard_cut_that_stays_is_reported);
    RUN_ARRANGED(a_raise_without_privilege_changes_nothing);
    RUN_ARRANGED(a_hard_raise_and_a_soft_cut_in_one);
    RUN_ARRANGED(a_process_that_ends_meanwhile_is_esrch);
    RUN_ARRANGED(a_process_that_becomes_a_zombie_meanwhile_is_esrch);
    RUN_ARRANGED(another_process_is_the_same);
    return report();
}
