/* Names and texts of errors. */
#include "check.h"

static void posix_names(void) {
#define NAMED(error) CHECK_TEXT(rr_strerrorname(error), #error)
    NAMED(EPERM), NAMED(ENOENT), NAMED(ESRCH), NAMED(EINTR), NAMED(EFAULT), NAMED(EINVAL), NAMED(ERANGE);
    NAMED(ENOTSUP), NAMED(ECHILD), NAMED(ETIMEDOUT), NAMED(ENOSYS), NAMED(EAGAIN), NAMED(ENOMEM), NAMED(EACCES);
    NAMED(E2BIG), NAMED(EMFILE), NAMED(ENOTRECOVERABLE), NAMED(ENOEXEC), NAMED(EPROTO), NAMED(EBADF);
}

static void every_name_is_the_systems(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
    int error, named = 0;
    for (error = 1; error < 5000; error++) {
        const char *ours = rr_strerrorname(error), *theirs = strerrorname_np(error);
        if (error == ENOTSUP)
            theirs = "ENOTSUP"; /* On Linux the number has a second name, EOPNOTSUPP. */
        if (ours)
            CHECK_TEXT(ours, theirs), named++;
    }
    CHECK_EQ(named, 31);
#else
    skip("this libc has no strerrorname_np to compare with");
#endif
}

static void other_errors_are_unknown(void) {
    CHECK_TEXT(rr_strerror(EADDRINUSE), "unknown error");
    CHECK_TEXT(rr_strerror(EPIPE), "unknown error");
    CHECK(rr_strerrorname(EADDRINUSE) == NULL);
}

static void unknown_numbers_have_no_name(void) {
    CHECK(rr_strerrorname(0) == NULL);
    CHECK(rr_strerrorname(-1) == NULL);
    CHECK(rr_strerrorname(-EPERM) == NULL);
    CHECK(rr_strerrorname(100000) == NULL);
    CHECK(rr_strerrorname(INT_MAX) == NULL);
    CHECK(rr_strerrorname(INT_MIN) == NULL);
}

static void every_number_has_a_text(void) {
    const char *unknown = rr_strerror(INT_MAX);
    int error;
    CHECK(unknown && *unknown);
    CHECK_TEXT(rr_strerror(INT_MIN), unknown);
    CHECK_TEXT(rr_strerror(0), "success");
    CHECK(strcmp(unknown, "success") != 0);
    for (error = -5000; error < 5000; error++) {
        const char *text = rr_strerror(error);
        CHECK(text && *text);
        if (error)
            CHECK((rr_strerrorname(error) == NULL) == (strcmp(text, unknown) == 0));
    }
}

static void the_librarys_own_errors_name_what_to_do(void) {
    CHECK(strstr(rr_strerror(EPERM), "privilege") != NULL);
    CHECK(strstr(rr_strerror(EINVAL), "soft limit greater than hard limit") != NULL);
    CHECK(strstr(rr_strerror(EFAULT), "NULL") != NULL);
}

static void errno_stays(void) {
    errno = ERRNO_BEFORE;
    rr_strerror(EPERM), rr_strerror(-1), rr_strerrorname(EPERM), rr_strerrorname(-1);
    CHECK_EQ(errno, ERRNO_BEFORE);
}

int main(void) {
    RUN(posix_names);
    RUN(every_name_is_the_systems);
    RUN(other_errors_are_unknown);
    RUN(unknown_numbers_have_no_name);
    RUN(every_number_has_a_text);
    RUN(the_librarys_own_errors_name_what_to_do);
    RUN(errno_stays);
    return report();
}
