/*
 * Process trees: programs that try to get away, by each mechanism, as root and as an ordinary user; what they used
 * against what they did; the limits; and what is left when a caller is killed.
 *
 * RR_TEST_MANY=1 takes as many trees and as many killed callers as it takes an hour to find a race.
 */
#include "ways.h"

#ifdef __linux__
#include <dirent.h>
#include <grp.h>
#include <pthread.h>
#include <sys/prctl.h>

static uint32_t mechanism;
static char mark[128];

static const char *mechanism_name(void) {
    return mechanism == RR_TREE_SUPERVISOR ? "supervisor" : mechanism == RR_TREE_NAMESPACE ? "namespace" : "cgroup";
}

/* ---- Programs that try to get away ---------------------------------------------------------------- */

static void burn(int ms) {
    struct timespec t;
    volatile unsigned long x = 0;
    int i;
    do {
        for (i = 0; i < 20000; i++)
            x += (unsigned long)i;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    } while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < ms);
}

static void pause_for_ever(void) {
    for (;;)
        pause();
}

static void *fork_in_thread(void *ms) {
    if (fork() == 0) {
        setsid();
        burn(*(int *)ms);
        _exit(0);
    }
    return NULL;
}

static volatile sig_atomic_t got;
static void note_signal(int signal) { got = signal; }

