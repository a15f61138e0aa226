/* Usage as the system reports it: its values are between two results of the system's getrusage. */
#include "check.h"

#include <pthread.h>

enum { FIELDS = 16 };

/* For the system's struct and for ours: the fields have the same names. */
#define COPY(usage, fields)                                                                        \
    ((fields)[0] = (double)(usage).ru_utime.tv_sec + (double)(usage).ru_utime.tv_usec / 1e6,       \
     (fields)[1] = (double)(usage).ru_stime.tv_sec + (double)(usage).ru_stime.tv_usec / 1e6,       \
     (fields)[2] = (double)(usage).ru_maxrss, (fields)[3] = (double)(usage).ru_ixrss,              \
     (fields)[4] = (double)(usage).ru_idrss, (fields)[5] = (double)(usage).ru_isrss,               \
     (fields)[6] = (double)(usage).ru_minflt, (fields)[7] = (double)(usage).ru_majflt,             \
     (fields)[8] = (double)(usage).ru_nswap, (fields)[9] = (double)(usage).ru_inblock,             \
     (fields)[10] = (double)(usage).ru_oublock, (fields)[11] = (double)(usage).ru_msgsnd,          \
     (fields)[12] = (double)(usage).ru_msgrcv, (fields)[13] = (double)(usage).ru_nsignals,         \
     (fields)[14] = (double)(usage).ru_nvcsw, (fields)[15] = (double)(usage).ru_nivcsw)

static void system_reads(int who, double fields[FIELDS]) {
    struct rusage usage;
    CHECK_EQ(getrusage(who, &usage), 0);
    COPY(usage, fields);
}

static void we_read(int who, double fields[FIELDS]) {
    rr_rusage usage;
    FILL(usage);
    CHECK_CALL(rr_getrusage(who, &usage), 0);
    COPY(usage, fields);
    CHECK(usage.ru_utime.tv_usec >= 0 && usage.ru_utime.tv_usec < 1000000);
    CHECK(usage.ru_stime.tv_usec >= 0 && usage.ru_stime.tv_usec < 1000000);
}

static void check_between(const double before[FIELDS], const double ours[FIELDS], const double after[FIELDS]) {
    int i;
    for (i = 0; i < FIELDS; i++) {
        /* The kernel scales the two times to their exact sum, so that each may decrease a little. */
        double slack = i < 2 ? 0.011 : 0;
        char text[200];
        snprintf(text, sizeof text, "%s: %f is not within %f and %f", rr_rusage_field_name((size_t)i), ours[i], before[i],
                 after[i]);
        if (ours[i] < before[i] - slack || ours[i] > after[i] + slack)
            fail(__FILE__, __LINE__, text);
    }
}

static void between_two_readings_of_the_system(int who) {
    double before[FIELDS], ours[FIELDS], after[FIELDS];
    system_reads(who, before);
    we_read(who, ours);
    system_reads(who, after);
    check_between(before, ours, after);
}

/* Work that shows in the fields: time, page faults, voluntary context switches. */
static void work(double seconds, size_t megabytes) {
    struct timespec moment = {0, 1000000};
    char *memory = (char *)malloc(megabytes << 20);
    size_t i;
    int naps;
    CHECK(memory != NULL);
    for (i = 0; memory && i < megabytes << 20; i += 4096)
        memory[i] = 1;
    spin(seconds);
    for (naps = 0; naps < 5; naps++)
        nanosleep(&moment, NULL);
    free(memory);
}

static void own_work(void) { work(0.1, 8); }
static void childs_work(void) { work(0.3, 40); }

static void self_agrees_with_the_system(void) {
    double usage[FIELDS];
    own_work();
    between_two_readings_of_the_system(RUSAGE_SELF);
    we_read(RR_RUSAGE_SELF, usage);
    CHECK(usage[0] + usage[1] >= 0.09);
    CHECK(usage[2] > 0 && usage[6] > 0);
}

static void children_agrees_with_the_system(void) {
    double children[FIELDS], self[FIELDS];
    in_child(childs_work);
    between_two_readings_of_the_system(RUSAGE_CHILDREN);
    we_read(RR_RUSAGE_CHILDREN, children);
    we_read(RR_RUSAGE_SELF, self);
    CHECK(children[0] + children[1] >= 0.29);
    CHECK(children[0] + children[1] != self[0] + self[1]);
    CHECK(children[6] > self[6] || children[2] > self[2] || emulated_by("valgrind")); /* whose own faults count */
}

static void both_adds_and_takes_the_larger_peak(void) {
    double self[FIELDS], children[FIELDS], before[FIELDS], both[FIELDS], after[FIELDS];
    int i;
    in_child(childs_work);
    system_reads(RUSAGE_SELF, self);
    system_reads(RUSAGE_CHILDREN, children);
    for (i = 0; i < FIELDS; i++)
        before[i] = i == 2 && children[i] > self[i] ? children[i] : i == 2 ? self[i] : self[i] + children[i];
    we_read(RR_RUSAGE_BOTH, both);
    system_reads(RUSAGE_SELF, self);
    system_reads(RUSAGE_CHILDREN, children);
    for (i = 0; i < FIELDS; i++)
        after[i] = i == 2 && children[i] > self[i] ? children[i] : i == 2 ? self[i] : self[i] + children[i];
    check_between(before, both, after);
}

