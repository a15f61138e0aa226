/*
 * Shared by the tests of complete starts: a program that reports everything that it inherited, which is the test
 * itself under another name; and the third method, through an installed launcher.
 */
#ifndef STARTS_H
#define STARTS_H

#include "ways.h"
#include <dirent.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#ifndef CLONE_NEWNS
#define CLONE_NEWNS 0x20000
#endif

enum { REPORT_FD = 9, REPORT_SIZE = 16384 };
static const char report_name[] = "report";
static char reporter[] = "/tmp/rr-starts-XXXXXX"; /* a folder; the program is reporter/program */
static char reporter_program[64];

/* ---- The program --------------------------------------------------------------------------------- */

static char reported[REPORT_SIZE];
static size_t reported_length;

static void note(const char *format, long long value) {
    if (reported_length < sizeof reported - 200)
        reported_length += (size_t)snprintf(reported + reported_length, 200, format, value);
}

static void note_text(const char *name, const char *text) {
    if (reported_length < sizeof reported - 600)
        reported_length += (size_t)snprintf(reported + reported_length, 600, "%s=%.500s\n", name, text ? text : "(none)");
}

static void note_lines(const char *file, const char *const *wanted) {
    char line[500];
    FILE *stream = fopen(file, "re");
    if (!stream)
        return;
    while (fgets(line, sizeof line, stream)) {
        size_t i;
        for (i = 0; wanted[i]; i++)
            if (strncmp(line, wanted[i], strlen(wanted[i])) == 0) {
                line[strcspn(line, "\n")] = 0;
                /* glibc's posix_spawn ignores its two internal signals in the program. */
                if (strncmp(line, "SigIgn:", 7) == 0)
                    snprintf(line, sizeof line, "SigIgn: %llx", strtoull(line + 7, NULL, 16) & ~(3ull << 31));
                note_text("status", line);
            }
    }
    fclose(stream);
}

static void note_descriptors(void) {
    struct stat file;
    int fd;
    for (fd = 0; fd < 1100; fd++)
        if (fcntl(fd, F_GETFD) >= 0 && fstat(fd, &file) == 0) {
            note("fd %lld", fd);
            if (fd == REPORT_FD)
                file.st_ino = 0; /* another pipe each time */
            note(" %lld", (long long)file.st_dev);
            note(" %lld\n", (long long)file.st_ino);
        }
}

