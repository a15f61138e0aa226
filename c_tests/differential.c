/*
 * The same program, started by posix_spawn and by all three methods, in many states of the caller and for many
 * paths: what the program finds has to be the same byte for byte, and so has the error.
 *
 * Intended differences: the library starts the program with no signal blocked and SIGPIPE at its default, so the
 * same attributes are set for posix_spawn; and glibc's posix_spawnp runs a shell for a file that is not a program
 * (ENOEXEC), so the reference is posix_spawn of each path in turn.
 */
#ifdef __linux__
#include "starts.h"
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/un.h>

struct scenario {
    const char *program, *path, *directory;
};

struct result {
    int error;
    int status;
    char text[REPORT_SIZE];
};

static int read_all(int fd, char *text) {
    size_t total = 0;
    ssize_t length;
    while (total < REPORT_SIZE - 1 && (length = read(fd, text + total, REPORT_SIZE - 1 - total)) > 0)
        total += (size_t)length;
    text[total] = 0;
    return (int)total;
}

/* ---- posix_spawn --------------------------------------------------------------------------------- */

static char with_path[8192];
static char *environment_with(const char *path, char **environment) {
    size_t count = 0, i;
    for (i = 0; environ && environ[i] && count < 2000; i++)
        if (!path || strncmp(environ[i], "PATH=", 5) != 0)
            environment[count++] = environ[i];
    if (path) {
        snprintf(with_path, sizeof with_path, "PATH=%s", path);
        environment[count++] = with_path;
    }
    environment[count] = NULL;
    return NULL;
}

static int spawn_by_path(pid_t *pid, const struct scenario *scenario, const posix_spawn_file_actions_t *actions,
                         const posix_spawnattr_t *attributes, char **argv, char **environment) {
    char path[9000];
    const char *part = NULL, *end;
    int i, error, result = ENOENT;
    if (strchr(scenario->program, '/') || !*scenario->program)
        return posix_spawn(pid, scenario->program, actions, attributes, argv, environment);
    for (i = 0; environment[i]; i++)
        if (strncmp(environment[i], "PATH=", 5) == 0)
            part = environment[i] + 5;
    if (!part)
        part = "/bin:/usr/bin";
    for (;; part = end + 1) {
        end = strchr(part, ':') ? strchr(part, ':') : part + strlen(part);
        if (end - part < PATH_MAX) {
            snprintf(path, sizeof path, "%.*s%s%s", (int)(end - part), part, end == part ? "./" : "/", scenario->program);
            error = posix_spawn(pid, path, actions, attributes, argv, environment);
            if (error == 0)
                return 0;
            if (error == EACCES)
                result = EACCES;
            else if (error != ENOENT && error != ENOTDIR && error != ENODEV && error != ETIMEDOUT && error != ESTALE)
                return error;
            else if (result != EACCES)
                result = error;
        }
        if (!*end)
            return result;
    }
}

static void by_posix_spawn(const struct scenario *scenario, struct result *result) {
    static char *environment[2100];
    char *argv[] = {(char *)scenario->program, (char *)report_name, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, pipes;
    pid_t pid;
    int ends[2], high;
    environment_with(scenario->path, environment);
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    high = fcntl(ends[1], F_DUPFD_CLOEXEC, 20);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, high, REPORT_FD);
    if (scenario->directory)
        posix_spawn_file_actions_addchdir_np(&actions, scenario->directory);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none), sigemptyset(&pipes), sigaddset(&pipes, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &pipes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    result->error = spawn_by_path(&pid, scenario, &actions, &attributes, argv, environment);
    close(ends[1]), close(high);
    read_all(ends[0], result->text);
    close(ends[0]);
    result->status = 0;
    if (result->error == 0 && waitpid(pid, &result->status, 0) < 0)
        result->status = -1;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
}

/* ---- And ours ------------------------------------------------------------------------------------ */

static int launched, bounds;

