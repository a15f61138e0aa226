/* `rresource top`: the processes that are near one of their limits. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

typedef struct finding {
    int32_t pid;
    rr_resource resource;
    uint64_t soft, used;
    double percent;
} finding;

typedef struct findings {
    finding *each;
    size_t count, capacity;
    size_t processes, unreadable;
} findings;

static void add(findings *findings, const finding *finding) {
    if (findings->count == findings->capacity) {
        findings->capacity = findings->capacity ? 2 * findings->capacity : 64;
        findings->each = allocated(realloc(findings->each, findings->capacity * sizeof *findings->each));
    }
    findings->each[findings->count++] = *finding;
}

/* Returns the error for a limit whose usage the system reports only to others. */
static int inspect_limit(findings *findings, const rr_process *process, const rr_rlimit_entry *entry, double over) {
    finding finding;
    int error;
    if (entry->limits.rlim_cur == RR_RLIM_INFINITY || rr_resource_by_id(entry->resource, &finding.resource) ||
        (finding.resource.flags & RR_RESOURCE_UNENFORCED))
        return 0;
    if ((error = rr_rlimit_used(process, entry->resource, &finding.used)))
        return error == ENOTSUP || error == ESRCH ? 0 : error;
    finding.pid = rr_process_pid(process);
    finding.soft = entry->limits.rlim_cur;
    finding.percent = percent_used(&finding.resource, finding.soft, finding.used);
    if (finding.percent >= over)
        add(findings, &finding);
    return 0;
}

static void inspect(findings *findings, int32_t pid, double over) {
    rr_rlimit_entry entries[ENTRIES];
    rr_process *process;
    size_t i, count = 0;
    int error = rr_process_open(pid, &process), is_unreadable = 0;
    /* It has ended, or is a thread. */
    if (error == ESRCH || error == EINVAL)
        return;
    findings->processes++;
    if (!error) {
        error = rr_rlimits_get(process, entries, ENTRIES, &count);
        for (i = 0; !error && i < count; i++)
            is_unreadable |= inspect_limit(findings, process, &entries[i], over) != 0;
        rr_process_close(process);
    }
    if (error == ESRCH)
        findings->processes--;
    else if (error || is_unreadable)
        findings->unreadable++;
}

static int by_percent(const void *a, const void *b) {
    const finding *first = a, *second = b;
    if (first->percent != second->percent)
        return first->percent < second->percent ? 1 : -1;
    return first->pid < second->pid ? -1 : first->pid > second->pid;
}

static findings of_all(double over) {
    findings findings;
    struct dirent *entry;
    DIR *folder = opendir("/proc");
    memset(&findings, 0, sizeof findings);
    if (!folder)
        die(STATUS_FAILED, "/proc cannot be read: mount it; top needs the list of processes that it has");
    while ((entry = readdir(folder))) {
        char *end;
        const long pid = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && !*end && pid > 0 && pid <= INT32_MAX)
            inspect(&findings, (int32_t)pid, over);
    }
    closedir(folder);
    if (!findings.processes)
        die(STATUS_FAILED, "/proc lists no process: mount the proc file system of this pid namespace there");
    if (findings.count)
        qsort(findings.each, findings.count, sizeof *findings.each, by_percent);
    return findings;
}

static void print_json(const findings *findings) {
    json json = json_on(stdout, 0);
    char name[TEXT_SIZE];
    size_t i;
    json_object(&json, NULL);
    json_unsigned(&json, "processes", findings->processes);
    json_unsigned(&json, "not_readable", findings->unreadable);
    json_array(&json, "near_limit");
    for (i = 0; i < findings->count; i++) {
        const finding *each = &findings->each[i];
        json_object(&json, NULL);
        json_signed(&json, "pid", each->pid);
        json_text(&json, "process", process_name(each->pid, name));
        json_text(&json, "name", rr_resource_name(each->resource.id));
        json_text(&json, "unit", unit_name(each->resource.unit));
        json_unsigned(&json, "used", each->used);
        json_unsigned(&json, "soft", each->soft);
        json_real(&json, "percent", each->percent);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
}

static const column columns[] = {
    {"PID", RIGHT, 0},  {"PROCESS", LEFT, 0}, {"LIMIT", LEFT, 0}, {"USED", RIGHT, 0},
    {"SOFT", RIGHT, 0}, {"USE%", RIGHT, 0},   {"", BAR, 1},       {"OF", LEFT, 1},
};

static void print_table(const findings *findings) {
    table *table = table_new(columns, sizeof columns / sizeof *columns);
    char text[TEXT_SIZE];
    size_t i;
    for (i = 0; i < findings->count; i++) {
        const finding *each = &findings->each[i];
        const int id = each->resource.id;
        table_text(table, PLAIN, amount_text(RR_UNIT_COUNT, (uint64_t)each->pid, text));
        table_text(table, BOLD, process_name(each->pid, text));
        table_text(table, PLAIN, rr_resource_name(id));
        table_text(table, PLAIN, amount_text(each->resource.unit, each->used, text));
        table_text(table, PLAIN, limit_text(id, each->soft, text));
        table_text(table, style_of_percent(each->percent), percent_text(each->percent, text));
        table_bar(table, each->percent);
        table_text(table, DIM, rr_resource_summary(id));
    }
    table_print(table);
    table_free(table);
    if (findings->unreadable)
        warn("%zu of %zu processes could not be read in full: that needs the rights of their users, or root", findings->unreadable,
             findings->processes);
}

/* "80", "80%" or "12.5%" */
static double percent_of(const char *text) {
    char *end;
    const double percent = strtod(text, &end);
    if (end == text || (strcmp(end, "%") != 0 && *end) || !(percent >= 0 && percent <= 1000))
        wrong_arguments("the share is \"%s\": expected a percentage such as 80%%", text);
    return percent;
}

static int run_top(arguments *arguments) {
    const char *value;
    int argument, is_json = 0;
    double over = 80;
    findings findings;
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == OPTION_JSON)
            is_json = 1;
        else if (argument == 'o')
            over = percent_of(value);
        else
            wrong_arguments("\"%s\" is not expected: top takes no operands", value);
    }
    findings = of_all(over);
    if (is_json)
        print_json(&findings);
    else
        print_table(&findings);
    free(findings.each);
    return finished(stdout, "the table", STATUS_OK);
}

static const option options[] = {
    {'o', "over", "PERCENT", "the share of a soft limit from which on a process is\nshown: 80% by default"},
    OPTION_FOR_JSON,
    NO_MORE_OPTIONS,
};

const subcommand top_subcommand = {
    "top",
    "",
    "Lists the processes that are near one of their limits.",
    "The process with the greatest share comes first. Limits whose usage the system does not\n"
    "report, such as NPROC, are not considered.\n"
    "\n"
    "Examples:\n"
    "  rresource top\n"
    "  rresource top --over 50%\n"
    "\n"
    "Exit status: 0, 1 if there is no list of processes, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_top,
};
