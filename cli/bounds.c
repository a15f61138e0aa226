/* `rresource bounds`: what really limits a process, and what is left. */
#include <errno.h>
#include <string.h>

#include "cli.h"

enum { KINDS = 5 };

static const struct {
    int kind;
    const char *name;
} kinds[KINDS] = {
    {RR_BOUND_MEMORY, "memory"}, {RR_BOUND_SWAP, "swap"},   {RR_BOUND_CPU, "processors"},
    {RR_BOUND_TASKS, "tasks"},   {RR_BOUND_FILES, "files"},
};

/* What rr_bound_format has in parentheses: the file or the limit, and where. */
static const char *source_text(const rr_bound *bound, int kind, char text[RR_BOUND_TEXT_SIZE]) {
    char line[RR_BOUND_TEXT_SIZE];
    const char *start, *end;
    must(rr_bound_format(bound, kind, line, sizeof line), "bound");
    start = strchr(line, '(');
    end = strrchr(line, ')');
    if (start && end > start)
        snprintf(text, RR_BOUND_TEXT_SIZE, "%.*s", (int)(end - start - 1), start + 1);
    else
        strcpy(text, line);
    return text;
}

static const char *value_text(int kind, uint64_t value, char text[TEXT_SIZE]) {
    if (value == RR_RLIM_INFINITY)
        strcpy(text, "unlimited");
    else if (kind == RR_BOUND_MEMORY || kind == RR_BOUND_SWAP)
        bytes_text(value, text);
    else if (kind == RR_BOUND_CPU)
        snprintf(text, TEXT_SIZE, "%.6g", (double)value / 1e9);
    else
        amount_text(RR_UNIT_COUNT, value, text);
    return text;
}

static int is_used_known(const rr_bound *bound) {
    return (bound->flags & RR_BOUND_USED_KNOWN) != 0;
}

/* What cannot be used of it any more. */
static double percent_of(const rr_bound *bound) {
    const uint64_t room = bound->room < bound->limit ? bound->room : bound->limit;
    if (!is_used_known(bound) || bound->limit == RR_RLIM_INFINITY || bound->limit == 0)
        return -1;
    return 100.0 * (double)(bound->limit - room) / (double)bound->limit;
}

/* The bounds of a kind: those that bind, or all. Returns how many; 0 if the system has none. */
static size_t bounds_of(rr_process *process, int kind, int wants_all, rr_bound bounds[RR_BOUND_CAPACITY]) {
    size_t count = 0;
    char label[TEXT_SIZE];
    const int error = wants_all ? rr_bounds_read(process, kind, bounds, RR_BOUND_CAPACITY, &count)
                                : rr_bound_effective(process, kind, &bounds[0], &bounds[1]);
    if (error == ENOTSUP)
        return 0;
    must(error, process_label(process, label));
    if (wants_all)
        return count;
    return bounds[0].source == bounds[1].source && bounds[0].detail == bounds[1].detail ? 1 : 2;
}

static const column columns[] = {
    {"BOUND", LEFT, 0}, {"LIMIT", RIGHT, 0}, {"USED", RIGHT, 0}, {"LEFT", RIGHT, 0},
    {"USE%", RIGHT, 1}, {"", BAR, 1},        {"SET BY", LEFT, 0},
};

static void add_row(table *table, const rr_bound *bound, int kind, const char *name) {
    const int known = is_used_known(bound);
    const double percent = percent_of(bound);
    char text[TEXT_SIZE], source[RR_BOUND_TEXT_SIZE];
    table_text(table, BOLD, name);
    table_text(table, PLAIN, value_text(kind, bound->limit, text));
    table_text(table, PLAIN, known ? value_text(kind, bound->used, text) : "-");
    table_text(table, PLAIN, known ? value_text(kind, bound->room, text) : "-");
    table_text(table, style_of_percent(percent), percent_text(percent, text));
    table_bar(table, percent);
    table_text(table, PLAIN, source_text(bound, kind, source));
}

static void print_table(rr_process *process, int wants_all) {
    rr_bound bounds[RR_BOUND_CAPACITY];
    table *table = table_new(columns, sizeof columns / sizeof *columns);
    int is_partial = 0;
    size_t i, k, count;
    for (k = 0; k < KINDS; k++) {
        count = bounds_of(process, kinds[k].kind, wants_all, bounds);
        for (i = 0; i < count; i++) {
            add_row(table, &bounds[i], kinds[k].kind, i ? "" : kinds[k].name);
            is_partial |= (bounds[i].flags & RR_BOUND_PARTIAL) != 0;
        }
    }
    table_print(table);
    table_free(table);
    if (is_partial)
        fputs("Control groups that may limit it more tightly are hidden from here.\n", stdout);
}

static void json_bound(json *json, const rr_bound *bound, int kind) {
    char source[RR_BOUND_TEXT_SIZE];
    json_object(json, NULL);
    json_text(json, "source", source_text(bound, kind, source));
    json_limit(json, "limit", bound->limit);
    if (is_used_known(bound)) {
        json_unsigned(json, "used", bound->used);
        json_unsigned(json, "reclaimable", bound->reclaimable);
        json_unsigned(json, "room", bound->room);
    } else {
        json_null(json, "used");
        json_null(json, "reclaimable");
        json_null(json, "room");
    }
    json_bool(json, "shared", (bound->flags & RR_BOUND_SHARED) != 0);
    json_bool(json, "address_space", (bound->flags & RR_BOUND_ADDRESS_SPACE) != 0);
    json_bool(json, "partial", (bound->flags & RR_BOUND_PARTIAL) != 0);
    json_end(json);
}

static void print_json(rr_process *process, int wants_all) {
    rr_bound bounds[RR_BOUND_CAPACITY];
    json json = json_on(stdout, 0);
    size_t i, k, count;
    json_object(&json, NULL);
    json_signed(&json, "pid", rr_process_pid(process));
    for (k = 0; k < KINDS; k++) {
        count = bounds_of(process, kinds[k].kind, wants_all, bounds);
        json_array(&json, kinds[k].name);
        for (i = 0; i < count; i++)
            json_bound(&json, &bounds[i], kinds[k].kind);
        json_end(&json);
    }
    json_end(&json);
}

static int run_bounds(arguments *arguments) {
    const char *value, *pid = NULL;
    int argument, is_json = 0, wants_all = 0;
    rr_process *process;
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == OPTION_JSON)
            is_json = 1;
        else if (argument == 'a')
            wants_all = 1;
        else if (pid)
            wrong_arguments("\"%s\" is one operand too many: expected one process ID", value);
        else
            pid = value;
    }
    process = process_of(pid);
    if (is_json)
        print_json(process, wants_all);
    else
        print_table(process, wants_all);
    rr_process_close(process);
    return finished(stdout, "the table", STATUS_OK);
}

static const option options[] = {
    {'a', "all", NULL, "show every bound, not only the tightest and the one with\nthe least left"},
    OPTION_FOR_JSON,
    NO_MORE_OPTIONS,
};

const subcommand bounds_subcommand = {
    "bounds",
    "[PID]",
    "Shows what really limits a process and how much is left.\n"
    "Limits, control groups, processors, the machine and kernel settings are considered.",
    "Without PID the bounds are those of a program started here. What is left includes what\n"
    "the kernel can take back, such as page cache. A \"-\" means that the usage is unknown.\n"
    "In JSON, processors are nanoseconds of processor time per second.\n"
    "\n"
    "Examples:\n"
    "  rresource bounds\n"
    "  rresource bounds --all 1234\n"
    "\n"
    "Exit status: 0, 1 if the process cannot be read, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_bounds,
};