static void bomb(int most, int is_mortal) {
    volatile int *alive = (volatile int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned seed = (unsigned)getpid();
    const pid_t root = getpid();
    __sync_fetch_and_add(alive, 1);
    for (;;) {
        if (*alive < most) {
            pid_t child;
            __sync_fetch_and_add(alive, 1);
            child = fork();
            if (child < 0)
                __sync_fetch_and_sub(alive, 1);
            if (child == 0) {
                setsid();
                signal(SIGCHLD, SIG_IGN);
                seed = (unsigned)getpid();
                if (rand_r(&seed) % 2 && fork())
                    _exit(0);
            }
        } else
            usleep(1000);
        if (is_mortal && getpid() != root && rand_r(&seed) % 200 == 0 && *alive > 1) {
            __sync_fetch_and_sub(alive, 1);
            _exit(0);
        }
    }
}

static int escape(int argc, char **argv) {
    const char *mode = argv[1];
    const int n = argc > 2 ? atoi(argv[2]) : 0;
    int i;
    if (strcmp(mode, "exit") == 0)
        return n;
    if (strcmp(mode, "sleep") == 0) {
        usleep((useconds_t)n * 1000);
        return 7;
    }
    if (strcmp(mode, "burn") == 0) {
        burn(n);
        return 0;
    }
    if (strcmp(mode, "tree") == 0) { /* three, of whom one is waited for; the last ones outlive it */
        for (i = 0; i < 3; i++)
            if (fork() == 0) {
                burn(300);
                _exit(0);
            }
        wait(NULL);
        burn(100);
        return 7;
    }
    if (strcmp(mode, "daemon") == 0) {
        if (fork() == 0) {
            setsid();
            if (fork() == 0) {
                for (i = 0; i < 64; i++)
                    close(i);
                burn(200);
            }
            _exit(0);
        }
        return 5;
    }
    if (strcmp(mode, "rename") == 0) {
        if (fork() == 0) {
            prctl(PR_SET_NAME, "init");
            setsid();
            burn(200);
            _exit(0);
        }
        return 5;
    }
    if (strcmp(mode, "vfork") == 0) {
        const char *program = argv[0];
        if (vfork() == 0) {
            execl(program, program, "burn", "200", (char *)NULL);
            _exit(1);
        }
        return 5;
    }
    if (strcmp(mode, "threads") == 0) {
        pthread_t threads[4];
        int ms = 50;
        for (i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, fork_in_thread, &ms);
        for (i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        return 5;
    }
    if (strcmp(mode, "lost") == 0) { /* whose usage is not recorded */
        signal(SIGCHLD, SIG_IGN);
        if (fork() == 0) {
            burn(50);
            _exit(0);
        }
        while (wait(NULL) > 0 || errno == EINTR)
            ;
        return 5;
    }
    if (strcmp(mode, "ignore") == 0) {
        for (i = 1; i < 65; i++)
            signal(i, SIG_IGN);
        if (fork() == 0)
            setsid();
        pause_for_ever();
    }
    if (strcmp(mode, "stop") == 0) {
        if (fork() == 0) {
            setsid();
            raise(SIGSTOP);
        }
        pause_for_ever();
    }
    if (strcmp(mode, "deep") == 0) {
        for (i = 0; i < n; i++) {
            if (fork()) {
                if (i % 2)
                    _exit(0);
                pause_for_ever();
            }
            setsid();
            signal(SIGTERM, SIG_IGN);
        }
        pause_for_ever();
    }
    if (strcmp(mode, "hold") == 0) {
        for (i = 0; i < n; i++)
            if (fork() == 0)
                pause_for_ever();
        pause_for_ever();
    }
    if (strcmp(mode, "bomb") == 0)
        bomb(n, argc > 3);
    if (strcmp(mode, "workers") == 0) {
        for (i = 0; i < n; i++)
            if (fork() == 0) {
                setsid();
                burn(60000);
                _exit(0);
            }
        pause_for_ever();
    }
    if (strcmp(mode, "memory") == 0) { /* two at once, 60 MiB each */
        const size_t size = (size_t)60 << 20;
        for (i = 0; i < 2; i++)
            if (fork() == 0) {
                memset(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, size);
                usleep(300000);
                _exit(0);
            }
        while (wait(NULL) > 0)
            ;
        return 0;
    }
    if (strcmp(mode, "killer") == 0) {
        usleep(50000);
        kill(getppid(), SIGKILL);
        usleep(100000);
        return 3;
    }
    if (strcmp(mode, "signal") == 0) { /* itself and another one in another session write which signal they got */
        char byte;
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = note_signal;
        sigaction(SIGUSR1, &action, NULL);
        if (fork() == 0)
            setsid();
        if (write(1, "r", 1) != 1)
            return 1;
        while (!got)
            usleep(1000);
        byte = got == SIGUSR1 ? 't' : '?';
        if (write(1, &byte, 1) != 1)
            return 1;
        while (wait(NULL) > 0)
            ;
        return 0;
    }
    return 99;
}

/* ---- What is left -------------------------------------------------------------------------------- */

/* Every process that has the mark in its environment, the supervisor too. Another name or session does not change that. */
static int survivors(void) {
    struct dirent *entry;
    DIR *folder = opendir("/proc");
    int count = 0;
    while (folder && (entry = readdir(folder))) {
        static char text[1 << 16];
        char path[300];
        ssize_t length;
        int fd;
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
            continue;
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        length = read(fd, text, sizeof text);
        close(fd);
        if (length > 0 && memmem(text, (size_t)length, mark, strlen(mark)) != NULL) {
            count++;
            if (getenv("RR_TREE_SHOW")) {
                char line[400] = "";
                snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
                fd = open(path, O_RDONLY | O_CLOEXEC);
                if (read(fd, line, 100) > 0)
                    printf("# left: %s\n", line);
                close(fd);
            }
        }
    }
    if (folder)
        closedir(folder);
    return count;
}

static rr_command *tree_of(const char *mode, const char *argument, uint32_t flags) {
    static int serial;
    rr_command *command = NULL;
    snprintf(mark, sizeof mark, "RR_TREE_MARK=%d.%d.", (int)getpid(), serial++);
    CHECK_CALL(rr_command_new(own_path, &command), 0);
    CHECK_CALL(rr_command_add_arg(command, mode), 0);
    if (argument)
        CHECK_CALL(rr_command_add_arg(command, argument), 0);
    CHECK_CALL(rr_command_set_env(command, "RR_TREE_MARK", strchr(mark, '=') + 1), 0);
    CHECK_CALL(rr_command_set_tree(command, mechanism | flags), 0);
    return command;
}

static rr_tree tree_after(rr_child *child) {
    rr_tree tree;
    memset(&tree, 0, sizeof tree);
    CHECK_CALL(rr_child_tree(child, &tree), 0);
    CHECK_EQ(tree.mechanism, mechanism);
    return tree;
}

static double milliseconds(uint64_t nanoseconds) { return (double)nanoseconds / 1e6; }

static int works(void);

/* ---- Ended and measured -------------------------------------------------------------------------- */

static int are_ignored; /* children of the caller, and so of the program */
static void ends_by_itself(const char *mode, int known_ms, int orphans) {
    const int exit_code = strcmp(mode, "tree") == 0 ? 7 : 5;
    rr_child *child = spawned(tree_of(mode, NULL, RR_TREE_WAIT));
    rr_outcome outcome;
    rr_tree tree;
    double cpu;
    CHECK_CALL(rr_child_tree(child, &tree), EAGAIN);
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    CHECK_EQ(survivors(), 0);
    CHECK_EQ(outcome.exit_code, exit_code);
    tree = tree_after(child);
    cpu = milliseconds(tree.usage.cpu_ns);
    printf("# %s %s: %.1f ms of processor time for %d ms of work\n", mechanism_name(), mode, cpu, known_ms);
    /* A process takes time to start and to end, in addition to its work. */
    if (cpu < known_ms || cpu > known_ms * 1.01 + (strcmp(mode, "tree") == 0 ? 0 : 8))
        fail(__FILE__, __LINE__, "the processor time of all is their work, to 1%");
    if (are_ignored) /* some of them reap themselves */
        CHECK(tree.orphans >= 1 && tree.orphans <= (unsigned)orphans);
    else
        CHECK_EQ(tree.orphans, orphans);
    CHECK_EQ(tree.killed, 0);
    CHECK_EQ(tree.limit, -1);
    CHECK_EQ(tree.complete, !are_ignored || mechanism == RR_TREE_CGROUP);
    rr_child_free(child);
    check_no_children();
}

static void ends_when_killed(const char *mode, const char *argument, int is_mortal, int least) {
    rr_command *command = tree_of(mode, argument, 0);
    uint64_t begun;
    rr_outcome outcome;
    rr_child *child;
    rr_tree tree;
    int tries, count = 0;
    if (is_mortal)
        CHECK_CALL(rr_command_add_arg(command, "mortal"), 0);
    child = spawned(command);
    for (tries = 0; tries < 1000 && (count = survivors()) < least; tries++)
        usleep(10000);
    CHECK(count >= least);
    begun = nanoseconds_now();
    CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    printf("# %s %s %s%s: ended in %.1f ms\n", mechanism_name(), mode, argument ? argument : "",
           is_mortal ? " mortal" : "", milliseconds(nanoseconds_now() - begun));
    CHECK_EQ(survivors(), 0);
    tree = tree_after(child);
    CHECK_EQ(outcome.signal, is_mortal ? outcome.signal : SIGKILL);
    CHECK_EQ(outcome.limit, -1);
    CHECK(tree.killed >= (is_mortal ? 0 : 1));
    CHECK_CALL(rr_child_kill(child, SIGKILL), ESRCH);
    rr_child_free(child);
    check_no_children();
}

static void nothing_escapes(void) {
    ends_by_itself("tree", 1000, 2);
    ends_by_itself("daemon", 200, 2);
    ends_by_itself("rename", 200, 1);
    ends_by_itself("vfork", 200, 1);
    ends_by_itself("threads", 200, 4);
    ends_when_killed("ignore", NULL, 0, 2);
    ends_when_killed("stop", NULL, 0, 2);
    ends_when_killed("deep", "50", 0, 20);
    ends_when_killed("hold", "199", 0, 200);
    ends_when_killed("bomb", "200", 0, 150);
    ends_when_killed("bomb", "200", 1, 20);
}

static void nobody_does_the_same(void) {
    if (setgroups(0, NULL) != 0 || setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0 ||
        prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 || access(own_path, X_OK) != 0 || !works())
        _exit(77);
    nothing_escapes();
    fflush(stdout);
}

static void nothing_escapes_as_an_ordinary_user(void) {
    int status;
    if (geteuid() != 0) {
        skip("the other tests run as an ordinary user already");
        return;
    }
    status = status_of_child(nobody_does_the_same);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("an ordinary user may not execute this test, or not use this mechanism");
    else
        CHECK_EQ(status, 0);
}

/* The kernel sends SIGHUP to a process group that has a stopped member when its last process whose parent is outside the
 * group but in its session ends: kill_orphaned_pgrp() in kernel/exit.c. A service's group has no other such process. */
static void wait_with_a_stopped_child(void) {
    rr_child *child;
    rr_outcome outcome;
    pid_t stopped;
    signal(SIGHUP, SIG_DFL);
    setsid();
    stopped = fork();
    if (stopped == 0) {
        raise(SIGSTOP);
        _exit(0);
    }
    CHECK_EQ(waitpid(stopped, NULL, WUNTRACED), stopped);
    child = spawned(tree_of("exit", "3", 0));
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_EQ(outcome.exit_code, 3);
    rr_child_free(child);
    kill(stopped, SIGKILL);
    waitpid(stopped, NULL, 0);
}

static void the_callers_group_is_not_hung_up(void) { CHECK_EQ(status_of_child(wait_with_a_stopped_child), 0); }

static void the_end_of_the_program_ends_the_tree(void) {
    rr_child *child = spawned(tree_of("daemon", NULL, 0));
    rr_outcome outcome;
    rr_tree tree;
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    CHECK_EQ(survivors(), 0);
    CHECK_EQ(outcome.exit_code, 5);
    tree = tree_after(child);
    CHECK(tree.usage.cpu_ns < 150000000);
    CHECK(tree.orphans >= 1 && tree.orphans <= 2);
    CHECK(tree.killed >= 1 && tree.killed <= 2);
    rr_child_free(child);
}

static void usage_that_nobody_recorded_is_said_to_be_missing(void) {
    rr_child *child = spawned(tree_of("lost", NULL, RR_TREE_WAIT));
    rr_outcome outcome;
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    CHECK_EQ(outcome.exit_code, 5);
    if (mechanism == RR_TREE_CGROUP) { /* the group counted it */
        CHECK_EQ(tree_after(child).complete, 1);
        CHECK(tree_after(child).usage.cpu_ns >= 50000000);
    } else
        CHECK_EQ(tree_after(child).complete, 0);
    rr_child_free(child);
}

/* The supervisor cannot be protected from its own user, but it can where it is the first process of a namespace. */
static void a_program_that_kills_its_parent(void) {
    rr_child *child = spawned(tree_of("killer", NULL, 0));
    rr_outcome outcome;
    rr_tree tree;
    int tries;
    const int answer = CALL(rr_child_wait(child, INT64_C(60000000000), &outcome));
    memset(&tree, 0, sizeof tree);
    if (mechanism == RR_TREE_NAMESPACE) {
        CHECK_EQ(answer, 0);
        CHECK_EQ(outcome.exit_code, 3);
        CHECK_EQ(tree_after(child).complete, 1);
    } else if (answer == 0) { /* Linux 6.15 keeps how it ended */
        CHECK_EQ(outcome.signal, SIGKILL);
        tree = tree_after(child);
        CHECK_EQ(tree.complete, mechanism == RR_TREE_CGROUP);
        if (mechanism == RR_TREE_SUPERVISOR)
            CHECK_EQ(tree.known, RR_USAGE_WALL);
    } else
        CHECK_EQ(answer, ECHILD);
    for (tries = 0; tries < 100 && survivors() > 0; tries++)
        usleep(10000);
    CHECK_EQ(survivors(), 0);
    rr_child_free(child);
    check_no_children();
}

/* ---- The outcome is the program's ---------------------------------------------------------------- */

static void the_outcome_is_as_exact_as_without_a_tree(void) {
    const rr_rlimit one = {1, 1};
    rr_command *command;
    rr_outcome outcome;
    rr_child *child = spawned(tree_of("exit", "42", 0));
    CHECK(rr_child_pid(child) > 0);
    CHECK(fcntl(rr_child_fd(child), F_GETFD) == FD_CLOEXEC);
    outcome = ended_either_way(child);
    CHECK_EQ(outcome.exit_code, 42);
    CHECK_EQ(is_bound(&outcome), 0);
    /* The caller holds 64 MiB. */
    CHECK(outcome.usage.peak_rss_bytes > 100000 && outcome.usage.peak_rss_bytes < (16 << 20));

    command = tree_of("burn", "60000", 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CPU, &one), 0);
    outcome = ended_either_way(spawned(command));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, RR_RLIMIT_CPU);
}

