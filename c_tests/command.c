/* Building a command, and what the program finds: arguments, environment, PATH, directory, descriptors, signals; and
 * that a failed spawn leaves nothing behind. */
#include "ways.h"
#include <spawn.h>

extern char **environ; /* not in every system's headers */

static char folder[] = "/tmp/rresource-command-XXXXXX";

static void write_file(const char *name, const char *text, mode_t mode) {
    char path[200];
    int fd;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    CHECK_EQ(chmod(path, mode), 0);
}

static void make_folder(void) {
    char path[200];
    CHECK(mkdtemp(folder) != NULL);
    write_file("program", "#!/bin/sh\necho \"program $0\"\n", 0755);
    write_file("plain", "no program\n", 0644);
    write_file("garbage", "no program\n", 0755);
    snprintf(path, sizeof path, "%s/inner", folder);
    CHECK_EQ(mkdir(path, 0755), 0);
    write_file("inner/program", "#!/bin/sh\necho inner\n", 0755);
    write_file("inner/garbage", "#!/bin/sh\necho better\n", 0755);
}

static void arguments_arrive_as_they_are(void) {
    rr_command *command = command_of("/bin/sh");
    char text[20] = "a  b";
    CHECK_CALL(rr_command_add_arg(command, "-c"), 0);
    CHECK_CALL(rr_command_add_arg(command, "printf '<%s>' \"$0\" \"$@\""), 0);
    CHECK_CALL(rr_command_add_arg(command, text), 0);
    strcpy(text, "overwritten");
    CHECK_CALL(rr_command_add_arg(command, ""), 0);
    CHECK_CALL(rr_command_add_arg(command, "$HOME * '\""), 0);
    CHECK_TEXT(output_of(command), "<a  b><><$HOME * '\">");
}

static void argument_zero(void) {
    rr_command *command = shell("echo \"$0\"");
    CHECK_TEXT(output_of(command), "/bin/sh\n");
    command = command_of("/bin/sh");
    CHECK_CALL(rr_command_set_arg0(command, "first"), 0);
    CHECK_CALL(rr_command_set_arg0(command, "-another"), 0);
    CHECK_CALL(rr_command_add_arg(command, "-c"), 0);
    CHECK_CALL(rr_command_add_arg(command, "tr '\\0' ' ' < /proc/$$/cmdline | cut -d ' ' -f 1"), 0);
    CHECK_TEXT(output_of(command), "-another\n");
}

static void many_arguments(void) {
    rr_command *command = shell("echo $#");
    int i;
    for (i = 0; i < 5000; i++)
        CHECK_CALL(rr_command_add_arg(command, "one of many"), 0);
    CHECK_TEXT(output_of(command), "4999\n");
}

static void environment_is_the_callers_with_changes(void) {
    rr_command *command;
    setenv("RR_TEST_KEPT", "kept", 1);
    setenv("RR_TEST_CHANGED", "before", 1);
    setenv("RR_TEST_REMOVED", "there", 1);
    setenv("RR_TEST_REMOVED_NOT", "there", 1);
    command = shell("echo $RR_TEST_KEPT $RR_TEST_CHANGED ${RR_TEST_REMOVED-gone} $RR_TEST_REMOVED_NOT \"$RR_TEST_NEW\"");
    CHECK_CALL(rr_command_set_env(command, "RR_TEST_CHANGED", "between"), 0);
    CHECK_CALL(rr_command_set_env(command, "RR_TEST_CHANGED", "after"), 0);
    CHECK_CALL(rr_command_set_env(command, "RR_TEST_REMOVED", "again"), 0);
    CHECK_CALL(rr_command_set_env(command, "RR_TEST_REMOVED", NULL), 0);
    CHECK_CALL(rr_command_set_env(command, "RR_TEST_NEW", "a = b"), 0);
    setenv("RR_TEST_KEPT", "at spawn", 1);
    CHECK_TEXT(output_of(command), "at spawn after gone there a = b\n");
    CHECK_TEXT(getenv("RR_TEST_CHANGED"), "before");
}

