/*
 * Control groups created for the test: the limits and the room that the library reports are compared with what the
 * kernel then does. A process that takes memory until the kernel kills it has to reach the predicted room.
 */
#ifdef __linux__
#include "groups.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

enum { MIB = 1 << 20, CHUNK = 64 << 10 };

/* The report of a test's child, in shared memory, because the child is killed. */
typedef struct {
    uint64_t room, limit, taken;
    rr_bound least_limit, least_room;
    int ready, failures;
} report_of_child;
static report_of_child *shared;

static void share_memory(void) {
    shared = (report_of_child *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* Touches each page, because a mapping alone takes none. */
static void take(size_t bytes) {
    char *memory = (char *)mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        _exit(3);
    memset(memory, 1, bytes);
}

static void ask(void) {
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_MEMORY, &shared->least_limit, &shared->least_room), 0);
}

static rr_bound list[RR_BOUND_CAPACITY];
static size_t count;
static const rr_bound *listed(rr_process *process, int kind, int source, int detail) {
    size_t i;
    CHECK_CALL(rr_bounds_read(process, kind, list, RR_BOUND_CAPACITY, &count), 0);
    for (i = 0; i < count; i++)
        if (list[i].source == source && list[i].detail == detail)
            return &list[i];
    return NULL;
}

static uint64_t limit_of(rr_process *process, int kind, int source, int detail) {
    const rr_bound *bound = listed(process, kind, source, detail);
    return bound ? bound->limit : 0;
}

/* ---- Memory, until the kernel kills */

static const char *limit_file(const hierarchy *in) { return in->version == 2 ? "memory.max" : "memory.limit_in_bytes"; }

/* Enters the group, prepares, reads the bounds, and takes memory until it is killed. */
static void until_killed(const char *group, void (*prepare)(void)) {
    int status = -1;
    pid_t child;
    memset(shared, 0, sizeof *shared);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        current_failures = 0;
        CHECK(write_to("/proc/self", "oom_score_adj", "1000"));
        CHECK(enter(group));
        if (prepare)
            prepare();
        ask();
        shared->failures = current_failures;
        for (;;) {
            take(CHUNK);
            shared->taken += CHUNK;
        }
    }
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    CHECK_EQ(shared->failures, 0);
    CHECK(shared->least_room.flags & RR_BOUND_USED_KNOWN);
}

static void check_foretold(void) {
    const double room = (double)shared->least_room.room, taken = (double)shared->taken;
    char text[120];
    snprintf(text, sizeof text, "%.1f MiB predicted, %.1f MiB taken", room / MIB, taken / MIB);
    printf("  %s: %s\n", current_test, text);
    if (taken < 0.97 * room || taken > 1.03 * room)
        fail(__FILE__, __LINE__, text);
}

static hierarchy memory;
static char outer[4 * PATH], inner[4 * PATH];

static int counts_below = 1;

/* Creates a group and one below it, or skips the test. */
static int make_two(void) {
    const char *path;
    memory = hierarchy_of("memory");
    path = make_group(&memory, "memory", "memory");
    if (!path) {
        skip(no_groups);
        return 0;
    }
    strcpy(outer, path);
    /* Before Linux 5.11 a group of version 1 counts what is below it on demand, and always if its parent does. */
    if (memory.version == 1 && counts_below)
        CHECK(write_to(outer, "memory.use_hierarchy", "1"));
    strcpy(inner, make_below(&memory, "memory", outer, "inner"));
    return 1;
}

static void remove_two(void) {
    remove_group(inner);
    remove_group(outer);
}

static void check_least(int level, uint64_t limit) {
    CHECK_EQ(shared->least_room.source, RR_SOURCE_CGROUP);
    CHECK_EQ(shared->least_room.detail, level);
    CHECK_EQ(shared->least_room.limit, limit);
    CHECK(shared->least_room.flags & RR_BOUND_SHARED);
    CHECK_EQ((shared->least_room.flags & RR_BOUND_CGROUP_V1) != 0, memory.version == 1);
}

