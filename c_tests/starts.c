/*
 * Starts in large numbers: random arrangements of descriptors, and many starts without a leak. RR_TEST_MANY
 * multiplies the counts: 25 makes 5,000 arrangements for each method, 100 makes 100,000 starts.
 */
#ifdef __linux__
#include "starts.h"
#include <pthread.h>

enum { HIGHEST = 64, FILES = 8 };

struct opened {
    long long inode[HIGHEST];
};

/* Records the open descriptors by their inodes. */
static void look(struct opened *opened) {
    struct stat file;
    int fd;
    for (fd = 0; fd < HIGHEST; fd++)
        opened->inode[fd] = fstat(fd, &file) == 0 ? (long long)file.st_ino : -1;
}

static int program(void) {
    struct opened opened;
    look(&opened);
    return write(REPORT_FD, &opened, sizeof opened) == (ssize_t)sizeof opened ? 0 : 3;
}

/* In a separate process, whose descriptors are closed at random. Checks whether the program found the right table. */
static void one_arrangement(unsigned seed) {
    struct opened before, expected, found;
    const rlim_t count = 20 + (rlim_t)(seed * 2654435761u >> 16) % (HIGHEST - 20);
    const rr_rlimit limits = {count, count};
    int files[FILES], ends[2], fd, i, free_numbers, redirections, error, wanted_free;
    rr_command *command = command_of(reporter_program);
    rr_child *child;
    rr_outcome outcome;
    srand(seed);
    if (fcntl(0, F_DUPFD_CLOEXEC, 200) < 0)
        _exit(1);
    for (i = 0; i < FILES; i++) {
        int file_fd = open(reporter, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
        files[i] = fcntl(file_fd, F_DUPFD_CLOEXEC, 100);
        close(file_fd);
    }
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    fd = fcntl(ends[0], F_DUPFD_CLOEXEC, 100), close(ends[0]), ends[0] = fd;
    fd = fcntl(ends[1], F_DUPFD_CLOEXEC, 100), close(ends[1]), ends[1] = fd;
    for (fd = 0; fd < HIGHEST; fd++)
        close(fd);
    /* One free, a few, or half; the pipe is somewhere among them. */
    wanted_free = rand() % 3 == 0 ? 1 : rand() % 3 == 0 ? 3 + rand() % 5 : (int)count / 2;
    for (fd = 0; fd < (int)count; fd++)
        CHECK_EQ(dup3(files[rand() % FILES], fd, rand() % 2 ? O_CLOEXEC : 0), fd);
    i = rand() % (int)count;
    CHECK_EQ(dup3(ends[1], i, O_CLOEXEC), i);
    close(ends[1]), ends[1] = i;
    for (free_numbers = 0; free_numbers < wanted_free;) {
        fd = rand() % (int)count;
        if (fd != ends[1] && close(fd) == 0)
            free_numbers++;
    }
    look(&before);
    for (fd = 0; fd < HIGHEST; fd++)
        expected.inode[fd] = before.inode[fd] >= 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC) ? before.inode[fd] : -1;
    rr_command_add_arg(command, report_name);
    redirections = rand() % 4 == 0 ? (int)count : rand() % 12;
    for (i = 0; i < redirections; i++) {
        const int source = rand() % (int)count, target = rand() % 3 ? rand() % (int)count : source;
        if (before.inode[source] < 0 || target == REPORT_FD)
            continue;
        rr_command_dup2(command, source, target);
        expected.inode[target] = before.inode[source];
    }
    rr_command_dup2(command, ends[1], REPORT_FD);
    expected.inode[REPORT_FD] = before.inode[ends[1]];
    if (rr_setrlimit(RR_RLIMIT_NOFILE, &limits) != 0)
        _exit(1);
    error = rr_command_spawn(command, &child, NULL);
    if (error)
        _exit(2);
    close(ends[1]);
    memset(&found, 0, sizeof found);
    if (read(ends[0], &found, sizeof found) != (ssize_t)sizeof found || rr_child_wait(child, -1, &outcome) != 0)
        _exit(3);
    if (memcmp(&found, &expected, sizeof found) != 0)
        _exit(4);
    _exit((outcome.usage.known & RR_USAGE_PEAK_IS_BOUND) ? 10 : 11);
}

