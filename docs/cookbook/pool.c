/* Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
 * these are fewer than the machine has. */
#include <inttypes.h>
#include <stdio.h>

#include <rresource.h>

int main(void) {
    rr_bound limit, room;
    uint64_t threads, cache;
    int error;
    if ((error = rr_bound_effective(NULL, RR_BOUND_CPU, &limit, &room))) {
        fprintf(stderr, "pool: processors: %s\n", rr_strerror(error));
        return 1;
    }
    threads = (limit.limit + 999999999) / 1000000000;
    if ((error = rr_bound_effective(NULL, RR_BOUND_MEMORY, &limit, &room))) {
        fprintf(stderr, "pool: memory: %s\n", rr_strerror(error));
        return 1;
    }
    /* A quarter of what is left. The cache grows later, so what others use by then counts too. */
    cache = (room.flags & RR_BOUND_USED_KNOWN ? room.room : limit.limit) / 4;
    printf("%" PRIu64 " threads, a cache of %" PRIu64 " MiB\n", threads, cache >> 20);
    return 0;
}
