/* The tree of `run`: a program with everything that it starts, limited, ended and reported as one. */
#include <errno.h>

#include "cli.h"

uint64_t size_of(const char *what, const char *text) {
    rr_rlimit size;
    size.rlim_cur = size.rlim_max = RR_RLIM_INFINITY;
    if (rr_rlimit_parse(RR_RLIMIT_AS, text, &size) || size.rlim_cur != size.rlim_max ||
        size.rlim_cur == RR_RLIM_INFINITY || size.rlim_cur == 0)
        wrong_arguments("%s is \"%s\": expected a size such as 512M or 1.5GiB", what, text);
    return size.rlim_cur;
}

/* No namespace: in one, process IDs differ and programs with the set-user-ID bit do not work. */
void tree_prepare(const tree_plan *plan, rr_command *command) {
    if (!plan->is_wanted)
        return;
    must(rr_command_set_tree(command, RR_TREE_SUPERVISOR | RR_TREE_CGROUP), "tree");
    if (plan->cpu_ns)
        must(rr_command_set_tree_limit(command, RR_TREE_CPU_NS, plan->cpu_ns), "--cpu-time");
    if (plan->memory)
        must(rr_command_set_tree_limit(command, RR_TREE_MEMORY, plan->memory), "--memory");
}

void tree_explain_failure(const tree_plan *plan, const rr_failure *failure, int error) {
    if (plan->memory && error == ENOTSUP && (failure->step == RR_STEP_TREE || failure->step == RR_STEP_CGROUP))
        warn("--memory needs a control group with a memory controller, and none can be made here: run it with the rights to "
             "make one, or limit each process with -l as=SIZE instead");
}

void tree_report_limit(FILE *out, const tree_plan *plan, const rr_tree *tree) {
    char text[TEXT_SIZE];
    if (tree->limit == RR_TREE_CPU_NS)
        fprintf(out, "limit          %s--cpu-time %s%s\n", style(out, RED), duration_text(plan->cpu_ns, text),
                style(out, PLAIN));
    else if (tree->limit == RR_TREE_MEMORY)
        fprintf(out, "limit          %s--memory %s%s\n", style(out, RED), bytes_text(plan->memory, text), style(out, PLAIN));
}

void tree_report(FILE *out, const rr_tree *tree) {
    char text[TEXT_SIZE];
    if (tree->known & RR_USAGE_CPU)
        fprintf(out, "tree cpu       %s%s\n", tree->complete ? "" : "at least ", duration_text(tree->usage.cpu_ns, text));
    if (tree->known & RR_USAGE_PEAK_RSS)
        fprintf(out, "tree largest   %s\n", bytes_text(tree->usage.peak_rss_bytes, text));
    if (tree->known & RR_TREE_KNOWS_PEAK_MEMORY)
        fprintf(out, "tree peak      %s\n", bytes_text(tree->peak_memory_bytes, text));
    if (tree->known & RR_TREE_KNOWS_ORPHANS)
        fprintf(out, "tree ended     %llu left behind, %llu killed\n", (unsigned long long)tree->orphans,
                (unsigned long long)tree->killed);
}

static const char *limit_name(int limit) {
    switch (limit) {
    case RR_TREE_CPU_NS: return "cpu_time";
    case RR_TREE_WALL_NS: return "timeout";
    case RR_TREE_MEMORY: return "memory";
    default: return NULL;
    }
}

static void json_known(json *json, const char *key, int is_known, uint64_t value) {
    if (is_known)
        json_unsigned(json, key, value);
    else
        json_null(json, key);
}

void tree_json(json *json, const rr_tree *tree) {
    const int knows_orphans = (tree->known & RR_TREE_KNOWS_ORPHANS) != 0;
    rr_usage usage = tree->usage;
    size_t i;
    usage.known = tree->known & RR_USAGE_ALL;
    json_object(json, "tree");
    json_text(json, "mechanism", tree->mechanism == RR_TREE_CGROUP ? "control group" : "supervisor");
    if (limit_name(tree->limit))
        json_text(json, "limit", limit_name(tree->limit));
    else
        json_null(json, "limit");
    json_bool(json, "complete", tree->complete);
    json_known(json, "peak_memory_bytes", (tree->known & RR_TREE_KNOWS_PEAK_MEMORY) != 0, tree->peak_memory_bytes);
    json_known(json, "processes", (tree->known & RR_TREE_KNOWS_PROCESSES) != 0, tree->processes);
    json_known(json, "orphans", knows_orphans, tree->orphans);
    json_known(json, "killed", knows_orphans, tree->killed);
    json_known(json, "oom_kills", (tree->known & RR_TREE_KNOWS_OOM_KILLS) != 0, tree->oom_kills);
    json_object(json, "usage");
    for (i = 0; i < rr_usage_field_count(); i++) {
        uint64_t value;
        if (rr_usage_value(&usage, i, &value) == 0)
            json_unsigned(json, rr_usage_field_name(i), value);
        else
            json_null(json, rr_usage_field_name(i));
    }
    json_end(json);
    json_end(json);
}
