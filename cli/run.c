/* `rresource run`: a program under limits, its exit status passed on, and what it used reported. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

enum { OPTION_TREE = OPTION_OWN, OPTION_CPU_TIME, OPTION_MEMORY };

typedef struct plan {
    char **words; /* The program and its arguments */
    int count;
    entries limits;
    uint64_t timeout_ns, grace_ns; /* 0: none */
    tree_plan tree;
    const char *report_name;       /* NULL: standard error */
    FILE *report;
    int is_json;
} plan;

/* ---- The terminal: as a shell does, for a program that has a separate process group ---- */

/* What a signal handler has to know. */
static rr_child *volatile running;
static volatile sig_atomic_t has_own_group, terminal = -1;

/* The caller may be in the background, where the system would stop it for this. */
static void give_terminal(pid_t group) {
    sigset_t output, previous;
    if (terminal < 0)
        return;
    sigemptyset(&output);
    sigaddset(&output, SIGTTOU);
    sigprocmask(SIG_BLOCK, &output, &previous);
    tcsetpgrp(terminal, group);
    sigprocmask(SIG_SETMASK, &previous, NULL);
}

/* The terminal sends its signals to every process of the foreground group: then the program has it already. */
static void pass_on(int signal, siginfo_t *info, void *context) {
    const int saved = errno;
    (void)context;
    if (running && (has_own_group || info->si_code <= 0))
        rr_child_kill(running, signal);
    errno = saved;
}

/* A program that was stopped from the terminal stops this command too, so that the shell notices. */
static void stop_with_it(int signal, siginfo_t *info, void *context) {
    const int saved = errno;
    (void)signal;
    (void)context;
    if (running && has_own_group && info->si_code == CLD_STOPPED && info->si_pid == rr_child_pid(running)) {
        give_terminal(getpgrp());
        raise(SIGSTOP);
        if (terminal >= 0 && tcgetpgrp(terminal) == getpgrp())
            give_terminal((pid_t)rr_child_pid(running));
        rr_child_kill(running, SIGCONT);
    }
    errno = saved;
}

static const int passed_on[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

static void handle(int signal, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action, previous;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&action.sa_mask);
    /* What nohup(1) ignores stays ignored, here and in the program. */
    if (sigaction(signal, NULL, &previous) == 0 && previous.sa_handler != SIG_IGN)
        sigaction(signal, &action, NULL);
}

/* From now on they are passed on; those that come before there is a program wait
 * until the mask is `previous` again. The library starts the program without blocked signals. */
