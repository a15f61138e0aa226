/* Raises the soft limit on open files to 4096, or as close to it as this process may. */
#include <inttypes.h>
#include <stdio.h>

#include <rresource.h>

int main(void) {
    rr_rlimit now;
    const int error = rr_rlimit_raise(RR_RLIMIT_NOFILE, 4096, &now);
    if (error) {
        fprintf(stderr, "raise: %s\n", rr_strerror(error));
        return 1;
    }
    printf("%" PRIu64 " files\n", now.rlim_cur);
    return now.rlim_cur < 4096;
}