static void an_empty_group(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
    until_killed(inner, NULL);
    check_least(0, 100 * MIB);
    check_foretold();
    remove_two();
}

/* A folder on a file system whose page cache the kernel can reclaim, unlike one in memory. */
static const char *folder_on_disk(void) {
    static const char *const FOLDERS[] = {".", "/var/tmp", "/tmp", "/root"};
    size_t i;
    for (i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        struct statfs status;
        if (access(FOLDERS[i], W_OK) == 0 && statfs(FOLDERS[i], &status) == 0 && status.f_type != 0x01021994 &&
            status.f_type != (int)0x858458f6 && status.f_type != 0x794c7630)
            return FOLDERS[i];
    }
    return NULL;
}

static char cached[PATH];
static void read_thrice(void) {
    static char buffer[MIB];
    int time;
    for (time = 0; time < 3; time++) {
        int file = open(cached, O_RDONLY | O_CLOEXEC);
        while (read(file, buffer, sizeof buffer) > 0)
            ;
        close(file);
    }
}

/* Pages that were read more than once are active: the kernel reclaims those too. */
static void with_page_cache(void) {
    static char block[MIB];
    const char *folder = folder_on_disk();
    int file, i;
    if (!folder) {
        skip("page cache: no file system on a disk");
        return;
    }
    if (!make_two())
        return;
    snprintf(cached, sizeof cached, "%s/rresource-%d", folder, (int)getpid());
    file = open(cached, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (i = 0; i < 80; i++)
        CHECK_EQ(write(file, block, sizeof block), MIB);
    CHECK_EQ(fsync(file), 0);
    /* Pages that are already cached are charged to another group. */
    CHECK_EQ(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED), 0);
    close(file);
    CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
    until_killed(inner, read_thrice);
    unlink(cached);
    check_least(0, 100 * MIB);
    CHECK(shared->least_room.reclaimable >= 75 * MIB);
    check_foretold();
    remove_two();
}

static void fill_shared_memory(void) {
    static char block[MIB];
    int file = (int)syscall(SYS_memfd_create, "", 0u), i;
    for (i = 0; i < 60; i++)
        CHECK_EQ(write(file, block, sizeof block), MIB);
}

/* It counts as cache, and cannot be reclaimed without swap. */
static void with_shared_memory(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
    until_killed(inner, fill_shared_memory);
    CHECK(shared->least_room.room < 41 * MIB);
    check_foretold();
    remove_two();
}

static pid_t holder_in(const char *group, size_t bytes) {
    pid_t child;
    shared->ready = 0;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (!enter(group))
            _exit(1);
        take(bytes);
        shared->ready = 1;
        for (;;)
            pause();
    }
    while (!shared->ready)
        sched_yield();
    return child;
}

/* The smallest limit is the group's own, the least room its parent's. */
static void with_a_sibling(void) {
    char sibling[4 * PATH];
    pid_t holder;
    report_of_child kept;
    if (!make_two())
        return;
    strcpy(sibling, make_below(&memory, "memory", outer, "sibling"));
    CHECK(write_number(outer, limit_file(&memory), 160 * MIB));
    CHECK(write_number(inner, limit_file(&memory), 120 * MIB));
    memset(shared, 0, sizeof *shared);
    holder = holder_in(sibling, 80 * MIB);
    until_killed(inner, NULL);
    kept = *shared;
    kill(holder, SIGKILL);
    waitpid(holder, NULL, 0);
    CHECK_EQ(kept.least_limit.detail, 0);
    CHECK_EQ(kept.least_limit.limit, 120 * MIB);
    check_least(1, 160 * MIB);
    CHECK(kept.least_room.room < 81 * MIB);
    check_foretold();
    remove_group(sibling);
    remove_two();
}

