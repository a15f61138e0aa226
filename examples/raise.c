/* Raises the limit on open files as far as this process may, and shows the result. */
#include <inttypes.h>
#include <stdio.h>

#include <rresource.h>

int main(void) {
    rr_rlimit limits;
    int error = rr_getrlimit(RR_RLIMIT_NOFILE, &limits);
    if (error == 0) {
        limits.rlim_cur = limits.rlim_max;
        error = rr_setrlimit(RR_RLIMIT_NOFILE, &limits);
    }
    if (error) {
        fprintf(stderr, "%s: %s\n", rr_resource_summary(RR_RLIMIT_NOFILE), rr_strerror(error));
        return 1;
    }
    printf("%s: %" PRIu64 "\n", rr_resource_summary(RR_RLIMIT_NOFILE), limits.rlim_cur);
    return 0;
}
