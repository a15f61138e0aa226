/* Watches a process until it ends, and reports each limit of which it uses 80% or more, once. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <rresource.h>

enum { LIMITS = 64 };

static void look(const rr_process *process, char reported[LIMITS]) {
    rr_rlimit_entry entries[LIMITS];
    size_t i, count;
    if (rr_rlimits_get(process, entries, LIMITS, &count))
        return;
    for (i = 0; i < count; i++) {
        const uint64_t soft = entries[i].limits.rlim_cur;
        uint64_t used;
        rr_resource resource;
        if (reported[i] || soft == RR_RLIM_INFINITY || rr_resource_by_id(entries[i].resource, &resource) ||
            resource.unit == RR_UNIT_PRIORITY || (resource.flags & RR_RESOURCE_UNENFORCED) ||
            rr_rlimit_used(process, resource.id, &used) || used * 10 < soft * 8 || used == 0)
            continue;
        printf("%s: %.0f%%\n", rr_resource_name(resource.id), 100.0 * (double)used / (double)soft);
        fflush(stdout);
        reported[i] = 1;
    }
}

int main(int argc, char **argv) {
    char reported[LIMITS] = {0};
    rr_process *process;
    struct pollfd end;
    const int error = rr_process_open(argc > 1 ? atoi(argv[1]) : -1, &process);
    if (error) {
        fprintf(stderr, "watch: %s\n", rr_strerror(error));
        return 1;
    }
    end.fd = rr_process_fd(process);
    end.events = POLLIN;
    do
        look(process, reported);
    while (poll(&end, 1, 100) == 0 && rr_process_check(process) == 0);
    puts("ended");
    rr_process_close(process);
    return 0;
}
