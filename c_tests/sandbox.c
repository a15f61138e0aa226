/* Sandboxes that know the system calls of libc only: prlimit64, not getrlimit and setrlimit. */
#include "check.h"

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(SYS_getrlimit) && defined(SYS_setrlimit)
#define HAS_OWN_CALLS 1

static int refusal; /* the errno that the filter returns */

/* From here on the two system calls fail in this process. Returns whether the filter could be installed. */
static int refuse_own_calls(void) {
    struct sock_filter program[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_getrlimit},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_setrlimit},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog filter = {5, program};
    struct rlimit unused;
    program[3].k |= (unsigned)refusal;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
        return 0;
    CHECK_EQ(syscall(SYS_getrlimit, RLIMIT_CORE, &unused), -1);
    return 1;
}

static void read_and_set_within(void) {
    rr_rlimit limits;
    struct rlimit theirs;
    const rr_rlimit lower = {5, 10}, above = {11, 10};
    if (!refuse_own_calls())
        _exit(77);
    CHECK_EQ(getrlimit(RLIMIT_CORE, &theirs), 0);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &limits), 0);
    CHECK(same_limits(&limits, theirs.rlim_cur, theirs.rlim_max));
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &lower), 0);
    CHECK_EQ(getrlimit(RLIMIT_CORE, &theirs), 0);
    CHECK(theirs.rlim_cur == 5 && theirs.rlim_max == 10);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &above), EINVAL);
}

static void try_refusal(int error) {
    int status;
    refusal = error;
    status = status_of_child(read_and_set_within);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no system-call filter can be set here");
    else
        CHECK_EQ(status, 0);
}
#endif
#endif

static void prlimit_stands_in_when_eperm(void) {
#ifdef HAS_OWN_CALLS
    try_refusal(EPERM);
#else
    skip("this system has no such separate system calls");
#endif
}

static void prlimit_stands_in_when_enosys(void) {
#ifdef HAS_OWN_CALLS
    try_refusal(ENOSYS);
#else
    skip("this system has no such separate system calls");
#endif
}

int main(void) {
    RUN(prlimit_stands_in_when_eperm);
    RUN(prlimit_stands_in_when_enosys);
    return report();
}