static void by_command(const struct scenario *scenario, struct result *result) {
    rr_command *command = command_of(scenario->program);
    rr_child *child = NULL;
    rr_outcome outcome;
    int ends[2], high;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    high = fcntl(ends[1], F_DUPFD_CLOEXEC, 20);
    rr_command_add_arg(command, report_name);
    if (scenario->path)
        rr_command_set_env(command, "PATH", scenario->path);
    if (scenario->directory)
        rr_command_set_directory(command, scenario->directory);
    rr_command_dup2(command, high, REPORT_FD);
    result->error = rr_command_spawn(command, &child, NULL);
    close(ends[1]), close(high);
    read_all(ends[0], result->text);
    close(ends[0]);
    result->status = 0;
    if (result->error == 0) {
        int error = rr_child_wait(child, -1, &outcome);
        result->status = error ? -1 : outcome.signal ? outcome.signal : outcome.exit_code << 8;
        if (!error && (outcome.usage.known & RR_USAGE_PEAK_RSS))
            is_bound(&outcome) ? bounds++ : launched++;
        rr_child_free(child);
    }
    rr_command_free(command);
}

static int compared;

static void compare(const char *what, const struct scenario *scenario) {
    static struct result theirs, ours;
    memset(&theirs, 0, sizeof theirs), memset(&ours, 0, sizeof ours);
    by_posix_spawn(scenario, &theirs);
    by_command(scenario, &ours);
    compared++;
    if (theirs.error != ours.error || strcmp(theirs.text, ours.text) != 0 ||
        (theirs.status & 0x7f) != (ours.status & 0x7f) || (theirs.status & 0xff00) != (ours.status & 0xff00)) {
        size_t at = 0, from;
        while (theirs.text[at] && theirs.text[at] == ours.text[at])
            at++;
        for (from = at; from > 0 && theirs.text[from - 1] != '\n';)
            from--;
        dprintf(2, "%s, %s in %.80s: theirs %d, status %x, \"%.*s\"; ours %d, status %x, \"%.*s\"\n", what, scenario->program,
                scenario->path ? scenario->path : "(PATH)", theirs.error, theirs.status, (int)strcspn(theirs.text + from, "\n"),
                theirs.text + from, ours.error, ours.status, (int)strcspn(ours.text + from, "\n"), ours.text + from);
        fail(__FILE__, __LINE__, what);
    }
}

/* ---- States of the caller ------------------------------------------------------------------------ */

static int caps(int effective, int permitted, int inheritable) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0)
        return -1;
    if (effective)
        data[0].effective = data[1].effective = 0;
    if (permitted)
        data[0].permitted = data[1].permitted = 0;
    if (inheritable)
        data[0].inheritable = data[0].permitted, data[1].inheritable = data[1].permitted;
    return (int)syscall(SYS_capset, &header, data);
}
static int without_cap(unsigned cap) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0)
        return -1;
    data[cap / 32].effective &= ~(1u << cap % 32);
    return (int)syscall(SYS_capset, &header, data);
}
static int as_user_with_caps(int ambient) {
    if (prctl(PR_SET_KEEPCAPS, 1) != 0 || setresgid(1000, 1000, 1000) != 0 || setresuid(1000, 1000, 1000) != 0 || caps(0, 0, 1) != 0)
        return -1;
    {
        struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        struct __user_cap_data_struct data[2];
        syscall(SYS_capget, &header, data);
        data[0].effective = data[0].permitted, data[1].effective = data[1].permitted;
        if (syscall(SYS_capset, &header, data) != 0)
            return -1;
        while (ambient) {
            unsigned cap;
            for (cap = 0; cap < 41; cap++)
                if (data[cap / 32].permitted & (1u << cap % 32))
                    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
            break;
        }
    }
    return 0;
}
static int limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit limits;
    getrlimit((__typeof__(RLIMIT_CPU))resource, &limits);
    limits.rlim_max = hard < limits.rlim_max ? hard : limits.rlim_max;
    limits.rlim_cur = soft < limits.rlim_max ? soft : limits.rlim_max;
    return setrlimit((__typeof__(RLIMIT_CPU))resource, &limits);
}
static int write_to(const char *file, const char *text) {
    int fd = open(file, O_WRONLY | O_CLOEXEC), failed = fd < 0 || write(fd, text, strlen(text)) < 0;
    if (fd >= 0)
        close(fd);
    return failed;
}
static void nothing(int number) { (void)number; }
static void *sleep_on(void *arg) {
    for (;;)
        pause();
    return arg;
}
static int trivial_filter(void) {
    struct sock_filter rule = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, NULL};
    program.filter = &rule;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
