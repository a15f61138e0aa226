/*
 * Handles chosen system calls in place of the kernel, seccomp_unotify(2). A thread of the test decides for each such
 * call of the calling thread and of its children: the kernel executes it, or it fails with a given error, or the
 * test provides its result. So a test can simulate what this machine does not have: other privileges, other files,
 * interruptions.
 *
 * The filter stays for the life of the process. RUN_ARRANGED runs a test in a separate process, and counts it as
 * skipped if such a filter is not allowed.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "check.h"

#if defined(__linux__)
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#if defined(__linux__) && defined(SYS_seccomp) && defined(SECCOMP_USER_NOTIF_FLAG_CONTINUE)
#define CAN_NOTIFY 1

/* Let the kernel execute the call. */
#define PASS LLONG_MIN

/* Returns PASS, the value that the call returns, or a negative errno. */
typedef long long (*handler_function)(const struct seccomp_data *call, int32_t thread);

static handler_function handle_calls;
static volatile int notify_listener = -1;
static int32_t arranging_thread;

static void *handle_for_ever(void *unused) {
    (void)unused;
    while (notify_listener < 0)
        usleep(100);
    for (;;) {
        struct seccomp_notif call;
        struct seccomp_notif_resp response;
        long long value;
        memset(&call, 0, sizeof call);
        memset(&response, 0, sizeof response);
        if (ioctl(notify_listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
            continue;
        value = handle_calls(&call.data, (int32_t)call.pid);
        response.id = call.id;
        if (value == PASS)
            response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        else if (value < 0)
            response.error = (int32_t)value;
        else
            response.val = value;
        ioctl(notify_listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    }
    return NULL;
}

/* Installs the filter; `handler` decides from here on. Exits with 77 if that is not allowed. */
UNUSED static void arrange(handler_function handler, const int *numbers, size_t count) {
    static struct sock_filter program[64];
    struct sock_fprog filter;
    pthread_t thread;
    size_t i, length = 0;
    const struct sock_filter load = {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)};
    const struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    const struct sock_filter ask = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF};
    program[length++] = load;
    for (i = 0; i < count; i++) {
        const struct sock_filter is_it = {BPF_JMP | BPF_JEQ | BPF_K, (__u8)(count - i), 0, (__u32)numbers[i]};
        program[length++] = is_it;
    }
    program[length++] = allow;
    program[length++] = ask;
    filter.len = (unsigned short)length;
    filter.filter = program;
    handle_calls = handler;
    arranging_thread = (int32_t)syscall(SYS_gettid);
    CHECK_EQ(pthread_create(&thread, NULL, handle_for_ever, NULL), 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(77);
    notify_listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    if (notify_listener < 0)
        _exit(77);
}
#define ARRANGE(handler, numbers) arrange(handler, numbers, sizeof(numbers) / sizeof(numbers)[0])

UNUSED static int is_path(uint64_t path, const char *expected) {
    return strcmp((const char *)(uintptr_t)path, expected) == 0;
}

UNUSED static int path_ends_with(uint64_t path, const char *end) {
    const char *text = (const char *)(uintptr_t)path;
    const size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

/* Opens a file that contains this text. */
UNUSED static int file_of(const char *text) {
    int file = memfd_create("text", MFD_CLOEXEC);
    CHECK_EQ(write(file, text, strlen(text)), strlen(text));
    lseek(file, 0, SEEK_SET);
    return file;
}

/* A child that does nothing, and ends with the test at the latest. */
UNUSED static int32_t start_sleeper(void) {
    const pid_t test = getpid();
    int32_t child;
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != test) /* which may have ended before */
            _exit(EXIT_FAILURE);
        for (;;)
            pause();
    }
    return child;
}

UNUSED static void run_arranged(const char *name, void (*test)(void)) {
    int status;
    current_test = name;
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator does not support filters of system calls");
        skipped++;
        return;
    }
    current_failures = 0;
    status = status_of_child(test);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        skip("filters of system calls that notify are not allowed here");
        skipped++;
        return;
    }
    CHECK_EQ(status, 0);
    if (current_failures)
        failed++;
    else {
        passed++;
        printf("ok %s\n", name);
    }
    fflush(stdout);
}
#else
UNUSED static void run_arranged(const char *name) {
    current_test = name;
    skip("filters of system calls that notify are not allowed here");
    skipped++;
}
#endif

#ifdef CAN_NOTIFY
#define RUN_ARRANGED(test) run_arranged(#test, test)
#else
#define RUN_ARRANGED(test) run_arranged(#test)
#endif

#endif