static void handle_signals(sigset_t *previous) {
    sigset_t held;
    size_t i;
    sigemptyset(&held);
    for (i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        sigaddset(&held, passed_on[i]);
    sigprocmask(SIG_BLOCK, &held, previous);
    for (i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        handle(passed_on[i], pass_on);
    /* Ignored, it would discard the program's record. */
    signal(SIGCHLD, SIG_DFL);
    handle(SIGCHLD, stop_with_it);
}

/* ---- Waiting ---- */

static void wait_for_end(const rr_child *child, uint64_t ns) {
    struct timespec now, end;
    struct pollfd ended;
    int64_t left_ms = (int64_t)(ns / 1000000);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(left_ms / 1000);
    ended.fd = rr_child_fd(child);
    ended.events = POLLIN;
    while (left_ms > 0 && poll(&ended, 1, left_ms < 100000000 ? (int)left_ms : 100000000) < 0 && errno == EINTR) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        left_ms = (int64_t)(end.tv_sec - now.tv_sec) * 1000;
    }
}

/* A signal to a tree reaches all of it; without one the group does that. */
static int needs_group(const plan *plan) {
    return plan->timeout_ns && !plan->tree.is_wanted;
}

/* Once the time is over the whole group or tree is ended: first by SIGTERM if there is a grace period, then by SIGKILL, which
 * has to come before the program is reaped, because the group can be reached until then. */
static void end_it(rr_child *child, uint64_t grace_ns) {
    if (grace_ns) {
        rr_child_kill(child, SIGTERM);
        rr_child_kill(child, SIGCONT);
        wait_for_end(child, grace_ns);
    }
    rr_child_kill(child, SIGKILL);
}

/* Returns whether the time was over. */
static int wait_for(rr_child *child, const plan *plan, rr_outcome *outcome) {
    const int64_t timeout = plan->timeout_ns && plan->timeout_ns <= INT64_MAX ? (int64_t)plan->timeout_ns : -1;
    int error = rr_child_wait(child, timeout, outcome);
    const int is_over = error == ETIMEDOUT;
    if (is_over) {
        end_it(child, plan->grace_ns);
        error = rr_child_wait(child, -1, outcome);
    }
    running = NULL;
    must(error, "waiting for the program");
    return is_over;
}

/* ---- The report ---- */

/* What a program did, for the report. */
typedef struct result {
    rr_outcome outcome;
    rr_tree tree; /* If one was wanted */
    int timed_out, status;
} result;

static const rr_rlimit *limit_that_ended(const plan *plan, const rr_outcome *outcome) {
    return outcome->limit < 0 ? NULL : entries_find(&plan->limits, outcome->limit);
}

static void report_limit(FILE *out, const plan *plan, const rr_outcome *outcome) {
    const rr_rlimit *limits = limit_that_ended(plan, outcome);
    char text[TEXT_SIZE];
    fprintf(out, "limit          %s%s%s%s (%s)\n", style(out, RED), rr_resource_name(outcome->limit),
            limits ? "=" : "", limits ? limits_text(outcome->limit, limits, text) : "",
            rr_resource_summary(outcome->limit));
    fputs(style(out, PLAIN), out);
}

/* These limits make a program's start or its growing stack fail by a signal, and the system keeps no record of it. */
static int may_be_memory_limit(const plan *plan, const rr_outcome *outcome) {
    return (outcome->signal == SIGSEGV || outcome->signal == SIGBUS || outcome->exit_code == 127) &&
           (entries_find(&plan->limits, RR_RLIMIT_AS) || entries_find(&plan->limits, RR_RLIMIT_DATA) ||
            entries_find(&plan->limits, RR_RLIMIT_STACK));
}

static void report_reasons(FILE *out, const plan *plan, const rr_outcome *outcome, int timed_out) {
    char text[TEXT_SIZE];
    if (outcome->limit >= 0)
        report_limit(out, plan, outcome);
    if (timed_out)
        fprintf(out, "limit          %s--timeout %s%s\n", style(out, RED), duration_text(plan->timeout_ns, text),
                style(out, PLAIN));
    else if (outcome->oom == RR_OOM_YES)
        fprintf(out, "limit          %smemory of its control group%s\n", style(out, RED), style(out, PLAIN));
    else if (outcome->oom == RR_OOM_POSSIBLE)
        fputs("perhaps        the machine or a control group was out of memory\n", out);
    else if (may_be_memory_limit(plan, outcome))
        fputs("perhaps        the limit on AS, DATA or STACK was too small for this program\n", out);
}

static void report_usage(FILE *out, const rr_outcome *outcome) {
    const rr_usage *usage = &outcome->usage;
    char text[TEXT_SIZE];
    fprintf(out, "wall           %s\n", duration_text(outcome->wall_ns, text));
    if (usage->known & RR_USAGE_TIMES) {
        fprintf(out, "user           %s\n", duration_text(usage->user_ns, text));
        fprintf(out, "system         %s\n", duration_text(usage->system_ns, text));
    }
    if (usage->known & RR_USAGE_PEAK_RSS)
        fprintf(out, "peak memory    %s%s\n", usage->known & RR_USAGE_PEAK_IS_BOUND ? "at most " : "",
                bytes_text(usage->peak_rss_bytes, text));
    if (usage->known & RR_USAGE_IO) {
        fprintf(out, "read           %s\n", bytes_text(usage->read_bytes, text));
        fprintf(out, "written        %s\n", bytes_text(usage->written_bytes, text));
    }
}

static void report_text(FILE *out, const plan *plan, const result *result) {
    const rr_outcome *outcome = &result->outcome;
    char text[TEXT_SIZE];
    fprintf(out, "ended by       %s%s%s\n", outcome->signal ? style(out, RED) : "", end_text(outcome, text),
            outcome->signal ? style(out, PLAIN) : "");
    report_reasons(out, plan, outcome, result->timed_out);
    if (plan->tree.is_wanted)
        tree_report_limit(out, &plan->tree, &result->tree);
    report_usage(out, outcome);
    if (plan->tree.is_wanted)
        tree_report(out, &result->tree);
}

/* Every number of the outcome. "usage.cpu_ns" is cpu_ns in the object usage. */
static void json_outcome(json *json, const rr_outcome *outcome) {
    char group[TEXT_SIZE] = "";
    size_t i;
    for (i = 0; i < rr_outcome_field_count(); i++) {
        const char *name = rr_outcome_field_name(i), *point = strchr(name, '.');
        const size_t length = point ? (size_t)(point - name) : 0;
        int64_t value;
        if (strlen(group) != length || strncmp(group, name, length) != 0) {
            if (*group)
                json_end(json);
            snprintf(group, sizeof group, "%.*s", (int)length, name);
            if (*group)
                json_object(json, group);
        }
        if (rr_outcome_value(outcome, i, &value) == 0)
            json_signed(json, point ? point + 1 : name, value);
        else
            json_null(json, point ? point + 1 : name);
    }
    if (*group)
        json_end(json);
}

static void json_program(json *json, const plan *plan) {
    int i;
    json_array(json, "program");
    for (i = 0; i < plan->count; i++)
        json_text(json, NULL, plan->words[i]);
    json_end(json);
}

static void report_json(FILE *out, const plan *plan, const result *result) {
    const rr_outcome *outcome = &result->outcome;
    json json = json_on(out, 0);
    json_object(&json, NULL);
    json_program(&json, plan);
    json_bool(&json, "started", 1);
    json_signed(&json, "status", result->status);
    json_bool(&json, "timed_out", result->timed_out);
    if (outcome->limit >= 0)
        json_text(&json, "limit_name", rr_resource_name(outcome->limit));
    else
        json_null(&json, "limit_name");
    json_bool(&json, "peak_is_bound", (outcome->usage.known & RR_USAGE_PEAK_IS_BOUND) != 0);
    json_outcome(&json, outcome);
    if (plan->tree.is_wanted)
        tree_json(&json, &result->tree);
    json_end(&json);
}

static void report_failure(const plan *plan, int status) {
    json json = json_on(plan->report, 0);
    if (!plan->is_json)
        return;
    json_object(&json, NULL);
    json_program(&json, plan);
    json_bool(&json, "started", 0);
    json_signed(&json, "status", status);
    json_end(&json);
}

/* Opened before the program starts, which does not inherit it. */
static void open_report(plan *plan) {
    int fd;
    plan->report = stderr;
    if (!plan->report_name)
        return;
    if (strcmp(plan->report_name, "-") == 0) {
        plan->report = stdout;
        return;
    }
    fd = open(plan->report_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || !(plan->report = fdopen(fd, "w")))
        die(STATUS_TROUBLE, "the report cannot be written to %s: %s", plan->report_name, strerror(errno));
}

/* ---- The subcommand ---- */

static plan plan_of(arguments *arguments) {
    const char *value;
    int argument;
    plan plan;
    entries present;
    memset(&plan, 0, sizeof plan);
    entries_of(NULL, &present);
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == ARGUMENT_OPERAND) {
            /* What follows the program is its own. */
            plan.words = arguments->words + arguments->next - 1;
            plan.count = arguments->count - arguments->next + 1;
            break;
        }
        switch (argument) {
        case 'l': entries_add(&plan.limits, &present, value); break;
        case 't': plan.timeout_ns = duration_of("the timeout", value); break;
        case 'k': plan.grace_ns = duration_of("the time until SIGKILL", value); break;
        case 'o': plan.report_name = value; break;
        case OPTION_TREE: plan.tree.is_wanted = 1; break;
        case OPTION_CPU_TIME:
            plan.tree.is_wanted = 1;
            plan.tree.cpu_ns = duration_of("--cpu-time", value);
            break;
        case OPTION_MEMORY:
            plan.tree.is_wanted = 1;
            plan.tree.memory = size_of("--memory", value);
            break;
        default: plan.is_json = 1; break;
        }
    }
    if (!plan.count)
        wrong_arguments("expected a program, such as: rresource run -l cpu=10 -t 1min -- make");
    return plan;
}

