/*
 * The caller's effective bound of memory: cold, which opens and closes each file, and through a handle, which keeps
 * them open; compared with the calls of libuv and psutil, which do not report what binds or how much room is left.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#include <rresource.h>

#include "rivals.h"

enum { CALLS = 100 };

static rr_process *self;
static rr_bound limit, room;
static uint64_t (*uv_get_constrained_memory)(void);

static void cold(void) { rr_bound_effective(NULL, RR_BOUND_MEMORY, &limit, &room); }
static void through_a_handle(void) { rr_bound_effective(self, RR_BOUND_MEMORY, &limit, &room); }
static void libuv(void) { uv_get_constrained_memory(); }

/* The lowest tenth of all rounds: the time of the call without other load. */
static double low(void (*call)(void)) {
    double times[ROUNDS];
    int round;
    for (round = 0; round < ROUNDS; round++)
        times[round] = nanoseconds(call, CALLS);
    qsort(times, ROUNDS, sizeof times[0], by_size);
    return times[ROUNDS / 10];
}

int main(int count, char **arguments) {
    void *library = dlopen("libuv.so.1", RTLD_NOW);
    int error = rr_process_open((int32_t)getpid(), &self);
    if (count != 3 || error) {
        fprintf(stderr, "bounds: %s\n", rr_strerror(error));
        return EXIT_FAILURE;
    }
    if (library)
        uv_get_constrained_memory = (uint64_t (*)(void))dlsym(library, "uv_get_constrained_memory");
    printf("rr_bound_effective of the caller's memory: medians of %d rounds of %d calls\n", ROUNDS, CALLS);
    compare("cold", cold, CALLS, "itself through a handle", through_a_handle, CALLS, 1);
    if (uv_get_constrained_memory) {
        compare("cold", cold, CALLS, "uv_get_constrained_memory", libuv, CALLS, 1);
        compare("through a handle", through_a_handle, CALLS, "uv_get_constrained_memory", libuv, CALLS, 1);
    } else
        printf("libuv was not measured: libuv.so.1 is not here\n");
    compare_with_psutil("through a handle", through_a_handle, CALLS, "psutil.virtual_memory",
                        (const char *[]){arguments[1], arguments[2], "machine", NULL});
    printf("one call in ten takes less than: cold %.1f us, through a handle %.1f us\n", low(cold) / 1e3,
           low(through_a_handle) / 1e3);
    rr_process_close(self);
    return EXIT_SUCCESS;
}