static int one_processor(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return sched_setaffinity(0, sizeof set, &set);
}
static int scheduled(int policy) {
    struct sched_param parameter = {0};
    return sched_setscheduler(0, policy, &parameter);
}
static int many_variables(void) {
    char name[30];
    int i;
    for (i = 0; i < 1000; i++)
        snprintf(name, sizeof name, "RR_MANY_%d", i), setenv(name, "value", 1);
    return 0;
}
static int in_deleted_folder(void) {
    char folder[] = "/tmp/rr-deleted-XXXXXX";
    return !mkdtemp(folder) || chdir(folder) || rmdir(folder);
}
static int many_descriptors(void) {
    int i;
    for (i = 0; i < 200; i++)
        if (fcntl(0, i % 3 ? F_DUPFD : F_DUPFD_CLOEXEC, 30 + i) < 0)
            return -1;
    return 0;
}
static int block_everything(void) {
    sigset_t all;
    return sigfillset(&all) | sigprocmask(SIG_SETMASK, &all, NULL);
}
static int pending(void) { return block_everything() | kill(getpid(), SIGCHLD) | kill(getpid(), SIGURG); }
static int handlers(void) {
    int number;
    for (number = 1; number < 64; number++)
        if (number != SIGKILL && number != SIGSTOP && number != 32 && number != 33)
            signal(number, nothing);
    return 0;
}
static int ignored(void) {
    int number;
    for (number = 1; number < 64; number++)
        if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD && number != 32 && number != 33)
            signal(number, SIG_IGN);
    return 0;
}
static int with_threads(void) {
    pthread_t thread;
    return pthread_create(&thread, NULL, sleep_on, NULL) | pthread_create(&thread, NULL, sleep_on, NULL);
}
static int large(void) {
    size_t size = (size_t)200 << 20, i;
    char *memory = (char *)malloc(size);
    for (i = 0; memory && i < size; i += 4096)
        memory[i] = 1;
    return memory == NULL;
}
static int filled_to(int free_numbers) {
    int fd, last = -1;
    if (limit(RLIMIT_NOFILE, 128, 128))
        return -1;
    while ((fd = fcntl(0, F_DUPFD_CLOEXEC, 0)) >= 0)
        last = fd;
    while (free_numbers--)
        close(last--);
    return 0;
}

/* Returns 0 if the caller is now in this state, -2 after the last one, and another number if it is not allowed here.
 * */