#ifdef RUSAGE_THREAD
static double thread_seconds;
static void *in_thread(void *unused) {
    double usage[FIELDS];
    (void)unused;
    spin(0.05);
    between_two_readings_of_the_system(RUSAGE_THREAD);
    we_read(RR_RUSAGE_THREAD, usage);
    thread_seconds = usage[0] + usage[1];
    return NULL;
}

static void thread_counts_one_thread_only(void) {
    double self[FIELDS];
    pthread_t thread;
    spin(0.3);
    CHECK_EQ(pthread_create(&thread, NULL, in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    we_read(RR_RUSAGE_SELF, self);
    CHECK(thread_seconds > 0.03);
    CHECK(self[0] + self[1] > thread_seconds + 0.2);
}
#else
static void thread_counts_one_thread_only(void) {
    rr_rusage usage;
    int error = CALL(rr_getrusage(RR_RUSAGE_THREAD, &usage));
    CHECK(error == 0 || error == ENOTSUP);
}
#endif

static void an_unknown_who_is_einval(void) {
    const int unknown[] = {-3, 2, 99, INT_MIN, INT_MAX};
    rr_rusage usage;
    size_t i;
    FILL(usage);
    for (i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        CHECK_CALL(rr_getrusage(unknown[i], &usage), EINVAL);
    CHECK_UNTOUCHED(usage);
}

static void the_field_table_follows_the_struct(void) {
    static const char *const names[FIELDS] = {"ru_utime", "ru_stime",   "ru_maxrss",  "ru_ixrss",  "ru_idrss",  "ru_isrss",
                                              "ru_minflt", "ru_majflt", "ru_nswap",   "ru_inblock", "ru_oublock", "ru_msgsnd",
                                              "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw"};
    rr_rusage usage;
    double fields[FIELDS], value;
    int64_t *counts = &usage.ru_maxrss;
    size_t i;
    CHECK_EQ(rr_rusage_field_count(), FIELDS);
    usage.ru_utime.tv_sec = 3, usage.ru_utime.tv_usec = 250000;
    usage.ru_stime.tv_sec = 0, usage.ru_stime.tv_usec = 1;
    for (i = 0; i < 14; i++)
        counts[i] = (int64_t)(1000 + i);
    COPY(usage, fields);
    for (i = 0; i < FIELDS; i++) {
        CHECK_TEXT(rr_rusage_field_name(i), names[i]);
        CHECK(rr_rusage_field_summary(i) && *rr_rusage_field_summary(i));
        CHECK_CALL(rr_rusage_value(&usage, i, &value), 0);
        CHECK(value == fields[i]);
    }
    CHECK_TEXT(rr_rusage_field_summary(0), "time in user mode");
    FILL(value);
    CHECK_EQ(rr_rusage_field_unit(0), RR_UNIT_SECONDS);
    CHECK_EQ(rr_rusage_field_unit(1), RR_UNIT_SECONDS);
#ifdef __linux__
    CHECK_EQ(rr_rusage_field_unit(2), RR_UNIT_KIB);
#endif
    CHECK_EQ(rr_rusage_field_unit(3), RR_UNIT_NONE);
    CHECK_EQ(rr_rusage_field_unit(6), RR_UNIT_COUNT);
    CHECK_EQ(rr_rusage_field_unit(15), RR_UNIT_COUNT);
    CHECK_EQ(rr_rusage_field_unit(16), RR_UNIT_NONE);
    CHECK(rr_rusage_field_name(FIELDS) == NULL && rr_rusage_field_name(SIZE_MAX) == NULL);
    CHECK(rr_rusage_field_summary(FIELDS) == NULL && rr_rusage_field_summary(SIZE_MAX) == NULL);
    CHECK_CALL(rr_rusage_value(&usage, FIELDS, &value), ERANGE);
    CHECK_CALL(rr_rusage_value(&usage, SIZE_MAX, &value), ERANGE);
    CHECK_UNTOUCHED(value);
}

static void the_page_size_is_the_systems(void) {
    errno = ERRNO_BEFORE;
    CHECK_EQ(rr_getpagesize(), sysconf(_SC_PAGESIZE));
    CHECK_EQ(errno, ERRNO_BEFORE);
}

int main(void) {
    RUN(self_agrees_with_the_system);
    RUN(children_agrees_with_the_system);
    RUN(both_adds_and_takes_the_larger_peak);
    RUN(thread_counts_one_thread_only);
    RUN(an_unknown_who_is_einval);
    RUN(the_field_table_follows_the_struct);
    RUN(the_page_size_is_the_systems);
    return report();
}
