/* `rresource check`: whether limits would be accepted, and if not, why, and what would be. */
#include "cli.h"

static rr_verdict verdict_on(const rr_process *process, const rr_rlimit_entry *wanted) {
    rr_verdict verdict;
    char label[TEXT_SIZE];
    must(rr_rlimit_check(process, wanted->resource, &wanted->limits, &verdict), process_label(process, label));
    return verdict;
}

static int print_json(const rr_process *process, const entries *wanted) {
    json json = json_on(stdout, 0);
    int refused = 0;
    size_t i;
    json_object(&json, NULL);
    json_signed(&json, "pid", rr_process_pid(process));
    json_array(&json, "checked");
    for (i = 0; i < wanted->count; i++) {
        const rr_rlimit_entry *entry = &wanted->entry[i];
        const rr_verdict verdict = verdict_on(process, entry);
        json_object(&json, NULL);
        json_text(&json, "name", rr_resource_name(entry->resource));
        json_limit(&json, "soft", entry->limits.rlim_cur);
        json_limit(&json, "hard", entry->limits.rlim_max);
        json_bool(&json, "accepted", verdict.error == 0);
        if (verdict.error)
            json_text(&json, "error", rr_strerrorname(verdict.error));
        else
            json_null(&json, "error");
        json_text(&json, "reason", rr_reason_text(verdict.reason));
        json_limit(&json, "ceiling", verdict.ceiling);
        json_end(&json);
        refused += verdict.error != 0;
    }
    json_end(&json);
    json_end(&json);
    return refused;
}

static int print_text(const rr_process *process, const entries *wanted) {
    char text[TEXT_SIZE];
    int refused = 0;
    size_t i;
    for (i = 0; i < wanted->count; i++) {
        const rr_rlimit_entry *entry = &wanted->entry[i];
        const rr_verdict verdict = verdict_on(process, entry);
        const int is_refused = verdict.error != 0;
        printf("%s=%s: %s%s%s", rr_resource_name(entry->resource), limits_text(entry->resource, &entry->limits, text),
               style(stdout, is_refused ? RED : GREEN),
               !is_refused                                ? "accepted"
               : verdict.reason == RR_REASON_UNKNOWN      ? "unknown"
                                                          : "refused",
               style(stdout, PLAIN));
        if (is_refused)
            printf(" (%s). %s", rr_strerrorname(verdict.error), rr_reason_text(verdict.reason));
        if (is_refused && verdict.ceiling)
            printf(" Highest hard limit that would be accepted: %s.",
                   limit_text(entry->resource, verdict.ceiling, text));
        fputc('\n', stdout);
        refused += is_refused;
    }
    return refused;
}

static int run_check(arguments *arguments) {
    int refused, is_json;
    entries present, wanted;
    rr_process *process = process_and_limits(arguments, "check 1234 nofile=1M", &present, &wanted, &is_json);
    refused = is_json ? print_json(process, &wanted) : print_text(process, &wanted);
    rr_process_close(process);
    return finished(stdout, "the result", refused ? STATUS_FAILED : STATUS_OK);
}

static const option options[] = {OPTION_FOR_JSON, NO_MORE_OPTIONS};

const subcommand check_subcommand = {
    "check",
    "PID NAME=VALUE...",
    "Predicts whether `rresource set` would be refused, and explains why.",
    "Each limit is checked on its own, and nothing is changed. The values have the same\n"
    "form as for `rresource set`.\n"
    "\n"
    "Example:\n"
    "  rresource check $$ nofile=1M\n"
    "\n"
    "Exit status: 0 if all would be accepted, 1 if not, 2 for wrong arguments.\n",
    options,
    STATUS_WRONG_ARGUMENTS,
    run_check,
};