static void random_descriptors(void) {
    const int count = times(200);
    int seed, launched = 0, direct = 0, wrong = 0;
    unsetenv("LD_PRELOAD");
    for (seed = 1; seed <= count; seed++) {
        int status = -1;
        pid_t pid = fork();
        if (pid == 0)
            one_arrangement((unsigned)seed);
        waitpid(pid, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 10)
            direct++;
        else if (WIFEXITED(status) && WEXITSTATUS(status) == 11)
            launched++;
        else {
            if (wrong++ < 5)
                printf("arrangement %d: status %x\n", seed, (unsigned)status);
            fail(__FILE__, __LINE__, "an arrangement");
        }
    }
    printf("%d arrangements: %d through the launcher, %d directly, %d wrong\n", count, launched, direct, wrong);
    CHECK(is_direct || launched > count / 3);
}

static long resident_pages(void) {
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    CHECK(file && fscanf(file, "%ld %ld", &size, &resident) == 2);
    if (file)
        fclose(file);
    return resident;
}

static void many_starts_leave_nothing(void) {
    const int count = times(1000) / (has_launcher() ? 2 : 1);
    rr_command *command = command_of("/bin/true"), *missing = command_of("/nowhere");
    long pages = 0;
    int i, before = 0, wrong = 0;
    for (i = -20; i < count; i++) {
        rr_child *child;
        rr_outcome outcome;
        if (i == 0)
            before = open_descriptors(), pages = resident_pages();
        if ((i + 20) % 10 == 9) {
            wrong += rr_command_spawn(missing, &child, NULL) != ENOENT;
            continue;
        }
        if (rr_command_spawn(command, &child, NULL) != 0) {
            wrong++;
            continue;
        }
        wrong += rr_child_wait(child, -1, &outcome) != 0 || outcome.exit_code != 0 || is_bound(&outcome) != is_direct;
        rr_child_free(child);
    }
    CHECK_EQ(wrong, 0);
    CHECK_EQ(open_descriptors(), before);
    CHECK(resident_pages() - pages <= 32);
    check_no_children();
    rr_command_free(command), rr_command_free(missing);
    printf("%d starts\n", count);
}

/* A program that is started directly begins with its caller's peak, which is not to be known while other threads map
 * and unmap: none may be taken for the program's own. */
static volatile int mappers_go_on;
static void *map_and_unmap(void *arg) {
    const size_t size = 16 << 20;
    (void)arg;
    while (mappers_go_on) {
        char *memory = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        size_t i;
        for (i = 0; memory != MAP_FAILED && i < size; i += 4096)
            memory[i] = 1;
        if (memory != MAP_FAILED)
            munmap(memory, size);
    }
    return NULL;
}

static void a_peak_of_the_caller_is_a_bound(void) {
    enum { MAPPERS = 4 };
    const int count = times(2000);
    pthread_t mappers[MAPPERS];
    rr_command *command = command_of("/bin/true");
    int i, claimed = 0, bounds = 0;
    rr_command_no_launcher(command);
    mappers_go_on = 1;
    for (i = 0; i < MAPPERS; i++)
        CHECK_EQ(pthread_create(&mappers[i], NULL, map_and_unmap, NULL), 0);
    for (i = 0; i < count; i++) {
        rr_child *child = NULL;
        rr_outcome outcome;
        CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
        outcome = ended_either_way(child);
        CHECK_EQ(outcome.exit_code, 0);
        bounds += is_bound(&outcome);
        claimed += !is_bound(&outcome) && outcome.usage.peak_rss_bytes > 5 << 20;
    }
    mappers_go_on = 0;
    for (i = 0; i < MAPPERS; i++)
        pthread_join(mappers[i], NULL);
    rr_command_free(command);
    printf("%d direct starts beside %d threads: %d bounds, %d with a peak of the caller's\n", count, MAPPERS, bounds, claimed);
    CHECK_EQ(claimed, 0);
}

