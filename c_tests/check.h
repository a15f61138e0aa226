/*
 * The test framework: a few lines instead of a test library, because the same programs run as C++, with musl, and
 * under emulators, where no library is installed.
 *
 * A program lists its tests with RUN and ends with `return report();`. A test that needs a separate process, because
 * it lowers a limit or is to be killed, forks through in_child.
 */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#define _FILE_OFFSET_BITS 64 /* 64-bit limits from a 32-bit libc, to compare with */

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rresource.h>

#ifdef __GNUC__
#define UNUSED __attribute__((unused))
#else
#define UNUSED
#endif

static const char *current_test = "";
static int current_failures;
UNUSED static int failures_are_quiet;
static int passed, failed, skipped;
UNUSED static int result_of_call;

UNUSED static void fail(const char *file, int line, const char *what) {
    if (!failures_are_quiet) {
        printf("FAILED %s: %s:%d: %s\n", current_test, file, line, what);
        fflush(stdout);
    }
    current_failures++;
}

#define CHECK(condition) ((condition) ? (void)0 : fail(__FILE__, __LINE__, #condition))

UNUSED static void check_equal(long long left, long long right, const char *file, int line, const char *what) {
    char text[400];
    if (left == right)
        return;
    snprintf(text, sizeof text, "%s: %lld, not %lld", what, left, right);
    fail(file, line, text);
}

#define CHECK_EQ(left, right) \
    check_equal((long long)(left), (long long)(right), __FILE__, __LINE__, #left " == " #right)

UNUSED static void check_text(const char *left, const char *right, const char *file, int line, const char *what) {
    char text[400];
    if (left == right || (left && right && strcmp(left, right) == 0))
        return;
    snprintf(text, sizeof text, "%s: \"%s\", not \"%s\"", what, left ? left : "(NULL)", right ? right : "(NULL)");
    fail(file, line, text);
}

#define CHECK_TEXT(left, right) check_text(left, right, __FILE__, __LINE__, #left " == " #right)

/* Makes a call of the library, which has to preserve errno whatever it returns. */
#define ERRNO_BEFORE 4242
UNUSED static void check_errno(const char *file, int line, const char *call) {
    check_equal(errno, ERRNO_BEFORE, file, line, call);
}
#define CALL(call) (errno = ERRNO_BEFORE, result_of_call = (call), check_errno(__FILE__, __LINE__, "errno after " #call), result_of_call)

#define CHECK_CALL(call, expected) CHECK_EQ(CALL(call), expected)

/* Outputs that have to stay unchanged. */
#define PATTERN 0xA5
#define FILL(object) memset(&(object), PATTERN, sizeof(object))
#define CHECK_UNTOUCHED(object) \
    (is_untouched(&(object), sizeof(object)) ? (void)0 : fail(__FILE__, __LINE__, #object " was written"))
UNUSED static int is_untouched(const void *object, size_t size) {
    const unsigned char *bytes = (const unsigned char *)object;
    while (size--)
        if (*bytes++ != PATTERN)
            return 0;
    return 1;
}

static int test_was_skipped;
UNUSED static void skip(const char *reason) {
    printf("skip %s: %s\n", current_test, reason);
    test_was_skipped = 1;
}

/* A test that was skipped in part counts as skipped unless a check in it failed. */
UNUSED static void run(const char *name, void (*test)(void)) {
    current_test = name;
    current_failures = 0;
    test_was_skipped = 0;
    test();
    if (current_failures)
        failed++;
    else if (test_was_skipped)
        skipped++;
    else {
        passed++;
        printf("ok %s\n", name);
    }
    fflush(stdout);
}
#define RUN(test) run(#test, test)

static int report(void) {
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed != 0;
}

/* Runs a part of a test in a separate process and returns its wait status. The child reports by its exit status
 * whether its checks held, because it may be forbidden to write. */
UNUSED static int status_of_child(void (*part)(void)) {
    int status = -1;
    pid_t child;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        current_failures = 0;
        part();
        _exit(current_failures ? 1 : 0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        fail(__FILE__, __LINE__, "fork and waitpid");
    return status;
}
#define in_child(part) CHECK_EQ(status_of_child(part), 0)

/* Whether the program runs under an emulator of this name: "qemu-user", "valgrind". */
UNUSED static int emulated_by(const char *name) {
    const char *emulator = getenv("RR_TEST_EMULATOR");
    return emulator && strcmp(emulator, name) == 0;
}

/* qemu-user implements these three itself: it accepts any value and applies none. */
UNUSED static int is_emulated(int resource) {
    return emulated_by("qemu-user") && (resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_STACK);
}

/* A 32-bit Linux kernel accepts 64 bits of a limit, stores infinity for a value that does not fit, and returns 0. To
 * find out which kernel it is, a limit is set and read back. */
static uint64_t kept_bits;
UNUSED static void keep_8_gib(void) {
    struct rlimit limits;
    const rlim_t wide = (rlim_t)((uint64_t)8 << 30);
    if (getrlimit(RLIMIT_FSIZE, &limits) != 0 || limits.rlim_max < wide)
        _exit(2);
    limits.rlim_cur = wide;
    _exit(setrlimit(RLIMIT_FSIZE, &limits) == 0 && getrlimit(RLIMIT_FSIZE, &limits) == 0 && limits.rlim_cur == wide ? 0 : 3);
}

/* If that is not possible, the kernel is assumed to be wide: then no test can set a limit for which it matters. */
UNUSED static int kernel_is_narrow(void) {
    if (kept_bits == 0) {
        const int status = sizeof(long) < 8 ? status_of_child(keep_8_gib) : 0;
        kept_bits = WIFEXITED(status) && WEXITSTATUS(status) == 3 ? 32 : 64;
    }
    return kept_bits == 32;
}

/* What the library returns if the kernel cannot store the limits; 0 if it can. */
UNUSED static int refusal_by_width(uint64_t soft, uint64_t hard) {
    const uint64_t least = 0xFFFFFFFF;
    if (!kernel_is_narrow() || ((soft < least || soft == RR_RLIM_INFINITY) && (hard < least || hard == RR_RLIM_INFINITY)))
        return 0;
    return soft > hard ? EINVAL : ERANGE;
}

UNUSED static int same_limits(const rr_rlimit *limits, uint64_t soft, uint64_t hard) {
    return limits->rlim_cur == soft && limits->rlim_max == hard;
}

/* Kills a test that hangs. In a virtual machine, time passes while the host runs other programs. */
UNUSED static void end_after(unsigned seconds) { alarm(emulated_by("qemu-system") ? 10 * seconds : seconds); }

UNUSED static void spin(double seconds) {
    clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
    while (clock() < end)
        ;
}

#endif
