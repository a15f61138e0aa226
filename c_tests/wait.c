/* Waiting for children: which one, how it ended, its usage. */
#include "check.h"

static int32_t start(void (*part)(void)) {
    int32_t child;
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        part();
        _exit(7);
    }
    return child;
}

static void nothing(void) {}
/* Time, and memory enough to show in the kernel's counters, which lag by some pages. */
static void burn(void) {
    static volatile char memory[4 << 20];
    size_t i;
    for (i = 0; i < sizeof memory; i += 1024)
        memory[i] = 1;
    spin(0.2);
}
static void sleep_on(void) {
    for (;;)
        pause();
}
static void die(void) {
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
}

static void status_and_usage_of_a_child(void) {
    struct rusage before, after;
    int32_t child, waited, status, exit_code, signal_number;
    rr_rusage usage;
    double seconds;
    getrusage(RUSAGE_CHILDREN, &before);
    child = start(burn);
    CHECK_CALL(rr_wait4(child, 0, &waited, &status, &usage), 0);
    getrusage(RUSAGE_CHILDREN, &after);
    CHECK_EQ(waited, child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    CHECK_CALL(rr_wait_status(status, &exit_code, &signal_number), 0);
    CHECK_EQ(exit_code, 7);
    CHECK_EQ(signal_number, 0);
    /* The kernel adds exactly what the child used to the children's record. */
    CHECK_EQ(usage.ru_minflt, after.ru_minflt - before.ru_minflt);
    CHECK_EQ(usage.ru_nvcsw, after.ru_nvcsw - before.ru_nvcsw);
    CHECK_EQ(usage.ru_nivcsw, after.ru_nivcsw - before.ru_nivcsw);
    CHECK(usage.ru_maxrss > 0 && usage.ru_maxrss <= after.ru_maxrss + 1024);
    seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    CHECK(seconds >= 0.19 && seconds < 5);
}

static void any_child(void) {
    int32_t child = start(nothing), waited, status;
    CHECK_CALL(rr_wait4(-1, 0, &waited, &status, NULL), 0);
    CHECK_EQ(waited, child);
}

static void a_signal_that_ended_a_child(void) {
    int32_t child = start(die), waited, status, exit_code, signal_number;
    CHECK_CALL(rr_wait4(child, 0, &waited, &status, NULL), 0);
    CHECK_CALL(rr_wait_status(status, &exit_code, &signal_number), 0);
    CHECK_EQ(exit_code, -1);
    CHECK_EQ(signal_number, SIGTERM);
}

static void nothing_to_report_is_zero(void) {
    int32_t child = start(sleep_on), waited, status;
    rr_rusage usage, zero;
    memset(&zero, 0, sizeof zero);
    FILL(waited), FILL(status), FILL(usage);
    CHECK_CALL(rr_wait4(child, WNOHANG, &waited, &status, &usage), 0);
    CHECK_EQ(waited, 0);
    CHECK_EQ(status, 0);
    CHECK(memcmp(&usage, &zero, sizeof usage) == 0);
    kill(child, SIGKILL);
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, NULL), 0);
    CHECK_EQ(waited, child);
}

static void a_stopped_child_has_not_ended(void) {
    int32_t child = start(sleep_on), waited, status, exit_code, signal_number;
    FILL(exit_code), FILL(signal_number);
    kill(child, SIGSTOP);
    CHECK_CALL(rr_wait4(child, WUNTRACED, &waited, &status, NULL), 0);
    CHECK(WIFSTOPPED(status));
    CHECK_CALL(rr_wait_status(status, &exit_code, &signal_number), EINVAL);
    kill(child, SIGCONT);
    CHECK_CALL(rr_wait4(child, WCONTINUED, &waited, &status, NULL), 0);
    CHECK_CALL(rr_wait_status(status, &exit_code, &signal_number), EINVAL);
    CHECK_UNTOUCHED(exit_code);
    CHECK_UNTOUCHED(signal_number);
    kill(child, SIGKILL);
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, NULL), 0);
}

static void every_exit_code_and_signal(void) {
    int code, exit_code, signal_number;
    for (code = 0; code < 256; code++) {
        CHECK_CALL(rr_wait_status(code << 8, &exit_code, &signal_number), 0);
        CHECK(exit_code == code && signal_number == 0);
    }
    for (code = 1; code < 65; code++) {
        CHECK_CALL(rr_wait_status(code, &exit_code, &signal_number), 0);
        CHECK(exit_code == -1 && signal_number == code);
    }
    CHECK_CALL(rr_wait_status(SIGSEGV | 0x80, &exit_code, &signal_number), 0); /* with a core dump */
    CHECK(exit_code == -1 && signal_number == SIGSEGV);
}

static void refusals(void) {
    int32_t child = start(nothing), waited, status;
    rr_rusage usage;
    FILL(waited), FILL(status), FILL(usage);
    CHECK_CALL(rr_wait4(child, 0, NULL, &status, &usage), EFAULT);
    CHECK_CALL(rr_wait4(getpid(), 0, &waited, &status, &usage), ECHILD);
    CHECK_CALL(rr_wait4(child, 0x40000, &waited, &status, &usage), EINVAL);
    CHECK_UNTOUCHED(waited);
    CHECK_UNTOUCHED(status);
    CHECK_UNTOUCHED(usage);
    CHECK_CALL(rr_wait4(child, 0, &waited, &status, &usage), 0); /* none of these reaped it */
    FILL(waited);
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, NULL), ECHILD);
    CHECK_UNTOUCHED(waited);
}

static void on_alarm(int number) { (void)number; }

static void a_signal_handler_interrupts(void) {
    int32_t child = start(sleep_on), waited;
    struct sigaction action;
    struct itimerval soon;
    memset(&action, 0, sizeof action);
    memset(&soon, 0, sizeof soon);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    soon.it_value.tv_usec = 50000;
    soon.it_interval.tv_usec = 50000;
    setitimer(ITIMER_REAL, &soon, NULL);
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, NULL), EINTR);
    memset(&soon, 0, sizeof soon);
    setitimer(ITIMER_REAL, &soon, NULL);
    kill(child, SIGKILL);
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, NULL), 0);
}

int main(void) {
    RUN(status_and_usage_of_a_child);
    RUN(any_child);
    RUN(a_signal_that_ended_a_child);
    RUN(nothing_to_report_is_zero);
    RUN(a_stopped_child_has_not_ended);
    RUN(every_exit_code_and_signal);
    RUN(refusals);
    RUN(a_signal_handler_interrupts);
    return report();
}