static void two_levels_up(void) {
    char lowest[4 * PATH];
    if (!make_two())
        return;
    strcpy(lowest, make_below(&memory, "memory", inner, "lowest"));
    CHECK(write_number(outer, limit_file(&memory), 100 * MIB));
    CHECK(write_number(lowest, limit_file(&memory), 300 * MIB));
    until_killed(lowest, NULL);
    check_least(2, 100 * MIB);
    CHECK_EQ(shared->least_limit.detail, 2);
    check_foretold();
    remove_group(lowest);
    remove_two();
}

/* A limit of an ancestor that does not apply to the group. */
static void below_a_group_that_counts_itself_alone(void) {
    int is_apart = 1;
    counts_below = 0;
    if (!make_two()) {
        counts_below = 1;
        return;
    }
    counts_below = 1;
    if (memory.version == 1) {
        char path[5 * PATH];
        FILE *file;
        snprintf(path, sizeof path, "%s/memory.use_hierarchy", outer);
        file = fopen(path, "r");
        CHECK(file && fscanf(file, "%d", &is_apart) == 1);
        if (file)
            fclose(file);
        is_apart = !is_apart;
    } else
        is_apart = 0;
    if (!is_apart)
        skip("use_hierarchy: here every group counts what is below it");
    else {
        CHECK(write_number(outer, limit_file(&memory), 60 * MIB));
        CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
        until_killed(inner, NULL);
        check_least(0, 100 * MIB);
        check_foretold();
    }
    remove_two();
}

/* As a container runtime does: a namespace whose root is the group, and the hierarchy mounted anew in it. */
static void enter_namespace(void) {
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK_EQ(unshare(0x02000000 /* CLONE_NEWCGROUP */), 0);
    CHECK_EQ(umount2(memory.mount, MNT_DETACH), 0);
    CHECK_EQ(mount("none", memory.mount, memory.version == 2 ? "cgroup2" : "cgroup", 0,
                   memory.version == 2 ? NULL : "memory"), 0);
}

static void in_a_namespace_with_its_own_mount(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
    until_killed(inner, enter_namespace);
    check_least(0, 100 * MIB);
    CHECK(shared->least_room.flags & RR_BOUND_PARTIAL);
    check_foretold();
    remove_two();
}

/* As a runtime without cgroup namespaces does: only the group itself is mounted. */
static char shown[4 * PATH];
static void bind_over(void) {
    char copy[] = "/tmp/rresource-XXXXXX";
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK(mkdtemp(copy) != NULL);
    CHECK_EQ(mount(shown, copy, NULL, MS_BIND, NULL), 0);
    CHECK_EQ(umount2(memory.mount, MNT_DETACH), 0);
    CHECK_EQ(mount(copy, memory.mount, NULL, MS_MOVE, NULL), 0);
    rmdir(copy);
}

static void behind_a_bind_mount(void) {
    if (!make_two())
        return;
    strcpy(shown, outer);
    CHECK(write_number(outer, limit_file(&memory), 100 * MIB));
    until_killed(inner, bind_over);
    check_least(1, 100 * MIB);
    CHECK(shared->least_room.flags & RR_BOUND_PARTIAL);
    check_foretold();
    remove_two();
}

/* The limit is of a group that is not mounted: version 1 shows it nevertheless, version 2 cannot. */
static void ask_behind_a_bind_mount(void) {
    const rr_bound *hidden;
    CHECK(enter(inner));
    bind_over();
    hidden = listed(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, -1);
    CHECK(list[0].flags & RR_BOUND_PARTIAL);
    if (memory.version == 1)
        CHECK(hidden && hidden->limit == 70 * MIB && !(hidden->flags & RR_BOUND_USED_KNOWN));
    else
        CHECK(!hidden);
}

static void hidden_parents(void) {
    if (!make_two())
        return;
    strcpy(shown, inner);
    CHECK(write_number(outer, limit_file(&memory), 70 * MIB));
    in_child(ask_behind_a_bind_mount);
    remove_two();
}

