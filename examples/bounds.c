/* Prints everything that limits the memory of this process, the tightest limit first. */
#include <stdio.h>

#include <rresource.h>

int main(void) {
    rr_bound bounds[RR_BOUND_CAPACITY];
    char line[RR_BOUND_TEXT_SIZE];
    size_t count = 0;
    int error = rr_bounds_read(NULL, RR_BOUND_MEMORY, bounds, RR_BOUND_CAPACITY, &count);
    for (size_t i = 0; error == 0 && i < count; i++)
        if ((error = rr_bound_format(&bounds[i], RR_BOUND_MEMORY, line, sizeof line)) == 0)
            puts(line);
    if (error)
        fprintf(stderr, "bounds: %s\n", rr_strerror(error));
    return error != 0;
}
