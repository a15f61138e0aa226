// The soft limit on open files that the program was started with. Go raises it before the first line
// of Go that a package could run; a constructor runs before Go itself does.
#include "shim.h"

uint64_t soft_nofile_at_start = RR_RLIM_INFINITY;

__attribute__((constructor)) static void keep_soft_nofile(void) {
    rlimit_result found = get_rlimit(RR_RLIMIT_NOFILE);
    if (found.error == 0)
        soft_nofile_at_start = found.limits.rlim_cur;
}
