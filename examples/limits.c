/*
 * What really bounds this process, every limit of it, and what it has used so far.
 *
 *     cc limits.c $(pkg-config --cflags --libs rresource) -o limits && ./limits
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <rresource.h>

static void must(int error, const char *what) {
    if (error) {
        fprintf(stderr, "limits: %s: %s\n", what, rr_strerror(error));
        exit(EXIT_FAILURE);
    }
}

static const char *unit_text(int unit) {
    switch (unit) {
    case RR_UNIT_BYTES: return "bytes";
    case RR_UNIT_SECONDS: return "seconds";
    case RR_UNIT_MICROSECONDS: return "microseconds";
    case RR_UNIT_PRIORITY: return "priority";
    default: return "count";
    }
}

/* One value in the form that rr_rlimit_parse reads: 8M, 1h30min, unlimited. */
static const char *value_text(int resource, uint64_t value, char text[RR_RLIMIT_TEXT_SIZE]) {
    rr_rlimit both;
    both.rlim_cur = both.rlim_max = value;
    must(rr_rlimit_format(resource, &both, text, RR_RLIMIT_TEXT_SIZE), rr_resource_name(resource));
    return text;
}

/* How much of the soft limit is in use, or "-" if the system does not report it. */
static const char *used_text(const rr_resource *resource, const rr_rlimit *limits, char text[64]) {
    uint64_t used;
    int error = rr_rlimit_used(NULL, resource->id, &used);
    if (error == ENOTSUP)
        return "-";
    must(error, rr_resource_name(resource->id));
    if (limits->rlim_cur == RR_RLIM_INFINITY || limits->rlim_cur == 0 || resource->unit == RR_UNIT_PRIORITY)
        snprintf(text, 64, "%" PRIu64, used);
    else
        snprintf(text, 64, "%" PRIu64 " %3.0f%%", used, 100.0 * (double)used / (double)limits->rlim_cur);
    return text;
}

/* The tightest limit of each kind, and the one with the least room if it is another. */
static void print_bounds(void) {
    static const int kinds[] = {RR_BOUND_MEMORY, RR_BOUND_SWAP, RR_BOUND_CPU, RR_BOUND_TASKS, RR_BOUND_FILES};
    size_t i;
    printf("BOUNDS\n");
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        rr_bound limit, room;
        char text[RR_BOUND_TEXT_SIZE];
        int error = rr_bound_effective(NULL, kinds[i], &limit, &room);
        if (error == ENOTSUP)
            continue;
        must(error, "bounds");
        must(rr_bound_format(&limit, kinds[i], text, sizeof text), "bounds");
        printf("%s\n", text);
        if (room.source != limit.source || room.detail != limit.detail) {
            must(rr_bound_format(&room, kinds[i], text, sizeof text), "bounds");
            printf("%s\n", text);
        }
    }
    printf("\n");
}

static void print_limits(void) {
    size_t i;
    printf("%-10s  %14s  %14s  %18s  %-12s  %s\n", "LIMIT", "SOFT", "HARD", "USED", "UNIT", "OF");
    for (i = 0; i < rr_resource_count(); i++) {
        rr_resource resource;
        rr_rlimit limits;
        char soft[RR_RLIMIT_TEXT_SIZE], hard[RR_RLIMIT_TEXT_SIZE], used[64];
        must(rr_resource_at(i, &resource), "resource");
        must(rr_getrlimit(resource.id, &limits), rr_resource_name(resource.id));
        printf("%-10s  %14s  %14s  %18s  %-12s  %s%s\n", rr_resource_name(resource.id),
               value_text(resource.id, limits.rlim_cur, soft), value_text(resource.id, limits.rlim_max, hard),
               used_text(&resource, &limits, used), unit_text(resource.unit), rr_resource_summary(resource.id),
               resource.flags & RR_RESOURCE_UNENFORCED ? " (not enforced)" : "");
    }
}

static void print_usage(void) {
    rr_rusage usage;
    size_t i;
    must(rr_getrusage(RR_RUSAGE_SELF, &usage), "usage");
    printf("\n%-12s  %18s  %s\n", "USAGE", "VALUE", "OF");
    for (i = 0; i < rr_rusage_field_count(); i++) {
        double value;
        must(rr_rusage_value(&usage, i, &value), rr_rusage_field_name(i));
        printf("%-12s  %18.6g  %s\n", rr_rusage_field_name(i), value, rr_rusage_field_summary(i));
    }
}

int main(void) {
    printf("rresource %s, pages of %zu bytes\n\n", rr_version_string(), rr_getpagesize());
    print_bounds();
    print_limits();
    print_usage();
    return EXIT_SUCCESS;
}
