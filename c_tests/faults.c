/*
 * Faults: every system call of a start, in each of its processes, is refused once and repeatedly with several
 * errors, and each process except the caller is killed before each of its calls, by ptrace(2). In every case a start
 * that succeeded has run the program once, and one that failed has not run it; nothing of it is left in the caller;
 * and the program finds what it should.
 *
 * RR_TEST_MANY=2 takes all ten errors for each call; else they take turns.
 */
#ifdef __linux__
#include "starts.h"
#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

/* How a start ended. All except WRONG are correct results of a start with a fault. */
enum { RIGHT = 0, WRONG = 1, NOT_KNOWN = 2, REFUSED = 3, KILLED = 4, OTHER_WAY = 5, ENDS };
static const char *const end_names[] = {"right", "wrong", "EPROTO", "an error", "killed", "directly"};

#if defined(__x86_64__)

enum { BEGIN_MARK = -4242, END_MARK = -4243, ROLES = 5, CALLS = 200 };

/* ---- The caller ---------------------------------------------------------------------------------- */

static volatile sig_atomic_t handled;
static void handler(int number) { (void)number, handled++; }

static void state_of_caller(char *text, size_t size) {
    sigset_t mask;
    struct sigaction action;
    struct rlimit limits;
    size_t length = 0;
    int number, i;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (number = 1; number < 32; number++) {
        sigaction(number, NULL, &action);
        length += (size_t)snprintf(text + length, size - length, "%d %d,", sigismember(&mask, number), action.sa_handler == SIG_DFL ? 0 : action.sa_handler == SIG_IGN ? 1 : 2);
    }
    for (i = 0; i < 16; i++)
        if (getrlimit((__typeof__(RLIMIT_CPU))i, &limits) == 0)
            length += (size_t)snprintf(text + length, size - length, "%lld %lld,", (long long)limits.rlim_cur, (long long)limits.rlim_max);
    if (getcwd(text + length, size - length))
        length = strlen(text);
    snprintf(text + length, size - length, " %d descriptors", open_descriptors());
}

static char expected[REPORT_SIZE];
static int is_traced;

/* Makes one start and returns how it ended. `expected`: what the program has to report. */
static int one_start(void) {
    static char before[2000], after[2000], text[REPORT_SIZE];
    const rr_rlimit core = {0, 0}, files = {77, 77};
    sigset_t some;
    rr_command *command;
    rr_child *child = NULL;
    rr_outcome outcome;
    int ends[2], error, waited = 0, kind = RIGHT;
    size_t total = 0;
    ssize_t length;
    memset(&outcome, 0, sizeof outcome);
    signal(SIGUSR1, handler), signal(SIGUSR2, SIG_IGN), signal(SIGPIPE, SIG_IGN);
    sigemptyset(&some), sigaddset(&some, SIGTERM), sigprocmask(SIG_BLOCK, &some, NULL);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return WRONG;
    command = command_of("program");
    rr_command_add_arg(command, report_name);
    rr_command_set_env(command, "PATH", "/nowhere:.:/bin");
    rr_command_set_directory(command, reporter);
    rr_command_new_group(command);
    rr_command_set_limit(command, RR_RLIMIT_CORE, &core);
    rr_command_set_limit(command, RR_RLIMIT_NOFILE, &files);
    rr_command_dup2(command, 1, 2), rr_command_dup2(command, 2, 1), rr_command_dup2(command, ends[1], REPORT_FD);
    state_of_caller(before, sizeof before);
    if (is_traced)
        raise(SIGSTOP);
    syscall(SYS_getsid, BEGIN_MARK);
    errno = ERRNO_BEFORE;
    error = rr_command_spawn(command, &child, NULL);
    if (errno != ERRNO_BEFORE)
        kind = WRONG, dprintf(2, "errno %d\n", errno);
    syscall(SYS_getsid, END_MARK);
    if (error == 0) {
        waited = rr_child_wait(child, -1, &outcome);
        rr_child_free(child);
    }
    rr_command_free(command);
    close(ends[1]);
    while ((length = read(ends[0], text + total, sizeof text - 1 - total)) > 0)
        total += (size_t)length;
    text[total] = 0;
    close(ends[0]);
    /* Unchanged except for the pipe of this test. */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return WRONG;
    state_of_caller(after, sizeof after);
    close(ends[0]), close(ends[1]);
    if (strcmp(before, after) != 0)
        kind = WRONG, dprintf(2, "the caller was %s, is %s\n", before, after);
    errno = 0;
    if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        kind = WRONG, dprintf(2, "a child is left; the start returned %d, the wait %d\n", error, waited);
    if (kind != RIGHT)
        return kind;
    if (error == EPROTO)
        return NOT_KNOWN;
    if (error)
        return *text ? WRONG : REFUSED;
    if (waited)
        return WRONG;
    if (outcome.signal == SIGKILL)
        return *text ? WRONG : KILLED;
    if (!*expected)
        strcpy(expected, text);
    if (outcome.exit_code != 0 || strcmp(text, expected) != 0) {
        size_t at = 0, from;
        while (text[at] && text[at] == expected[at])
            at++;
        for (from = at; from > 0 && text[from - 1] != '\n';)
            from--;
        dprintf(2, "exit %d, \"%.*s\" for \"%.*s\"\n", outcome.exit_code, (int)strcspn(text + from, "\n"), text + from,
                (int)strcspn(expected + from, "\n"), expected + from);
        return WRONG;
    }
    return is_bound(&outcome) == is_direct ? RIGHT : OTHER_WAY;
}