static rr_command *command_of_plan(const plan *plan) {
    rr_command *command = command_of(plan->words, plan->count);
    size_t i;
    for (i = 0; i < plan->limits.count; i++) {
        const rr_rlimit_entry *entry = &plan->limits.entry[i];
        must(rr_command_set_limit(command, entry->resource, &entry->limits), rr_resource_name(entry->resource));
    }
    if (needs_group(plan))
        must(rr_command_new_group(command), "process group");
    tree_prepare(&plan->tree, command);
    return command;
}

/* The program gets the terminal if this command has it. It may have read too early, which stops it. */
static void hand_over(rr_child *child, const plan *plan) {
    running = child;
    has_own_group = needs_group(plan);
    if (has_own_group && isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp()) {
        terminal = STDIN_FILENO;
        give_terminal((pid_t)rr_child_pid(child));
        rr_child_kill(child, SIGCONT);
    }
}

static int status_of(const rr_outcome *outcome, int timed_out) {
    if (timed_out)
        return STATUS_TIMED_OUT;
    return outcome->signal ? STATUS_SIGNAL + outcome->signal : outcome->exit_code;
}

/* Returns 0 and the child, or the exit status after a message. */
static int start(const plan *plan, const rr_command *command, rr_child **child) {
    rr_failure failure;
    int error, status;
    failure.step = RR_STEP_START;
    failure.detail = 0;
    if ((error = rr_command_spawn(command, child, &failure)) == 0)
        return 0;
    status = status_of_failed_spawn(plan->words[0], &failure, error);
    tree_explain_failure(&plan->tree, &failure, error);
    report_failure(plan, status);
    return finished(plan->report, "the report", status);
}