static void the_child_is_the_program(void) {
    rr_child *child = spawned(tree_of("sleep", "200", 0));
    char path[64], text[256] = "";
    rr_process *process = NULL;
    rr_outcome outcome;
    FILE *file;
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)rr_child_pid(child));
    file = fopen(path, "r");
    CHECK(file && fread(text, 1, sizeof text - 1, file) > 0);
    if (file)
        fclose(file);
    CHECK_TEXT(text, own_path);
    CHECK_CALL(rr_child_process(child, &process), 0);
    CHECK_EQ(rr_process_pid(process), rr_child_pid(child));
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_child_kill(child, 0), 0);
    CHECK_CALL(rr_child_kill(child, 65), EINVAL);
    CHECK_CALL(rr_child_kill(child, -1), EINVAL);
    CHECK_CALL(rr_child_wait(child, 0, &outcome), ETIMEDOUT);
    CHECK_CALL(rr_child_wait(child, 10000000, &outcome), ETIMEDOUT);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_EQ(outcome.exit_code, 7);
    CHECK_CALL(rr_process_check(process), ESRCH);
    rr_process_close(process);
    FILL(outcome);
    CHECK_CALL(rr_child_wait(child, 0, &outcome), 0); /* the same once more */
    CHECK_EQ(outcome.exit_code, 7);
    rr_child_free(child);
}

