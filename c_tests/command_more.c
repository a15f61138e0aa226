/* What else a command sets in its program: which descriptors it has, its mask, its user and groups, its control group. */
#include "ways.h"
#include "groups.h"

#ifdef __linux__
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

static rr_command *own_program(const char *what) {
    rr_command *command = command_of(own_path);
    CHECK_CALL(rr_command_add_arg(command, what), 0);
    return command;
}

/* ---- In the program ------------------------------------------------------------------------------ */

static int show_descriptors(void) {
    int fd;
    for (fd = 0; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("%d ", fd);
    return 0;
}

static int show_mask(void) {
    printf("%o", (unsigned)umask(0));
    return 0;
}

#ifdef __linux__
static int show_ids(void) {
    uid_t users[3];
    gid_t groups[3], others[64];
    int count = getgroups(64, others), i;
    if (getresuid(&users[0], &users[1], &users[2]) != 0 || getresgid(&groups[0], &groups[1], &groups[2]) != 0)
        return 1;
    printf("%d %d %d, %d %d %d:", (int)users[0], (int)users[1], (int)users[2], (int)groups[0], (int)groups[1],
           (int)groups[2]);
    for (i = 0; i < count; i++)
        printf(" %d", (int)others[i]);
    return 0;
}

static int show_group(void) {
    char text[4096];
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(text, sizeof text, file))
        fputs(text, stdout);
    return 0;
}
#endif

/* ---- Descriptors --------------------------------------------------------------------------------- */

/* Inherited unless closed, because they are not close-on-exec. */
static const int extra[] = {11, 40, 41, 300};
enum { EXTRA = sizeof extra / sizeof *extra };

static void open_extra(void) {
    int i, fd, source = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (fd = 3; fd < 1024; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC); /* what the test itself was started with */
    for (i = 0; i < EXTRA; i++)
        CHECK_EQ(dup2(source, extra[i]), extra[i]);
    close(source);
}

static void close_extra(void) {
    int i;
    for (i = 0; i < EXTRA; i++)
        CHECK_EQ(close(extra[i]), 0); /* still open here */
}

/* A program for another processor starts only through the emulator. */
static int may_start_itself(void) {
    if (!emulated_by("qemu-user"))
        return 1;
    skip("qemu-user does not start the test's own program");
    return 0;
}

static void descriptors_are_closed_but_for_the_named_ones(void) {
    rr_command *command;
    if (!may_start_itself())
        return;
    open_extra();
    CHECK_TEXT(output_of(own_program("descriptors")), "0 1 2 11 40 41 300 ");

    command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, 3), 0);
    CHECK_TEXT(output_of(command), "0 1 2 ");

    command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, 0), 0);
    CHECK_CALL(rr_command_close_from(command, 12), 0); /* the last call counts */
    CHECK_TEXT(output_of(command), "0 1 2 11 ");

    command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, 0), 0);
    CHECK_TEXT(output_of(command), "1 "); /* the test's pipe */

    command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, 3), 0);
    CHECK_CALL(rr_command_dup2(command, 40, 40), 0);
    CHECK_CALL(rr_command_dup2(command, 11, 3), 0);
    CHECK_CALL(rr_command_dup2(command, 11, 4), 0);
    CHECK_CALL(rr_command_dup2(command, 300, 1000), 0);
    CHECK_TEXT(output_of(command), "0 1 2 3 4 40 1000 ");

    command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, INT_MAX), 0);
    CHECK_TEXT(output_of(command), "0 1 2 11 40 41 300 ");
    close_extra();
}

static void a_negative_descriptor(void) {
    rr_command *command = own_program("descriptors");
    CHECK_CALL(rr_command_close_from(command, -1), EBADF);
    CHECK_CALL(rr_command_close_from(NULL, 3), EFAULT);
    rr_command_free(command);
}

#if defined(__linux__) && defined(SYS_close_range)
/* As on a kernel without it, and on one that cannot mark. */
static void without_close_range(int error) {
    struct sock_filter program[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_close_range},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog filter = {4, program};
    program[2].k |= (unsigned)error;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0)
        _exit(77);
    errno = 0;
    CHECK_EQ(syscall(SYS_close_range, 5000, 5001, 0), -1);
    CHECK_EQ(errno, error);
    descriptors_are_closed_but_for_the_named_ones();
}
static void absent(void) { without_close_range(ENOSYS); }
static void older(void) { without_close_range(EINVAL); }
static void refused(void) { without_close_range(EPERM); }

static void a_walk_closes_them_too(void) {
    void (*const parts[])(void) = {absent, older, refused};
    size_t i;
    for (i = 0; i < sizeof parts / sizeof *parts; i++) {
        const int status = status_of_child(parts[i]);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            skip("no filter of system calls is allowed here");
            return;
        }
        CHECK_EQ(status, 0);
    }
}
#else
static void a_walk_closes_them_too(void) { skip("this C library does not know close_range"); }
#endif

