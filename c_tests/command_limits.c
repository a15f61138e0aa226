/* Limits of a command: exact in the program, enforced, reported in the outcome, and without effect on the caller;
 * and the program's own peak memory. */
#include "ways.h"
#include <pthread.h>
#include <sys/mman.h>

static char folder[] = "/tmp/rresource-limits-XXXXXX";

static void make_folder(void) { CHECK(mkdtemp(folder) != NULL); }

static rr_command *limited(rr_command *command, int resource, uint64_t soft, uint64_t hard) {
    rr_rlimit limits;
    limits.rlim_cur = soft, limits.rlim_max = hard;
    CHECK_CALL(rr_command_set_limit(command, resource, &limits), 0);
    return command;
}

/* ---- Exact --------------------------------------------------------------------------------------- */

/* In C++, glibc's is not an int. */
#ifdef __GLIBC__
#define RESOURCE(number) ((__rlimit_resource_t)(number))
#else
#define RESOURCE(number) (number)
#endif

/* In the program: what its own getrlimit returns. */
static int show_limits(void) {
    int resource;
    for (resource = 0; resource < (int)rr_resource_count(); resource++) {
        struct rlimit limits;
        if (getrlimit(RESOURCE(resource), &limits) != 0)
            return 1;
        printf("%d %llx %llx\n", resource, (unsigned long long)limits.rlim_cur, (unsigned long long)limits.rlim_max);
    }
    return 0;
}

static uint64_t wanted_hard(int resource) {
    switch (resource) {
    case RR_RLIMIT_CPU: return 200;
    case RR_RLIMIT_FSIZE: return 5000001;
    case RR_RLIMIT_DATA: return (uint64_t)700 << 20;
    case RR_RLIMIT_STACK: return (uint64_t)16 << 20;
    case RR_RLIMIT_AS: return (uint64_t)1500 << 20;
    case RR_RLIMIT_NOFILE: return 64;
#ifdef __linux__
    case RR_RLIMIT_RSS: return kernel_is_narrow() ? (uint64_t)3 << 30 : (uint64_t)5 << 40;
    case RR_RLIMIT_RTTIME: return 30000000;
    case RR_RLIMIT_NICE: return 0;
    case RR_RLIMIT_RTPRIO: return 0;
#endif
    default: return 4099;
    }
}

static void all_at_once(void) {
    rr_command *command = command_of(own_path);
    rr_rlimit_entry before[64], after[64];
    char expected[4000] = "";
    size_t count, i;
    if (emulated_by("qemu-user") || emulated_by("asan")) {
        skip("qemu-user cannot execute a program for another processor; one with asan needs much address space");
        rr_command_free(command);
        return;
    }
    CHECK_EQ(rr_rlimits_get(NULL, before, 64, &count), 0);
    CHECK_EQ(count, 16);
    for (i = 0; i < count; i++) {
        uint64_t hard = wanted_hard(before[i].resource), soft;
        if (hard > before[i].limits.rlim_max)
            hard = before[i].limits.rlim_max;
        soft = hard - hard / 4;
        limited(command, before[i].resource, soft, hard);
        snprintf(expected + strlen(expected), 100, "%d %llx %llx\n", before[i].resource, (unsigned long long)soft,
                 (unsigned long long)hard);
    }
    CHECK_CALL(rr_command_add_arg(command, "show-limits"), 0);
    CHECK_TEXT(output_of(command), expected);
    CHECK_EQ(rr_rlimits_get(NULL, after, 64, &count), 0);
    CHECK(memcmp(before, after, count * sizeof before[0]) == 0);
}

/* Without any set limit: those of the caller, including the ones that were raised for the start. */
static void inherited(void) {
    const int lowered[] = {RR_RLIMIT_FSIZE, RR_RLIMIT_STACK, RR_RLIMIT_DATA, RR_RLIMIT_AS, RR_RLIMIT_NOFILE};
    rr_command *command = command_of(own_path);
    char expected[4000] = "";
    int resource;
    size_t i;
    for (i = 0; i < sizeof lowered / sizeof lowered[0]; i++) {
        rr_rlimit limits;
        CHECK_EQ(rr_getrlimit(lowered[i], &limits), 0);
        limits.rlim_cur = wanted_hard(lowered[i]);
        CHECK_EQ(rr_setrlimit(lowered[i], &limits), 0);
    }
    for (resource = 0; resource < 16; resource++) {
        rr_rlimit limits;
        CHECK_EQ(rr_getrlimit(resource, &limits), 0);
        snprintf(expected + strlen(expected), 100, "%d %llx %llx\n", resource, (unsigned long long)limits.rlim_cur,
                 (unsigned long long)limits.rlim_max);
    }
    CHECK_CALL(rr_command_add_arg(command, "show-limits"), 0);
    CHECK_TEXT(output_of(command), expected);
}

static void all_sixteen_are_exact(void) { all_at_once(); }
static void inherited_ones_come_back(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind") || emulated_by("asan"))
        skip("qemu-user cannot execute a program for another processor; valgrind and asan need much address space");
    else
        in_child(inherited);
}

static void the_last_word_for_a_resource_counts(void) {
    rr_command *command = shell("ulimit -Sn; ulimit -Hn");
    limited(command, RR_RLIMIT_NOFILE, 30, 30);
    limited(command, RR_RLIMIT_NOFILE, 40, 50);
    CHECK_TEXT(output_of(command), "40\n50\n");
}

static void refusals(void) {
    rr_command *command = command_of("/bin/true");
    const rr_rlimit crossed = {2, 1}, low = {0, 0};
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CORE, &crossed), EINVAL);
    CHECK_CALL(rr_command_set_limit(command, -1, &low), EINVAL);
    CHECK_CALL(rr_command_set_limit(command, 16, &low), EINVAL);
    CHECK_EQ(exit_code_of(command), 0);
}

/* A zombie keeps the limits that it had while it ran. */
static void check_limits_of_zombie(rr_child *child, int resource, uint64_t soft, uint64_t hard) {
    siginfo_t info;
    rr_rlimit limits;
    CHECK_EQ(waitid(P_PID, (id_t)rr_child_pid(child), &info, WEXITED | WNOWAIT), 0);
    CHECK_EQ(rr_prlimit(rr_child_pid(child), resource, NULL, &limits), 0);
    CHECK(same_limits(&limits, soft, hard));
}

/* Without descriptors the loader cannot open a library: that is an outcome of the program, not an error of the
 * start. */
static void zero_is_exact(void) {
    const int resources[] = {
        RR_RLIMIT_NOFILE, RR_RLIMIT_NPROC, RR_RLIMIT_FSIZE, RR_RLIMIT_MEMLOCK, RR_RLIMIT_CORE,
#ifdef __linux__
        RR_RLIMIT_SIGPENDING, RR_RLIMIT_MSGQUEUE, RR_RLIMIT_NICE, RR_RLIMIT_LOCKS,
#endif
    };
    size_t i;
    for (i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        rr_child *child = spawned(limited(command_of("/bin/true"), resources[i], 0, 0));
        rr_outcome outcome;
        check_limits_of_zombie(child, resources[i], 0, 0);
        outcome = ended(child);
        CHECK_EQ(outcome.exit_code, resources[i] == RR_RLIMIT_NOFILE ? 127 : 0);
        CHECK_EQ(outcome.limit, -1);
    }
}

/* Either it cannot be executed, or it dies; the caller never dies or hangs. */
static void too_little_memory_is_an_outcome_or_an_error(void) {
    const int resources[] = {RR_RLIMIT_AS, RR_RLIMIT_STACK, RR_RLIMIT_DATA};
    size_t i;
    if (emulated_by("qemu-user")) {
        skip("qemu-user does not apply limits on AS, DATA and STACK");
        return;
    }
    for (i = 0; i < 3; i++) {
        rr_command *command = limited(command_of("/bin/true"), resources[i], 4096, 4096);
        rr_child *child = NULL;
        int error = CALL(rr_command_spawn(command, &child, NULL));
        rr_command_free(command);
        if (error)
            CHECK(error == E2BIG || error == ENOMEM);
        else {
            rr_outcome outcome = ended_either_way(child);
            CHECK(outcome.exit_code == 127 || outcome.signal == SIGSEGV || outcome.signal == SIGKILL);
            CHECK_EQ(outcome.limit, -1);
        }
    }
    check_no_children();
}

/* ---- Enforced, and the outcome reports which ------------------------------------------------------- */

static void processor_time_soft(void) {
    /* While the host suspends a virtual machine, time passes in it and counts as used at its next tick. */
    const uint64_t most = (uint64_t)(emulated_by("qemu-system") ? 60 : 3) * 1000000000u;
    rr_outcome outcome = ended(spawned(limited(shell("while :; do :; done"), RR_RLIMIT_CPU, 1, 2)));
    CHECK_EQ(outcome.signal, SIGXCPU);
    CHECK_EQ(outcome.limit, RR_RLIMIT_CPU);
    CHECK(outcome.usage.cpu_ns > 400000000 && outcome.usage.cpu_ns < most);
}

static void processor_time_hard(void) {
    rr_outcome outcome = ended(spawned(limited(shell("while :; do :; done"), RR_RLIMIT_CPU, 1, 1)));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, RR_RLIMIT_CPU);
    outcome = ended(spawned(limited(shell("while :; do :; done"), RR_RLIMIT_CPU, 0, 0)));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, RR_RLIMIT_CPU);
}

static void processor_time_soft_then_hard(void) {
    /* Time that passes while the host suspends a virtual machine must not reach the limit before the trap is set. */
    const uint64_t soft = emulated_by("qemu-system") ? 5 : 1;
    rr_outcome outcome = ended(spawned(limited(shell("trap '' XCPU; while :; do :; done"), RR_RLIMIT_CPU, soft, soft + 1)));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, RR_RLIMIT_CPU);
}

static void the_same_signal_by_hand_is_no_limit(void) {
    const char *scripts[] = {"kill -XCPU $$", "kill -KILL $$"};
    const uint64_t limits[] = {1, 100, RR_RLIM_INFINITY};
    size_t i, j;
    for (i = 0; i < 2; i++)
        for (j = 0; j < 3; j++) {
            rr_command *command = shell(scripts[i]);
            if (limits[j] != RR_RLIM_INFINITY)
                limited(command, RR_RLIMIT_CPU, limits[j], limits[j] + 50);
            CHECK_EQ(ended(spawned(command)).limit, -1);
        }
    CHECK_EQ(ended(spawned(shell("kill -XFSZ $$"))).limit, -1);
}

/* Its children's time is not its own. */
static void time_of_its_children_does_not_count(void) {
    rr_outcome outcome = ended(spawned(limited(
        shell("sh -c 'ulimit -t 1; while :; do :; done'; kill -KILL $$"), RR_RLIMIT_CPU, 5, 5)));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, -1);
    CHECK(outcome.usage.cpu_ns > 400000000);
}

static void file_size(void) {
    rr_outcome outcome;
    rr_command *command = limited(shell("echo a line >file; echo another >>file"), RR_RLIMIT_FSIZE, 10, 20);
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    outcome = ended(spawned(command));
    CHECK_EQ(outcome.signal, SIGXFSZ);
    CHECK_EQ(outcome.limit, RR_RLIMIT_FSIZE);
    command = limited(shell("echo a line >file"), RR_RLIMIT_FSIZE, 0, 0);
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    CHECK_EQ(ended(spawned(command)).limit, RR_RLIMIT_FSIZE);
}

/* The loader opens a library under number 3, and the program then its file. */
static rr_command *reader(uint64_t open_files, int silence) {
    rr_command *command = limited(command_of("/bin/cat"), RR_RLIMIT_NOFILE, open_files, open_files);
    CHECK_CALL(rr_command_add_arg(command, "/dev/null"), 0);
    CHECK_CALL(rr_command_dup2(command, silence, 2), 0);
    return command;
}

static void open_files(void) {
    int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
    CHECK_EQ(exit_code_of(reader(4, silence)), 0);
    CHECK_EQ(exit_code_of(reader(3, silence)), 127);
    close(silence);
}

static void address_space(void) {
    const char *script = "exec dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null";
    CHECK_EQ(exit_code_of(limited(shell(script), RR_RLIMIT_AS, (uint64_t)100 << 20, (uint64_t)100 << 20)), 0);
    if (emulated_by("qemu-user"))
        skip("qemu-user does not apply limits on AS");
    else
        CHECK_EQ(exit_code_of(limited(shell(script), RR_RLIMIT_AS, (uint64_t)40 << 20, (uint64_t)40 << 20)), 1);
}

/* ---- Peak ---------------------------------------------------------------------------------------- */

static void check_peak_beside(uint64_t held) {
    rr_outcome outcome = ended(spawned(command_of("/bin/true")));
    if (is_direct)
        CHECK(outcome.usage.peak_rss_bytes >= held);
    else
        CHECK(outcome.usage.peak_rss_bytes > 0 && outcome.usage.peak_rss_bytes < (uint64_t)8 << 20);
}

#ifdef MAP_POPULATE
#define POPULATE MAP_POPULATE
#else
#define POPULATE 0
#endif

/* The kernel counts a page once for each mapping: 64 MiB are mapped repeatedly, which is fast even on a busy
 * machine. */
static void hold_1_then_4_gib(void) {
    const size_t piece = (size_t)64 << 20, gibibyte = (size_t)1 << 30;
    FILE *file = tmpfile();
    size_t held;
    CHECK(file && ftruncate(fileno(file), (off_t)piece) == 0);
    for (held = piece; held <= gibibyte << 2; held += piece) {
        void *place = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_SHARED | POPULATE, fileno(file), 0);
        CHECK(place != MAP_FAILED);
        if (held == gibibyte || held == gibibyte << 2) {
            rr_usage own;
            CHECK_EQ(rr_usage_read(NULL, RR_USAGE_RSS, &own), 0);
            CHECK(own.rss_bytes >= held);
            check_peak_beside(held);
        }
    }
}

static void own_peak_in_a_caller_of_0_1_and_4_gib(void) {
    check_peak_beside(0);
    if (emulated_by("valgrind") || emulated_by("qemu-user") || sizeof(size_t) < 8)
        skip("1 and 4 GiB: not under an emulator or in 32 bits");
    else
        in_child(hold_1_then_4_gib);
}

static void the_largest_of_those_it_waited_for(void) {
    rr_outcome outcome = ended(spawned(shell("dd if=/dev/zero of=/dev/null bs=40M count=1 2>/dev/null; :")));
    CHECK(is_direct || outcome.usage.peak_rss_bytes >= (uint64_t)40 << 20);
    if (emulated_by("valgrind")) {
        skip("valgrind's own memory may be the larger");
        return;
    }
    outcome = ended_either_way(spawned(shell("exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null")));
    /* A peak above the caller's own is exact even after a direct start. */
    CHECK(outcome.usage.peak_rss_bytes >= (uint64_t)200 << 20 && outcome.usage.peak_rss_bytes < (uint64_t)216 << 20);
    if (emulated_by("qemu-user"))
        skip("the emulator has additional threads, so that the peak after a direct start is a bound");
    else
        CHECK(!is_bound(&outcome));
}

static void *rest(void *unused) {
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

/* Another thread may have raised the caller's own peak meanwhile: the value at which a direct record started is
 * unknown. */
static void a_direct_peak_with_other_threads_is_a_bound(void) {
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, rest, NULL), 0);
    ended(spawned(shell("exec dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null")));
    CHECK_EQ(pthread_cancel(thread), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static void what_valgrind_does_not_pass_on(void) {
    skip("five tests: valgrind keeps limits on descriptors and memory to itself");
}
#define RUN_WAYS_BUT_IN_VALGRIND(test) \
    do {                               \
        if (!emulated_by("valgrind"))  \
            RUN_WAYS(test);            \
    } while (0)

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "show-limits") == 0)
        return show_limits();
    BEGIN(argv);
    RUN(make_folder);
    if (emulated_by("valgrind"))
        RUN(what_valgrind_does_not_pass_on);
    RUN_WAYS_BUT_IN_VALGRIND(all_sixteen_are_exact);
    RUN_WAYS(inherited_ones_come_back);
    RUN_WAYS_BUT_IN_VALGRIND(the_last_word_for_a_resource_counts);
    RUN_WAYS(refusals);
    RUN_WAYS_BUT_IN_VALGRIND(zero_is_exact);
    RUN_WAYS_BUT_IN_VALGRIND(too_little_memory_is_an_outcome_or_an_error);
    RUN_WAYS(processor_time_soft);
    RUN_WAYS(processor_time_hard);
    RUN_WAYS(processor_time_soft_then_hard);
    RUN_WAYS(the_same_signal_by_hand_is_no_limit);
    RUN_WAYS(time_of_its_children_does_not_count);
    RUN_WAYS(file_size);
    RUN_WAYS_BUT_IN_VALGRIND(open_files);
    RUN_WAYS(address_space);
    RUN_WAYS(own_peak_in_a_caller_of_0_1_and_4_gib);
    RUN_WAYS(the_largest_of_those_it_waited_for);
    RUN_WAYS(a_direct_peak_with_other_threads_is_a_bound);
    return report();
}