static void environment_cleared(void) {
    rr_command *command = command_of("/usr/bin/env");
    CHECK_CALL(rr_command_set_env(command, "BEFORE", "1"), 0);
    CHECK_CALL(rr_command_clear_env(command), 0);
    CHECK_CALL(rr_command_set_env(command, "AFTER", "1"), 0);
    CHECK_CALL(rr_command_set_env(command, "EMPTY", ""), 0);
    CHECK_TEXT(output_of(command), "AFTER=1\nEMPTY=\n");
    command = command_of("/usr/bin/env");
    CHECK_CALL(rr_command_clear_env(command), 0);
    CHECK_TEXT(output_of(command), "");
}

static void names_that_are_none(void) {
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_env(command, "", "1"), EINVAL);
    CHECK_CALL(rr_command_set_env(command, "A=B", "1"), EINVAL);
    CHECK_CALL(rr_command_set_env(command, "=", NULL), EINVAL);
    rr_command_free(command);
}

static rr_command *with_path(const char *program, const char *path) {
    rr_command *command = command_of(program);
    CHECK_CALL(rr_command_set_env(command, "PATH", path), 0);
    return command;
}

static int spawn_error(rr_command *command) {
    rr_child *child;
    int error;
    FILL(child);
    error = CALL(rr_command_spawn(command, &child, NULL));
    CHECK_UNTOUCHED(child);
    rr_command_free(command);
    return error;
}

static void a_program_is_found_in_its_own_path(void) {
    char path[1000], text[300];
    snprintf(path, sizeof path, "/nowhere:%s/plain:%s", folder, folder);
    snprintf(text, sizeof text, "program %s/program\n", folder);
    CHECK_TEXT(output_of(with_path("program", path)), text);
    CHECK_EQ(spawn_error(with_path("program", "/nowhere:/bin")), ENOENT);
    CHECK_EQ(spawn_error(with_path("program", "/nowhere")), ENOENT);
    snprintf(path, sizeof path, "%s/plain", folder);
    CHECK_EQ(spawn_error(with_path("program", path)), ENOTDIR);
    /* Without PATH, the default is used. */
    CHECK_EQ(exit_code_of(with_path("true", NULL)), 0);
    CHECK_EQ(spawn_error(with_path("", "/bin")), ENOENT);
}

static void what_may_not_be_executed_is_passed_and_remembered(void) {
    char path[1000];
    snprintf(path, sizeof path, "%s:/nowhere", folder);
    CHECK_EQ(spawn_error(with_path("plain", path)), EACCES);
    CHECK_EQ(spawn_error(with_path("inner", path)), EACCES);
    snprintf(path, sizeof path, "%s/inner:%s", folder, folder);
    CHECK_TEXT(output_of(with_path("garbage", path)), "better\n");
    /* No shell is run. */
    snprintf(path, sizeof path, "%s:%s/inner", folder, folder);
    CHECK_EQ(spawn_error(with_path("garbage", path)), ENOEXEC);
}

static void relative_paths_count_from_the_directory(void) {
    rr_command *command = with_path("program", "/nowhere::/bin");
    CHECK_CALL(rr_command_set_directory(command, "/nowhere"), 0);
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    CHECK_TEXT(output_of(command), "program ./program\n");
    command = command_of("./inner/program");
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    CHECK_TEXT(output_of(command), "inner\n");
    command = with_path("program", "inner:/bin");
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    CHECK_TEXT(output_of(command), "inner\n");
    command = shell("pwd -P");
    CHECK_CALL(rr_command_set_directory(command, "/usr/bin/.."), 0);
    CHECK_TEXT(output_of(command), "/usr\n");
}

