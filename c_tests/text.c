/* Limits as text: every documented form, every refusal, and back to text. */
#include "check.h"

#define KIB ((uint64_t)1024)
#define MIB (KIB * KIB)
#define GIB (MIB * KIB)
#define TIB (GIB * KIB)
#define PIB (TIB * KIB)
#define EIB (PIB * KIB)
#define NONE RR_RLIM_INFINITY
#define DAY ((uint64_t)86400)

/* The limits that the texts below may leave unchanged. */
#define PRESENT_SOFT 1000
#define PRESENT_HARD 5000

static void check_parsed(int resource, const char *text, uint64_t soft, uint64_t hard, int line) {
    rr_rlimit limits = {PRESENT_SOFT, PRESENT_HARD};
    char what[200];
    snprintf(what, sizeof what, "%s of \"%s\"", rr_resource_name(resource), text);
    check_equal(CALL(rr_rlimit_parse(resource, text, &limits)), 0, __FILE__, line, what);
    if (!same_limits(&limits, soft, hard))
        fail(__FILE__, line, what);
}

static void check_refused(int resource, const char *text, int error, int line) {
    rr_rlimit limits = {PRESENT_SOFT, PRESENT_HARD};
    char what[200];
    snprintf(what, sizeof what, "%s of \"%s\"", rr_resource_name(resource), text);
    check_equal(CALL(rr_rlimit_parse(resource, text, &limits)), error, __FILE__, line, what);
    if (!same_limits(&limits, PRESENT_SOFT, PRESENT_HARD))
        fail(__FILE__, line, "limits were written");
}

static void check_written(int resource, uint64_t soft, uint64_t hard, const char *expected, int line) {
    const rr_rlimit limits = {soft, hard};
    char text[RR_RLIMIT_TEXT_SIZE];
    check_equal(CALL(rr_rlimit_format(resource, &limits, text, sizeof text)), 0, __FILE__, line, expected);
    check_text(text, expected, __FILE__, line, rr_resource_name(resource));
}

#define PARSED(resource, text, soft, hard) check_parsed(RR_RLIMIT_##resource, text, soft, hard, __LINE__)
#define BOTH(resource, text, value) PARSED(resource, text, value, value)
#define REFUSED(resource, text) check_refused(RR_RLIMIT_##resource, text, EINVAL, __LINE__)
#define TOO_LARGE(resource, text) check_refused(RR_RLIMIT_##resource, text, ERANGE, __LINE__)
#define WRITTEN(resource, soft, hard, text) check_written(RR_RLIMIT_##resource, soft, hard, text, __LINE__)

static void one_value_or_two_halves(void) {
    BOTH(NOFILE, "1024", 1024);
    BOTH(NOFILE, "0", 0);
    BOTH(NOFILE, "007", 7);
    PARSED(NOFILE, "4:8", 4, 8);
    PARSED(NOFILE, "4:4", 4, 4);
    PARSED(NOFILE, "4:unlimited", 4, NONE);
    PARSED(NOFILE, ":4096", PRESENT_SOFT, 4096);
    PARSED(NOFILE, ":1000", PRESENT_SOFT, 1000);
    PARSED(NOFILE, "1024:", 1024, PRESENT_HARD);
    PARSED(NOFILE, "5000:", 5000, PRESENT_HARD);
    PARSED(NOFILE, "0:0", 0, 0);
}

static void words_for_none(void) {
    BOTH(NOFILE, "unlimited", NONE);
    BOTH(NOFILE, "infinity", NONE);
    BOTH(NOFILE, "UNLIMITED", NONE);
    BOTH(FSIZE, "Infinity", NONE);
    BOTH(CPU, "infinity", NONE);
    BOTH(CPU, "-1", NONE);
    BOTH(FSIZE, "-1", NONE);
    BOTH(NOFILE, "-1:-1", NONE);
    PARSED(NOFILE, "7:-1", 7, NONE);
    PARSED(NOFILE, ":infinity", PRESENT_SOFT, NONE);
}

