/*
 * Shared by the tests of commands. Most of them run twice, once through the launcher and once directly, and their
 * names show which: RUN_WAYS. The peak of a program shows how it was started: the caller uses more memory than any
 * of them, so that the peak is only a bound after a direct start.
 */
#ifndef WAYS_H
#define WAYS_H

#include "check.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int is_direct;
static const char *own_path;

UNUSED static int has_launcher(void) {
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || defined(__arm__) || defined(__s390x__) || \
    (defined(__riscv) && __riscv_xlen == 64)
    return !emulated_by("valgrind") && !emulated_by("qemu-user");
#else
    return 0;
#endif
}

UNUSED static void hold_memory(void) {
    const size_t size = (size_t)64 << 20;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t i;
    if (memory == MAP_FAILED)
        abort();
    for (i = 0; i < size; i += 1024)
        ((volatile char *)memory)[i] = 1;
}

UNUSED static void run_way(const char *name, void (*test)(void), int direct) {
    is_direct = direct;
    run(name, test);
}
#define RUN_WAYS(test)                                                  \
    do {                                                                \
        if (has_launcher())                                             \
            run_way(#test " launcher", test, 0);                        \
        run_way(#test " direct", test, 1);                              \
    } while (0)

UNUSED static rr_command *command_of(const char *program) {
    rr_command *command = NULL;
    CHECK_CALL(rr_command_new(program, &command), 0);
    if (is_direct)
        CHECK_CALL(rr_command_no_launcher(command), 0);
    return command;
}

UNUSED static rr_command *shell(const char *script) {
    rr_command *command = command_of("/bin/sh");
    CHECK_CALL(rr_command_add_arg(command, "-c"), 0);
    CHECK_CALL(rr_command_add_arg(command, script), 0);
    return command;
}

/* Starts the command and frees it; the child continues. */
UNUSED static rr_child *spawned(rr_command *command) {
    rr_child *child = NULL;
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
    rr_command_free(command);
    return child;
}

UNUSED static int is_bound(const rr_outcome *outcome) {
    return (outcome->usage.known & RR_USAGE_PEAK_IS_BOUND) != 0;
}

UNUSED static rr_outcome ended_either_way(rr_child *child) {
    rr_outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    rr_child_free(child);
    return outcome;
}

UNUSED static rr_outcome ended(rr_child *child) {
    rr_outcome outcome = ended_either_way(child);
    if (outcome.usage.known & RR_USAGE_PEAK_RSS)
        CHECK_EQ(is_bound(&outcome), is_direct);
    return outcome;
}

UNUSED static int exit_code_of(rr_command *command) { return ended(spawned(command)).exit_code; }

UNUSED static void through_the_launcher(void) {
    if (has_launcher())
        CHECK_EQ(exit_code_of(command_of("/bin/true")), 0);
    else
        skip("launcher: valgrind and qemu-user cannot run it, and some architectures have none; only direct starts are tested");
}

#define BEGIN(argv)         \
    (own_path = (argv)[0],  \
     hold_memory(),         \
     RUN(through_the_launcher))

/* What the program writes to one of its descriptors. */
UNUSED static const char *output_from(rr_command *command, int fd) {
    static char text[65536];
    int ends[2];
    ssize_t length;
    size_t total = 0;
    rr_child *child;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], fd), 0);
    child = spawned(command);
    close(ends[1]);
    while ((length = read(ends[0], text + total, sizeof text - 1 - total)) > 0)
        total += (size_t)length;
    text[total] = 0;
    close(ends[0]);
    CHECK_EQ(ended(child).exit_code, 0);
    return text;
}
UNUSED static const char *output_of(rr_command *command) { return output_from(command, 1); }

UNUSED static int open_descriptors(void) {
    int fd, count = 0;
    for (fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

UNUSED static void check_no_children(void) {
    errno = 0;
    CHECK_EQ(waitpid(-1, NULL, WNOHANG), -1);
    CHECK_EQ(errno, ECHILD);
}

UNUSED static uint64_t nanoseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif
