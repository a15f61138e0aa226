/* Bounds of a process: the list, the tightest bound, and its text, compared with the system's own numbers. */
#include "notify.h"

#include <sys/mman.h>
#ifdef __linux__
#include <sched.h>
#include <sys/sysinfo.h>
#endif

static const int KINDS[] = {RR_BOUND_MEMORY, RR_BOUND_SWAP, RR_BOUND_CPU, RR_BOUND_TASKS, RR_BOUND_FILES};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

typedef struct {
    rr_bound bounds[RR_BOUND_CAPACITY];
    size_t count;
} list;

static list list_of(const rr_process *process, int kind) {
    list found;
    int error;
    memset(&found, 0, sizeof found);
    error = CALL(rr_bounds_read((rr_process *)process, kind, found.bounds, RR_BOUND_CAPACITY, &found.count));
    CHECK(error == 0 || error == ENOTSUP);
    return found;
}

/* The first bound from a source, with this detail unless that is -2. */
static const rr_bound *bound_from(const list *found, int source, int detail) {
    size_t i;
    for (i = 0; i < found->count; i++)
        if (found->bounds[i].source == source && (detail == -2 || found->bounds[i].detail == detail))
            return &found->bounds[i];
    return NULL;
}

static uint64_t limit_from(const list *found, int source, int detail) {
    const rr_bound *bound = bound_from(found, source, detail);
    return bound ? bound->limit : 0;
}

static void an_unknown_kind_is_einval(void) {
    const int kinds[] = {0, -1, RR_BOUND_FILES + 1, INT_MAX, INT_MIN};
    size_t i;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        rr_bound bound, room;
        size_t count;
        FILL(bound), FILL(room), FILL(count);
        CHECK_CALL(rr_bounds_read(NULL, kinds[i], &bound, 1, &count), EINVAL);
        CHECK_CALL(rr_bound_effective(NULL, kinds[i], &bound, &room), EINVAL);
        CHECK_UNTOUCHED(bound);
        CHECK_UNTOUCHED(room);
        CHECK_UNTOUCHED(count);
    }
}

static void too_small_a_buffer_is_erange_and_counted(void) {
    list whole = list_of(NULL, RR_BOUND_FILES);
    size_t capacity;
    CHECK(whole.count > 0);
    for (capacity = 0; capacity < whole.count; capacity++) {
        rr_bound bounds[RR_BOUND_CAPACITY];
        size_t count = 0;
        FILL(bounds);
        CHECK_CALL(rr_bounds_read(NULL, RR_BOUND_FILES, capacity ? bounds : NULL, capacity, &count), ERANGE);
        CHECK_EQ(count, whole.count);
        CHECK_UNTOUCHED(bounds);
    }
}

static void every_bound_is_whole(void) {
    size_t k, i;
    for (k = 0; k < KIND_COUNT; k++) {
        list found = list_of(NULL, KINDS[k]);
        for (i = 0; i < found.count; i++) {
            const rr_bound *bound = &found.bounds[i];
            const uint32_t known = RR_BOUND_USED_KNOWN | RR_BOUND_SHARED | RR_BOUND_ADDRESS_SPACE | RR_BOUND_PARTIAL |
                                   RR_BOUND_CGROUP_V1 | RR_BOUND_MEMORY_AND_SWAP;
            CHECK(bound->source >= RR_SOURCE_RLIMIT && bound->source <= RR_SOURCE_SYSCTL);
            CHECK_EQ(bound->flags & ~known, 0);
            CHECK(bound->limit != RR_RLIM_INFINITY);
            CHECK(i == 0 || found.bounds[i - 1].limit <= bound->limit);
            CHECK_EQ((bound->flags ^ found.bounds[0].flags) & RR_BOUND_PARTIAL, 0);
            CHECK(bound->reserved0 == 0 && bound->reserved[0] == 0 && bound->reserved[3] == 0);
            if (bound->flags & RR_BOUND_USED_KNOWN) {
                uint64_t firm = bound->used - bound->reclaimable;
                CHECK(bound->reclaimable <= bound->used);
                CHECK_EQ(bound->room, bound->limit > firm ? bound->limit - firm : 0);
            } else
                CHECK(bound->used == 0 && bound->reclaimable == 0 && bound->room == 0);
        }
    }
}

static void the_effective_ones_are_the_least(void) {
    size_t k, i;
    for (k = 0; k < KIND_COUNT; k++) {
        list found = list_of(NULL, KINDS[k]);
        rr_bound limit, room;
        int error = CALL(rr_bound_effective(NULL, KINDS[k], &limit, &room));
        CHECK_EQ(error, found.count > 0 ? 0 : ENOTSUP);
        if (error != 0)
            continue;
        for (i = 0; i < found.count && found.bounds[i].source == RR_SOURCE_CGROUP_HIGH; i++)
            ;
        CHECK(i < found.count && limit.limit == found.bounds[i].limit && limit.source == found.bounds[i].source);
        for (i = 0; i < found.count; i++)
            if (found.bounds[i].source == room.source && found.bounds[i].detail == room.detail)
                CHECK_EQ(room.limit, found.bounds[i].limit);
    }
}

#ifdef __linux__
static uint64_t number_in(const char *path) {
    unsigned long long value = 0;
    FILE *file = fopen(path, "r");
    CHECK(file != NULL && fscanf(file, "%llu", &value) == 1);
    if (file)
        fclose(file);
    return value;
}

static uint64_t online(void) {
    /* Read from another place than the library does: /proc/stat has a line for each. */
    char line[8192];
    uint64_t count = 0;
    FILE *file = fopen("/proc/stat", "r");
    CHECK(file != NULL);
    while (file && fgets(line, sizeof line, file))
        count += strncmp(line, "cpu", 3) == 0 && line[3] >= '0' && line[3] <= '9';
    if (file)
        fclose(file);
    return count;
}

static void the_machine_is_that_of_the_system(void) {
    struct sysinfo info;
    list memory = list_of(NULL, RR_BOUND_MEMORY), swap = list_of(NULL, RR_BOUND_SWAP);
    list cpu = list_of(NULL, RR_BOUND_CPU);
    const rr_bound *machine = bound_from(&memory, RR_SOURCE_MACHINE, 0);
    CHECK_EQ(sysinfo(&info), 0);
    if (emulated_by("qemu-user")) {
        skip("the emulator has its own sysinfo(2)");
        return;
    }
    CHECK_EQ(limit_from(&memory, RR_SOURCE_MACHINE, 0), (uint64_t)info.totalram * info.mem_unit);
    CHECK(machine && machine->room > 0 && machine->room <= machine->limit && machine->flags & RR_BOUND_SHARED);
    CHECK_EQ(limit_from(&swap, RR_SOURCE_MACHINE, 0), (uint64_t)info.totalswap * info.mem_unit);
    CHECK(bound_from(&swap, RR_SOURCE_MACHINE, 0) != NULL);
    if (access("/sys/devices/system/cpu/online", R_OK) == 0)
        CHECK_EQ(limit_from(&cpu, RR_SOURCE_MACHINE, 0), online() * 1000000000);
    else
        CHECK(bound_from(&cpu, RR_SOURCE_MACHINE, 0) == NULL);
}

static void settings_are_the_kernels(void) {
    list tasks = list_of(NULL, RR_BOUND_TASKS), files = list_of(NULL, RR_BOUND_FILES);
    uint64_t file_max = number_in("/proc/sys/fs/file-max");
    CHECK_EQ(limit_from(&tasks, RR_SOURCE_SYSCTL, RR_SYSCTL_PID_MAX), number_in("/proc/sys/kernel/pid_max"));
    CHECK_EQ(limit_from(&tasks, RR_SOURCE_SYSCTL, RR_SYSCTL_THREADS_MAX), number_in("/proc/sys/kernel/threads-max"));
    CHECK_EQ(limit_from(&files, RR_SOURCE_SYSCTL, RR_SYSCTL_NR_OPEN), number_in("/proc/sys/fs/nr_open"));
    CHECK_EQ(limit_from(&files, RR_SOURCE_SYSCTL, RR_SYSCTL_FILE_MAX), file_max >= INT64_MAX ? 0 : file_max);
}

static int set_overcommit(const char *mode) {
    FILE *file = fopen("/proc/sys/vm/overcommit_memory", "w");
    return file && fputs(mode, file) >= 0 && fclose(file) == 0;
}

static void commit_limit_in_mode_2_only(void) {
    list memory = list_of(NULL, RR_BOUND_MEMORY);
    int strict = number_in("/proc/sys/vm/overcommit_memory") == 2;
    CHECK_EQ(bound_from(&memory, RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT) != NULL, strict);
    if (!getenv("RR_TEST_MACHINE"))
        skip("mode 2: this machine is not the test's own");
    else {
        const rr_bound *commit;
        if (!set_overcommit("2")) {
            skip("mode 2: only root may set it");
            return;
        }
        memory = list_of(NULL, RR_BOUND_MEMORY);
        commit = bound_from(&memory, RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT);
        CHECK(commit && commit->limit > 0 && commit->flags & RR_BOUND_ADDRESS_SPACE && commit->used > 0);
        CHECK(set_overcommit("0"));
    }
}

/* The caller sets its affinity mask to one of its processors. */
static void first_processor_alone(void) {
    cpu_set_t mask;
    list found;
    const rr_bound *affinity;
    int i;
    rr_bound limit, room;
    CHECK_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
    for (i = 0; i < CPU_SETSIZE && !CPU_ISSET(i, &mask); i++)
        ;
    CPU_ZERO(&mask);
    CPU_SET(i, &mask);
    CHECK_EQ(sched_setaffinity(0, sizeof mask, &mask), 0);
    found = list_of(NULL, RR_BOUND_CPU);
    affinity = bound_from(&found, RR_SOURCE_AFFINITY, 0);
    CHECK(affinity && affinity->limit == 1000000000 && !(affinity->flags & RR_BOUND_SHARED));
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_CPU, &limit, &room), 0);
    CHECK(limit.limit <= 1000000000);
    CHECK_EQ(memcmp(&limit, &room, sizeof limit), 0);
}

static void affinity(void) {
    cpu_set_t mask;
    CHECK_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
    if (CPU_COUNT(&mask) < 2 || emulated_by("qemu-user"))
        skip("affinity: one processor, or an emulator that has its own");
    else
        in_child(first_processor_alone);
}
#else
static void the_machine_is_that_of_the_system(void) {
    list cpu = list_of(NULL, RR_BOUND_CPU);
    CHECK_EQ(limit_from(&cpu, RR_SOURCE_MACHINE, 0), (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) * 1000000000);
}
#endif

/* Exactly as many descriptors can be opened as are left. */
static void every_descriptor_that_is_left(void) {
    rr_rlimit limits;
    rr_bound limit, room;
    uint64_t opened = 0;
    int fd;
    /* The limit applies to numbers: an open descriptor above it would count but take no free one. */
    for (fd = 3; fd < 1024; fd++)
        close(fd);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    limits.rlim_cur = 50;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_FILES, &limit, &room), 0);
    CHECK(limit.source == RR_SOURCE_RLIMIT && limit.detail == RR_RLIMIT_NOFILE && limit.limit == 50);
#ifdef __linux__
    CHECK(room.source == RR_SOURCE_RLIMIT && room.detail == RR_RLIMIT_NOFILE);
    while (dup(0) >= 0)
        opened++;
    CHECK_EQ(room.room, opened);
#else
    (void)opened;
#endif
}

static void open_files(void) {
    if (emulated_by("valgrind") || emulated_by("qemu-user"))
        skip("the emulator's own descriptors count");
    else
        in_child(every_descriptor_that_is_left);
}

#ifdef RR_RLIMIT_AS
static void all_address_space_that_is_left(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    rr_rlimit limits;
    rr_bound limit, room;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_AS, &limits), 0);
    limits.rlim_cur = 256 << 20;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_AS, &limits), 0);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK(limit.source == RR_SOURCE_RLIMIT && limit.detail == RR_RLIMIT_AS && limit.limit == 256 << 20);
    CHECK(limit.flags & RR_BOUND_ADDRESS_SPACE);
#ifdef __linux__
    CHECK(limit.flags & RR_BOUND_USED_KNOWN && limit.reclaimable == 0);
    CHECK(mmap(NULL, limit.room + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK(mmap(NULL, limit.room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
#else
    (void)page;
#endif
}

/* The limit on data is one; that on the resident set is enforced nowhere. */
static void limits_of_memory(void) {
    static const int resources[] = {RR_RLIMIT_DATA, RR_RLIMIT_STACK,
#ifdef RR_RLIMIT_RSS
                                    RR_RLIMIT_RSS
#endif
    };
    const uint64_t most = 300 << 20;
    list found;
    size_t i;
    for (i = 0; i < sizeof resources / sizeof *resources; i++) {
        rr_rlimit limits;
        CHECK_CALL(rr_getrlimit(resources[i], &limits), 0);
        limits.rlim_cur = limits.rlim_max < most ? limits.rlim_max : most;
        CHECK_CALL(rr_setrlimit(resources[i], &limits), 0);
    }
    found = list_of(NULL, RR_BOUND_MEMORY);
    for (i = 0; i < sizeof resources / sizeof *resources; i++) {
        const rr_bound *bound = bound_from(&found, RR_SOURCE_RLIMIT, resources[i]);
        CHECK_EQ(bound != NULL, resources[i] == RR_RLIMIT_DATA);
        CHECK(!bound || (bound->limit <= most && (bound->flags & RR_BOUND_ADDRESS_SPACE)));
    }
}

static void address_space(void) {
    if (emulated_by("valgrind") || emulated_by("asan") || is_emulated(RLIMIT_AS))
        skip("the emulator's own memory counts");
    else {
        in_child(all_address_space_that_is_left);
        in_child(limits_of_memory);
    }
}
#endif

static void another_process(void) {
    int32_t child;
    rr_process *process;
    rr_rlimit limits;
    int ready[2];
    char byte;
    list found;
    fflush(stdout);
    CHECK_EQ(pipe(ready), 0);
    child = (int32_t)fork();
    if (child == 0) {
        rr_getrlimit(RR_RLIMIT_NOFILE, &limits);
        limits.rlim_cur = 77;
        rr_setrlimit(RR_RLIMIT_NOFILE, &limits);
        if (write(ready[1], "", 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    CHECK_CALL(rr_process_open(child, &process), 0);
    found = list_of(process, RR_BOUND_FILES);
#if defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__)
    /* valgrind keeps the soft limit to itself. */
    if (!emulated_by("valgrind"))
        CHECK_EQ(limit_from(&found, RR_SOURCE_RLIMIT, RR_RLIMIT_NOFILE), 77);
#endif
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
    {
        rr_bound limit, room;
        size_t count;
        FILL(limit), FILL(room), FILL(count);
        CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), ESRCH);
        CHECK_CALL(rr_bounds_read(process, RR_BOUND_CPU, &limit, 1, &count), ESRCH);
        CHECK_UNTOUCHED(limit);
        CHECK_UNTOUCHED(room);
        CHECK_UNTOUCHED(count);
    }
    rr_process_close(process);
    close(ready[0]), close(ready[1]);
}

/* ---- As text */

static rr_bound bound(int source, int detail, uint64_t limit) {
    rr_bound made;
    memset(&made, 0, sizeof made);
    made.source = source, made.detail = detail, made.limit = limit;
    return made;
}

static rr_bound with_room(rr_bound made, uint64_t room) {
    made.flags |= RR_BOUND_USED_KNOWN;
    made.room = room;
    return made;
}

static rr_bound with_flags(rr_bound made, uint32_t flags) {
    made.flags |= flags;
    return made;
}

static const char *text_of(rr_bound made, int kind) {
    static char text[RR_BOUND_TEXT_SIZE];
    CHECK_CALL(rr_bound_format(&made, kind, text, sizeof text), 0);
    return text;
}

static const uint64_t MIB = 1 << 20, GIB = 1 << 30;

static void lines(void) {
    CHECK_TEXT(text_of(with_room(bound(RR_SOURCE_CGROUP, 2, 100 * MIB), 39 * MIB), RR_BOUND_MEMORY),
               "memory: 100 MiB (memory.max, control group 2 levels up), 39 MiB left");
    CHECK_TEXT(text_of(with_room(with_flags(bound(RR_SOURCE_CGROUP, 0, GIB), RR_BOUND_PARTIAL), 0), RR_BOUND_MEMORY),
               "memory: 1 GiB (memory.max, own control group), 0 bytes left; other control groups are hidden");
    CHECK_TEXT(text_of(with_flags(bound(RR_SOURCE_CGROUP, 1, 5 * MIB), RR_BOUND_CGROUP_V1), RR_BOUND_MEMORY),
               "memory: 5 MiB (memory.limit_in_bytes, control group 1 level up)");
    CHECK_TEXT(text_of(with_flags(bound(RR_SOURCE_CGROUP, -1, 5 * MIB), RR_BOUND_CGROUP_V1), RR_BOUND_MEMORY),
               "memory: 5 MiB (memory.limit_in_bytes, hidden control group)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_CGROUP_HIGH, 1, 5 * MIB), RR_BOUND_MEMORY),
               "memory: 5 MiB (memory.high, control group 1 level up)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_CGROUP, 1, 0), RR_BOUND_SWAP),
               "swap: 0 bytes (memory.swap.max, control group 1 level up)");
    CHECK_TEXT(text_of(with_flags(bound(RR_SOURCE_CGROUP, 0, GIB), RR_BOUND_CGROUP_V1 | RR_BOUND_MEMORY_AND_SWAP),
                       RR_BOUND_SWAP),
               "swap: 1 GiB (memory.memsw.limit_in_bytes, own control group, memory and swap)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_CGROUP, 0, 1500000000), RR_BOUND_CPU),
               "processors: 1.5 (cpu.max, own control group)");
    CHECK_TEXT(text_of(with_flags(bound(RR_SOURCE_CGROUP, 0, 250000000), RR_BOUND_CGROUP_V1), RR_BOUND_CPU),
               "processors: 0.25 (cpu.cfs_quota_us, own control group)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_CPUSET, 0, 2000000000), RR_BOUND_CPU), "processors: 2 (cpuset, own control group)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_AFFINITY, 0, 1000000000), RR_BOUND_CPU), "processors: 1 (affinity mask)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_MACHINE, 0, 24 * GIB), RR_BOUND_MEMORY), "memory: 24 GiB (machine)");
    CHECK_TEXT(text_of(with_room(bound(RR_SOURCE_CGROUP, 0, 64), 12), RR_BOUND_TASKS),
               "tasks: 64 (pids.max, own control group), 12 left");
    CHECK_TEXT(text_of(bound(RR_SOURCE_SYSCTL, RR_SYSCTL_PID_MAX, 32768), RR_BOUND_TASKS),
               "tasks: 32768 (kernel.pid_max)");
    CHECK_TEXT(text_of(bound(RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT, GIB), RR_BOUND_MEMORY), "memory: 1 GiB (commit limit)");
    CHECK_TEXT(text_of(with_room(bound(RR_SOURCE_RLIMIT, RR_RLIMIT_NOFILE, 1024), 1020), RR_BOUND_FILES),
               "open files: 1024 (RLIMIT_NOFILE), 1020 left");
#ifdef RR_RLIMIT_AS
    CHECK_TEXT(text_of(with_flags(bound(RR_SOURCE_RLIMIT, RR_RLIMIT_AS, GIB), RR_BOUND_ADDRESS_SPACE), RR_BOUND_MEMORY),
               "memory: 1 GiB (RLIMIT_AS, address space)");
#endif
    CHECK_TEXT(text_of(bound(RR_SOURCE_MACHINE, 0, RR_RLIM_INFINITY), RR_BOUND_MEMORY), "memory: unlimited (machine)");
}

/* Rounded down, so that no more is reported than there is. */
static void sizes(void) {
    static const struct {
        uint64_t bytes;
        const char *text;
    } CASES[] = {
        {1, "memory: 1 bytes (machine)"},
        {1023, "memory: 1023 bytes (machine)"},
        {1024, "memory: 1 KiB (machine)"},
        {1536, "memory: 1.5 KiB (machine)"},
        {1126, "memory: 1 KiB (machine)"},
        {1127, "memory: 1.1 KiB (machine)"},
        {(1 << 20) - 1, "memory: 1023 KiB (machine)"},
        {41837000, "memory: 39.8 MiB (machine)"},
        {104856576, "memory: 99.9 MiB (machine)"},
        {104857599, "memory: 99.9 MiB (machine)"},
        {UINT64_MAX - 1, "memory: 15.9 EiB (machine)"},
    };
    size_t i;
    for (i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_TEXT(text_of(bound(RR_SOURCE_MACHINE, 0, CASES[i].bytes), RR_BOUND_MEMORY), CASES[i].text);
}

static void shares_of_a_processor_are_exact(void) {
    static const struct {
        uint64_t ns;
        const char *text;
    } CASES[] = {
        {1, "processors: 0.000000001 (machine)"},
        {333330000, "processors: 0.33333 (machine)"},
        {1000000000, "processors: 1 (machine)"},
        {10010000000, "processors: 10.01 (machine)"},
        {0, "processors: 0 (machine)"},
    };
    size_t i;
    for (i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_TEXT(text_of(bound(RR_SOURCE_MACHINE, 0, CASES[i].ns), RR_BOUND_CPU), CASES[i].text);
}

static void every_size_of_buffer(void) {
    rr_bound longest = with_flags(with_room(bound(RR_SOURCE_CGROUP, INT_MAX, UINT64_MAX - 1), UINT64_MAX - 1),
                                  RR_BOUND_CGROUP_V1 | RR_BOUND_ADDRESS_SPACE | RR_BOUND_MEMORY_AND_SWAP | RR_BOUND_PARTIAL);
    size_t k, size;
    for (k = 0; k < KIND_COUNT; k++) {
        char text[RR_BOUND_TEXT_SIZE];
        size_t length = strlen(text_of(longest, KINDS[k]));
        CHECK(length < RR_BOUND_TEXT_SIZE - 1);
        for (size = 0; size <= length; size++) {
            FILL(text);
            CHECK_CALL(rr_bound_format(&longest, KINDS[k], text, size), ERANGE);
            CHECK_UNTOUCHED(text);
        }
        CHECK_CALL(rr_bound_format(&longest, KINDS[k], text, length + 1), 0);
        CHECK_EQ(strlen(text), length);
        CHECK(is_untouched(text + length + 1, sizeof text - length - 1));
    }
}

static void what_cannot_be_written_is_einval(void) {
    const rr_bound good = bound(RR_SOURCE_MACHINE, 0, 1);
    rr_bound bad[6];
    char text[RR_BOUND_TEXT_SIZE];
    size_t i;
    for (i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].source = 0;
    bad[1].source = RR_SOURCE_SYSCTL + 1;
    bad[2].reserved0 = 1;
    bad[3].reserved[3] = 1;
    bad[4] = bound(RR_SOURCE_RLIMIT, 1000, 1);
    bad[5] = bound(RR_SOURCE_SYSCTL, 0, 1);
    FILL(text);
    for (i = 0; i < 6; i++)
        CHECK_CALL(rr_bound_format(&bad[i], RR_BOUND_MEMORY, text, sizeof text), EINVAL);
    CHECK_CALL(rr_bound_format(&good, 0, text, sizeof text), EINVAL);
    CHECK_CALL(rr_bound_format(&good, RR_BOUND_FILES + 1, text, sizeof text), EINVAL);
    CHECK_UNTOUCHED(text);
}

#ifdef CAN_NOTIFY
/* No two numbers are equal, nor are two sums or differences of them. */
static long long open_meminfo(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
    if (is_path(call->args[1], "/proc/sys/vm/overcommit_memory"))
        return file_of("2\n");
    if (is_path(call->args[1], "/proc/meminfo"))
        return file_of("MemTotal:       1000000 kB\nMemFree:         300000 kB\nMemAvailable:    510000 kB\n"
                       "Buffers:          11000 kB\nCached:          130000 kB\nSwapCached:        1700 kB\n"
                       "SwapTotal:       250000 kB\nSwapFree:         90000 kB\nDirty:              190 kB\n"
                       "CommitLimit:     770000 kB\nCommitted_AS:    630000 kB\n");
    return PASS;
}

static void check_bound(int kind, int source, int detail, const uint64_t kib[4]) {
    const list found = list_of(NULL, kind);
    const rr_bound *bound = bound_from(&found, source, detail);
    CHECK(bound != NULL);
    if (bound) {
        CHECK_EQ(bound->limit, kib[0] * 1024);
        CHECK_EQ(bound->used, kib[1] * 1024);
        CHECK_EQ(bound->reclaimable, kib[2] * 1024);
        CHECK_EQ(bound->room, kib[3] * 1024);
    }
}

static void each_number_of_the_machine_is_its_own(void) {
    static const int numbers[] = {SYS_openat};
    static const uint64_t memory[] = {1000000, 700000, 210000, 510000}, swap[] = {250000, 160000, 0, 90000},
                          commit[] = {770000, 630000, 0, 140000};
    ARRANGE(open_meminfo, numbers);
    check_bound(RR_BOUND_MEMORY, RR_SOURCE_MACHINE, 0, memory);
    check_bound(RR_BOUND_MEMORY, RR_SOURCE_SYSCTL, RR_SYSCTL_COMMIT, commit);
    check_bound(RR_BOUND_SWAP, RR_SOURCE_MACHINE, 0, swap);
}

static int refusal;
static long long refuse_to_open(const struct seccomp_data *call, int32_t thread) {
    (void)call;
    return thread == arranging_thread && refusal ? -refusal : PASS;
}

/* What needs no file is left; a lack of descriptors, which passes, is an error. */
static void what_cannot_be_read_is_left_out(void) {
    static const int numbers[] = {SYS_openat};
    const uint64_t second = 1000000000;
    struct sysinfo machine;
    struct rlimit files;
    cpu_set_t set;
    list found;
    size_t k;
    uint64_t processors;
    CHECK_EQ(sysinfo(&machine), 0);
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
    CHECK_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    processors = (uint64_t)CPU_COUNT(&set);
    ARRANGE(refuse_to_open, numbers);
    refusal = EACCES;
    found = list_of(NULL, RR_BOUND_MEMORY);
    CHECK_EQ(limit_from(&found, RR_SOURCE_MACHINE, 0), (uint64_t)machine.totalram * machine.mem_unit);
    CHECK(found.bounds[0].flags & RR_BOUND_PARTIAL);
    found = list_of(NULL, RR_BOUND_CPU);
    CHECK_EQ(limit_from(&found, RR_SOURCE_AFFINITY, 0), processors * second);
    found = list_of(NULL, RR_BOUND_FILES);
    CHECK_EQ(limit_from(&found, RR_SOURCE_RLIMIT, RR_RLIMIT_NOFILE), files.rlim_cur);
    list_of(NULL, RR_BOUND_SWAP), list_of(NULL, RR_BOUND_TASKS);
    refusal = EMFILE;
    for (k = 0; k < KIND_COUNT; k++) {
        rr_bound limit, room;
        FILL(limit), FILL(room);
        CHECK_CALL(rr_bound_effective(NULL, KINDS[k], &limit, &room), EMFILE);
        CHECK_UNTOUCHED(limit), CHECK_UNTOUCHED(room);
    }
}
#endif

int main(void) {
    RUN(an_unknown_kind_is_einval);
    RUN(too_small_a_buffer_is_erange_and_counted);
    RUN(every_bound_is_whole);
    RUN(the_effective_ones_are_the_least);
    RUN(the_machine_is_that_of_the_system);
#ifdef __linux__
    RUN(settings_are_the_kernels);
    RUN(commit_limit_in_mode_2_only);
    RUN(affinity);
#endif
    RUN(open_files);
#ifdef RR_RLIMIT_AS
    RUN(address_space);
#endif
    RUN(another_process);
    RUN(lines);
    RUN(sizes);
    RUN(shares_of_a_processor_are_exact);
    RUN(every_size_of_buffer);
    RUN(what_cannot_be_written_is_einval);
    RUN_ARRANGED(each_number_of_the_machine_is_its_own);
    RUN_ARRANGED(what_cannot_be_read_is_left_out);
    return report();
}
