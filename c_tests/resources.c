/* What can be limited on this system: numbers, names, units. */
#include "check.h"

typedef struct expected {
    const char *name;
    int number;
    int unit;
    int scope;
} expected;

/* Every RLIMIT_ of <sys/resource.h> on this system, with the system's own number. */
static const expected EXPECTED[] = {
    {"CPU", RLIMIT_CPU, RR_UNIT_SECONDS, RR_SCOPE_PROCESS},
    {"FSIZE", RLIMIT_FSIZE, RR_UNIT_BYTES, RR_SCOPE_FILE},
    {"DATA", RLIMIT_DATA, RR_UNIT_BYTES, RR_SCOPE_PROCESS},
    {"STACK", RLIMIT_STACK, RR_UNIT_BYTES, RR_SCOPE_PROCESS},
    {"CORE", RLIMIT_CORE, RR_UNIT_BYTES, RR_SCOPE_FILE},
    {"NOFILE", RLIMIT_NOFILE, RR_UNIT_COUNT, RR_SCOPE_PROCESS},
#ifdef RLIMIT_AS
    {"AS", RLIMIT_AS, RR_UNIT_BYTES, RR_SCOPE_PROCESS},
#endif
#if defined(RLIMIT_RSS) && !defined(__APPLE__)
    {"RSS", RLIMIT_RSS, RR_UNIT_BYTES, RR_SCOPE_PROCESS},
#endif
#ifdef RLIMIT_NPROC
    {"NPROC", RLIMIT_NPROC, RR_UNIT_COUNT, RR_SCOPE_USER},
#endif
#ifdef RLIMIT_MEMLOCK
    {"MEMLOCK", RLIMIT_MEMLOCK, RR_UNIT_BYTES, RR_SCOPE_PROCESS},
#endif
#ifdef RLIMIT_LOCKS
    {"LOCKS", RLIMIT_LOCKS, RR_UNIT_COUNT, RR_SCOPE_PROCESS},
#endif
#ifdef RLIMIT_SIGPENDING
    {"SIGPENDING", RLIMIT_SIGPENDING, RR_UNIT_COUNT, RR_SCOPE_USER},
#endif
#ifdef RLIMIT_MSGQUEUE
    {"MSGQUEUE", RLIMIT_MSGQUEUE, RR_UNIT_BYTES, RR_SCOPE_USER},
#endif
#ifdef RLIMIT_NICE
    {"NICE", RLIMIT_NICE, RR_UNIT_PRIORITY, RR_SCOPE_THREAD},
#endif
#ifdef RLIMIT_RTPRIO
    {"RTPRIO", RLIMIT_RTPRIO, RR_UNIT_PRIORITY, RR_SCOPE_THREAD},
#endif
#ifdef RLIMIT_RTTIME
    {"RTTIME", RLIMIT_RTTIME, RR_UNIT_MICROSECONDS, RR_SCOPE_THREAD},
#endif
};
#define EXPECTED_COUNT (sizeof EXPECTED / sizeof EXPECTED[0])

static int id_of(const char *name) {
    rr_resource resource;
    return CALL(rr_resource_by_name(name, &resource)) == 0 ? resource.id : -1;
}

static void all_of_the_systems_resources(void) {
    size_t i;
    for (i = 0; i < EXPECTED_COUNT; i++) {
        rr_resource resource;
        CHECK_CALL(rr_resource_by_name(EXPECTED[i].name, &resource), 0);
        CHECK_EQ(resource.id, EXPECTED[i].number);
        CHECK_EQ(resource.unit, EXPECTED[i].unit);
        CHECK_EQ(resource.scope, EXPECTED[i].scope);
        CHECK_TEXT(rr_resource_name(EXPECTED[i].number), EXPECTED[i].name);
    }
#ifdef __linux__
    CHECK_EQ(EXPECTED_COUNT, 16);
    CHECK_EQ(rr_resource_count(), 16);
#endif
}