/* ---- The tracer ---------------------------------------------------------------------------------- */

/* The fault: at call `at` of role `role`, which is `number`; or each call `number` of any role. */
struct fault {
    int role, at, is_always;
    long number;
    int error; /* 0: SIGKILL */
};

/* A handler interrupts a call often, but not for ever. */
enum { MOST_INTERRUPTIONS = 50 };

/* How often a caller has to poll depends on the machine, so another call may be at this place. */
static int was_there;

static int made[ROLES]; /* calls of each role in a start without a fault */
static long numbers[ROLES][CALLS];

struct traced {
    pid_t pid;
    int role, calls, is_inside, has_loaded;
    long refused, last;
};

static struct traced *of(struct traced *all, pid_t pid) {
    int i;
    for (i = 0; i < ROLES; i++)
        if (all[i].pid == pid)
            return &all[i];
    for (i = 0; i < ROLES; i++)
        if (!all[i].pid) {
            all[i].pid = pid, all[i].role = i;
            return &all[i];
        }
    return NULL;
}

/* Runs one start in a child with this fault and returns how it ended; NULL only counts the calls. */
static int with_fault(const struct fault *fault) {
    const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                         PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    struct traced all[ROLES];
    int begun = 0, result = WRONG, interruptions = 0, status;
    pid_t host = fork(), pid;
    was_there = 0;
    if (host == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        is_traced = 1;
        end_after(200);
        _exit(one_start());
    }
    memset(all, 0, sizeof all);
    of(all, host);
    waitpid(host, &status, 0);
    ptrace(PTRACE_SETOPTIONS, host, NULL, (void *)options);
    ptrace(PTRACE_SYSCALL, host, NULL, NULL);
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        /* What the host does before and after its start is of no interest, and many calls. */
        long signal_to_pass = 0, resume = PTRACE_SYSCALL;
        struct traced *process;
        if (!WIFSTOPPED(status)) {
            if (pid == host) {
                result = WIFEXITED(status) ? WEXITSTATUS(status) : WRONG;
                break;
            }
            continue;
        }
        process = of(all, pid);
        if (!process)
            continue;
        if (status >> 16 == PTRACE_EVENT_EXEC) {
            if (process->last == SYS_execve) {
                ptrace(PTRACE_DETACH, pid, NULL, NULL);
                continue;
            }
        } else if (status >> 16 == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
            struct user_regs_struct registers;
            ptrace(PTRACE_GETREGS, pid, NULL, &registers);
            process->is_inside = !process->is_inside;
            if (process->is_inside) {
                const long number = (long)registers.orig_rax;
                process->last = number;
                if (number == SYS_getsid && (int)registers.rdi == BEGIN_MARK)
                    begun = 1;
                else if (number == SYS_getsid && (int)registers.rdi == END_MARK)
                    begun = 0, resume = PTRACE_CONT;
                else if (begun || process->role) {
                    const int at = process->calls++;
                    if (!fault && at < CALLS)
                        numbers[process->role][at] = number, made[process->role] = at + 1;
                    if (fault && fault->number == number && (fault->is_always || (fault->role == process->role && fault->at == at))) {
                        was_there = 1;
                        interruptions += fault->error == EINTR;
                        if (!fault->error) {
                            kill(pid, SIGKILL);
                            ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
                            continue;
                        }
                        if (interruptions <= MOST_INTERRUPTIONS) {
                            registers.orig_rax = (unsigned long long)-1;
                            ptrace(PTRACE_SETREGS, pid, NULL, &registers);
                            process->refused = fault->error;
                        }
                    }
                }
            } else if (process->refused) {
                registers.rax = (unsigned long long)-process->refused;
                process->refused = 0;
                ptrace(PTRACE_SETREGS, pid, NULL, &registers);
            }
        } else if (status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP && WSTOPSIG(status) != SIGTRAP)
            signal_to_pass = WSTOPSIG(status);
        ptrace((__typeof__(PTRACE_CONT))resume, pid, NULL, (void *)signal_to_pass);
    }
    return result;
}

/* There is no remedy if these are refused: the descriptor stays open, the process does not end, the memory is kept.
 * */