static void a_signal_reaches_all(void) {
    rr_command *command = tree_of("signal", NULL, RR_TREE_WAIT);
    char bytes[3] = "";
    int ends[2];
    rr_child *child;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    child = spawned(command);
    close(ends[1]);
    CHECK_EQ(read(ends[0], bytes, 1) + read(ends[0], bytes + 1, 1), 2);
    CHECK_TEXT(bytes, "rr");
    CHECK_CALL(rr_child_kill(child, SIGUSR1), 0);
    CHECK_EQ(read(ends[0], bytes, 1) + read(ends[0], bytes + 1, 1), 2);
    CHECK_TEXT(bytes, "tt");
    CHECK_EQ(ended_either_way(child).exit_code, 0);
    close(ends[0]);
}

static void failures_name_their_step(void) {
    const int before = open_descriptors();
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command = NULL;
    CHECK_CALL(rr_command_new("/nowhere/at/all", &command), 0);
    CHECK_CALL(rr_command_set_tree(command, mechanism), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), ENOENT);
    CHECK_EQ(failure.step, RR_STEP_EXEC);
    rr_command_free(command);

    command = tree_of("exit", "0", 0);
    CHECK_CALL(rr_command_set_directory(command, "/nowhere"), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), ENOENT);
    CHECK_EQ(failure.step, RR_STEP_DIRECTORY);
    CHECK_CALL(rr_command_set_directory(command, "/"), 0);
    CHECK_CALL(rr_command_dup2(command, 1000, 5), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), EBADF);
    CHECK_EQ(failure.step, RR_STEP_DESCRIPTOR);
    CHECK_EQ(failure.detail, 5);
    rr_command_free(command);
    CHECK(child == NULL);
    CHECK_EQ(open_descriptors(), before);
    check_no_children();
}