static int enter_state(int state) {
    const rlim_t most = RLIM_INFINITY;
    switch (state) {
    case 0: return 0;
    case 1: return setfsuid(1000), 0;
    case 2: return setfsgid(1000), 0;
    case 3: return seteuid(1000);
    case 4: return setegid(1000);
    case 5: return setresuid(1000, 0, 0);
    case 6: return setresuid(0, 0, 1000);
    case 7: return setgid(1000) || setuid(1000);
    case 8: return setresuid(1000, 1001, 1002);
    case 9: return setgroups(0, NULL);
    case 10: return caps(1, 0, 0);
    case 11: return caps(1, 1, 0);
    case 12: return caps(0, 0, 1);
    case 13: return without_cap(CAP_DAC_OVERRIDE) || without_cap(CAP_DAC_READ_SEARCH);
    case 14: return without_cap(CAP_SYS_ADMIN);
    case 15: return as_user_with_caps(0);
    case 16: return as_user_with_caps(1);
    case 17: return prctl(PR_CAPBSET_DROP, CAP_NET_RAW);
    case 18: return prctl(PR_SET_SECUREBITS, 1);        /* NOROOT */
    case 19: return prctl(PR_SET_SECUREBITS, 4);        /* NO_SETUID_FIXUP */
    case 20: return prctl(PR_SET_SECUREBITS, 1 | 4 | 16); /* and KEEP_CAPS */
    case 21: return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    case 22: return prctl(PR_SET_DUMPABLE, 0);
    case 23: return umask(0), 0;
    case 24: return umask(0777), 0;
    case 25: return setpriority(PRIO_PROCESS, 0, 7);
    case 26: return scheduled(SCHED_BATCH);
    case 27: return scheduled(SCHED_IDLE);
    case 28: return scheduled(SCHED_OTHER | 0x40000000); /* RESET_ON_FORK */
    case 29: return one_processor();
    case 30: return prctl(PR_SET_TIMERSLACK, 123456);
    case 31: return syscall(SYS_personality, 0x0040000) < 0; /* ADDR_NO_RANDOMIZE */
    case 32: return syscall(SYS_personality, 0x0400000) < 0; /* READ_IMPLIES_EXEC */
    case 33: return syscall(SYS_personality, 0x0000008) < 0; /* LINUX32 */
    case 34: return in_deleted_folder();
    case 35: return chdir("/");
    case 36: return close(0);
    case 37: return close(1);
    case 38: return close(0) | close(1);
    case 39: return many_descriptors();
    case 40: return filled_to(12);
    case 41: return filled_to(6);
    case 42: return limit(RLIMIT_NOFILE, 40, most);
    case 43: return limit(RLIMIT_CORE, 0, 0);
    case 44: return limit(RLIMIT_STACK, 1 << 20, most);
    case 45: return limit(RLIMIT_AS, (rlim_t)1 << 30, most);
    case 46: return limit(RLIMIT_FSIZE, 0, most);
    case 47: return limit(RLIMIT_FSIZE, 1000, 1000);
    case 48: return limit(RLIMIT_DATA, 256 << 20, most);
    case 49: return limit(RLIMIT_MEMLOCK, 0, 0);
    case 50: return limit(RLIMIT_CPU, 100, 200);
    case 51: return limit(RLIMIT_NPROC, 0, 0);
    case 52: return limit(RLIMIT_SIGPENDING, 0, 0);
    case 53: return block_everything();
    case 54: return pending();
    case 55: return handlers();
    case 56: return ignored();
    case 57: return setsid() < 0;
    case 58: return setpgid(0, 0);
    case 59: return setpriority(PRIO_PROCESS, 0, 19);
    case 60: return unshare(0x10000000);                   /* a user namespace */
    case 61: return unshare(0x04000000 | 0x08000000);      /* UTS, IPC */
    case 62: return unshare(0x40000000);                   /* network */
    case 63: return prctl(PR_SET_CHILD_SUBREAPER, 1);
    case 64: return prctl(PR_SET_PDEATHSIG, SIGTERM);
    case 65: return with_threads();
    case 66: return clearenv();
    case 67: return many_variables();
    case 68: return unsetenv("PATH");
    case 69: return write_to("/proc/self/oom_score_adj", "500");
    case 70: return write_to("/proc/self/coredump_filter", "1");
    case 71: return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    case 72: return trivial_filter();
    case 73: return large();
    case 74: return prctl(PR_SET_NAME, "another name");
    case 75: return setenv("LD_BIND_NOW", "1", 1);
    case 76: return signal(SIGCHLD, nothing) == SIG_ERR;
    case 77: return unshare(0x00000080);                   /* a time namespace for the children */
    default: return -2;
    }
}

static int state_to_enter;
static enum way way_of_state;

