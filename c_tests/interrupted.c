/*
 * Interrupted system calls and timeouts. Each call that waits is interrupted once, by a result in place of the
 * kernel instead of a signal, which might come too late. Timeouts: the time that the library passes to the kernel,
 * and the time that it waited.
 */
#include "ways.h"
#include "notify.h"

#ifdef CAN_NOTIFY
#include <sys/socket.h>

enum { MOST = 1024 };
static int interruptions[MOST], is_interrupting;
static int waitid_is_refused;

/* Interrupts calls that wait or read a file, of the caller only, not of the programs that it starts. */
static long long interrupt_once(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread || !is_interrupting || call->nr < 0 || call->nr >= MOST)
        return PASS;
    if (call->nr == SYS_waitid && waitid_is_refused)
        return -EPERM;
    if (call->nr == SYS_recvmsg && (call->args[2] & MSG_DONTWAIT)) /* it does not wait */
        return PASS;
    return interruptions[call->nr]++ ? PASS : -EINTR;
}

static const int waiting_calls[] = {SYS_recvmsg, SYS_read, SYS_waitid, SYS_wait4, SYS_ppoll};
static const int reading_calls[] = {SYS_openat, SYS_read, SYS_pread64, SYS_preadv};

static void begin_interrupting(void) {
    memset(interruptions, 0, sizeof interruptions);
    is_interrupting = 1;
}

/* Each call that was interrupted has been made again. */
static void end_interrupting(void) {
    size_t i;
    is_interrupting = 0;
    for (i = 0; i < MOST; i++)
        if (interruptions[i] == 1) {
            char text[64];
            snprintf(text, sizeof text, "system call %d was not made again", (int)i);
            fail(__FILE__, __LINE__, text);
        }
}

static rr_outcome run_interrupted(void) {
    rr_outcome outcome;
    rr_command *command = shell("exit 5");
    rr_child *child = NULL;
    begin_interrupting();
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
    end_interrupting();
    begin_interrupting();
    memset(&outcome, 0, sizeof outcome);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    end_interrupting();
    CHECK_EQ(outcome.exit_code, 5);
    rr_child_free(child);
    rr_command_free(command);
    check_no_children();
    return outcome;
}

static void starts_and_waits_go_on(void) {
    ARRANGE(interrupt_once, waiting_calls);
    run_interrupted();
    CHECK(interruptions[SYS_waitid] > 1);
    CHECK(interruptions[SYS_ppoll] > 1);
    waitid_is_refused = 1;
    run_interrupted();
    CHECK(interruptions[SYS_wait4] > 1);
}

static void starts_and_waits_go_on_through_the_launcher(void) {
    is_direct = 0;
    starts_and_waits_go_on();
}
static void starts_and_waits_go_on_directly(void) {
    is_direct = 1;
    starts_and_waits_go_on();
}

/* A program that cannot be executed is reported as that, and reaped. */
static void failed_starts_go_on(void) {
    ARRANGE(interrupt_once, waiting_calls);
    for (is_direct = 0; is_direct < 2; is_direct++)
        for (waitid_is_refused = 0; waitid_is_refused < 2; waitid_is_refused++) {
            rr_command *command = command_of("/nowhere");
            rr_child *child;
            begin_interrupting();
            CHECK_CALL(rr_command_spawn(command, &child, NULL), ENOENT);
            end_interrupting();
            rr_command_free(command);
            check_no_children();
        }
}

static void files_are_read_on(void) {
    const rr_rlimit high = {1, 0xFFFFFFF0}; /* above any nr_open, and representable on a 32-bit kernel */
    const int32_t child = start_sleeper();
    rr_process *process, *copy;
    rr_verdict before, after;
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_NOFILE, &high, &before), 0);
    ARRANGE(interrupt_once, reading_calls);
    begin_interrupting();
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_NOFILE, &high, &after), 0);
    end_interrupting();
    CHECK(interruptions[SYS_read] > 1 || interruptions[SYS_pread64] > 1 || interruptions[SYS_preadv] > 1);
    CHECK(interruptions[SYS_openat] > 1);
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    CHECK_EQ(after.reason, RR_REASON_ABOVE_SYSTEM_MAXIMUM);
    if (rr_process_fd(process) >= 0) {
        begin_interrupting();
        CHECK_CALL(rr_process_from_fd(rr_process_fd(process), &copy), 0);
        end_interrupting();
        CHECK_EQ(rr_process_pid(copy), child);
        rr_process_close(copy);
    }
    rr_process_close(process);
}

/* ---- Timeouts ----------------------------------------------------------------------------------- */