/* Each step, and what it failed on. */
static void check_failure(rr_command *command, int error, int step, int detail) {
    rr_failure failure;
    rr_child *child;
    FILL(failure), FILL(child);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), error);
    CHECK_EQ(failure.step, step);
    CHECK_EQ(failure.detail, detail);
    CHECK_UNTOUCHED(child);
    rr_command_free(command);
    check_no_children();
}

/* Nor does a NULL that is not allowed. */
static void a_start_that_succeeds_names_no_step(void) {
    rr_command *command = command_of("/bin/true");
    rr_failure failure;
    rr_child *child;
    FILL(failure);
    CHECK_CALL(rr_command_spawn(NULL, &child, &failure), EFAULT);
    CHECK_CALL(rr_command_spawn(command, NULL, &failure), EFAULT);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), 0);
    CHECK_UNTOUCHED(failure);
    ended_either_way(child);
    rr_command_free(command);
}

static void failures_name_their_step(void) {
    const rr_rlimit too_many = {RR_RLIM_INFINITY, RR_RLIM_INFINITY};
    rr_command *command = command_of("/bin/true");
    rr_command_dup2(command, 500, 7);
    check_failure(command, EBADF, RR_STEP_DESCRIPTOR, 7);
    command = command_of("/bin/true");
    rr_command_dup2(command, 0, 1 << 30);
    check_failure(command, EBADF, RR_STEP_DESCRIPTOR, 1 << 30);
    command = command_of("/bin/true");
    rr_command_set_directory(command, "/nowhere");
    check_failure(command, ENOENT, RR_STEP_DIRECTORY, 0);
    command = command_of("/bin/true");
    rr_command_set_directory(command, "");
    check_failure(command, ENOENT, RR_STEP_DIRECTORY, 0);
    command = command_of("/bin/true");
    rr_command_set_limit(command, RR_RLIMIT_NOFILE, &too_many);
    check_failure(command, EPERM, RR_STEP_LIMIT, RR_RLIMIT_NOFILE);
    check_failure(command_of("/nowhere"), ENOENT, RR_STEP_EXEC, 0);
    check_failure(command_of("/tmp"), EACCES, RR_STEP_EXEC, 0);
}

/* More seconds than the kernel can count would be few: it would end the program at once. */
static void huge_limits_of_processor_time(void) {
    static const uint64_t huge[] = {(uint64_t)1 << 34, 18446744074u, (uint64_t)1 << 55, (uint64_t)1 << 63};
    size_t i;
    for (i = 0; i < sizeof huge / sizeof *huge; i++) {
        rr_rlimit limits;
        rr_command *command = shell("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done");
        limits.rlim_cur = limits.rlim_max = huge[i];
        CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CPU, &limits), 0);
        CHECK_EQ(exit_code_of(command), 0);
    }
}

int main(int argc, char **argv) {
    if (is_program(argc, argv))
        return program();
    own_path = argv[0];
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        current_test = "random_descriptors";
        skip("emulators keep additional descriptors");
        skipped++;
        RUN_WAYS(failures_name_their_step);
        RUN_WAYS(a_start_that_succeeds_names_no_step);
        return report();
    }
    make_reporter();
    {
        static char memory[6 << 20];
        size_t i;
        for (i = 0; i < sizeof memory; i += 1024)
            ((volatile char *)memory)[i] = 1;
    }
    RUN_WAYS(random_descriptors);
    RUN_WAYS(failures_name_their_step);
    RUN_WAYS(a_start_that_succeeds_names_no_step);
    RUN_WAYS(huge_limits_of_processor_time);
    RUN_WAYS(many_starts_leave_nothing);
    RUN(a_peak_of_the_caller_is_a_bound);
    return report();
}
#else
#include "check.h"
static void elsewhere(void) { skip("the program that reports reads Linux' /proc"); }
int main(void) {
    RUN(elsewhere);
    return report();
}
#endif