static void in_state(void) {
    struct scenario scenarios[] = {{reporter_program, NULL, NULL}, {"program", NULL, "/tmp"}, {"/nowhere", NULL, NULL},
                             {"only_root/program", NULL, NULL}, {"program", "only_root:nowhere", NULL}};
    char what[60], path[200];
    size_t i;
    int error;
    if (!set_up_way(way_of_state) || chdir(reporter) != 0)
        _exit(77);
    snprintf(path, sizeof path, "/nowhere:%s", reporter);
    scenarios[1].path = path;
    error = enter_state(state_to_enter);
    if (error)
        _exit(error == -2 ? 78 : 76);
    snprintf(what, sizeof what, "state %d, %s", state_to_enter, way_names[way_of_state]);
    for (i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        compare(what, &scenarios[i]);
    _exit(current_failures ? 1 : 0);
}

static void states_of_the_caller(void) {
    int state, way, counted = 0, refused = 0;
    for (state = 0; state < 1000; state++)
        for (way = 0; way < WAYS; way++) {
            int status;
            if (!has_way[way])
                continue;
            state_to_enter = state, way_of_state = (enum way)way;
            status = status_of_child(in_state);
            if (WIFEXITED(status) && WEXITSTATUS(status) == 78) {
                printf("%d starts in states compared; %d states not allowed here\n", counted * 5, refused);
                CHECK(counted >= 60);
                if (refused)
                    skip("some states need privileges that are not here");
                return;
            }
            if (WIFEXITED(status) && WEXITSTATUS(status) == 76)
                refused += way == DIRECT;
            else {
                if (status)
                    dprintf(2, "state %d, %s: status %x\n", state, way_names[way], (unsigned)status);
                CHECK_EQ(status, 0);
                counted++;
            }
        }
}

/* ---- Paths --------------------------------------------------------------------------------------- */

static void put(const char *name, const char *text, mode_t mode) {
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    CHECK_EQ(fchmod(fd, mode), 0);
    close(fd);
}

static void must(int result) { CHECK_EQ(result, 0); }

static void make_paths(void) {
    char text[300], to[300];
    int fd;
    struct sockaddr_un address;
    CHECK_EQ(chdir(reporter), 0);
    must(mkdir("only_root", 0700)), copy_file("program", "only_root/program", 0755);
    must(mkdir("folder", 0755)), must(mkdir("folder/program", 0755)), must(mkdir("closed", 0));
    must(mkdir("good", 0755)), copy_file("program", "good/program", 0755);
    must(mkdir("plain", 0755)), put("plain/program", "no program", 0644);
    must(mkdir("garbage", 0755)), put("garbage/program", "no program", 0755);
    must(mkdir("empty", 0755)), put("empty/program", "", 0755);
    copy_file("program", "execute_only", 0111), copy_file("program", "no_bits", 0644), copy_file("program", "group_bit", 0650);
    copy_file("program", "setuid", 04755), must(chown("setuid", 1234, 1234)), must(chmod("setuid", 06755));
    put("script", "#!/bin/sh\nexec ./program \"$0\" \"$@\"\n", 0755);
    put("script_argument", "#!/bin/sh -e\nexec ./program \"$0\" \"$@\"\n", 0755);
    put("script_missing", "#!/nowhere/interpreter\n", 0755), put("script_folder", "#!/tmp\n", 0755);
    put("script_no_line", "#!/bin/sh", 0755), put("script_empty", "#!\n", 0755), put("script_relative", "#!program\n", 0755);
    put("script_plain", "#!./no_bits\n", 0755), put("script_nested", "#!./script\n", 0755);
    snprintf(text, sizeof text, "#!%s\n", reporter_program), put("script_reporter", text, 0755);
    must(symlink("program", "link")), must(symlink("nowhere", "dangling")), must(symlink("loop", "loop"));
    must(symlink("good", "link_to_folder")), must(symlink("/proc/self/exe", "link_to_self"));
    must(symlink("/proc/self/fd/30", "link_to_30")), must(symlink("/proc/self/fd", "link_to_fds"));
    must(symlink("/proc/self/cwd/program", "link_to_cwd"));
    must(mkfifo("fifo", 0755)), must(mkdir("fifos", 0755)), must(mkfifo("fifos/program", 0755));
    memset(&address, 0, sizeof address), address.sun_family = AF_UNIX, strcpy(address.sun_path, "socket");
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), must(bind(fd, (struct sockaddr *)&address, sizeof address)), close(fd);
    copy_file("program", "busy", 0755);
    /* 30: the program; 31: the same, close-on-exec; 32, 33: the folder; 34: a script, 35 close-on-exec; 36 writes. */
    snprintf(to, sizeof to, "%s/program", reporter);
    fd = open(to, O_RDONLY), dup2(fd, 30), fcntl(fd, F_DUPFD_CLOEXEC, 31), close(fd);
    fd = open(reporter, O_RDONLY | O_DIRECTORY), dup2(fd, 32), fcntl(fd, F_DUPFD_CLOEXEC, 33), close(fd);
    fd = open("script", O_RDONLY), dup2(fd, 34), fcntl(fd, F_DUPFD_CLOEXEC, 35), close(fd);
    fd = open("busy", O_RDWR | O_CLOEXEC), fcntl(fd, F_DUPFD_CLOEXEC, 36), close(fd);
}

static char long_name[300], long_path[5000], long_part[6000], many_parts[3000], pid_exe[60], pid_fd[60];