static uint64_t asked_for; /* in nanoseconds, all waits of one call together */
static int waits, pidfds_are_refused, ppoll_is_refused;

static uint64_t nanoseconds_at(uint64_t place) {
    const long *time = (const long *)(uintptr_t)place;
    return place ? (uint64_t)time[0] * 1000000000u + (uint64_t)time[1] : 0;
}

#ifdef SYS_clock_nanosleep_time64 /* on 32-bit architectures */
#define PAUSES SYS_nanosleep, SYS_clock_nanosleep, SYS_clock_nanosleep_time64
static uint64_t pause_of(const struct seccomp_data *call) {
    const int64_t *time = (const int64_t *)(uintptr_t)call->args[2];
    if (call->nr == SYS_clock_nanosleep_time64)
        return (uint64_t)time[0] * 1000000000u + (uint64_t)time[1];
    return nanoseconds_at(call->args[call->nr == SYS_nanosleep ? 0 : 2]);
}
#else
#define PAUSES SYS_nanosleep, SYS_clock_nanosleep
static uint64_t pause_of(const struct seccomp_data *call) {
    return nanoseconds_at(call->args[call->nr == SYS_nanosleep ? 0 : 2]);
}
#endif
static const int pausing_calls[] = {PAUSES, SYS_ppoll, SYS_clone};

/* Without a pidfd the library polls, with pauses. */
static long long note_waits(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
    if (call->nr == SYS_clone) {
#ifdef __s390x__
        const uint64_t flags = call->args[1];
#else
        const uint64_t flags = call->args[0];
#endif
        return pidfds_are_refused && (flags & 0x1000) ? -EPERM : PASS;
    }
    if (call->nr == SYS_ppoll && ppoll_is_refused)
        return -EPERM;
    waits++;
    asked_for += pause_of(call);
    return PASS;
}

static uint64_t own_processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void wait_with_timeouts(void) {
    static const int64_t timeouts[] = {1, 999, 100000, 999999, 1000001, 1500000, 1999999, 2999999, 100000001};
    rr_child *child;
    rr_outcome outcome;
    size_t i;
    is_direct = 1;
    end_after(60);
    ARRANGE(note_waits, pausing_calls);
    child = spawned(shell("exec sleep 100"));
    CHECK_EQ(rr_child_fd(child) < 0, pidfds_are_refused);
    for (i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        const uint64_t timeout = (uint64_t)timeouts[i], start = nanoseconds_now();
        asked_for = 0, waits = 0;
        CHECK_CALL(rr_child_wait(child, timeouts[i], &outcome), ETIMEDOUT);
        CHECK(nanoseconds_now() - start >= timeout);
        CHECK(waits > 0 || timeout < 100000);
        CHECK(asked_for <= timeout);
    }
    CHECK_EQ(CALL(rr_child_kill(child, SIGKILL)), 0);
    CHECK_EQ(ended_either_way(child).signal, SIGKILL);
}

static void a_timeout_is_kept_to_the_nanosecond(void) { wait_with_timeouts(); }
static void a_timeout_by_number_is_kept_too(void) {
    pidfds_are_refused = 1;
    wait_with_timeouts();
}

/* Half a second in few steps, not in a busy loop, and the wait does not exceed the timeout. */
static void wait_for_half_a_second(void) {
    uint64_t before;
    rr_child *child;
    rr_outcome outcome;
    is_direct = 1;
    end_after(60);
    ARRANGE(note_waits, pausing_calls);
    child = spawned(shell("sleep 0.5; exit 3"));
    before = own_processor_time();
    CHECK_CALL(rr_child_wait(child, INT64_MAX, &outcome), 0);
    CHECK(own_processor_time() - before < 100000000);
    CHECK(waits >= 10 && waits < 1000);
    CHECK_EQ(outcome.exit_code, 3);
    rr_child_free(child);
}

static void waiting_by_number_costs_little(void) {
    pidfds_are_refused = 1;
    wait_for_half_a_second();
}
static void waiting_without_ppoll_costs_little(void) {
    ppoll_is_refused = 1;
    wait_for_half_a_second();
}
#endif

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
    RUN_ARRANGED(starts_and_waits_go_on_through_the_launcher);
    RUN_ARRANGED(starts_and_waits_go_on_directly);
    RUN_ARRANGED(failed_starts_go_on);
    RUN_ARRANGED(files_are_read_on);
    RUN_ARRANGED(a_timeout_is_kept_to_the_nanosecond);
    RUN_ARRANGED(a_timeout_by_number_is_kept_too);
    RUN_ARRANGED(waiting_by_number_costs_little);
    RUN_ARRANGED(waiting_without_ppoll_costs_little);
    return report();
}