/* ---- Mask ---------------------------------------------------------------------------------------- */

static void the_mask_is_the_programs(void) {
    mode_t before;
    rr_command *command;
    if (!may_start_itself())
        return;
    before = umask(027);
    CHECK_TEXT(output_of(own_program("mask")), "27");
    command = own_program("mask");
    CHECK_CALL(rr_command_set_umask(command, 0777), 0);
    CHECK_CALL(rr_command_set_umask(command, 0135), 0);
    CHECK_TEXT(output_of(command), "135");
    command = own_program("mask");
    CHECK_CALL(rr_command_set_umask(command, 0), 0);
    CHECK_CALL(rr_command_set_umask(command, 01000), EINVAL);
    CHECK_CALL(rr_command_set_umask(NULL, 0), EFAULT);
    CHECK_TEXT(output_of(command), "0");
    CHECK_EQ(umask(before), 027);
}

/* ---- User and groups ----------------------------------------------------------------------------- */

static void credentials_that_are_none(void) {
    static uint32_t many[65537];
    const uint32_t none = UINT32_MAX;
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_credentials(command, none, 1, NULL, 0), EINVAL);
    CHECK_CALL(rr_command_set_credentials(command, 1, none, NULL, 0), EINVAL);
    CHECK_CALL(rr_command_set_credentials(command, 1, 1, &none, 1), EINVAL);
    CHECK_CALL(rr_command_set_credentials(command, 1, 1, NULL, 1), EFAULT);
    CHECK_CALL(rr_command_set_credentials(command, 1, 1, many, 65537), EINVAL);
    CHECK_CALL(rr_command_set_credentials(NULL, 1, 1, NULL, 0), EFAULT);
    CHECK_EQ(exit_code_of(command), 0); /* unchanged */
}

#ifdef __linux__
static int may_change_user(void) {
    if (geteuid() == 0 && !emulated_by("qemu-user"))
        return 1;
    skip("only root changes its user");
    return 0;
}

static rr_command *as_nobody(rr_command *command) {
    const uint32_t groups[] = {7, 65530};
    CHECK_CALL(rr_command_set_credentials(command, 65534, 65533, groups, 2), 0);
    return command;
}

static void user_and_groups_are_the_programs(void) {
    rr_command *command;
    if (!may_change_user())
        return;
    CHECK_TEXT(output_of(as_nobody(own_program("ids"))), "65534 65534 65534, 65533 65533 65533: 7 65530");
    command = as_nobody(own_program("ids"));
    CHECK_CALL(rr_command_set_credentials(command, 12345, 54321, NULL, 0), 0);
    CHECK_TEXT(output_of(command), "12345 12345 12345, 54321 54321 54321:");
    CHECK_EQ(geteuid(), 0);
    /* A child that changes its user in memory that it shares takes this away. */
    CHECK_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
}

/* A directory of root alone, and a descriptor above the limit that the program is to have. */
static void limits_directory_and_descriptors_are_set_before(void) {
    char folder[] = "/tmp/rresource-more-XXXXXX";
    const rr_rlimit few = {20, 20};
    rr_command *command;
    if (emulated_by("valgrind")) {
        skip("valgrind keeps descriptors and limits on them to itself");
        return;
    }
    if (!may_change_user())
        return;
    CHECK(mkdtemp(folder) != NULL);
    CHECK_EQ(chmod(folder, 0700), 0);
    command = as_nobody(shell("id -u; ulimit -n; ulimit -Hn"));
    CHECK_CALL(rr_command_set_directory(command, folder), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &few), 0);
    CHECK_CALL(rr_command_dup2(command, 2, 25), 0);
    CHECK_TEXT(output_of(command), "65534\n20\n20\n");
    CHECK_EQ(rmdir(folder), 0);
}

/* The kernel compares the processes that the new user has already. fork would not see them, for it is root's. */
static int ready[2];
static void wait_as_the_user(void) {
    if (setresgid(61234, 61234, 61234) == 0 && setresuid(61234, 61234, 61234) == 0 && write(ready[1], "", 1) == 1)
        pause();
}

static void processes_of_the_new_user_are_counted_at_exec(void) {
    const rr_rlimit none = {0, 0}, some = {50, 50};
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command;
    pid_t other;
    char byte;
    if (emulated_by("valgrind")) {
        skip("valgrind looks for the program itself before it executes it");
        return;
    }
    if (!may_change_user())
        return;
    CHECK_EQ(pipe2(ready, O_CLOEXEC), 0);
    other = fork();
    if (other == 0) {
        wait_as_the_user();
        _exit(1);
    }
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_credentials(command, 61234, 61234, NULL, 0), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NPROC, &none), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), EAGAIN);
    CHECK_EQ(failure.step, RR_STEP_EXEC);
    CHECK(child == NULL);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NPROC, &some), 0);
    CHECK_EQ(exit_code_of(command), 0);
    kill(other, SIGKILL);
    CHECK_EQ(waitpid(other, NULL, 0), other);
    close(ready[0]), close(ready[1]);
    check_no_children();
}