static void hard_is_the_hard_limit_as_passed_in(void) {
    rr_rlimit limits = {0, NONE};
    BOTH(NOFILE, "hard", PRESENT_HARD);
    BOTH(CPU, "HARD", PRESENT_HARD);
    PARSED(FSIZE, "hard:", PRESENT_HARD, PRESENT_HARD);
    PARSED(FSIZE, ":hard", PRESENT_SOFT, PRESENT_HARD);
    PARSED(FSIZE, "1:hard", 1, PRESENT_HARD);
    PARSED(FSIZE, "hard:hard", PRESENT_HARD, PRESENT_HARD);
    PARSED(FSIZE, "hard:1M", PRESENT_HARD, MIB);
    REFUSED(FSIZE, "hard:1K"); /* the hard limit passed in, not the one to be */
    CHECK_CALL(rr_rlimit_parse(RR_RLIMIT_NOFILE, "hard", &limits), 0);
    CHECK(same_limits(&limits, NONE, NONE));
}

static void bytes(void) {
    BOTH(FSIZE, "512", 512);
    BOTH(FSIZE, "512B", 512);
    BOTH(FSIZE, "8K", 8 * KIB);
    BOTH(FSIZE, "8M", 8 * MIB);
    BOTH(FSIZE, "8G", 8 * GIB);
    BOTH(FSIZE, "8T", 8 * TIB);
    BOTH(FSIZE, "8P", 8 * PIB);
    BOTH(FSIZE, "8E", 8 * EIB);
    BOTH(FSIZE, "8KB", 8 * KIB);
    BOTH(FSIZE, "8MB", 8 * MIB);
    BOTH(FSIZE, "8EB", 8 * EIB);
    BOTH(FSIZE, "8KiB", 8 * KIB);
    BOTH(FSIZE, "8GiB", 8 * GIB);
    BOTH(FSIZE, "8EiB", 8 * EIB);
    BOTH(FSIZE, "8m", 8 * MIB);
    BOTH(FSIZE, "64kb", 64 * KIB);
    PARSED(STACK, "8M:unlimited", 8 * MIB, NONE);
    PARSED(STACK, "512K:1G", 512 * KIB, GIB);
    REFUSED(FSIZE, "8Q");
    REFUSED(FSIZE, "8Mi");
    REFUSED(FSIZE, "8iB");
    REFUSED(FSIZE, "8MBB");
    REFUSED(FSIZE, "8KK");
    REFUSED(FSIZE, "8s");
    REFUSED(FSIZE, "M");
    REFUSED(FSIZE, "B");
    REFUSED(FSIZE, "1G512M");
}

static void a_fraction_gives_a_whole_number(void) {
    BOTH(FSIZE, "1.5GiB", 3 * GIB / 2);
    BOTH(FSIZE, "1.5K", 1536);
    BOTH(FSIZE, "0.5K", 512);
    BOTH(FSIZE, "1.50000000000000000000000000K", 1536);
    BOTH(FSIZE, "2.0", 2);
    BOTH(FSIZE, "0.0009765625K", 1);
    BOTH(FSIZE, "0.00000095367431640625M", 1);
    BOTH(FSIZE, "0.000000000000000000867361737988403547205962240695953369140625E", 1);
    BOTH(NOFILE, "1.5K", 1536);
    BOTH(NOFILE, "3.0", 3);
    REFUSED(FSIZE, "1.5");
    REFUSED(FSIZE, "1.5B");
    REFUSED(FSIZE, "0.1K");
    REFUSED(FSIZE, "0.00048828125K");
    REFUSED(FSIZE, "1.50000000000000000000000001K");
    REFUSED(NOFILE, "1.5");
    REFUSED(FSIZE, ".5K");
    REFUSED(FSIZE, "1.K");
    REFUSED(FSIZE, "1.");
    REFUSED(FSIZE, "1.5.5K");
    REFUSED(FSIZE, "1,5K");
}

static void counts(void) {
    BOTH(NOFILE, "64K", 64 * KIB);
    BOTH(NOFILE, "1M", MIB);
    BOTH(NOFILE, "2G", 2 * GIB);
    REFUSED(NOFILE, "1T");
    REFUSED(NOFILE, "1P");
    REFUSED(NOFILE, "1E");
    REFUSED(NOFILE, "1B");
    REFUSED(NOFILE, "1KB");
    REFUSED(NOFILE, "1KiB");
    REFUSED(NOFILE, "1s");
#ifdef RR_RLIMIT_RTPRIO
    BOTH(RTPRIO, "99", 99);
    BOTH(RTPRIO, "-1", NONE);
    REFUSED(RTPRIO, "1K");
    REFUSED(RTPRIO, "-5");
    REFUSED(RTPRIO, "+5");
#endif
}

static void processor_time_in_seconds(void) {
    BOTH(CPU, "90", 90);
    BOTH(CPU, "90s", 90);
    BOTH(CPU, "2min", 120);
    BOTH(CPU, "1h30min", 5400);
    BOTH(CPU, "30min1h", 5400);
    BOTH(CPU, "2d", 2 * DAY);
    BOTH(CPU, "1d1h1min1s", DAY + 3661);
    BOTH(CPU, "1.5h", 5400);
    BOTH(CPU, "2MIN", 120);
    BOTH(CPU, "0s", 0);
    PARSED(CPU, "25min:13h", 1500, 46800);
    PARSED(CPU, "1min:", 60, PRESENT_HARD);
}

static void processor_time_is_rounded_up(void) {
    BOTH(CPU, "500ms", 1);
    BOTH(CPU, "1us", 1);
    BOTH(CPU, "1000ms", 1);
    BOTH(CPU, "1001ms", 2);
    BOTH(CPU, "1000001us", 2);
    BOTH(CPU, "1.5", 2);
    BOTH(CPU, "0.0000001", 1);
    BOTH(CPU, "1.5s500ms", 2);
    BOTH(CPU, "999ms1000us", 1);
    BOTH(CPU, "999ms1001us", 2);
    BOTH(CPU, "0.01min", 1);
    BOTH(CPU, "0.1d", 8640);
}

static void what_is_no_duration(void) {
    REFUSED(CPU, "1m"); /* minutes to some, months to others */
    REFUSED(CPU, "1M");
    REFUSED(CPU, "m");
    REFUSED(CPU, "min");
    REFUSED(CPU, "1h30");
    REFUSED(CPU, "1 h");
    REFUSED(CPU, "1h 30min");
    REFUSED(CPU, "1sec");
    REFUSED(CPU, "1w");
    REFUSED(CPU, "1K");
    REFUSED(CPU, "1:30s:2");
    REFUSED(CPU, "-5s");
    REFUSED(CPU, "1h-5min");
}

#ifdef RR_RLIMIT_RTTIME
static void real_time_in_microseconds(void) {
    BOTH(RTTIME, "90", 90);
    BOTH(RTTIME, "90us", 90);
    BOTH(RTTIME, "500ms", 500000);
    BOTH(RTTIME, "1s", 1000000);
    BOTH(RTTIME, "2min", 120000000);
    BOTH(RTTIME, "1h30min", (uint64_t)5400 * 1000000);
    BOTH(RTTIME, "1d", DAY * 1000000);
    BOTH(RTTIME, "1.5ms", 1500);
    BOTH(RTTIME, "1.5us", 2);
    BOTH(RTTIME, "0.1", 1);
    BOTH(RTTIME, "0.0001ms", 1);
    BOTH(RTTIME, "-1", NONE);
    REFUSED(RTTIME, "1m");
    TOO_LARGE(RTTIME, "213503983d");
}
#endif

#ifdef RR_RLIMIT_NICE
static void nice_levels(void) {
    BOTH(NICE, "-20", 40);
    BOTH(NICE, "-5", 25);
    BOTH(NICE, "-1", 21);
    BOTH(NICE, "-0", 20);
    BOTH(NICE, "+0", 20);
    BOTH(NICE, "+5", 15);
    BOTH(NICE, "+19", 1);
    BOTH(NICE, "0", 0);
    BOTH(NICE, "25", 25);
    BOTH(NICE, "40", 40);
    BOTH(NICE, "1000", 1000); /* the kernel keeps it */
    BOTH(NICE, "unlimited", NONE);
    BOTH(NICE, "infinity", NONE);
    BOTH(NICE, "hard", PRESENT_HARD);
    PARSED(NICE, "-5:-10", 25, 30);
    PARSED(NICE, "+0:-20", 20, 40);
    REFUSED(NICE, "-10:-5");
    TOO_LARGE(NICE, "-21");
    TOO_LARGE(NICE, "+20");
    TOO_LARGE(NICE, "-18446744073709551616");
    TOO_LARGE(NICE, "18446744073709551615"); /* only words mean no limit */
    REFUSED(NICE, "+");
    REFUSED(NICE, "-");
    REFUSED(NICE, "--5");
    REFUSED(NICE, "-5K");
    REFUSED(NICE, "-1.5");
    REFUSED(NICE, "5K");
}
#endif

static void what_is_no_limit(void) {
    const char *const texts[] = {"",      ":",    "::",    "1:2:3", "1::2",     ":1:",   " 1",   "1 ",    "1\n",       "\t1",
                                 "1 :2",  "1: 2", "+1",    "-2",    "-1.0",     "-",     "--1",  "0x10",  "1e3",       "1_000",
                                 "1,000", "1/2",  "abc",   "no",    "unlimite", "soft",  "none", "inf",   "unlimited1", "hardly",
                                 "-01",   "1-",   "hard1", "1hard", "\xc2\xa0", "\xff", "1\x80", "NaN",  "-unlimited", "1:-"};
    const int resources[] = {RR_RLIMIT_NOFILE, RR_RLIMIT_FSIZE, RR_RLIMIT_CPU};
    size_t i, j;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (j = 0; j < 3; j++)
            check_refused(resources[j], texts[i], EINVAL, __LINE__);
}

static void soft_above_hard_is_einval(void) {
    REFUSED(NOFILE, "5:4");
    REFUSED(NOFILE, "unlimited:4");
    REFUSED(NOFILE, "5001:");
    REFUSED(NOFILE, ":999");
    REFUSED(FSIZE, "1M:1K");
    REFUSED(CPU, "1h:1min");
}

static void too_large_is_erange(void) {
    TOO_LARGE(NOFILE, "18446744073709551616");
    TOO_LARGE(NOFILE, "99999999999999999999999999999999999999999");
    TOO_LARGE(NOFILE, "17179869184G");
    TOO_LARGE(FSIZE, "16E");
    TOO_LARGE(FSIZE, "18014398509481984K");
    TOO_LARGE(FSIZE, "1:16E");
    TOO_LARGE(FSIZE, "15.999999999999999999132638262011596452794037759304046630859375E"); /* 2^64 - 1 */
    TOO_LARGE(FSIZE, "16E:1");
    TOO_LARGE(CPU, "213503982334602d");
    TOO_LARGE(CPU, "18446744073709551615.5");
    TOO_LARGE(CPU, "18446744073709551614s1s1s");
    TOO_LARGE(CPU, "99999999999999999999999us");
    /* Another error in the text takes precedence. */
    REFUSED(NOFILE, "18446744073709551616x");
    REFUSED(NOFILE, "18446744073709551616:x");
    REFUSED(NOFILE, "18446744073709551616.5");
    REFUSED(CPU, "18446744073709551616d5");
}

/* A computed number never becomes infinity; the digits of infinity are accepted, because some programs print them. */
static void around_infinity(void) {
    rr_rlimit limits = {0, 0};
    char text[64];
    snprintf(text, sizeof text, "%llu", (unsigned long long)NONE);
    BOTH(NOFILE, text, NONE);
    BOTH(FSIZE, text, NONE);
    BOTH(CPU, text, NONE);
    snprintf(text, sizeof text, "%llu", (unsigned long long)NONE - 1);
    BOTH(NOFILE, text, NONE - 1);
    BOTH(FSIZE, text, NONE - 1);
    BOTH(CPU, text, NONE - 1);
    snprintf(text, sizeof text, "%llu.5", (unsigned long long)NONE - 1);
    TOO_LARGE(CPU, text);
    snprintf(text, sizeof text, "%llus", (unsigned long long)NONE);
    TOO_LARGE(CPU, text);
    if (NONE < UINT64_MAX) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)NONE + 1);
        TOO_LARGE(NOFILE, text);
        limits.rlim_cur = UINT64_MAX;
        limits.rlim_max = NONE;
        CHECK_CALL(rr_rlimit_format(RR_RLIMIT_NOFILE, &limits, text, sizeof text), 0);
        CHECK_TEXT(text, "unlimited");
    }
}

static void written_forms(void) {
    WRITTEN(NOFILE, 0, 0, "0");
    WRITTEN(NOFILE, 1024, 1024, "1024");
    WRITTEN(NOFILE, 1024, NONE, "1024:unlimited");
    WRITTEN(NOFILE, NONE, NONE, "unlimited");
    WRITTEN(FSIZE, 0, GIB, "0:1G");
    WRITTEN(FSIZE, 8 * MIB, 8 * MIB, "8M");
    WRITTEN(FSIZE, 3 * GIB / 2, 3 * GIB / 2, "1536M");
    WRITTEN(FSIZE, 1000, 1025, "1000:1025");
    WRITTEN(FSIZE, KIB, 7 * EIB, "1K:7E");
    WRITTEN(FSIZE, TIB, PIB, "1T:1P");
    WRITTEN(CPU, 0, 1, "0:1s");
    WRITTEN(CPU, 90, 5400, "1min30s:1h30min");
    WRITTEN(CPU, DAY, DAY + 1, "1d:1d1s");
#ifdef RR_RLIMIT_RTTIME
    WRITTEN(RTTIME, 0, 0, "0");
    WRITTEN(RTTIME, 500000, 1000001, "500ms:1s1us");
    WRITTEN(RTTIME, 1, 999999, "1us:999ms999us");
#endif
#ifdef RR_RLIMIT_NICE
    WRITTEN(NICE, 0, 25, "0:25");
    WRITTEN(RTPRIO, 0, 99, "0:99");
#endif
}

static void format_refuses(void) {
    const rr_rlimit above = {2, 1}, right = {1, 2};
    char text[RR_RLIMIT_TEXT_SIZE];
    FILL(text);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_NOFILE, &above, text, sizeof text), EINVAL);
    CHECK_CALL(rr_rlimit_format(-1, &right, text, sizeof text), EINVAL);
    CHECK_CALL(rr_rlimit_format(99, &right, text, sizeof text), EINVAL);
    CHECK_CALL(rr_rlimit_format(INT_MIN, &right, text, 0), EINVAL);
    CHECK_UNTOUCHED(text);
    check_refused(-1, "1", EINVAL, __LINE__);
    check_refused(99, "1", EINVAL, __LINE__);
    check_refused(INT_MAX, "99999999999999999999", EINVAL, __LINE__);
}