static void what_is_set_arrives(void) {
    const rr_rlimit limits = {40, 50};
    rr_command *command = NULL;
    rr_child *child;
    char text[256] = "";
    size_t total = 0;
    ssize_t length;
    int ends[2], other;
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_new("sh", &command), 0);
    CHECK_CALL(rr_command_add_arg(command, "-c"), 0);
    CHECK_CALL(rr_command_add_arg(command, "ulimit -n; ulimit -Hn; ulimit -s; umask; pwd; ls /proc/self/fd | wc -l"), 0);
    CHECK_CALL(rr_command_set_tree(command, mechanism), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &limits), 0);
    CHECK_CALL(rr_command_set_umask(command, 0135), 0);
    CHECK_CALL(rr_command_set_directory(command, "/"), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    CHECK_CALL(rr_command_close_from(command, 3), 0);
    CHECK_CALL(rr_command_new_session(command), 0);
    other = open("/dev/null", O_RDONLY);
    child = spawned(command);
    close(other), close(ends[1]);
    while ((length = read(ends[0], text + total, sizeof text - 1 - total)) > 0)
        total += (size_t)length;
    close(ends[0]);
    {
        struct rlimit stack;
        char expected[256], soft[32];
        getrlimit(RLIMIT_STACK, &stack);
        snprintf(soft, sizeof soft, stack.rlim_cur == RLIM_INFINITY ? "unlimited" : "%llu",
                 (unsigned long long)stack.rlim_cur / 1024);
        snprintf(expected, sizeof expected, "40\n50\n%s\n0135\n/\n4\n", soft);
        CHECK_TEXT(text, expected);
    }
    CHECK_EQ(ended_either_way(child).exit_code, 0);
}

/* ---- Limits -------------------------------------------------------------------------------------- */

static void processor_time_of_all_is_limited(void) {
    rr_command *command = tree_of("workers", "3", 0);
    rr_outcome outcome;
    rr_tree tree;
    rr_child *child;
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_CPU_NS, 1500000000), 0);
    child = spawned(command);
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    tree = tree_after(child);
    printf("# %s: %.1f ms of 1500 ms\n", mechanism_name(), milliseconds(tree.usage.cpu_ns));
    CHECK_EQ(tree.limit, RR_TREE_CPU_NS);
    CHECK(tree.usage.cpu_ns > 1450000000 && tree.usage.cpu_ns < 1650000000);
    CHECK_EQ(outcome.limit, -1);
    CHECK_EQ(survivors(), 0);
    rr_child_free(child);
}

static void wall_time_is_limited(void) {
    rr_command *command = tree_of("hold", "3", RR_TREE_WAIT);
    rr_outcome outcome;
    rr_child *child;
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_WALL_NS, 1), 0);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_WALL_NS, 200000000), 0);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_CPU_NS, 1), 0);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_CPU_NS, RR_RLIM_INFINITY), 0);
    child = spawned(command);
    CHECK_CALL(rr_child_wait(child, INT64_C(60000000000), &outcome), 0);
    CHECK_EQ(tree_after(child).limit, RR_TREE_WALL_NS);
    CHECK(outcome.wall_ns >= 200000000 && outcome.wall_ns < 1200000000);
    CHECK_EQ(survivors(), 0);
    rr_child_free(child);
}

static void the_largest_process_is_reported(void) {
    rr_child *child = spawned(tree_of("memory", NULL, 0));
    rr_outcome outcome;
    uint64_t peak;
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    peak = tree_after(child).usage.peak_rss_bytes;
    CHECK(peak >= (uint64_t)60 << 20 && peak < (uint64_t)68 << 20);
    rr_child_free(child);
}