static void what_the_new_user_may_not_execute(void) {
    char file[] = "/tmp/rresource-more-XXXXXX";
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command;
    int fd;
    if (!may_change_user())
        return;
    fd = mkstemp(file);
    CHECK(fd >= 0 && fchmod(fd, 0700) == 0 && write(fd, "#!/bin/true\n", 12) == 12);
    close(fd);
    command = command_of(file);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0); /* root may */
    CHECK_EQ(ended(child).exit_code, 0);
    child = NULL;
    CHECK_CALL(rr_command_spawn(as_nobody(command), &child, &failure), EACCES);
    CHECK_EQ(failure.step, RR_STEP_EXEC);
    CHECK(child == NULL);
    rr_command_free(command);
    unlink(file);
    check_no_children();
}

static void refuse_ordinary_user(void) {
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command = command_of("/bin/true");
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 ||
                           setresuid(65534, 65534, 65534) != 0))
        _exit(77);
    CHECK_CALL(rr_command_set_credentials(command, 0, 0, NULL, 0), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), EPERM);
    CHECK_EQ(failure.step, RR_STEP_CREDENTIALS);
    rr_command_free(command);
    check_no_children();
}

static void an_ordinary_user_may_not(void) {
    const int status = status_of_child(refuse_ordinary_user);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("this user cannot become another");
    else
        CHECK_EQ(status, 0);
}

/* ---- Control group ------------------------------------------------------------------------------- */

static void the_program_begins_in_its_group(const char *controller) {
    const hierarchy groups = hierarchy_of(controller);
    const char *path = make_group(&groups, controller, is_direct ? "direct" : "launcher");
    char name[64], before[4096];
    rr_command *command;
    FILE *file;
    int fd;
    if (!path) {
        skip(no_groups);
        return;
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0);
    snprintf(name, sizeof name, "/rresource-%d-%s\n", (int)getpid(), is_direct ? "direct" : "launcher");
    CHECK(strstr(output_of(own_program("group")), name) == NULL);
    command = own_program("group");
    CHECK_CALL(rr_command_set_cgroup(command, fd), 0);
    /* The folder's number may be taken by the program's own descriptors. */
    CHECK_CALL(rr_command_dup2(command, 2, fd), 0);
    CHECK(strstr(output_of(command), name) != NULL);
    file = fopen("/proc/self/cgroup", "r");
    while (file && fgets(before, sizeof before, file))
        CHECK(strstr(before, name) == NULL);
    if (file)
        fclose(file);
    close(fd);
    remove_group(path);
}

static void control_group(void) { the_program_begins_in_its_group("pids"); }

static void no_control_group(void) {
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command = command_of("/bin/true");
    int fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK_CALL(rr_command_set_cgroup(command, -1), EBADF);
    CHECK_CALL(rr_command_set_cgroup(NULL, 0), EFAULT);
    CHECK_CALL(rr_command_set_cgroup(command, fd), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), ENOENT);
    CHECK_EQ(failure.step, RR_STEP_CGROUP);
    close(fd);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), EBADF);
    CHECK_EQ(failure.step, RR_STEP_CGROUP);
    rr_command_free(command);
    check_no_children();
}
#endif

int main(int argc, char **argv) {
    if (argc > 1) {
        if (strcmp(argv[1], "descriptors") == 0)
            return show_descriptors();
        if (strcmp(argv[1], "mask") == 0)
            return show_mask();
#ifdef __linux__
        return strcmp(argv[1], "ids") == 0 ? show_ids() : show_group();
#endif
    }
    BEGIN(argv);
    RUN_WAYS(descriptors_are_closed_but_for_the_named_ones);
    RUN_WAYS(a_walk_closes_them_too);
    RUN_WAYS(a_negative_descriptor);
    RUN_WAYS(the_mask_is_the_programs);
    RUN_WAYS(credentials_that_are_none);
#ifdef __linux__
    RUN_WAYS(user_and_groups_are_the_programs);
    RUN_WAYS(limits_directory_and_descriptors_are_set_before);
    RUN_WAYS(processes_of_the_new_user_are_counted_at_exec);
    RUN_WAYS(what_the_new_user_may_not_execute);
    RUN_WAYS(an_ordinary_user_may_not);
    RUN_WAYS(control_group);
    RUN_WAYS(no_control_group);
#endif
    return report();
}