/* Nothing past the size is written, and nothing at all when the text does not fit. */
static void every_size_of_buffer(void) {
    const rr_rlimit limits[] = {{0, 0}, {8 * MIB, NONE}, {NONE - 1, NONE - 1}};
    size_t i, size;
    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char whole[RR_RLIMIT_TEXT_SIZE];
        size_t needed;
        CHECK_CALL(rr_rlimit_format(RR_RLIMIT_FSIZE, &limits[i], whole, sizeof whole), 0);
        needed = strlen(whole) + 1;
        for (size = 0; size <= sizeof whole + 8; size++) {
            char text[RR_RLIMIT_TEXT_SIZE + 8];
            FILL(text);
            CHECK_CALL(rr_rlimit_format(RR_RLIMIT_FSIZE, &limits[i], text, size), size < needed ? ERANGE : 0);
            if (size < needed)
                CHECK_UNTOUCHED(text);
            else
                CHECK(strcmp(text, whole) == 0 && is_untouched(text + needed, sizeof text - needed));
        }
        CHECK_CALL(rr_rlimit_format(RR_RLIMIT_FSIZE, &limits[i], whole, SIZE_MAX), 0);
    }
}

static void the_longest_text_just_fits(void) {
#ifdef RR_RLIMIT_RTTIME
    const uint64_t day = DAY * 1000000;
    const rr_rlimit limits = {213503981 * day - 1, 213503982 * day - 1};
    char text[RR_RLIMIT_TEXT_SIZE];
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_RTTIME, &limits, text, sizeof text), 0);
    CHECK_EQ(strlen(text), RR_RLIMIT_TEXT_SIZE - 1);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_RTTIME, &limits, text, sizeof text - 1), ERANGE);
#else
    skip("this system has no limit in microseconds, whose texts are the longest");
#endif
}