static void the_list_is_whole_and_in_order(void) {
    size_t i;
    CHECK(rr_resource_count() >= EXPECTED_COUNT);
    for (i = 0; i < rr_resource_count(); i++) {
        rr_resource at, by_id, by_name;
        CHECK_CALL(rr_resource_at(i, &at), 0);
        CHECK_EQ(at.id, i);
        CHECK_CALL(rr_resource_by_id(at.id, &by_id), 0);
        CHECK(memcmp(&at, &by_id, sizeof at) == 0);
        CHECK(rr_resource_name(at.id) != NULL);
        CHECK_CALL(rr_resource_by_name(rr_resource_name(at.id), &by_name), 0);
        CHECK(memcmp(&at, &by_name, sizeof at) == 0);
        CHECK(rr_resource_summary(at.id) && *rr_resource_summary(at.id));
        CHECK(at.unit >= RR_UNIT_BYTES && at.unit <= RR_UNIT_PRIORITY);
        CHECK(at.scope >= RR_SCOPE_PROCESS && at.scope <= RR_SCOPE_FILE);
    }
}

static void unenforced_ones_are_marked(void) {
#ifdef __linux__
    size_t i;
    for (i = 0; i < rr_resource_count(); i++) {
        rr_resource resource;
        unsigned expected_flags = i == RLIMIT_RSS || i == RLIMIT_LOCKS ? RR_RESOURCE_UNENFORCED : 0;
        CHECK_CALL(rr_resource_at(i, &resource), 0);
        CHECK_EQ(resource.flags, expected_flags);
    }
#else
    skip("which limits a kernel ignores is known here for Linux only");
#endif
}

static void names_in_every_form(void) {
    CHECK_EQ(id_of("NOFILE"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("nofile"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("NoFile"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("RLIMIT_NOFILE"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("rlimit_nofile"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("RR_RLIMIT_NOFILE"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("LimitNOFILE"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("LimitCPU"), RLIMIT_CPU);
    CHECK_TEXT(rr_resource_summary(RLIMIT_NOFILE), "open file descriptors");
}

static void aliases_where_the_system_has_them(void) {
#ifdef RR_RLIMIT_OFILE
    CHECK_EQ(id_of("OFILE"), RLIMIT_NOFILE);
    CHECK_EQ(id_of("LimitOFILE"), RLIMIT_NOFILE);
    CHECK_EQ(RR_RLIMIT_OFILE, RLIMIT_NOFILE);
#endif
#ifdef RR_RLIMIT_VMEM
    CHECK_EQ(id_of("VMEM"), RR_RLIMIT_VMEM);
    CHECK_EQ(id_of("AS"), RR_RLIMIT_VMEM);
#else
    CHECK_EQ(id_of("VMEM"), -1);
#endif
}

static void unknown_names(void) {
    static const char *const names[] = {"", "N", "NOFIL", "NOFILES", " NOFILE", "NOFILE ", "RLIMIT_", "Limit", "RR_NOFILE",
                                        "RR_RLIMIT_", "RLIMIT_RLIMIT_NOFILE", "LimitLimitNOFILE", "INFINITY", "\xff\xfe"};
    char longest[4096];
    size_t i;
    rr_resource resource;
    FILL(resource);
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK_CALL(rr_resource_by_name(names[i], &resource), ENOENT);
    memset(longest, 'N', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    CHECK_CALL(rr_resource_by_name(longest, &resource), ENOENT);
    CHECK_UNTOUCHED(resource);
}

static void unknown_numbers(void) {
    const int numbers[] = {-1, (int)rr_resource_count(), 99, INT_MIN, INT_MAX};
    size_t i;
    rr_resource resource;
    FILL(resource);
    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        CHECK_CALL(rr_resource_by_id(numbers[i], &resource), EINVAL);
        CHECK(rr_resource_name(numbers[i]) == NULL);
        CHECK(rr_resource_summary(numbers[i]) == NULL);
    }
    CHECK_CALL(rr_resource_at(rr_resource_count(), &resource), ERANGE);
    CHECK_CALL(rr_resource_at(SIZE_MAX, &resource), ERANGE);
    CHECK_UNTOUCHED(resource);
}

int main(void) {
    RUN(all_of_the_systems_resources);
    RUN(the_list_is_whole_and_in_order);
    RUN(unenforced_ones_are_marked);
    RUN(names_in_every_form);
    RUN(aliases_where_the_system_has_them);
    RUN(unknown_names);
    RUN(unknown_numbers);
    return report();
}