static int is_without_remedy(const struct fault *fault, long number) {
    return number == SYS_exit_group || number == SYS_exit || number == SYS_munmap || number == SYS_brk ||
           (number == SYS_close && fault->role <= 0);
}

static int ended_so[ENDS], faults, moved;

static void check_fault(const struct fault *fault, long number, const char *way) {
    int end, trial = 0;
    if (is_without_remedy(fault, number))
        return;
    do
        end = with_fault(fault);
    while (!was_there && ++trial < 20);
    if (!was_there) {
        moved++;
        return;
    }
    faults++;
    ended_so[end >= 0 && end < ENDS ? end : WRONG]++;
    if (end == WRONG || end >= ENDS || (end == KILLED && fault->error) || (end == NOT_KNOWN && number != SYS_recvmsg)) {
        dprintf(2, "%s: call %d of role %d, number %ld, error %d%s: %s\n", way, fault->at, fault->role, number, fault->error,
                fault->is_always ? " always" : "", end < ENDS ? end_names[end] : "ended");
        fail(__FILE__, __LINE__, "a fault");
    }
}

/* More than the program ever uses, but little, because it is copied for each fault. */
static void hold_some(void) {
    const size_t size = 6 << 20;
    char *memory = (char *)malloc(size);
    size_t i;
    for (i = 0; memory && i < size; i += 1024)
        ((volatile char *)memory)[i] = 1;
}

static enum way way_of_faults;
static void faults_by_way(void) {
    static const int errors[] = {EPERM, EAGAIN, ENOSYS, EACCES, EINVAL, ENOMEM, EINTR, EMFILE, EFAULT, EIO};
    const size_t all = sizeof errors / sizeof *errors, count = times(1) > 1 ? all : 1;
    const size_t step = step_through_cases();
    size_t turn = 0, calls = 0;
    const char *way = way_names[way_of_faults];
    int role, at;
    size_t i;
    if (!set_up_way(way_of_faults))
        _exit(77);
    fcntl(0, F_DUPFD, 30);
    /* First what the program reports without a fault, then the calls. */
    if (one_start() != RIGHT || with_fault(NULL) != RIGHT) {
        fail(__FILE__, __LINE__, "a start without a fault");
        _exit(1);
    }
    for (role = 0; role < ROLES; role++)
        for (at = 0; at < made[role]; at++) {
            struct fault fault;
            const long number = numbers[role][at];
            int other, before, is_first = 1;
            fault.role = role, fault.at = at, fault.is_always = 0, fault.number = number, fault.error = 0;
            /* 64 times sigaction: the first and the last. */
            if (at > 1 && at + 1 < made[role] && numbers[role][at - 1] == number && numbers[role][at - 2] == number && numbers[role][at + 1] == number)
                continue;
            if (calls++ % step != 0)
                continue;
            if (role)
                check_fault(&fault, number, way);
            for (i = 0; i < count; i++) {
                fault.error = errors[turn++ % all];
                check_fault(&fault, number, way);
            }
            for (other = 0; other <= role; other++)
                for (before = 0; before < (other < role ? made[other] : at); before++)
                    is_first &= numbers[other][before] != number;
            for (i = 0; is_first && i < count; i++) {
                fault.role = -1, fault.is_always = 1, fault.error = errors[turn++ % all];
                if (number != SYS_execve)
                    check_fault(&fault, number, way);
            }
        }
    dprintf(1, "%s: %d + %d + %d calls, %d faults: %d right, %d directly, %d an error, %d killed, %d EPROTO, %d wrong; %d calls had moved\n", way,
            made[0], made[1], made[2], faults, ended_so[RIGHT], ended_so[OTHER_WAY], ended_so[REFUSED], ended_so[KILLED],
            ended_so[NOT_KNOWN], ended_so[WRONG], moved);
    CHECK(moved <= faults / 10);
    _exit(current_failures ? 1 : 0);
}

static void every_call_refused_and_every_process_killed(void) {
    int way;
    for (way = 0; way < WAYS; way++)
        if (has_way[way]) {
            way_of_faults = (enum way)way;
            CHECK_EQ(status_of_child(faults_by_way), 0);
        }
}

#endif

int main(int argc, char **argv) {
    if (is_program(argc, argv))
        return report_all(argc, argv);
    own_path = argv[0];
    (void)end_names;
#if defined(__x86_64__)
    if (!emulated_by("valgrind") && !emulated_by("asan")) {
        make_reporter();
        hold_some();
        RUN(three_ways);
        RUN(every_call_refused_and_every_process_killed);
        return report();
    }
#endif
    current_test = "every_call_refused_and_every_process_killed";
    skip("faults: made by ptrace, with the registers of x86-64, and not of an emulator's calls");
    skipped++;
    return report();
}
#else
#include "check.h"
static void elsewhere(void) { skip("system calls are refused one by one through Linux' ptrace"); }
int main(void) {
    RUN(elsewhere);
    return report();
}
#endif
