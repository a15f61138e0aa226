/* `rresource set`: several limits of a process, all or none. */
#include "cli.h"

/* Why the system refused an entry, as far as that can be predicted. */
static void explain(const rr_process *process, const rr_rlimit_entry *refused, int error) {
    char wanted[TEXT_SIZE], ceiling[TEXT_SIZE];
    const char *name = rr_resource_name(refused->resource);
    rr_verdict verdict;
    limits_text(refused->resource, &refused->limits, wanted);
    if (rr_rlimit_check(process, refused->resource, &refused->limits, &verdict) || verdict.error != error) {
        warn("%s=%s was refused, and no limit was changed: %s", name, wanted, rr_strerror(error));
        return;
    }
    warn("%s=%s was refused, and no limit was changed: %s", name, wanted, rr_reason_text(verdict.reason));
    if (verdict.ceiling)
        warn("the highest hard limit that would be accepted: %s=%s", name,
             limit_text(refused->resource, verdict.ceiling, ceiling));
}

static void print_json(const rr_process *process, const entries *before, const entries *wanted) {
    json json = json_on(stdout, 0);
    size_t i;
    json_object(&json, NULL);
    json_signed(&json, "pid", rr_process_pid(process));
    json_array(&json, "changed");
    for (i = 0; i < wanted->count; i++) {
        const int resource = wanted->entry[i].resource;
        const rr_rlimit *old = entries_find(before, resource), *new = &wanted->entry[i].limits;
        json_object(&json, NULL);
        json_text(&json, "name", rr_resource_name(resource));
        json_limit(&json, "old_soft", old->rlim_cur);
        json_limit(&json, "old_hard", old->rlim_max);
        json_limit(&json, "soft", new->rlim_cur);
        json_limit(&json, "hard", new->rlim_max);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
}

static void print_text(const entries *before, const entries *wanted) {
    char old[TEXT_SIZE], new[TEXT_SIZE];
    size_t i;
    for (i = 0; i < wanted->count; i++) {
        const int resource = wanted->entry[i].resource;
        printf("%s: %s, before %s\n", rr_resource_name(resource),
               limits_text(resource, &wanted->entry[i].limits, new),
               limits_text(resource, entries_find(before, resource), old));
    }
}

static int run_set(arguments *arguments) {
    int error, is_json;
    entries before, wanted;
    rr_process *process = process_and_limits(arguments, "set 1234 nofile=4096: cpu=1h", &before, &wanted, &is_json);
    char label[TEXT_SIZE];
    size_t failed;
    failed = wanted.count;
    if ((error = rr_rlimits_set(process, wanted.entry, wanted.count, &failed))) {
        if (failed < wanted.count)
            explain(process, &wanted.entry[failed], error);
        else
            warn("%s: %s", process_label(process, label), rr_strerror(error));
        return STATUS_FAILED;
    }
    if (is_json)
        print_json(process, &before, &wanted);
    else
        print_text(&before, &wanted);
    rr_process_close(process);
    return finished(stdout, "the result", STATUS_OK);
}

static const option options[] = {OPTION_FOR_JSON, NO_MORE_OPTIONS};

const subcommand set_subcommand = {
    "set",
    "PID NAME=VALUE...",
    "Sets limits of a running process: all of them or none.",
    "VALUE sets the soft and the hard limit, SOFT: the soft one, :HARD the hard one, and\n"
    "SOFT:HARD each. Sizes are 512M or 1.5GiB, times 90s or 1h30min, \"unlimited\" is no\n"
    "limit, and \"hard\" is the present hard limit.\n"
    "\n"
    "Examples:\n"
    "  rresource set $$ nofile=hard: core=unlimited\n"
    "  rresource set 1234 nofile=4096: cpu=1h\n"
    "\n"
    "Exit status: 0, 1 if the system refuses, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_set,
};