/* The mount comes from outside: the group that it shows has no name in this namespace. */
static void ask_without_a_mount(void) {
    CHECK(enter(inner));
    CHECK_EQ(unshare(0x02000000 /* CLONE_NEWCGROUP */), 0);
    CHECK(listed(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 0) == NULL);
    CHECK(count > 0 && list[0].flags & RR_BOUND_PARTIAL);
}

static void ask_without_a_mount_of_the_root(void) {
    CHECK(enter(inner));
    bind_over();
    CHECK_EQ(unshare(0x02000000 /* CLONE_NEWCGROUP */), 0);
    CHECK_EQ(limit_of(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 1), 90 * MIB);
    CHECK(list[0].flags & RR_BOUND_PARTIAL);
}

static void in_a_namespace_without_a_mount(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 80 * MIB));
    CHECK(write_number(outer, limit_file(&memory), 90 * MIB));
    in_child(ask_without_a_mount);
    strcpy(shown, outer);
    in_child(ask_without_a_mount_of_the_root);
    remove_two();
}

/* A mount of another type covers the hierarchy: nothing is visible, and nothing is invented. */
static void ask_below_a_cover(void) {
    CHECK(enter(inner));
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK_EQ(mount("none", memory.mount, "tmpfs", 0, NULL), 0);
    CHECK(listed(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 0) == NULL);
    CHECK(count > 0 && list[0].flags & RR_BOUND_PARTIAL);
}

static void a_covered_mount(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 80 * MIB));
    in_child(ask_below_a_cover);
    remove_two();
}

/* Another hierarchy is mounted at the usual place: the right one is found nevertheless. */
static void ask_past_another(void) {
    const hierarchy other = hierarchy_of("pids");
    char moved[] = "/tmp/rresource-XXXXXX";
    CHECK(enter(inner));
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK(mkdtemp(moved) != NULL);
    CHECK_EQ(mount(memory.mount, moved, NULL, MS_BIND, NULL), 0);
    CHECK_EQ(mount(other.mount, memory.mount, NULL, MS_BIND, NULL), 0);
    CHECK_EQ(limit_of(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 0), 80 * MIB);
    CHECK_EQ(list[0].flags & RR_BOUND_PARTIAL, 0);
    umount2(moved, MNT_DETACH);
    rmdir(moved);
}

static void another_hierarchy_in_its_place(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 80 * MIB));
    if (memory.version == 2)
        skip("another hierarchy: version 2 has one");
    else
        in_child(ask_past_another);
    remove_two();
}

/* A mount point with a blank in its name, and no other. */
static void ask_through_an_odd_mount(void) {
    char odd[] = "/tmp/rresource \\040\tXXXXXX";
    CHECK(enter(inner));
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK(mkdtemp(odd) != NULL);
    CHECK_EQ(mount(memory.mount, odd, NULL, MS_BIND, NULL), 0);
    CHECK_EQ(umount2(memory.mount, MNT_DETACH), 0);
    CHECK_EQ(limit_of(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 0), 80 * MIB);
    CHECK_EQ(list[0].flags & RR_BOUND_PARTIAL, 0);
    umount2(odd, MNT_DETACH);
    rmdir(odd);
}

static void an_odd_mount_point(void) {
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 80 * MIB));
    in_child(ask_through_an_odd_mount);
    remove_two();
}

/* Above the mount point lies a file that has the name of a limit. */
static void ask_below_another_file(void) {
    char folder[] = "/tmp/rresource-XXXXXX", mounted[40], file[80];
    CHECK(enter(inner));
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    CHECK(mkdtemp(folder) != NULL);
    snprintf(mounted, sizeof mounted, "%s/mount", folder);
    snprintf(file, sizeof file, "%s/%s", folder, limit_file(&memory));
    CHECK_EQ(mkdir(mounted, 0755), 0);
    close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    CHECK(write_number(folder, limit_file(&memory), 4096));
    CHECK_EQ(mount(outer, mounted, NULL, MS_BIND, NULL), 0);
    CHECK_EQ(umount2(memory.mount, MNT_DETACH), 0);
    CHECK_EQ(limit_of(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 1), 80 * MIB);
    CHECK(listed(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP, 2) == NULL);
    umount2(mounted, MNT_DETACH);
    CHECK(rmdir(mounted) == 0 && unlink(file) == 0 && rmdir(folder) == 0);
}