/* Of all at once, which only a control group knows. Controllers are enabled for this where root may do so. */
static void enable_controllers(void) {
    static const char *const places[] = {"/sys/fs/cgroup/cgroup.subtree_control",
                                         "/sys/fs/cgroup/unified/cgroup.subtree_control"};
    size_t i;
    for (i = 0; i < 2; i++) {
        const int fd = open(places[i], O_WRONLY | O_CLOEXEC);
        if (fd >= 0 && (write(fd, "+memory", 7) < 0 || write(fd, "+pids", 5) < 0))
            printf("# %s does not enable both controllers\n", places[i]);
        if (fd >= 0)
            close(fd);
    }
}

static void memory_of_all_is_counted_and_limited(void) {
    rr_command *command = tree_of("memory", NULL, 0);
    const uint64_t all = (uint64_t)120 << 20;
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_outcome outcome;
    rr_tree tree;
    int answer;
    enable_controllers();
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_MEMORY, (uint64_t)500 << 20), 0);
    answer = CALL(rr_command_spawn(command, &child, &failure));
    if (answer != 0) {
        CHECK_EQ(answer, ENOTSUP);
        CHECK_EQ(failure.step, RR_STEP_TREE);
        rr_command_free(command);
        skip("no memory controller of version 2 for a group of the tree");
        return;
    }
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    tree = tree_after(child);
    CHECK_EQ(tree.limit, -1);
    if (tree.known & RR_TREE_KNOWS_PEAK_MEMORY)
        CHECK(tree.peak_memory_bytes > all / 100 * 95 && tree.peak_memory_bytes < all / 100 * 105);
    rr_child_free(child);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_MEMORY, (uint64_t)80 << 20), 0);
    child = spawned(command);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    tree = tree_after(child);
    CHECK_EQ(tree.limit, RR_TREE_MEMORY);
    CHECK(tree.oom_kills > 0);
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.oom, RR_OOM_YES);
    rr_child_free(child);
}

static void tasks_are_limited(void) {
    rr_command *command = tree_of("hold", "20", 0);
    rr_child *child = NULL;
    rr_outcome outcome;
    rr_tree tree;
    enable_controllers();
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_TASKS, 10), 0);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_WALL_NS, 300000000), 0);
    if (CALL(rr_command_spawn(command, &child, NULL)) != 0) {
        rr_command_free(command);
        skip("no controller of tasks of version 2 for a group of the tree");
        return;
    }
    rr_command_free(command);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    tree = tree_after(child);
    CHECK_EQ(tree.killed, 10);
    if (tree.known & RR_TREE_KNOWS_PROCESSES)
        CHECK_EQ(tree.processes, 10);
    rr_child_free(child);
}

/* The names of the groups that are left. Another test may have trees at the same time, which come and go. */
enum { MOST_GROUPS = 256 };
static int groups_left(char names[MOST_GROUPS][32]) {
    static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    int count = 0;
    size_t i;
    for (i = 0; i < 2; i++) {
        DIR *folder = opendir(places[i]);
        struct dirent *entry;
        while (folder && count < MOST_GROUPS && (entry = readdir(folder)))
            if (strncmp(entry->d_name, "rresource-", 10) == 0 && strlen(entry->d_name) == 26)
                strcpy(names[count++], entry->d_name);
        if (folder)
            closedir(folder);
    }
    return count;
}

/* ---- The caller ---------------------------------------------------------------------------------- */

static int many(int few, int all) { return getenv("RR_TEST_MANY") ? all : few; }

static void a_freed_child_ends_its_tree(void) {
    const int before = open_descriptors();
    rr_child *child = spawned(tree_of("deep", "10", RR_TREE_WAIT));
    usleep(20000);
    CHECK(survivors() > 0);
    rr_child_free(child);
    CHECK_EQ(survivors(), 0);
    CHECK_EQ(open_descriptors(), before);
    check_no_children();
}

static int keeps_a_child;
static void start_and_stay(void) {
    for (;;) {
        rr_command *command = tree_of("deep", "6", RR_TREE_WAIT);
        rr_child *child = NULL;
        CHECK_CALL(rr_command_set_env(command, "RR_TREE_MARK", getenv("RR_TREE_MARK_OF_ALL")), 0);
        CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
        if (keeps_a_child && fork() == 0) { /* with the caller's end of the socket */
            usleep(400000);
            _exit(0);
        }
        usleep(5000);
        if (keeps_a_child)
            pause_for_ever();
        rr_child_free(child);
        rr_command_free(command);
    }
}

