/* Processes and limits as the user names them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

rr_process *process_of(const char *pid) {
    rr_process *process;
    int32_t number;
    int error;
    if (!pid)
        return NULL;
    number = (int32_t)number_of("the process ID", pid, 1, INT32_MAX);
    if ((error = rr_process_open(number, &process)) == EINVAL)
        die(STATUS_FAILED, "%s is a thread: give the process ID, which is Tgid in /proc/%s/status", pid, pid);
    if (error)
        die(STATUS_FAILED, "process %s: %s", pid, rr_strerror(error));
    return process;
}

const char *process_name(int32_t pid, char text[TEXT_SIZE]) {
    char path[TEXT_SIZE];
    FILE *file;
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    text[0] = '\0';
    if ((file = fopen(path, "r"))) {
        if (!fgets(text, TEXT_SIZE, file))
            text[0] = '\0';
        text[strcspn(text, "\n")] = '\0';
        fclose(file);
    }
    if (!*text)
        strcpy(text, "?");
    return text;
}

const char *process_label(const rr_process *process, char text[TEXT_SIZE]) {
    char name[TEXT_SIZE];
    if (!process)
        strcpy(text, "rresource itself");
    else
        snprintf(text, TEXT_SIZE, "process %d (%.64s)", (int)rr_process_pid(process),
                 process_name(rr_process_pid(process), name));
    return text;
}

void entries_of(const rr_process *process, entries *present) {
    char label[TEXT_SIZE];
    must(rr_rlimits_get(process, present->entry, ENTRIES, &present->count), process_label(process, label));
}

const rr_rlimit *entries_find(const entries *among, int resource) {
    size_t i;
    for (i = 0; i < among->count; i++)
        if (among->entry[i].resource == resource)
            return &among->entry[i].limits;
    return NULL;
}

static void no_such_limit(const char *name) {
    char names[512] = "";
    size_t i;
    rr_resource resource;
    for (i = 0; rr_resource_at(i, &resource) == 0; i++) {
        const char *each = rr_resource_name(resource.id);
        if (strlen(names) + strlen(each) + 2 > sizeof names)
            break;
        strcat(strcat(names, " "), each);
    }
    wrong_arguments("there is no limit \"%s\": the limits of this system are%s", name, names);
}

static const char *example_of(int unit) {
    switch (unit) {
    case RR_UNIT_BYTES: return "a size such as 512M";
    case RR_UNIT_SECONDS:
    case RR_UNIT_MICROSECONDS: return "a time such as 90s or 1h30min";
    case RR_UNIT_PRIORITY: return "a small number";
    default: return "a number such as 64 or 4K";
    }
}

/* The value alone, without the limits in force, shows whether it was malformed. */
static int is_well_formed(int resource, const char *value) {
    rr_rlimit open;
    open.rlim_cur = 0;
    open.rlim_max = RR_RLIM_INFINITY;
    return rr_rlimit_parse(resource, value, &open) == 0;
}

static void refuse_value(const rr_resource *resource, const char *text, const char *value, const rr_rlimit *present,
                         int error) {
    char now[TEXT_SIZE];
    if (error == ERANGE)
        wrong_arguments("\"%s\": the number is too large for this limit", text);
    if (error == EINVAL && is_well_formed(resource->id, value))
        wrong_arguments("\"%s\": the soft limit would be greater than the hard limit; the limits are now %s", text,
                        limits_text(resource->id, present, now));
    wrong_arguments("\"%s\": malformed limit: expected %s, or unlimited, or soft:hard with soft not above hard", text,
                    example_of(resource->unit));
}

/* The earlier value for the same resource, or a new entry with the limits now in force. */
static rr_rlimit_entry *entry_for(entries *wanted, const entries *present, int resource) {
    const rr_rlimit *now = entries_find(present, resource);
    rr_rlimit_entry *entry;
    size_t i;
    for (i = 0; i < wanted->count; i++)
        if (wanted->entry[i].resource == resource)
            return &wanted->entry[i];
    entry = &wanted->entry[wanted->count++];
    entry->resource = resource;
    entry->reserved = 0;
    entry->limits.rlim_cur = now ? now->rlim_cur : RR_RLIM_INFINITY;
    entry->limits.rlim_max = now ? now->rlim_max : RR_RLIM_INFINITY;
    return entry;
}

void entries_add(entries *wanted, const entries *present, const char *text) {
    const char *equals = strchr(text, '=');
    char name[32];
    rr_resource resource;
    rr_rlimit_entry *entry;
    int error;
    if (!equals || equals == text)
        wrong_arguments("\"%s\": expected NAME=VALUE, such as nofile=64 or cpu=1h", text);
    snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    if (rr_resource_by_name(name, &resource))
        no_such_limit(name);
    entry = entry_for(wanted, present, resource.id);
    if ((error = rr_rlimit_parse(resource.id, equals + 1, &entry->limits)))
        refuse_value(&resource, text, equals + 1, &entry->limits, error);
}

rr_process *process_and_limits(arguments *arguments, const char *example, entries *present, entries *wanted, int *is_json) {
    rr_process *process = NULL;
    const char *value;
    int argument;
    wanted->count = 0;
    *is_json = 0;
    while ((argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        if (argument == OPTION_JSON) {
            *is_json = 1;
        } else if (!process) {
            process = process_of(value);
            entries_of(process, present);
        } else {
            entries_add(wanted, present, value);
        }
    }
    if (!process || !wanted->count)
        wrong_arguments("expected a process ID and limits, such as: rresource %s", example);
    return process;
}