static void descriptors_are_swapped(void) {
    int out[2], err[2];
    char text[100];
    ssize_t length;
    rr_command *command = shell("echo to 1; echo to 2 >&2");
    CHECK(pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0);
    fflush(stdout);
    {
        int saved_out = fcntl(1, F_DUPFD_CLOEXEC, 100), saved_err = fcntl(2, F_DUPFD_CLOEXEC, 100);
        rr_child *child = NULL;
        dup2(out[1], 1), dup2(err[1], 2);
        CHECK_CALL(rr_command_dup2(command, 2, 1), 0);
        CHECK_CALL(rr_command_dup2(command, 1, 2), 0);
        result_of_call = rr_command_spawn(command, &child, NULL);
        dup2(saved_out, 1), dup2(saved_err, 2);
        close(saved_out), close(saved_err);
        CHECK_EQ(result_of_call, 0);
        rr_command_free(command);
        CHECK_EQ(ended(child).exit_code, 0);
    }
    close(out[1]), close(err[1]);
    length = read(out[0], text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    CHECK_TEXT(text, "to 2\n");
    length = read(err[0], text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    CHECK_TEXT(text, "to 1\n");
    close(out[0]), close(err[0]);
}

/* The library's own descriptors temporarily get the first free numbers. */
static void every_free_number_may_be_a_target(void) {
    rr_command *command = shell("for fd in 3 4 5 6 7 8 9; do test -e /dev/fd/$fd && echo $fd >&$fd; done; echo end");
    int fd, ends[2];
    char text[100];
    ssize_t length, total = 0;
    rr_child *child;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    for (fd = 40; fd >= 3; fd--)
        CHECK_CALL(rr_command_dup2(command, ends[1], fd), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    child = spawned(command);
    close(ends[1]);
    while ((length = read(ends[0], text + total, sizeof text - 1 - (size_t)total)) > 0)
        total += length;
    text[total] = 0;
    CHECK_TEXT(text, "3\n4\n5\n6\n7\n8\n9\nend\n");
    close(ends[0]);
    CHECK_EQ(ended(child).exit_code, 0);
}

static void descriptors_rotate(void) {
    int ends[3][2], i;
    char text[100];
    ssize_t length;
    rr_child *child;
    rr_command *command;
    char script[200];
    for (i = 0; i < 3; i++)
        CHECK_EQ(pipe2(ends[i], O_CLOEXEC), 0);
    snprintf(script, sizeof script, "echo 0 >/dev/fd/%d; echo 1 >/dev/fd/%d; echo 2 >/dev/fd/%d", ends[0][1], ends[1][1],
             ends[2][1]);
    command = shell(script);
    for (i = 0; i < 3; i++)
        CHECK_CALL(rr_command_dup2(command, ends[(i + 1) % 3][1], ends[i][1]), 0);
    child = spawned(command);
    for (i = 0; i < 3; i++)
        close(ends[i][1]);
    for (i = 0; i < 3; i++) {
        length = read(ends[i][0], text, sizeof text - 1);
        text[length > 0 ? length : 0] = 0;
        CHECK_TEXT(text, i == 1 ? "0\n" : i == 2 ? "1\n" : "2\n");
        close(ends[i][0]);
    }
    CHECK_EQ(ended(child).exit_code, 0);
}

static void its_own_number_outlives_exec(void) {
    int ends[2];
    char script[100], text[100];
    ssize_t length;
    rr_command *command;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    snprintf(script, sizeof script, "test -e /dev/fd/%d && echo yes >/dev/fd/%d", ends[1], ends[1]);
    CHECK_EQ(exit_code_of(shell(script)), 1);
    command = shell(script);
    CHECK_CALL(rr_command_dup2(command, ends[1], ends[1]), 0);
    CHECK_EQ(exit_code_of(command), 0);
    close(ends[1]);
    length = read(ends[0], text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    CHECK_TEXT(text, "yes\n");
    close(ends[0]);
}

/* The same as after posix_spawn, no more and no less. */
static void other_descriptors_are_inherited_as_ever(void) {
    static char expected[65536];
    char *argv[] = {(char *)"ls", (char *)"/proc/self/fd", NULL};
    posix_spawn_file_actions_t actions;
    int ends[2], inherited = dup(0), closed = fcntl(0, F_DUPFD_CLOEXEC, 0);
    ssize_t length, total = 0;
    pid_t pid;
    rr_command *command;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    CHECK_EQ(posix_spawn(&pid, "/bin/ls", &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    while ((length = read(ends[0], expected + total, sizeof expected - 1 - (size_t)total)) > 0)
        total += length;
    close(ends[0]);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    command = command_of("/bin/ls");
    CHECK_CALL(rr_command_add_arg(command, "/proc/self/fd"), 0);
    CHECK_TEXT(output_of(command), expected);
    close(inherited), close(closed);
}

static void bad_descriptors(void) {
    rr_command *command = command_of("/bin/true");
    int fd;
    CHECK_CALL(rr_command_dup2(command, 0, -1), EBADF);
    CHECK_CALL(rr_command_dup2(command, -1, 1), EBADF);
    /* All numbers that the library's own descriptors could get. */
    for (fd = open_descriptors(); fd < 60; fd++)
        if (fcntl(fd, F_GETFD) < 0) {
            rr_command *bad = command_of("/bin/true");
            CHECK_CALL(rr_command_dup2(bad, fd, 1), 0);
            CHECK_EQ(spawn_error(bad), EBADF);
        }
    CHECK_CALL(rr_command_dup2(command, 0, INT_MAX), 0);
    CHECK_EQ(spawn_error(command), EBADF);
    /* A later call for the same number replaces the earlier one. */
    command = command_of("/bin/true");
    CHECK_CALL(rr_command_dup2(command, 777, 9), 0);
    CHECK_CALL(rr_command_dup2(command, 0, 9), 0);
    CHECK_EQ(exit_code_of(command), 0);
}

static void a_target_above_the_soft_limit(void) {
    const rr_rlimit named = {60, 70};
    rr_rlimit limits;
    rr_command *command;
    CHECK_EQ(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    limits.rlim_cur = 100;
    CHECK_EQ(rr_setrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    command = shell("test -e /dev/fd/150 && test $(ulimit -Sn) = 100");
    CHECK_CALL(rr_command_dup2(command, 0, 150), 0);
    CHECK_EQ(exit_code_of(command), 0);
    command = shell("test -e /dev/fd/150 && test $(ulimit -Sn) = 60 && test $(ulimit -Hn) = 70");
    CHECK_CALL(rr_command_dup2(command, 0, 150), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &named), 0);
    CHECK_EQ(exit_code_of(command), 0);
    CHECK_EQ(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    CHECK_EQ(limits.rlim_cur, 100);
}
static void targets_may_be_above_the_soft_limit(void) {
    if (emulated_by("valgrind"))
        skip("valgrind keeps the soft limit on descriptors to itself");
    else
        in_child(a_target_above_the_soft_limit);
}

static void on_signal(int number) { (void)number; }

static unsigned long long signals_in(const char *text, const char *set) {
    const char *line = strstr(text, set);
    return line ? strtoull(line + strlen(set) + 1, NULL, 16) : ~0ull;
}

static void signals_of_a_program(void) {
    sigset_t some;
    const char *text;
    rr_command *command = command_of("/bin/cat");
    const unsigned long long real_time = ~0ull << 31;
    int number;
    for (number = 1; number < 32; number++)
        signal(number, SIG_DFL); /* a shell makes its background programs ignore some */
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, on_signal);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&some);
    sigaddset(&some, SIGTERM);
    sigaddset(&some, SIGUSR2);
    sigprocmask(SIG_BLOCK, &some, NULL);
    CHECK_CALL(rr_command_add_arg(command, "/proc/self/status"), 0);
    text = output_of(command);
    CHECK_EQ(signals_in(text, "SigBlk"), 0);
    CHECK_EQ(signals_in(text, "SigCgt"), 0);
    CHECK_EQ(signals_in(text, "SigIgn") & ~real_time, 1ull << (SIGUSR1 - 1));
    /* The caller's own are unchanged. */
    sigprocmask(SIG_BLOCK, NULL, &some);
    CHECK(sigismember(&some, SIGTERM) && !sigismember(&some, SIGINT));
    CHECK(signal(SIGUSR2, SIG_DFL) == on_signal && signal(SIGPIPE, SIG_DFL) == SIG_IGN);
}
static void signals_are_default_and_none_blocked(void) { in_child(signals_of_a_program); }

static void one_command_many_children(void) {
    enum { COUNT = 20 };
    rr_child *children[COUNT];
    rr_command *command = shell("exit 7");
    int i;
    for (i = 0; i < COUNT; i++)
        CHECK_CALL(rr_command_spawn(command, &children[i], NULL), 0);
    rr_command_free(command);
    for (i = 0; i < COUNT; i++)
        CHECK_EQ(ended(children[i]).exit_code, 7);
}

/* From its first start on a command may keep one descriptor, of the launcher. Returns it, or -1. */
static int kept_descriptor(rr_command *command) {
    char was_open[256];
    int fd, kept = -1;
    rr_child *child = NULL;
    for (fd = 0; fd < 256; fd++)
        was_open[fd] = fcntl(fd, F_GETFD) >= 0;
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
    CHECK_EQ(ended(child).exit_code, 0);
    for (fd = 0; fd < 256; fd++)
        if (!was_open[fd] && fcntl(fd, F_GETFD) >= 0) {
            CHECK_EQ(kept, -1);
            CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
            kept = fd;
        }
    return kept;
}

/* Daemons close all descriptors: what gets the number then is not the command's to execute or to close. */
static void a_kept_descriptor_may_be_closed_by_the_caller(void) {
    rr_command *command = command_of("/bin/true");
    const int first = kept_descriptor(command), other = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int second = -1, before;
    CHECK_EQ(first < 0, is_direct);
    if (first >= 0) {
        rr_child *child = NULL;
        rr_outcome outcome;
        CHECK(dup2(other, first) == first && fcntl(first, F_SETFD, FD_CLOEXEC) == 0);
        CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
        outcome = ended_either_way(child);
        CHECK(outcome.exit_code == 0 && is_bound(&outcome));
        second = kept_descriptor(command);
        CHECK(second >= 0 && second != first);
        CHECK(dup2(other, second) == second && fcntl(second, F_SETFD, FD_CLOEXEC) == 0);
    }
    before = open_descriptors();
    rr_command_free(command);
    CHECK_EQ(open_descriptors(), before);
    close(first), close(second), close(other);
}

static void it_is_the_callers_own_child(void) {
    char text[30];
    snprintf(text, sizeof text, "%d\n", (int)getpid());
    CHECK_TEXT(output_of(shell("echo $PPID")), text);
}

static void groups_and_sessions(void) {
    rr_command *command = shell("cut -d ' ' -f 5,6 /proc/$$/stat; echo $$");
    char expected[60];
    int group, session, pid;
    CHECK_EQ(sscanf(output_of(command), "%d %d %d", &group, &session, &pid), 3);
    snprintf(expected, sizeof expected, "%d %d\n", (int)getpgrp(), (int)getsid(0));
    CHECK(group == getpgrp() && session == getsid(0));
    command = shell("cut -d ' ' -f 5,6 /proc/$$/stat; echo $$");
    CHECK_CALL(rr_command_new_group(command), 0);
    CHECK_EQ(sscanf(output_of(command), "%d %d %d", &group, &session, &pid), 3);
    CHECK(group == pid && session == getsid(0));
    command = shell("cut -d ' ' -f 5,6 /proc/$$/stat; echo $$");
    CHECK_CALL(rr_command_new_session(command), 0);
    CHECK_CALL(rr_command_new_group(command), 0);
    CHECK_EQ(sscanf(output_of(command), "%d %d %d", &group, &session, &pid), 3);
    CHECK(group == pid && session == pid);
}

/* ---- Failures ------------------------------------------------------------------------------------ */

static rr_command *missing_program(void) { return command_of("/nowhere/program"); }
static rr_command *missing_in_path(void) { return with_path("no-such-program", "/bin:/usr/bin:/nowhere"); }
static rr_command *not_executable(void) { return with_path("plain", folder); }
static rr_command *a_directory(void) { return command_of(folder); }
static rr_command *below_a_file(void) { return command_of("/bin/true/program"); }
static rr_command *no_program(void) { return with_path("garbage", folder); }
static rr_command *bad_directory(void) {
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_directory(command, "/nowhere"), 0);
    return command;
}
static rr_command *empty_directory(void) {
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_directory(command, ""), 0);
    return command;
}
static rr_command *bad_limit(void) {
    const rr_rlimit most = {0, RR_RLIM_INFINITY};
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &most), 0);
    return command;
}
static rr_command *bad_source(void) {
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_dup2(command, 900, 1), 0);
    return command;
}
static rr_command *too_long(void) {
    static char text[300000];
    rr_command *command = command_of("/bin/true");
    memset(text, 'x', sizeof text - 1);
    CHECK_CALL(rr_command_add_arg(command, text), 0);
    return command;
}

static long pages(void) {
    long count = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld", &count) != 1)
        fail(__FILE__, __LINE__, "statm");
    if (file)
        fclose(file);
    return count;
}

static void failures_leave_nothing(void) {
    const struct {
        rr_command *(*command)(void);
        int error;
    } kinds[] = {
        {missing_program, ENOENT}, {missing_in_path, ENOENT}, {not_executable, EACCES}, {a_directory, EACCES},
        {below_a_file, ENOTDIR},   {no_program, ENOEXEC},     {bad_directory, ENOENT},  {bad_limit, EPERM},
        {bad_source, EBADF},       {too_long, E2BIG},       {empty_directory, ENOENT},
    };
    const int times = emulated_by("qemu-user") || emulated_by("valgrind") ? 5 : 100;
    size_t kind;
    for (kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        int i, before;
        long pages_before;
        if (emulated_by("valgrind") && kinds[kind].command == too_long) {
            skip("valgrind ends a program whose exec is refused for the length of its arguments");
            continue;
        }
        for (i = 0; i < 3; i++) /* malloc adapts its caches to the first ones */
            CHECK_EQ(spawn_error(kinds[kind].command()), kinds[kind].error);
        before = open_descriptors();
        pages_before = pages();
        for (i = 0; i < times; i++)
            CHECK_EQ(spawn_error(kinds[kind].command()), kinds[kind].error);
        CHECK_EQ(open_descriptors(), before);
        check_no_children();
        CHECK(emulated_by("valgrind") || emulated_by("asan") || pages() - pages_before <= 32);
    }
}

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
    RUN(make_folder);
    RUN_WAYS(arguments_arrive_as_they_are);
    RUN_WAYS(argument_zero);
    RUN_WAYS(many_arguments);
    RUN_WAYS(environment_is_the_callers_with_changes);
    RUN_WAYS(environment_cleared);
    RUN(names_that_are_none);
    RUN_WAYS(a_program_is_found_in_its_own_path);
    RUN_WAYS(what_may_not_be_executed_is_passed_and_remembered);
    RUN_WAYS(relative_paths_count_from_the_directory);
    RUN_WAYS(descriptors_are_swapped);
    RUN_WAYS(every_free_number_may_be_a_target);
    RUN_WAYS(descriptors_rotate);
    RUN_WAYS(its_own_number_outlives_exec);
    RUN_WAYS(other_descriptors_are_inherited_as_ever);
    RUN_WAYS(bad_descriptors);
    RUN_WAYS(targets_may_be_above_the_soft_limit);
    RUN_WAYS(signals_are_default_and_none_blocked);
    RUN_WAYS(one_command_many_children);
    RUN_WAYS(a_kept_descriptor_may_be_closed_by_the_caller);
    RUN_WAYS(it_is_the_callers_own_child);
    RUN_WAYS(groups_and_sessions);
    RUN_WAYS(failures_leave_nothing);
    return report();
}
