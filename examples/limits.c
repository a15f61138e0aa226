/*
 * Every limit of this process and what it has used so far.
 *
 *     cc limits.c $(pkg-config --cflags --libs rresource) -o limits && ./limits
 */
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

static const char *value_text(uint64_t value, char text[24]) {
    if (value == RR_RLIM_INFINITY)
        return "unlimited";
    snprintf(text, 24, "%" PRIu64, value);
    return text;
}

static void print_limits(void) {
    size_t i;
    printf("%-10s  %20s  %20s  %-12s  %s\n", "LIMIT", "SOFT", "HARD", "UNIT", "OF");
    for (i = 0; i < rr_resource_count(); i++) {
        rr_resource resource;
        rr_rlimit limits;
        char soft[24], hard[24];
        must(rr_resource_at(i, &resource), "resource");
        must(rr_getrlimit(resource.id, &limits), rr_resource_name(resource.id));
        printf("%-10s  %20s  %20s  %-12s  %s%s\n", rr_resource_name(resource.id), value_text(limits.rlim_cur, soft),
               value_text(limits.rlim_max, hard), unit_text(resource.unit), rr_resource_summary(resource.id),
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
    print_limits();
    print_usage();
    return EXIT_SUCCESS;
}