static void wait_and_report(rr_child *child, const plan *plan, result *result) {
    result->timed_out = wait_for(child, plan, &result->outcome);
    give_terminal(getpgrp());
    result->status = status_of(&result->outcome, result->timed_out);
    if (plan->tree.is_wanted)
        must(rr_child_tree(child, &result->tree), "tree");
    if (plan->is_json)
        report_json(plan->report, plan, result);
    else
        report_text(plan->report, plan, result);
}

static int run_run(arguments *arguments) {
    plan plan = plan_of(arguments);
    rr_command *command = command_of_plan(&plan);
    rr_child *child;
    result result;
    sigset_t previous;
    int status;
    open_report(&plan);
    handle_signals(&previous);
    if ((status = start(&plan, command, &child)))
        return status;
    hand_over(child, &plan);
    sigprocmask(SIG_SETMASK, &previous, NULL);
    wait_and_report(child, &plan, &result);
    rr_child_free(child);
    rr_command_free(command);
    return finished(plan.report, "the report", result.status);
}

static const option options[] = {
    {'l', "limit", "NAME=VALUE", "set a limit of the program; can be repeated"},
    {'t', "timeout", "DURATION", "end the program and its process group, or its tree,\nafter this time"},
    {'k', "kill-after", "DURATION", "at the timeout send SIGTERM first, and SIGKILL this\nmuch later"},
    {OPTION_TREE, "tree", NULL, "end and measure everything that the program starts\ntogether with it"},
    {OPTION_CPU_TIME, "cpu-time", "DURATION", "end the tree after this processor time of all its\nprocesses together; implies --tree"},
    {OPTION_MEMORY, "memory", "SIZE", "limit the memory of the tree, which needs a control\ngroup; implies --tree"},
    {'o', "output", "FILE", "write the report to FILE, - for standard output;\nstandard error by default"},
    OPTION_FOR_JSON,
    NO_MORE_OPTIONS,
};

const subcommand run_subcommand = {
    "run",
    "[--] PROGRAM [ARGUMENT...]",
    "Runs a program under limits and reports what it used and what ended it.\n"
    "The peak memory is that of the program itself, not that of the process that started it.",
    "A limit applies to each process that the program starts. VALUE is a number, a size such\n"
    "as 512M, a time such as 90s, \"unlimited\", or SOFT:HARD. `rresource limits` lists the names.\n"
    "Without --kill-after the timeout sends SIGKILL. A timeout of 0 is none.\n"
    "\n"
    "Examples:\n"
    "  rresource run -- make\n"
    "  rresource run -l nofile=64 -l cpu=1:2 -l as=512M -t 10s -- ./program\n"
    "  rresource run --json -o report.json -- ./program\n"
    "\n"
    "Exit status: the program's; 124 after the timeout; 125 if rresource itself fails;\n"
    "126 if the program cannot be executed; 127 if it is not found; 128+N if signal N ended it.\n",
    options,
    STATUS_TROUBLE,
    run_run,
};