static void kill_the_caller(int times) {
    char value[64];
    unsigned seed = 1;
    uint64_t begun, taken, slowest = 0;
    int i, late = 0;
    snprintf(value, sizeof value, "all.%d.%d.", (int)getpid(), keeps_a_child);
    setenv("RR_TREE_MARK_OF_ALL", value, 1);
    for (i = 0; i < times; i++) {
        const pid_t caller = fork();
        if (caller == 0) {
            unsetenv("RR_TREE_MARK");
            start_and_stay();
        }
        usleep((useconds_t)(rand_r(&seed) % 40000 + (keeps_a_child ? 30000 : 0)));
        kill(caller, SIGKILL);
        CHECK_EQ(waitpid(caller, NULL, 0), caller);
        begun = nanoseconds_now();
        snprintf(mark, sizeof mark, "RR_TREE_MARK=%s", value);
        usleep(100000); /* a start that was under way goes on before it is noticed */
        while (survivors() > 0 && nanoseconds_now() - begun < 5000000000u)
            usleep(5000);
        taken = nanoseconds_now() - begun;
        slowest = taken > slowest ? taken : slowest;
        late += taken > 200000000;
        CHECK_EQ(survivors(), 0);
    }
    printf("# %s: nothing is left %.1f ms after the caller was killed, at most; later than 200 ms %d times of %d\n",
           mechanism_name(), milliseconds(slowest), late, times);
    CHECK(times < 10 || late <= times / 2); /* a busy machine */
    unsetenv("RR_TREE_MARK_OF_ALL");
}

static void a_killed_caller_leaves_nothing(void) {
    keeps_a_child = 0;
    kill_the_caller(many(15, 100));
}

static void nor_one_whose_child_holds_its_descriptors(void) {
    keeps_a_child = 1;
    kill_the_caller(many(2, 20));
}

static rr_child *started;
static void *start_in_thread(void *unused) {
    (void)unused;
    started = spawned(tree_of("sleep", "300", 0));
    return NULL;
}

static void the_starting_thread_may_end(void) {
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, start_in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(ended_either_way(started).exit_code, 7);
}

static void start_while_children_are_ignored(void) {
    signal(SIGCHLD, SIG_IGN);
    are_ignored = 1;
    ends_by_itself("daemon", 200, 2);
}

static void callers_that_ignore_their_children(void) { in_child(start_while_children_are_ignored); }

static rr_command *shared_command;
static volatile int wrong;
static void *start_many(void *count) {
    int i;
    for (i = 0; i < *(int *)count; i++) {
        rr_child *child = NULL;
        rr_outcome outcome;
        rr_tree tree;
        if (rr_command_spawn(shared_command, &child, NULL) != 0 || rr_child_wait(child, -1, &outcome) != 0 ||
            outcome.exit_code != 3 || rr_child_tree(child, &tree) != 0 || !tree.complete)
            __sync_fetch_and_add(&wrong, 1);
        rr_child_free(child);
    }
    return NULL;
}

static void many_trees_leave_nothing(void) {
    enum { THREADS = 8 };
    const int before = open_descriptors();
    int each = many(25, 10000 / THREADS), i;
    pthread_t threads[THREADS];
    shared_command = tree_of("exit", "3", 0);
    wrong = 0;
    for (i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_create(&threads[i], NULL, start_many, &each), 0);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    CHECK_EQ(wrong, 0);
    rr_command_free(shared_command);
    CHECK_EQ(open_descriptors(), before);
    CHECK_EQ(survivors(), 0);
    check_no_children();
}

static void no_group_is_left(void) {
    static char first[MOST_GROUPS][32], now[MOST_GROUPS][32];
    const int count = groups_left(first);
    int tries, left = count;
    for (tries = 0; tries < 3000 && left > 0; tries++) {
        const int present = groups_left(now);
        int i, k;
        usleep(10000);
        for (left = 0, i = 0; i < count; i++)
            for (k = 0; k < present; k++)
                left += strcmp(first[i], now[k]) == 0;
    }
    CHECK_EQ(left, 0);
}

/* ---- Each mechanism ------------------------------------------------------------------------------ */

static int works(void) {
    rr_child *child = NULL;
    rr_failure failure = {0, 0};
    rr_command *command = tree_of("exit", "0", 0);
    const int answer = CALL(rr_command_spawn(command, &child, &failure));
    rr_command_free(command);
    if (answer == 0)
        rr_child_free(child);
    else {
        CHECK_EQ(answer, ENOTSUP);
        CHECK_EQ(failure.step, RR_STEP_TREE);
    }
    return answer == 0;
}

static void run_by(const char *name, void (*test)(void)) {
    char text[128];
    snprintf(text, sizeof text, "%s by %s", name, mechanism_name());
    run(text, test);
}
#define RUN_BY(test) run_by(#test, test)