static void a_file_above_the_mount_point(void) {
    if (!make_two())
        return;
    CHECK(write_number(outer, limit_file(&memory), 80 * MIB));
    in_child(ask_below_another_file);
    remove_two();
}

/* memory.high slows a process down and does not bound the memory that it can get. */
static void ask_beyond_high(void) {
    CHECK(enter(inner));
    CHECK_EQ(limit_of(NULL, RR_BOUND_MEMORY, RR_SOURCE_CGROUP_HIGH, 0), 50 * MIB);
    ask();
    CHECK_EQ(shared->least_limit.limit, 100 * MIB);
    CHECK_EQ(shared->least_limit.source, RR_SOURCE_CGROUP);
}

static void memory_high(void) {
    if (!make_two())
        return;
    if (memory.version == 1)
        skip("memory.high: control groups of version 1 have none");
    else {
        CHECK(write_number(inner, "memory.high", 50 * MIB));
        CHECK(write_number(inner, "memory.max", 100 * MIB));
        in_child(ask_beyond_high);
    }
    remove_two();
}

static void ask_for_swap(void) {
    const rr_bound *swap;
    CHECK(enter(inner));
    swap = listed(NULL, RR_BOUND_SWAP, RR_SOURCE_CGROUP, 0);
    CHECK(swap && swap->limit == 120 * MIB && swap->flags & RR_BOUND_USED_KNOWN);
    CHECK_EQ(swap && swap->flags & RR_BOUND_MEMORY_AND_SWAP, memory.version == 1);
}

static void swap(void) {
    const char *file;
    if (!make_two())
        return;
    file = memory.version == 2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
    if (!has_file(inner, file))
        skip("swap: this kernel does not account it by group");
    else {
        CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
        CHECK(write_number(inner, file, 120 * MIB));
        in_child(ask_for_swap);
    }
    remove_two();
}

/* A handle is used again after its process was moved: what it has cached must not be used. */
static void a_process_that_is_moved(void) {
    pid_t child;
    rr_process *process, *self;
    rr_bound limit, room;
    if (!make_two())
        return;
    CHECK(write_number(inner, limit_file(&memory), 100 * MIB));
    CHECK(write_number(outer, limit_file(&memory), 200 * MIB));
    memset(shared, 0, sizeof *shared);
    child = holder_in(inner, MIB);
    CHECK_CALL(rr_process_open((int32_t)child, &process), 0);
    CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK(limit.detail == 0 && limit.limit == 100 * MIB);
    CHECK(room.used >= MIB && room.used < 10 * MIB);
    CHECK(write_number(inner, limit_file(&memory), 90 * MIB));
    CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK(limit.detail == 0 && limit.limit == 90 * MIB);
    /* The names of both are of one length. */
    strcpy(shown, make_below(&memory, "memory", outer, "other"));
    CHECK(write_number(shown, limit_file(&memory), 70 * MIB));
    CHECK(write_number(shown, "cgroup.procs", child));
    CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK(limit.detail == 0 && limit.limit == 70 * MIB);
    if (memory.version == 1) { /* version 2 has no processes between */
        CHECK(write_number(outer, "cgroup.procs", child));
        CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
        CHECK(limit.detail == 0 && limit.limit == 200 * MIB);
    }
    /* A group of the same name that is another one. */
    CHECK(write_number(inner, "cgroup.procs", child));
    CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK_EQ(limit.limit, 90 * MIB);
    CHECK(write_number(memory.version == 1 ? outer : shown, "cgroup.procs", child));
    remove_group(inner);
    CHECK_EQ(mkdir(inner, 0755), 0);
    CHECK(write_number(inner, limit_file(&memory), 80 * MIB));
    CHECK(write_number(inner, "cgroup.procs", child));
    CHECK_CALL(rr_bound_effective(process, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK_EQ(limit.limit, 80 * MIB);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    rr_process_close(process);
    CHECK_CALL(rr_process_open(0, &self), 0);
    CHECK_CALL(rr_bound_effective(self, RR_BOUND_MEMORY, &limit, &room), 0);
    CHECK_CALL(rr_bound_effective(self, RR_BOUND_MEMORY, &limit, &room), 0);
    rr_process_close(self);
    remove_group(shown);
    remove_two();
}

/* ---- Processors */

static void ask_for_processors(const char *group, int level, uint64_t expected) {
    rr_bound limit, room;
    CHECK(enter(group));
    CHECK_EQ(limit_of(NULL, RR_BOUND_CPU, RR_SOURCE_CGROUP, level), expected);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_CPU, &limit, &room), 0);
    CHECK(limit.limit <= expected);
}