/* xorshift: the same numbers each time. */
static uint64_t next_random(void) {
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Of any size, many around a round number, some infinite. */
static uint64_t random_value(void) {
    static const uint64_t steps[] = {1, 60, 1000, 1024, 3600, 86400, 1000000, 1048576};
    uint64_t value = next_random() >> (next_random() % 64);
    value *= steps[next_random() % 8];
    value += next_random() % 3 - 1;
    return value > NONE || next_random() % 16 == 0 ? NONE : value;
}

static void what_is_written_reads_back(void) {
    const int rounds = emulated_by("valgrind") ? 200 : 20000;
    int resource, round;
    for (resource = 0; resource < (int)rr_resource_count(); resource++)
        for (round = 0; round < rounds; round++) {
            const uint64_t one = random_value(), other = random_value();
            rr_rlimit limits, back = {PRESENT_SOFT, PRESENT_HARD};
            char text[RR_RLIMIT_TEXT_SIZE];
            limits.rlim_cur = one < other ? one : other;
            limits.rlim_max = one < other ? other : one;
            CHECK_CALL(rr_rlimit_format(resource, &limits, text, sizeof text), 0);
            CHECK_CALL(rr_rlimit_parse(resource, text, &back), 0);
            if (!same_limits(&back, limits.rlim_cur, limits.rlim_max))
                fail(__FILE__, __LINE__, text);
        }
}

static void the_systems_own_limits_read_back(void) {
    int resource;
    for (resource = 0; resource < (int)rr_resource_count(); resource++) {
        rr_rlimit limits, back = {0, 0};
        char text[RR_RLIMIT_TEXT_SIZE];
        CHECK_CALL(rr_getrlimit(resource, &limits), 0);
        CHECK_CALL(rr_rlimit_format(resource, &limits, text, sizeof text), 0);
        CHECK_CALL(rr_rlimit_parse(resource, text, &back), 0);
        CHECK(same_limits(&back, limits.rlim_cur, limits.rlim_max));
    }
}

static void a_long_text_is_read_to_its_end(void) {
    const size_t length = 100000;
    char *text = (char *)malloc(length + 1);
    memset(text, '0', length);
    text[length] = '\0';
    text[length - 1] = '7';
    BOTH(NOFILE, text, 7);
    text[length - 1] = 'x';
    REFUSED(NOFILE, text);
    memset(text, '9', length);
    TOO_LARGE(NOFILE, text);
    text[1] = '.';
    BOTH(CPU, text, 10);
    free(text);
}

#define LASTS(text, expected)                                                         \
    do {                                                                              \
        uint64_t ns_;                                                                 \
        FILL(ns_);                                                                    \
        CHECK_CALL(rr_duration_parse(text, &ns_), 0);                                 \
        CHECK(ns_ == (uint64_t)(expected) || (printf("%s: %llu\n", text, (unsigned long long)ns_), 0)); \
    } while (0)
#define LASTS_NOT(text, error)                              \
    do {                                                    \
        uint64_t ns_;                                       \
        FILL(ns_);                                          \
        CHECK_CALL(rr_duration_parse(text, &ns_), error);   \
        CHECK_UNTOUCHED(ns_);                               \
    } while (0)

static void durations(void) {
    LASTS("0", 0);
    LASTS("90", 90000000000u);
    LASTS("1.5", 1500000000u);
    LASTS("200ms", 200000000u);
    LASTS("1h30min", 5400000000000u);
    LASTS("1H30Min", 5400000000000u);
    LASTS("2d", 172800000000000u);
    LASTS("1d1h1min1s1ms1us1ns", 90061001001001u);
    LASTS("1s1s", 2000000000u);
    LASTS("7ns", 7);
    LASTS("0.5us", 500);
    LASTS("1.25s", 1250000000u);
}

static void durations_are_rounded_up(void) {
    LASTS("0.1ns", 1);
    LASTS("1.0000000001", 1000000001u);
    LASTS("0.0000000005", 1);
    LASTS("0.1ns0.1ns", 2);
}

static void durations_overflow_to_erange(void) {
    LASTS("18446744073709551615ns", UINT64_MAX);
    LASTS("18446744073s709551615ns", UINT64_MAX);
    LASTS("18446744073.709551615", UINT64_MAX);
    LASTS_NOT("18446744073709551616ns", ERANGE);
    LASTS_NOT("18446744073709551615.1ns", ERANGE);
    LASTS_NOT("18446744073s709551616ns", ERANGE);
    LASTS_NOT("18446744073.7095516151", ERANGE);
    LASTS_NOT("213504d", ERANGE);
    LASTS_NOT("99999999999999999999999999", ERANGE);
    LASTS_NOT("99999999999999999999999999s1m", EINVAL);
}

static void what_is_no_duration_at_all(void) {
    static const char *const malformed[] = {"", " ", "s", "ms", "-1", "+1", "1 s", " 1", "1 ", "1m", "1M", "1sec", "1.", ".5",
                                            "1..5s", "1,5s", "1h30", "0x10", "1e3", "infinity", "unlimited", "1s:2s", "1w"};
    size_t i;
    for (i = 0; i < sizeof malformed / sizeof *malformed; i++)
        LASTS_NOT(malformed[i], EINVAL);
    LASTS_NOT(NULL, EFAULT);
    CHECK_CALL(rr_duration_parse("1s", NULL), EFAULT);
}

int main(void) {
    RUN(one_value_or_two_halves);
    RUN(words_for_none);
    RUN(hard_is_the_hard_limit_as_passed_in);
    RUN(bytes);
    RUN(a_fraction_gives_a_whole_number);
    RUN(counts);
    RUN(processor_time_in_seconds);
    RUN(processor_time_is_rounded_up);
    RUN(what_is_no_duration);
#ifdef RR_RLIMIT_RTTIME
    RUN(real_time_in_microseconds);
#endif
#ifdef RR_RLIMIT_NICE
    RUN(nice_levels);
#endif
    RUN(what_is_no_limit);
    RUN(soft_above_hard_is_einval);
    RUN(too_large_is_erange);
    RUN(around_infinity);
    RUN(written_forms);
    RUN(format_refuses);
    RUN(every_size_of_buffer);
    RUN(the_longest_text_just_fits);
    RUN(what_is_written_reads_back);
    RUN(the_systems_own_limits_read_back);
    RUN(durations);
    RUN(durations_are_rounded_up);
    RUN(durations_overflow_to_erange);
    RUN(what_is_no_duration_at_all);
    RUN(a_long_text_is_read_to_its_end);
    return report();
}
