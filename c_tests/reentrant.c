/* A signal handler uses the same handle as the call that it interrupted. */
#include "check.h"

#ifdef __linux__
#include <fcntl.h>

static rr_process *volatile shared;
static volatile sig_atomic_t wrong, handled;
static uint64_t child_bytes;

/* Once: a repeating timer would fire again before a slow machine returns from the handler. */
static void strike_soon(void) {
    const struct itimerval soon = {{0, 0}, {0, 40}};
    setitimer(ITIMER_REAL, &soon, NULL);
}

static void on_alarm(int number) {
    rr_usage usage;
    (void)number;
    if (shared) {
        handled++;
        wrong |= rr_usage_read(shared, RR_USAGE_ALL, &usage) != 0 || usage.virtual_bytes != child_bytes;
    }
    strike_soon();
}

static int descriptors(void) {
    int count = 0, fd;
    for (fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

/* New handles, whose files are all opened while the timer fires: none may be lost, and none may be read from another
 * call's offset. */
static void interrupt_many(void) {
    const struct itimerval never = {{0, 0}, {0, 0}};
    struct sigaction action;
    rr_usage usage;
    int before, i;
    int32_t child = (int32_t)fork();
    if (child == 0)
        for (;;)
            pause();
    kill(child, SIGSTOP);
    CHECK_EQ(waitpid(child, NULL, WUNTRACED), child);
    CHECK_EQ(rr_process_open(child, (rr_process **)&shared), 0);
    CHECK_EQ(rr_usage_read(shared, RR_USAGE_VIRTUAL, &usage), 0);
    child_bytes = usage.virtual_bytes;
    rr_process_close(shared);
    shared = NULL;
    before = descriptors();
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    strike_soon();
    for (i = 0; i < 3000 || (handled < 300 && i < 100000); i++) {
        rr_process *process;
        CHECK_EQ(rr_process_open(child, &process), 0);
        shared = process;
        CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0);
        CHECK(usage.virtual_bytes == child_bytes);
        shared = NULL;
        rr_process_close(process);
    }
    signal(SIGALRM, SIG_IGN);
    setitimer(ITIMER_REAL, &never, NULL);
    CHECK(handled >= 300);
    CHECK(!wrong);
    CHECK_EQ(descriptors(), before);
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void a_handler_may_use_the_handle_that_it_interrupts(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator delivers signals between calls only");
    else
        in_child(interrupt_many);
}
#else
static void a_handler_may_use_the_handle_that_it_interrupts(void) { skip("handles keep files on Linux only"); }
#endif

int main(void) {
    RUN(a_handler_may_use_the_handle_that_it_interrupts);
    return report();
}