static int works_here;
static void the_mechanism_works(void) {
    works_here = works();
    if (!works_here)
        skip("this mechanism does not work here");
}

static void run_all_by(uint32_t by) {
    mechanism = by;
    RUN_BY(the_mechanism_works);
    if (!works_here)
        return;
    RUN_BY(the_outcome_is_as_exact_as_without_a_tree);
    RUN_BY(the_child_is_the_program);
    RUN_BY(what_is_set_arrives);
    RUN_BY(a_signal_reaches_all);
    RUN_BY(failures_name_their_step);
    RUN_BY(the_end_of_the_program_ends_the_tree);
    RUN_BY(the_callers_group_is_not_hung_up);
    RUN_BY(usage_that_nobody_recorded_is_said_to_be_missing);
    RUN_BY(a_program_that_kills_its_parent);
    RUN_BY(processor_time_of_all_is_limited);
    RUN_BY(wall_time_is_limited);
    RUN_BY(the_largest_process_is_reported);
    RUN_BY(a_freed_child_ends_its_tree);
    RUN_BY(the_starting_thread_may_end);
    RUN_BY(callers_that_ignore_their_children);
    RUN_BY(a_killed_caller_leaves_nothing);
    RUN_BY(nor_one_whose_child_holds_its_descriptors);
    RUN_BY(many_trees_leave_nothing);
    if (by == RR_TREE_CGROUP) {
        RUN_BY(memory_of_all_is_counted_and_limited);
        RUN_BY(tasks_are_limited);
    }
    RUN_BY(nothing_escapes);
    RUN_BY(nothing_escapes_as_an_ordinary_user);
    RUN_BY(no_group_is_left);
}
#endif

static int has_supervisor(void) {
#if defined(__linux__) && (defined(__x86_64__) || defined(__i386__) || defined(__aarch64__))
    return has_launcher();
#else
    return 0;
#endif
}

static void arguments_that_are_none(void) {
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command = command_of("/bin/true");
    rr_tree tree;
    FILL(tree);
    CHECK_CALL(rr_command_set_tree(command, 0), EINVAL);
    CHECK_CALL(rr_command_set_tree(command, RR_TREE_WAIT), EINVAL);
    CHECK_CALL(rr_command_set_tree(command, RR_TREE_ANY | 0x8), EINVAL);
    CHECK_CALL(rr_command_set_tree(NULL, RR_TREE_ANY), EFAULT);
    CHECK_CALL(rr_command_set_tree_limit(command, 0, 1), EINVAL);
    CHECK_CALL(rr_command_set_tree_limit(command, 5, 1), EINVAL);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_CPU_NS, 0), EINVAL);
    CHECK_CALL(rr_command_set_tree_limit(NULL, RR_TREE_CPU_NS, 1), EFAULT);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0); /* unchanged: no tree */
    CHECK_CALL(rr_child_tree(child, &tree), EINVAL);
    CHECK_CALL(rr_child_tree(NULL, &tree), EFAULT);
    CHECK_CALL(rr_child_tree(child, NULL), EFAULT);
    ended_either_way(child);
    CHECK_UNTOUCHED(tree);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_WALL_NS, 1), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), EINVAL);
    CHECK_EQ(failure.step, RR_STEP_TREE);
    CHECK_CALL(rr_command_set_tree(command, RR_TREE_SUPERVISOR), 0);
    CHECK_CALL(rr_command_set_tree_limit(command, RR_TREE_MEMORY, 1 << 20), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), ENOTSUP);
    CHECK_EQ(failure.step, RR_STEP_TREE);
    rr_command_free(command);
}

static void no_trees_here(void) {
    rr_failure failure = {0, 0};
    rr_child *child = NULL;
    rr_command *command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_tree(command, RR_TREE_ANY), 0);
    CHECK_CALL(rr_command_spawn(command, &child, &failure), ENOTSUP);
    CHECK_EQ(failure.step, RR_STEP_TREE);
    rr_command_free(command);
    check_no_children();
    skip("valgrind and qemu-user cannot run the supervisor, and other architectures have none");
}

int main(int argc, char **argv) {
#ifdef __linux__
    if (argc > 1)
        return escape(argc, argv);
#else
    (void)argc;
#endif
    BEGIN(argv);
    RUN(arguments_that_are_none);
    if (!has_supervisor()) {
        RUN(no_trees_here);
        return report();
    }
#ifdef __linux__
    run_all_by(RR_TREE_SUPERVISOR);
    run_all_by(RR_TREE_NAMESPACE);
    run_all_by(RR_TREE_CGROUP);
#endif
    return report();
}
