/*
 * What a process uses, and how close it is to its limits; with -w every second until it ends.
 *
 *     cc usage.c $(pkg-config --cflags --libs rresource) -o usage && ./usage -w 1234
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rresource.h>

static int failed(const char *what, int error) {
    fprintf(stderr, "usage: %s: %s\n", what, rr_strerror(error));
    return EXIT_FAILURE;
}

static void print_value(uint64_t value, int unit) {
    if (unit == RR_UNIT_NANOSECONDS)
        printf("%14.3f s\n", (double)value / 1e9);
    else if (unit == RR_UNIT_BYTES)
        printf("%14.1f KiB\n", (double)value / 1024);
    else
        printf("%14" PRIu64 "\n", value);
}

static void print_usage(const rr_usage *usage) {
    size_t i;
    for (i = 0; i < rr_usage_field_count(); i++) {
        uint64_t value;
        printf("%-22s", rr_usage_field_name(i));
        if (rr_usage_value(usage, i, &value) == 0)
            print_value(value, rr_usage_field_unit(i));
        else
            printf("%14s\n", "-"); /* not reported by this system, or not to this caller */
    }
}

/* The finite limits whose usage the kernel reports. */
static int print_limits(rr_process *process) {
    rr_rlimit_entry entries[64];
    size_t count, i;
    int error = rr_rlimits_get(process, entries, 64, &count);
    for (i = 0; i < count && !error; i++) {
        const rr_rlimit *limits = &entries[i].limits;
        uint64_t used;
        if (limits->rlim_cur == RR_RLIM_INFINITY || limits->rlim_cur == 0)
            continue;
        if (rr_rlimit_used(process, entries[i].resource, &used) == 0)
            printf("%-10s %18" PRIu64 " of %" PRIu64 " (%.0f%%)\n", rr_resource_name(entries[i].resource), used, limits->rlim_cur,
                   100.0 * (double)used / (double)limits->rlim_cur);
    }
    return error;
}

/* One line: the values that change every second. */
static void print_line(const rr_usage *usage, const rr_usage *of_the_second) {
    const double seconds = (double)of_the_second->wall_ns / 1e9;
    printf("%9.1f s  cpu %5.1f%%  rss %10.1f KiB  peak %10.1f KiB  threads %4" PRIu64 "  files %5" PRIu64 "\n",
           (double)usage->wall_ns / 1e9, seconds > 0 ? 100.0 * (double)of_the_second->cpu_ns / 1e9 / seconds : 0.0,
           (double)usage->rss_bytes / 1024, (double)usage->peak_rss_bytes / 1024, usage->threads, usage->open_files);
    fflush(stdout);
}

static int watch(rr_process *process, rr_usage before) {
    const struct timespec second = {1, 0};
    int error = 0;
    while (!error && (error = rr_process_check(process)) == 0) {
        rr_usage now, difference;
        nanosleep(&second, NULL);
        error = rr_usage_read(process, RR_USAGE_ALL, &now);
        if (!error && rr_process_check(process) == 0) {
            error = rr_usage_since(&before, &now, &difference);
            if (!error)
                print_line(&now, &difference);
            before = now;
        }
    }
    return error == ESRCH ? 0 : error; /* it has ended */
}

int main(int count, char **arguments) {
    const int watching = count == 3 && strcmp(arguments[1], "-w") == 0;
    const char *name = arguments[count - 1];
    char *end = NULL;
    const long pid = count == 2 + watching ? strtol(name, &end, 10) : 0;
    rr_process *process;
    rr_usage usage;
    int error;
    if (!end || end == name || *end || pid < 1 || pid > INT32_MAX) {
        fprintf(stderr, "usage: usage [-w] PID\n");
        return EXIT_FAILURE;
    }
    error = rr_process_open((int32_t)pid, &process);
    if (error)
        return failed(name, error);
    error = rr_usage_read(process, RR_USAGE_ALL, &usage);
    if (!error) {
        print_usage(&usage);
        printf("\n");
        error = print_limits(process);
    }
    if (!error && watching)
        error = watch(process, usage);
    rr_process_close(process);
    return error ? failed(name, error) : EXIT_SUCCESS;
}
