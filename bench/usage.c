/*
 * Reading another process through an open handle, compared with the bare system calls and with psutil's oneshot; and
 * one process compared with a thousand.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rresource.h>

#include "rivals.h"

enum { CALLS = 1000, PROCESSES = 1000 };

static pid_t children[PROCESSES];
static rr_process *processes[PROCESSES];
static rr_usage usage;
static int statm_files[PROCESSES], stat_file;

static pid_t sleeper(void) {
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    return child;
}

static void cpu_and_rss(void) { rr_usage_read(processes[0], RR_USAGE_CPU | RR_USAGE_RSS, &usage); }

/* The kernel's ID of a process's clock: clock_getcpuclockid(3). */
static void bare_calls(int process) {
    struct timespec time;
    char text[256];
    syscall(SYS_clock_gettime, (~children[process] << 3) | 2, &time);
    if (pread(statm_files[process], text, sizeof text, 0) <= 0)
        abort();
}
static void bare_clock_and_statm(void) { bare_calls(0); }

static void times(void) { rr_usage_read(processes[0], RR_USAGE_TIMES, &usage); }
static void bare_stat(void) {
    char text[1024];
    if (pread(stat_file, text, sizeof text, 0) <= 0)
        abort();
}

static void everything(void) { rr_usage_read(processes[0], RR_USAGE_ALL, &usage); }

static void a_thousand(void) {
    int i;
    for (i = 0; i < PROCESSES; i++)
        rr_usage_read(processes[i], RR_USAGE_CPU | RR_USAGE_RSS, &usage);
}
static void a_thousand_bare(void) {
    int i;
    for (i = 0; i < PROCESSES; i++)
        bare_calls(i);
}

static uint64_t open_files(void) {
    rr_usage_read(NULL, RR_USAGE_OPEN_FILES, &usage);
    return usage.open_files;
}

int main(int count, char **arguments) {
    rr_rlimit limits;
    uint64_t before;
    char path[64], pid[16];
    int i, error = 0;
    if (count != 3)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    for (i = 0; i < PROCESSES; i++)
        children[i] = sleeper();
    rr_rlimit_raise(RR_RLIMIT_NOFILE, 8 * PROCESSES, &limits);
    for (i = 0; i < PROCESSES; i++) {
        snprintf(path, sizeof path, "/proc/%d/statm", (int)children[i]);
        statm_files[i] = open(path, O_RDONLY | O_CLOEXEC);
    }
    snprintf(path, sizeof path, "/proc/%d/stat", (int)children[0]);
    stat_file = open(path, O_RDONLY | O_CLOEXEC);
    before = open_files();
    for (i = 0; i < PROCESSES && !error; i++)
        error = rr_process_open((int32_t)children[i], &processes[i]);
    if (error) {
        fprintf(stderr, "usage: %s\n", rr_strerror(error));
        return EXIT_FAILURE;
    }
    printf("another process through a handle: medians of %d rounds of %d calls\n", ROUNDS, CALLS);
    compare("CPU and RSS", cpu_and_rss, CALLS, "the bare clock_gettime and pread", bare_clock_and_statm, CALLS, 1);
    compare("user and system time", times, CALLS, "the bare pread of its stat", bare_stat, CALLS, 1);
    compare("every group", everything, CALLS / 10, "CPU and RSS alone", cpu_and_rss, CALLS / 10, 1);
    a_thousand();
    compare("CPU and RSS of 1,000 processes", a_thousand, 1, "the bare calls for the same 1,000", a_thousand_bare, 1, 1);
    compare("", a_thousand, 1, "1,000 times one, which stays in the caches", cpu_and_rss, CALLS, PROCESSES);
    compare("the bare calls for 1,000", a_thousand_bare, 1, "1,000 times one, the same", bare_clock_and_statm, CALLS, PROCESSES);
    snprintf(pid, sizeof pid, "%d", (int)children[0]);
    compare_with_psutil("CPU and RSS", cpu_and_rss, CALLS, "psutil's oneshot with cpu_times and memory_info",
                        (const char *[]){arguments[1], arguments[2], pid, NULL});
    for (i = 0; i < PROCESSES; i++)
        rr_process_close(processes[i]);
    printf("descriptors left behind by 1,000 handles: %d\n", (int)(open_files() - before));
    for (i = 0; i < PROCESSES; i++)
        kill(children[i], SIGKILL), waitpid(children[i], NULL, 0);
    return EXIT_SUCCESS;
}