static enum way way_of_paths;
static void paths_by_way(void) {
    static const char *const programs[] = {
        "./program", "program/", "./program/", "././program", "good/../program", ".//program", "nowhere", "./nowhere",
        "nowhere/program", "program/program", "./folder", "closed/program", "only_root/program", "./execute_only", "./no_bits",
        "./group_bit", "./setuid", "./script", "./script_argument", "./script_missing", "./script_folder", "./script_no_line",
        "./script_empty", "./script_relative", "./script_plain", "./script_nested", "./script_reporter", "./link", "./dangling",
        "./loop", "link_to_folder/program", "./link_to_self", "./link_to_30", "link_to_fds/30", "link_to_fds/31", "./link_to_cwd",
        "./fifo", "./socket", "./busy", "/proc/self/exe", "/proc/thread-self/exe", "/proc/self/fd/30", "/proc/self/fd/31",
        "/dev/fd/30", "/dev/fd/31", "/proc/thread-self/fd/31", "/proc/self/fd/34", "/proc/self/fd/35", "/proc/self/fd/32/program",
        "/proc/self/fd/33/program", "/dev/fd/33/good/program", "/proc/self/fd/99", "/proc/self/cwd/program",
        "/proc/self/task/../exe", "/dev/null", "/", ".", "..", "./", "", "garbage/program", "empty/program", "plain/program",
        "/proc/self/root/bin/nowhere", "/proc/1/root/nowhere", "/proc/self/map_files/0-1", "/proc/self/mem", long_name, long_path,
        pid_exe, pid_fd, "\xff\xfe", "a b", "-program"};
    static const char *const paths[] = {
        "", ":", "nowhere", "nowhere:good", "good:nowhere", "program", "program:good", "folder:good", "folder", "plain:good", "plain",
        "garbage:good", "good:garbage", "garbage", "empty:good", "closed:good", "closed", "only_root:good", "only_root",
        "nowhere::", ":good", "good:", "fifos:good", "fifos", "loop:good", "dangling:good", "link_to_folder", "/proc/self/fd/32",
        "/proc/self/fd/33", "nowhere:/dev/fd/33/good", "/proc/self/exe:good", "/proc/self/cwd", long_part, many_parts, "plain:nowhere",
        "nowhere:plain:program", "/nowhere/:good//", "./good", "../nowhere:good"};
    static const char *const directories[] = {".", "good", "nowhere", "program", "closed", "link_to_folder", "loop", "/",
                                              "/proc/self/fd/32", "/proc/self/fd/33", "/dev/fd/33/good", "/proc/self/cwd/good",
                                              "/proc/self", "only_root", long_name, long_path, "/proc/self/fd/30", "good/", ".."};
    struct scenario scenario = {NULL, NULL, NULL};
    const size_t step = step_through_cases();
    char what[60];
    size_t i;
    if (!set_up_way(way_of_paths) || chdir(reporter) != 0)
        _exit(77);
    memset(long_name, 'n', 256), memset(long_path, '/', 4500), memset(long_part, 'y', 5000);
    for (i = 0; i < 5000; i += 100)
        long_part[i] = '/';
    strcat(long_part, ":good");
    for (i = 0; i < 200; i++)
        strcat(many_parts, "nowhere:");
    strcat(many_parts, "good");
    snprintf(pid_exe, sizeof pid_exe, "/proc/%d/exe", (int)getpid()), snprintf(pid_fd, sizeof pid_fd, "/proc/%d/fd/31", (int)getpid());
    snprintf(what, sizeof what, "paths, %s", way_names[way_of_paths]);
    for (i = 0; i < sizeof programs / sizeof *programs; i += step)
        scenario.program = programs[i], compare(what, &scenario);
    for (i = 0; i < sizeof paths / sizeof *paths; i += step) {
        scenario.program = "program", scenario.path = paths[i], compare(what, &scenario);
        scenario.directory = "good/..", compare(what, &scenario), scenario.directory = NULL;
    }
    scenario.path = NULL;
    for (i = 0; i < sizeof directories / sizeof *directories; i += step) {
        scenario.directory = directories[i];
        scenario.program = reporter_program, compare(what, &scenario);
        scenario.program = "./program", compare(what, &scenario);
    }
    dprintf(1, "%s: %d scenarios compared, %d through the launcher, %d directly\n", what, compared, launched, bounds);
    if (way_of_paths != DIRECT)
        CHECK((size_t)launched >= 60 / step);
    CHECK((size_t)compared >= 100 / step);
    _exit(current_failures ? 1 : 0);
}

static void paths_and_errors(void) {
    int way;
    for (way = 0; way < WAYS; way++)
        if (has_way[way]) {
            way_of_paths = (enum way)way;
            CHECK_EQ(status_of_child(paths_by_way), 0);
        }
}

int main(int argc, char **argv) {
    if (is_program(argc, argv))
        return report_all(argc, argv);
    own_path = argv[0];
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        RUN(three_ways);
        return report();
    }
    hold_memory();
    make_reporter();
    make_paths();
    RUN(three_ways);
    RUN(states_of_the_caller);
    RUN(paths_and_errors);
    return report();
}
#else
#include "check.h"
static void elsewhere(void) { skip("the differences from posix_spawn are known for Linux only"); }
int main(void) {
    RUN(elsewhere);
    return report();
}
#endif