static const int SHARES[] = {25, 50, 150}; /* hundredths of a processor */
static int share_asked, level_asked;
static char group_asked[4 * PATH];
static void ask_for_share(void) { ask_for_processors(group_asked, level_asked, (uint64_t)SHARES[share_asked] * 10000000); }

static void set_quota(const hierarchy *in, const char *group, int hundredths) {
    char text[64];
    snprintf(text, sizeof text, "%d 100000", hundredths * 1000);
    if (in->version == 2)
        CHECK(write_to(group, "cpu.max", hundredths ? text : "max"));
    else
        CHECK(write_number(group, "cpu.cfs_quota_us", hundredths ? hundredths * 1000 : -1));
}

static void quotas(void) {
    const hierarchy cpu = hierarchy_of("cpu");
    const char *path = make_group(&cpu, "cpu", "cpu");
    char parent[4 * PATH];
    if (!path) {
        skip(no_groups);
        return;
    }
    strcpy(parent, path);
    strcpy(group_asked, make_below(&cpu, "cpu", parent, "leaf"));
    if (!has_file(group_asked, cpu.version == 2 ? "cpu.max" : "cpu.cfs_quota_us"))
        skip("quotas: this kernel has none");
    else
        for (share_asked = 0; share_asked < 3; share_asked++)
            for (level_asked = 0; level_asked < 2; level_asked++) {
                set_quota(&cpu, level_asked ? parent : group_asked, SHARES[share_asked]);
                in_child(ask_for_share);
                set_quota(&cpu, level_asked ? parent : group_asked, 0);
            }
    remove_group(group_asked);
    remove_group(parent);
}

static void ask_for_cpuset(void) {
    rr_bound limit, room;
    CHECK(enter(group_asked));
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_CPU, &limit, &room), 0);
    CHECK(limit.source == RR_SOURCE_CPUSET && limit.detail == 0 && limit.limit == 1000000000);
    CHECK(limit.flags & RR_BOUND_SHARED);
    CHECK(listed(NULL, RR_BOUND_CPU, RR_SOURCE_AFFINITY, 0) == NULL);
}

static void cpuset(void) {
    const hierarchy set = hierarchy_of("cpuset");
    const char *path;
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        skip("cpuset: one processor");
        return;
    }
    path = make_group(&set, "cpuset", "cpuset");
    if (!path) {
        skip(no_groups);
        return;
    }
    strcpy(group_asked, path);
    CHECK(write_to(path, "cpuset.cpus", "0"));
    if (set.version == 1)
        CHECK(write_to(path, "cpuset.mems", "0"));
    in_child(ask_for_cpuset);
    remove_group(group_asked);
}

/* ---- Tasks */

static void start_all_that_are_left(void) {
    rr_bound limit, room;
    uint64_t started = 0;
    pid_t children[16];
    CHECK(enter(group_asked));
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_TASKS, &limit, &room), 0);
    CHECK(room.source == RR_SOURCE_CGROUP && room.detail == 0 && room.limit == 7 && room.used == 1);
    while (started < 16) {
        pid_t child = fork();
        if (child == 0)
            for (;;)
                pause();
        if (child < 0)
            break;
        children[started++] = child;
    }
    CHECK_EQ(room.room, started);
    while (started-- > 0) {
        kill(children[started], SIGKILL);
        waitpid(children[started], NULL, 0);
    }
}

