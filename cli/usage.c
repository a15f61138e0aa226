/* `rresource usage`: what a process uses, once or until it ends. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "cli.h"

/* Since the previous reading, in percent of one processor; negative if there was none. */
static double processor_percent(const rr_usage *before, const rr_usage *now) {
    rr_usage since;
    if (!before || rr_usage_since(before, now, &since) || !(since.known & RR_USAGE_CPU) ||
        !(since.known & RR_USAGE_WALL) || since.wall_ns == 0)
        return -1;
    return 100.0 * (double)since.cpu_ns / (double)since.wall_ns;
}

static void print_json(const rr_process *process, const rr_usage *before, const rr_usage *now, int one_line) {
    json json = json_on(stdout, one_line);
    const double percent = processor_percent(before, now);
    size_t i;
    json_object(&json, NULL);
    json_signed(&json, "pid", rr_process_pid(process));
    for (i = 0; i < rr_usage_field_count(); i++) {
        uint64_t value;
        if (rr_usage_value(now, i, &value) == 0)
            json_unsigned(&json, rr_usage_field_name(i), value);
        else
            json_null(&json, rr_usage_field_name(i));
    }
    json_bool(&json, "peak_is_bound", (now->known & RR_USAGE_PEAK_IS_BOUND) != 0);
    if (percent >= 0)
        json_real(&json, "cpu_percent", percent);
    else
        json_null(&json, "cpu_percent");
    json_end(&json);
}

static const column columns[] = {{"USAGE", LEFT, 0}, {"VALUE", RIGHT, 0}, {"OF", LEFT, 1}};

/* Returns how many lines it printed. */
static int print_table(const rr_process *process, const rr_usage *before, const rr_usage *now) {
    table *table = table_new(columns, sizeof columns / sizeof *columns);
    const double percent = processor_percent(before, now);
    char text[TEXT_SIZE];
    size_t i;
    int lines;
    for (i = 0; i < rr_usage_field_count(); i++) {
        uint64_t value;
        const int known = rr_usage_value(now, i, &value) == 0;
        table_text(table, BOLD, rr_usage_field_name(i));
        table_text(table, PLAIN, known ? amount_text(rr_usage_field_unit(i), value, text) : "-");
        table_text(table, DIM, rr_usage_field_summary(i));
    }
    if (before) {
        table_text(table, BOLD, "cpu_percent");
        table_text(table, PLAIN, percent_text(percent, text));
        table_text(table, DIM, "of one processor, since the previous reading");
    }
    printf("%s\n", process_label(process, text));
    lines = 1 + table_print(table);
    table_free(table);
    return lines;
}

/* One line for each reading, in columns that stay where they are. */
static void print_line(const rr_usage *before, const rr_usage *now, int is_first) {
    static const struct {
        uint64_t group;
        const char *head;
        size_t offset;
        int unit;
    } shown[] = {
        {RR_USAGE_WALL, "WALL", offsetof(rr_usage, wall_ns), RR_UNIT_NANOSECONDS},
        {RR_USAGE_CPU, "CPU", offsetof(rr_usage, cpu_ns), RR_UNIT_NANOSECONDS},
        {RR_USAGE_RSS, "RSS", offsetof(rr_usage, rss_bytes), RR_UNIT_BYTES},
        {RR_USAGE_PEAK_RSS, "PEAK", offsetof(rr_usage, peak_rss_bytes), RR_UNIT_BYTES},
        {RR_USAGE_THREADS, "THREADS", offsetof(rr_usage, threads), RR_UNIT_COUNT},
        {RR_USAGE_OPEN_FILES, "FILES", offsetof(rr_usage, open_files), RR_UNIT_COUNT},
    };
    char text[TEXT_SIZE];
    size_t i;
    if (is_first) {
        for (i = 0; i < sizeof shown / sizeof *shown; i++)
            printf("%12s", shown[i].head);
        printf("%8s\n", "CPU%");
    }
    for (i = 0; i < sizeof shown / sizeof *shown; i++) {
        uint64_t value;
        memcpy(&value, (const char *)now + shown[i].offset, sizeof value);
        printf("%12s", now->known & shown[i].group ? amount_text(shown[i].unit, value, text) : "-");
    }
    printf("%8s\n", percent_text(processor_percent(before, now), text));
}

/* Waits, but not longer than the process runs. Returns whether it still runs. */
static int runs_after(const rr_process *process, uint64_t ns) {
    struct pollfd end;
    struct timespec pause;
    end.fd = rr_process_fd(process);
    end.events = POLLIN;
    if (end.fd >= 0) {
        const uint64_t ms = (ns + 999999) / 1000000;
        return poll(&end, 1, ms < INT32_MAX ? (int)ms : INT32_MAX) <= 0;
    }
    pause.tv_sec = (time_t)(ns / 1000000000);
    pause.tv_nsec = (long)(ns % 1000000000);
    nanosleep(&pause, NULL);
    return rr_process_check(process) != ESRCH;
}

/* Redraws on a terminal; elsewhere each reading is a line. */
static void watch(rr_process *process, uint64_t interval_ns, int is_json) {
    rr_usage before, now;
    const int redraws = !is_json && terminal_width() && *style(stdout, PLAIN);
    int readings, lines = 0;
    for (readings = 0;; readings++) {
        if (rr_usage_read(process, RR_USAGE_ALL, &now) || rr_process_check(process) == ESRCH)
            break;
        if (redraws && lines)
            printf("\033[%dA\033[J", lines);
        if (is_json)
            print_json(process, readings ? &before : NULL, &now, 1);
        else if (redraws)
            lines = print_table(process, readings ? &before : NULL, &now);
        else
            print_line(readings ? &before : NULL, &now, !readings);
        fflush(stdout);
        before = now;
        if (ferror(stdout) || !runs_after(process, interval_ns))
            break;
    }
}

static int run_usage(arguments *arguments) {
    const char *value, *pid = NULL;
    int argument, is_json = 0, watches = 0;
    uint64_t interval_ns = 0;
    rr_process *process;
    rr_usage usage;
    char label[TEXT_SIZE];
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == OPTION_JSON) {
            is_json = 1;
        } else if (argument == 'w') {
            watches = 1;
            if ((interval_ns = duration_of("the interval", value)) < 1000000)
                wrong_arguments("the interval is \"%s\": the least is 1ms", value);
        } else if (pid) {
            wrong_arguments("\"%s\" is one operand too many: expected one process ID", value);
        } else {
            pid = value;
        }
    }
    if (!pid)
        wrong_arguments("expected a process ID, such as: rresource usage 1234");
    process = process_of(pid);
    if (watches) {
        watch(process, interval_ns, is_json);
    } else {
        must(rr_usage_read(process, RR_USAGE_ALL, &usage), process_label(process, label));
        if (is_json)
            print_json(process, NULL, &usage, 0);
        else
            print_table(process, NULL, &usage);
    }
    rr_process_close(process);
    return finished(stdout, "the usage", STATUS_OK);
}

static const option options[] = {
    {'w', "watch", "INTERVAL", "repeat until the process ends, such as --watch 1s"},
    OPTION_FOR_JSON,
    NO_MORE_OPTIONS,
};

const subcommand usage_subcommand = {
    "usage",
    "PID",
    "Shows what a process uses.",
    "With --watch a terminal is redrawn. A pipe gets a line for each reading, and with --json\n"
    "an object on each line. A \"-\" means that the system does not report it to you.\n"
    "\n"
    "Examples:\n"
    "  rresource usage 1234\n"
    "  rresource usage 1234 --watch 500ms\n"
    "\n"
    "Exit status: 0, 1 if the process cannot be read, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_usage,
};
