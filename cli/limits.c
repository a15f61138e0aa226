/* `rresource limits`: every limit of a process, and how much of it is used. */
#include "cli.h"

typedef struct row {
    rr_resource resource;
    rr_rlimit limits;
    int is_used_known;
    uint64_t used;
    double percent;
} row;

static row row_of(const rr_process *process, const rr_rlimit_entry *entry) {
    row row;
    must(rr_resource_by_id(entry->resource, &row.resource), "resource");
    row.limits = entry->limits;
    row.used = 0;
    row.is_used_known = rr_rlimit_used(process, entry->resource, &row.used) == 0;
    row.percent = row.is_used_known ? percent_used(&row.resource, row.limits.rlim_cur, row.used) : -1;
    return row;
}

static void print_json(const rr_process *process, const entries *present) {
    json json = json_on(stdout, 0);
    size_t i;
    json_object(&json, NULL);
    json_signed(&json, "pid", rr_process_pid(process));
    json_array(&json, "limits");
    for (i = 0; i < present->count; i++) {
        const row row = row_of(process, &present->entry[i]);
        json_object(&json, NULL);
        json_text(&json, "name", rr_resource_name(row.resource.id));
        json_text(&json, "summary", rr_resource_summary(row.resource.id));
        json_text(&json, "unit", unit_name(row.resource.unit));
        json_bool(&json, "enforced", !(row.resource.flags & RR_RESOURCE_UNENFORCED));
        json_limit(&json, "soft", row.limits.rlim_cur);
        json_limit(&json, "hard", row.limits.rlim_max);
        if (row.is_used_known)
            json_unsigned(&json, "used", row.used);
        else
            json_null(&json, "used");
        if (row.percent >= 0)
            json_real(&json, "percent", row.percent);
        else
            json_null(&json, "percent");
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
}

static const column columns[] = {
    {"LIMIT", LEFT, 0}, {"SOFT", RIGHT, 0}, {"HARD", RIGHT, 0}, {"USED", RIGHT, 0},
    {"USE%", RIGHT, 0}, {"", BAR, 1},       {"OF", LEFT, 1},
};

static void print_table(const rr_process *process, const entries *present) {
    table *table = table_new(columns, sizeof columns / sizeof *columns);
    char text[TEXT_SIZE];
    size_t i;
    for (i = 0; i < present->count; i++) {
        const row row = row_of(process, &present->entry[i]);
        const int id = row.resource.id, is_ignored = (row.resource.flags & RR_RESOURCE_UNENFORCED) != 0;
        table_text(table, is_ignored ? DIM : PLAIN, rr_resource_name(id));
        table_text(table, PLAIN, limit_text(id, row.limits.rlim_cur, text));
        table_text(table, PLAIN, limit_text(id, row.limits.rlim_max, text));
        table_text(table, PLAIN, row.is_used_known ? amount_text(row.resource.unit, row.used, text) : "-");
        table_text(table, style_of_percent(row.percent), percent_text(row.percent, text));
        table_bar(table, row.percent);
        snprintf(text, sizeof text, "%s%s", rr_resource_summary(id), is_ignored ? " (not enforced)" : "");
        table_text(table, DIM, text);
    }
    table_print(table);
    table_free(table);
}

static int run_limits(arguments *arguments) {
    const char *value, *pid = NULL;
    int argument, is_json = 0;
    rr_process *process;
    entries present;
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == OPTION_JSON)
            is_json = 1;
        else if (pid)
            wrong_arguments("\"%s\" is one operand too many: expected one process ID", value);
        else
            pid = value;
    }
    process = process_of(pid);
    entries_of(process, &present);
    if (is_json)
        print_json(process, &present);
    else
        print_table(process, &present);
    rr_process_close(process);
    return finished(stdout, "the table", STATUS_OK);
}

static const option options[] = {OPTION_FOR_JSON, NO_MORE_OPTIONS};

const subcommand limits_subcommand = {
    "limits",
    "[PID]",
    "Shows every limit of a process and how much of it is used.",
    "Without PID the limits are those that a program started here would have.\n"
    "A \"-\" means that the system does not report the usage.\n"
    "\n"
    "Examples:\n"
    "  rresource limits\n"
    "  rresource limits 1234 --json\n"
    "\n"
    "Exit status: 0, 1 if the process cannot be read, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_limits,
};