/* Descriptors first: everything else opens some. */
UNUSED static int report_all(int argc, char **argv) {
    static const char *const lines[] = {"Name:", "Umask:", "Uid:", "Gid:", "Groups:", "SigBlk:", "SigIgn:", "SigCgt:",
                                        "ShdPnd:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:",
                                        "Seccomp:", "Cpus_allowed:", "THP_enabled:", NULL};
    char text[4096] = "", own[40];
    ssize_t length;
    int i;
    note_descriptors();
    for (i = 0; i < 16; i++) {
        struct rlimit limit;
        if (getrlimit((__typeof__(RLIMIT_CPU))i, &limit) == 0) {
            note("limit %lld", i);
            note(" %lld", (long long)limit.rlim_cur);
            note(" %lld\n", (long long)limit.rlim_max);
        }
    }
    note("argc %lld\n", argc);
    for (i = 0; i < argc && i < 20; i++)
        note_text("arg", argv[i]);
    for (i = 0; environ && environ[i]; i++)
        if (i < 60)
            note_text("env", environ[i]);
    note("variables %lld\n", i);
    note_text("execfn", (const char *)(size_t)getauxval(AT_EXECFN));
    note("secure %lld\n", (long long)getauxval(AT_SECURE));
    snprintf(own, sizeof own, "/proc/%d", (int)getpid());
    note_text("cwd", getcwd(text, sizeof text) && strcmp(text, own) == 0 ? "its own" : text);
    length = readlink("/proc/self/exe", text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    note_text("exe", text);
    note("leads group %lld\n", getpgrp() == getpid());
    note("leads session %lld\n", getsid(0) == getpid());
    note("securebits %lld\n", prctl(PR_GET_SECUREBITS));
    note("dumpable %lld\n", prctl(PR_GET_DUMPABLE));
    note("slack %lld\n", prctl(PR_GET_TIMERSLACK));
    note("death signal %lld\n", (prctl(PR_GET_PDEATHSIG, &i), i));
    note("nice %lld\n", getpriority(PRIO_PROCESS, 0));
    note("policy %lld\n", sched_getscheduler(0));
    note("personality %lld\n", syscall(SYS_personality, 0xffffffff));
    note("parent is 0 %lld\n", getppid() == 0);
    note_lines("/proc/self/status", lines);
    {
        static const char *const any[] = {"", NULL};
        note_lines("/proc/self/coredump_filter", any);
        note_lines("/proc/self/oom_score_adj", any);
    }
    for (i = 0; (size_t)i < reported_length;) {
        length = write(REPORT_FD, reported + i, reported_length - (size_t)i);
        if (length <= 0)
            return 3;
        i += (int)length;
    }
    return 0;
}

/* Called first in main: whether this is the program, not the test. As an interpreter it has other arguments before.
 * */
static int is_program(int argc, char **argv) { return argc > 1 && strcmp(argv[argc - 1], report_name) == 0; }

static void copy_file(const char *from, const char *to, mode_t mode) {
    char bytes[65536];
    ssize_t length;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    CHECK(in >= 0 && out >= 0);
    while ((length = read(in, bytes, sizeof bytes)) > 0)
        CHECK_EQ(write(out, bytes, (size_t)length), length);
    CHECK_EQ(fchmod(out, mode), 0);
    close(in), close(out);
}

static void make_reporter(void) {
    CHECK(mkdtemp(reporter) != NULL && chmod(reporter, 0755) == 0);
    snprintf(reporter_program, sizeof reporter_program, "%s/program", reporter);
    copy_file("/proc/self/exe", reporter_program, 0755);
}

/* ---- The third way ------------------------------------------------------------------------------- */

enum way { MEMFD, INSTALLED, DIRECT, WAYS };
static const char *const way_names[] = {"memfd", "installed", "direct"};
static int has_way[WAYS];

/* In a new mount namespace, puts the launcher at the path where the library looks for it, or nothing. */
static int set_up_way(enum way way) {
    const char *path = getenv("RRESOURCE_LAUNCHER");
    char folder[4096], link[64], target[200];
    struct stat there;
    DIR *own;
    struct dirent *entry;
    is_direct = way == DIRECT;
    if (way == DIRECT)
        return 1;
    if (!has_launcher())
        return 0;
    if (way == MEMFD && (!path || access(path, F_OK) != 0))
        return 1;
    if (!path || *path != '/' || strlen(path) > 1000 || unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return 0;
    strcpy(folder, path);
    do
        *strrchr(folder, '/') = 0;
    while (*folder && stat(folder, &there) != 0);
    if (!*folder || mount("none", folder, "tmpfs", 0, "mode=755") != 0)
        return 0;
    if (way == INSTALLED) {
        size_t i;
        rr_child *child;
        rr_command *command;
        for (i = strlen(folder); strchr(path + i + 1, '/');) {
            i = (size_t)(strchr(path + i + 1, '/') - path);
            memcpy(folder, path, i), folder[i] = 0;
            mkdir(folder, 0755);
        }
        /* A command keeps the image after its first start. */
        CHECK(rr_command_new("/bin/true", &command) == 0 && rr_command_spawn(command, &child, NULL) == 0);
        ended_either_way(child);
        own = opendir("/proc/self/fd");
        while (own && (entry = readdir(own))) {
            ssize_t length;
            snprintf(link, sizeof link, "/proc/self/fd/%.20s", entry->d_name);
            length = readlink(link, target, sizeof target - 1);
            target[length > 0 ? length : 0] = 0;
            if (strstr(target, "memfd:rresource-launcher") && access(path, F_OK) != 0)
                copy_file(link, path, 0755);
        }
        if (own)
            closedir(own);
        rr_command_free(command);
        return access(path, X_OK) == 0;
    }
    return 1;
}

static void set_up_or_leave(enum way way) { _exit(set_up_way(way) ? 0 : 77); }
static enum way way_to_try;
static void try_way(void) { set_up_or_leave(way_to_try); }

UNUSED static void three_ways(void) {
    int way;
    for (way = 0; way < WAYS; way++) {
        int status;
        way_to_try = (enum way)way;
        status = status_of_child(try_way);
        has_way[way] = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!has_way[way])
            skip(way == INSTALLED ? "installed: only root can install a launcher there, if the path is known"
                                  : "memfd: valgrind and qemu-user cannot run the launcher, or there is none");
    }
}

/* The number of repetitions: more with RR_TEST_MANY, fewer on an emulated processor. */
UNUSED static int times(int few) {
    const char *many = getenv("RR_TEST_MANY");
    if (many && atoi(many) > 0)
        return few * atoi(many);
    if (few <= 1 || !emulated_by("qemu-system"))
        return few;
    printf("fewer rounds, because the processor is emulated: %d, not %d\n", few / 4, few);
    return few / 4;
}

/* The step through a list of cases: 1, or more on an emulated processor. */
UNUSED static size_t step_through_cases(void) {
    const size_t step = emulated_by("qemu-system") ? 4 : 1;
    if (step > 1)
        printf("fewer rounds, because the processor is emulated: 1 of %d cases\n", (int)step), fflush(stdout);
    return step;
}

#endif