static void tasks(void) {
    const hierarchy pids = hierarchy_of("pids");
    const char *path = make_group(&pids, "pids", "pids");
    if (!path) {
        skip(no_groups);
        return;
    }
    strcpy(group_asked, path);
    CHECK(write_number(path, "pids.max", 7));
    in_child(start_all_that_are_left);
    remove_group(group_asked);
}

#define TEST(controller, function) {controller, #function, #function ", version 1", function}
static const struct {
    const char *controller, *name, *name_in_version_1;
    void (*test)(void);
} TESTS[] = {
    TEST("memory", an_empty_group),
    TEST("memory", with_page_cache),
    TEST("memory", with_shared_memory),
    TEST("memory", with_a_sibling),
    TEST("memory", two_levels_up),
    TEST("memory", below_a_group_that_counts_itself_alone),
    TEST("memory", in_a_namespace_with_its_own_mount),
    TEST("memory", behind_a_bind_mount),
    TEST("memory", hidden_parents),
    TEST("memory", in_a_namespace_without_a_mount),
    TEST("memory", a_covered_mount),
    TEST("memory", another_hierarchy_in_its_place),
    TEST("memory", an_odd_mount_point),
    TEST("memory", a_file_above_the_mount_point),
    TEST("memory", memory_high),
    TEST("memory", swap),
    TEST("memory", a_process_that_is_moved),
    TEST("cpu", quotas),
    TEST("cpuset", cpuset),
    TEST("pids", tasks),
};
enum { TEST_COUNT = sizeof TESTS / sizeof *TESTS };

/* On a machine made for the tests, the test mounts version 1 in place of version 2, after that has no groups left. */
static const char *const CONTROLLERS[] = {"memory", "cpu", "cpuset", "pids"};
static int mount_version_1(void) {
    int i, tries = 0, mounted = 0;
    for (i = 0; i < 4; i++) {
        char disable[32];
        snprintf(disable, sizeof disable, "-%s", CONTROLLERS[i]);
        write_to("/sys/fs/cgroup", "cgroup.subtree_control", disable);
    }
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        umount2("/sys/fs/cgroup", MNT_DETACH) != 0 || mount("none", "/sys/fs/cgroup", "tmpfs", 0, NULL) != 0)
        return 0;
    for (i = 0; i < 4; i++) {
        char path[PATH];
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s", CONTROLLERS[i]);
        mkdir(path, 0755);
        /* The kernel releases removed groups a little later. */
        while (mount("none", path, "cgroup", 0, CONTROLLERS[i]) != 0 && errno == EBUSY && tries++ < 500) {
            const struct timespec pause = {0, 10000000};
            nanosleep(&pause, NULL);
        }
        mounted += hierarchy_of(CONTROLLERS[i]).version == 1;
    }
    return mounted;
}

static void version_1(void) {
    if (!getenv("RR_TEST_MACHINE") || geteuid() != 0)
        skip("version 1: mounted only by root, on a machine made for the tests");
    else if (!mount_version_1())
        skip("version 1: this kernel has none");
    else if (hierarchy_of("memory").version != 1)
        skip("version 1: this kernel has none for memory");
}

int main(void) {
    int i;
    share_memory();
    for (i = 0; i < TEST_COUNT; i++)
        run(TESTS[i].name, TESTS[i].test);
    if (hierarchy_of("memory").version == 1)
        return report();
    RUN(version_1);
    for (i = 0; i < TEST_COUNT; i++)
        if (hierarchy_of(TESTS[i].controller).version == 1)
            run(TESTS[i].name_in_version_1, TESTS[i].test);
    return report();
}
#else
#include "check.h"

static void control_groups(void) { skip("control groups: Linux has them"); }

int main(void) {
    RUN(control_groups);
    return report();
}
#endif
