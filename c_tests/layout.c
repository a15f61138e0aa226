/* One size and one set of offsets on 32- and 64-bit systems, in either byte order. */
#include "check.h"
#include <stddef.h>

/* What rr_constant returns for "SIZEOF_" or "OFFSETOF_" and a name in capitals. */
static int64_t by_name(const char *kind, const char *type, const char *field) {
    char name[64];
    int64_t value = -1;
    size_t i;
    snprintf(name, sizeof name, "%sOF_%s%s%s", kind, type + strlen("rr_"), field ? "_" : "", field ? field : "");
    for (i = 0; name[i]; i++)
        if (name[i] >= 'a' && name[i] <= 'z')
            name[i] = (char)(name[i] - 'a' + 'A');
    CHECK_CALL(rr_constant(name, &value), 0);
    return value;
}

#define SIZE(type, size) (CHECK_EQ(sizeof(type), size), CHECK_EQ(by_name("SIZE", #type, NULL), size))
#define FIELD(type, field, offset, size)                              \
    (CHECK_EQ(offsetof(type, field), offset),                         \
     CHECK_EQ(sizeof(((type *)0)->field), size),                      \
     CHECK_EQ(by_name("OFFSET", #type, #field), offset))

static void names_of_no_field(void) {
    static const char *const none[] = {"SIZEOF_", "SIZEOF_USAGES", "SIZEOF_usage", "OFFSETOF_USAGE", "OFFSETOF_USAGE_",
                                       "OFFSETOF_USAGE_CPU", "OFFSETOF_USAGE_cpu_ns", "OFFSETOF_USAGE_CPU_NS_", "SIZEOF",
                                       "OFFSETOF_RLIMIT_RESOURCE"};
    int64_t value;
    size_t i;
    FILL(value);
    for (i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_CALL(rr_constant(none[i], &value), ENOENT);
    CHECK_UNTOUCHED(value);
}

static void resource(void) {
    SIZE(rr_resource, 16);
    FIELD(rr_resource, id, 0, 4);
    FIELD(rr_resource, unit, 4, 4);
    FIELD(rr_resource, scope, 8, 4);
    FIELD(rr_resource, flags, 12, 4);
}

static void rlimit_struct(void) {
    SIZE(rr_rlimit, 16);
    FIELD(rr_rlimit, rlim_cur, 0, 8);
    FIELD(rr_rlimit, rlim_max, 8, 8);
}

static void timeval_struct(void) {
    SIZE(rr_timeval, 16);
    FIELD(rr_timeval, tv_sec, 0, 8);
    FIELD(rr_timeval, tv_usec, 8, 8);
}

static void rusage_struct(void) {
    SIZE(rr_rusage, 144);
    FIELD(rr_rusage, ru_utime, 0, 16);
    FIELD(rr_rusage, ru_stime, 16, 16);
    FIELD(rr_rusage, ru_maxrss, 32, 8);
    FIELD(rr_rusage, ru_ixrss, 40, 8);
    FIELD(rr_rusage, ru_idrss, 48, 8);
    FIELD(rr_rusage, ru_isrss, 56, 8);
    FIELD(rr_rusage, ru_minflt, 64, 8);
    FIELD(rr_rusage, ru_majflt, 72, 8);
    FIELD(rr_rusage, ru_nswap, 80, 8);
    FIELD(rr_rusage, ru_inblock, 88, 8);
    FIELD(rr_rusage, ru_oublock, 96, 8);
    FIELD(rr_rusage, ru_msgsnd, 104, 8);
    FIELD(rr_rusage, ru_msgrcv, 112, 8);
    FIELD(rr_rusage, ru_nsignals, 120, 8);
    FIELD(rr_rusage, ru_nvcsw, 128, 8);
    FIELD(rr_rusage, ru_nivcsw, 136, 8);
}

static void usage_struct(void) {
    SIZE(rr_usage, 256);
    FIELD(rr_usage, known, 0, 8);
    FIELD(rr_usage, cpu_ns, 8, 8);
    FIELD(rr_usage, user_ns, 16, 8);
    FIELD(rr_usage, system_ns, 24, 8);
    FIELD(rr_usage, wall_ns, 32, 8);
    FIELD(rr_usage, rss_bytes, 40, 8);
    FIELD(rr_usage, peak_rss_bytes, 48, 8);
    FIELD(rr_usage, virtual_bytes, 56, 8);
    FIELD(rr_usage, swap_bytes, 64, 8);
    FIELD(rr_usage, minor_faults, 72, 8);
    FIELD(rr_usage, major_faults, 80, 8);
    FIELD(rr_usage, read_bytes, 88, 8);
    FIELD(rr_usage, written_bytes, 96, 8);
    FIELD(rr_usage, voluntary_switches, 104, 8);
    FIELD(rr_usage, involuntary_switches, 112, 8);
    FIELD(rr_usage, threads, 120, 8);
    FIELD(rr_usage, open_files, 128, 8);
    FIELD(rr_usage, reserved, 136, 120);
}

static void rlimit_entry(void) {
    SIZE(rr_rlimit_entry, 24);
    FIELD(rr_rlimit_entry, resource, 0, 4);
    FIELD(rr_rlimit_entry, reserved, 4, 4);
    FIELD(rr_rlimit_entry, limits, 8, 16);
}

static void bound(void) {
    SIZE(rr_bound, 80);
    FIELD(rr_bound, source, 0, 4);
    FIELD(rr_bound, detail, 4, 4);
    FIELD(rr_bound, flags, 8, 4);
    FIELD(rr_bound, reserved0, 12, 4);
    FIELD(rr_bound, limit, 16, 8);
    FIELD(rr_bound, used, 24, 8);
    FIELD(rr_bound, reclaimable, 32, 8);
    FIELD(rr_bound, room, 40, 8);
    FIELD(rr_bound, reserved, 48, 32);
}

static void verdict(void) {
    SIZE(rr_verdict, 32);
    FIELD(rr_verdict, error, 0, 4);
    FIELD(rr_verdict, reason, 4, 4);
    FIELD(rr_verdict, ceiling, 8, 8);
    FIELD(rr_verdict, reserved, 16, 16);
}

static void outcome(void) {
    SIZE(rr_outcome, 488);
    FIELD(rr_outcome, exit_code, 0, 4);
    FIELD(rr_outcome, signal, 4, 4);
    FIELD(rr_outcome, core_dumped, 8, 4);
    FIELD(rr_outcome, limit, 12, 4);
    FIELD(rr_outcome, wall_ns, 16, 8);
    FIELD(rr_outcome, rusage, 24, 144);
    FIELD(rr_outcome, usage, 168, 256);
    FIELD(rr_outcome, oom, 424, 4);
    FIELD(rr_outcome, reserved0, 428, 4);
    FIELD(rr_outcome, reserved, 432, 56);
}

static void failure(void) {
    SIZE(rr_failure, 8);
    FIELD(rr_failure, step, 0, 4);
    FIELD(rr_failure, detail, 4, 4);
}

static void tree(void) {
    SIZE(rr_tree, 384);
    FIELD(rr_tree, known, 0, 8);
    FIELD(rr_tree, mechanism, 8, 4);
    FIELD(rr_tree, limit, 12, 4);
    FIELD(rr_tree, complete, 16, 4);
    FIELD(rr_tree, reserved0, 20, 4);
    FIELD(rr_tree, usage, 24, 256);
    FIELD(rr_tree, peak_memory_bytes, 280, 8);
    FIELD(rr_tree, processes, 288, 8);
    FIELD(rr_tree, orphans, 296, 8);
    FIELD(rr_tree, killed, 304, 8);
    FIELD(rr_tree, oom_kills, 312, 8);
    FIELD(rr_tree, reserved, 320, 64);
}

static rr_child *finished(void) {
    rr_command *command;
    rr_child *child = NULL;
    CHECK_CALL(rr_command_new("/bin/true", &command), 0);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
    rr_command_free(command);
    return child;
}

/* The sizes in the library: it fills each struct completely and writes nothing past its end. */
#define WRITES_WHOLE(type, call)                                            \
    do {                                                                    \
        struct {                                                            \
            type object;                                                    \
            unsigned char behind[32];                                       \
        } guarded;                                                          \
        type *out = &guarded.object;                                        \
        FILL(guarded);                                                      \
        CHECK_CALL(call, 0);                                                \
        CHECK_UNTOUCHED(guarded.behind);                                    \
        CHECK(!is_untouched((char *)(out + 1) - sizeof(int), sizeof(int))); \
    } while (0)

static void the_library_has_the_same_sizes(void) {
    const rr_rlimit low = {0, 0};
    rr_bound bounds[RR_BOUND_CAPACITY];
    FILL(bounds);
    WRITES_WHOLE(rr_resource, rr_resource_at(0, out));
    WRITES_WHOLE(rr_rlimit, rr_getrlimit(RR_RLIMIT_CPU, out));
    WRITES_WHOLE(rr_rlimit, rr_prlimit(0, RR_RLIMIT_CPU, NULL, out));
    WRITES_WHOLE(rr_rusage, rr_getrusage(RR_RUSAGE_SELF, out));
    WRITES_WHOLE(rr_rusage, rr_getrusage(RR_RUSAGE_BOTH, out));
    WRITES_WHOLE(rr_usage, rr_usage_read(NULL, RR_USAGE_ALL, out));
    WRITES_WHOLE(rr_verdict, rr_rlimit_check(NULL, 0, &low, out));
    WRITES_WHOLE(rr_rlimit, rr_rlimit_raise(RR_RLIMIT_CPU, 0, out));
    WRITES_WHOLE(uint64_t, rr_rlimit_used(NULL, RR_RLIMIT_CPU, out));
    {
        rr_bound room;
        size_t count;
        WRITES_WHOLE(rr_bound, rr_bound_effective(NULL, RR_BOUND_CPU, out, &room));
        WRITES_WHOLE(rr_bound, rr_bound_effective(NULL, RR_BOUND_CPU, &room, out));
        WRITES_WHOLE(size_t, rr_bounds_read(NULL, RR_BOUND_CPU, bounds, RR_BOUND_CAPACITY, out));
        CHECK(rr_bounds_read(NULL, RR_BOUND_CPU, bounds, RR_BOUND_CAPACITY, &count) == 0 && count < RR_BOUND_CAPACITY);
        CHECK(is_untouched(&bounds[count], sizeof *bounds));
    }
    WRITES_WHOLE(int64_t, rr_constant("RLIMIT_CPU", out));
    {
        rr_child *child = finished();
        WRITES_WHOLE(rr_outcome, rr_child_wait(child, -1, out));
        rr_child_free(child);
    }
}

int main(void) {
    RUN(resource);
    RUN(rlimit_struct);
    RUN(timeval_struct);
    RUN(rusage_struct);
    RUN(usage_struct);
    RUN(rlimit_entry);
    RUN(bound);
    RUN(verdict);
    RUN(outcome);
    RUN(failure);
    RUN(tree);
    RUN(names_of_no_field);
    RUN(the_library_has_the_same_sizes);
    return report();
}
