/* `rresource bench`: how long a program takes and how much memory it needs, over many runs. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { PROGRAMS = 2, MEASURES = 4, RUNS_DEFAULT = 10, RUNS_MOST = 100000 };

typedef struct program {
    char **words;
    int count;
    rr_command *command;
    uint64_t *values[MEASURES]; /* One for each run; sorted once all are done */
    uint64_t failures;
    rr_outcome last_failure;
    int peak_is_bound;
} program;

static const struct {
    const char *name, *json_name;
    int unit;
} measures[MEASURES] = {
    {"wall", "wall_ns", RR_UNIT_NANOSECONDS},
    {"user", "user_ns", RR_UNIT_NANOSECONDS},
    {"system", "system_ns", RR_UNIT_NANOSECONDS},
    {"peak memory", "peak_rss_bytes", RR_UNIT_BYTES},
};

/* ---- Measuring ---- */

static void prepare(program *program, uint64_t runs, int is_silent) {
    int i;
    program->command = command_of(program->words, program->count);
    if (is_silent) {
        const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nothing < 0)
            die(STATUS_TROUBLE, "/dev/null cannot be opened: %s", strerror(errno));
        must(rr_command_dup2(program->command, nothing, STDIN_FILENO), "/dev/null");
        must(rr_command_dup2(program->command, nothing, STDOUT_FILENO), "/dev/null");
    }
    for (i = 0; i < MEASURES; i++)
        program->values[i] = allocated(calloc(runs, sizeof *program->values[i]));
}

static void run_once(program *program, rr_outcome *outcome) {
    rr_child *child;
    const int status = spawn(program->command, program->words[0], &child);
    if (status)
        exit(status);
    must(rr_child_wait(child, -1, outcome), program->words[0]);
    rr_child_free(child);
}

static void measure(program *program, uint64_t run) {
    rr_outcome outcome;
    run_once(program, &outcome);
    program->values[0][run] = outcome.wall_ns;
    program->values[1][run] = outcome.usage.user_ns;
    program->values[2][run] = outcome.usage.system_ns;
    program->values[3][run] = outcome.usage.peak_rss_bytes;
    program->peak_is_bound |= (outcome.usage.known & RR_USAGE_PEAK_IS_BOUND) != 0;
    if (outcome.exit_code != 0) {
        program->failures++;
        program->last_failure = outcome;
    }
}

static int by_size(const void *a, const void *b) {
    const uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

/* In turn, so that what else happens on the machine affects both. */
static void measure_all(program *programs, int count, uint64_t runs, uint64_t warmup) {
    rr_outcome unused;
    uint64_t run;
    int i, k;
    for (run = 0; run < warmup; run++)
        for (i = 0; i < count; i++)
            run_once(&programs[i], &unused);
    for (run = 0; run < runs; run++)
        for (i = 0; i < count; i++)
            measure(&programs[i], run);
    for (i = 0; i < count; i++)
        for (k = 0; k < MEASURES; k++)
            qsort(programs[i].values[k], runs, sizeof *programs[i].values[k], by_size);
}

static uint64_t median(const uint64_t *sorted, uint64_t runs) {
    return runs % 2 ? sorted[runs / 2] : sorted[runs / 2 - 1] / 2 + sorted[runs / 2] / 2;
}

/* Of the medians; negative if the first one is zero. */
static double ratio(const program *programs, int measure, uint64_t runs) {
    const double first = (double)median(programs[0].values[measure], runs);
    return first > 0 ? (double)median(programs[1].values[measure], runs) / first : -1;
}

/* ---- Printing ---- */

static const char *line_of(const program *program, char text[TEXT_SIZE]) {
    int i;
    text[0] = '\0';
    for (i = 0; i < program->count; i++) {
        const size_t used = strlen(text);
        snprintf(text + used, TEXT_SIZE - used, "%s%s", i ? " " : "", program->words[i]);
    }
    return text;
}

static const column columns[] = {
    {"", LEFT, 0}, {"MIN", RIGHT, 0}, {"MEDIAN", RIGHT, 0}, {"MAX", RIGHT, 0}, {"RATIO", RIGHT, 0},
};

static void add_rows(table *table, const program *programs, int at, uint64_t runs) {
    const program *program = &programs[at];
    char text[TEXT_SIZE];
    int i;
    for (i = 0; i < MEASURES; i++) {
        const uint64_t *sorted = program->values[i];
        const double times = at ? ratio(programs, i, runs) : -1;
        table_text(table, BOLD, measures[i].name);
        table_text(table, PLAIN, amount_text(measures[i].unit, sorted[0], text));
        table_text(table, PLAIN, amount_text(measures[i].unit, median(sorted, runs), text));
        table_text(table, PLAIN, amount_text(measures[i].unit, sorted[runs - 1], text));
        snprintf(text, sizeof text, times < 0 ? "-" : "%.2f", times);
        table_text(table, times > 1 ? YELLOW : PLAIN, text);
    }
}

static void print_program(const program *programs, int at, int count, uint64_t runs) {
    table *table = table_new(columns, at ? 5 : 4);
    const program *program = &programs[at];
    char text[TEXT_SIZE];
    int i;
    printf("%s%s%s\n", at ? "\n" : "", count > 1 ? (at ? "B: " : "A: ") : "", line_of(program, text));
    if (at) {
        add_rows(table, programs, at, runs);
    } else {
        for (i = 0; i < MEASURES; i++) {
            const uint64_t *sorted = program->values[i];
            table_text(table, BOLD, measures[i].name);
            table_text(table, PLAIN, amount_text(measures[i].unit, sorted[0], text));
            table_text(table, PLAIN, amount_text(measures[i].unit, median(sorted, runs), text));
            table_text(table, PLAIN, amount_text(measures[i].unit, sorted[runs - 1], text));
        }
    }
    table_print(table);
    table_free(table);
}

static void note_failures(const program *program, uint64_t runs) {
    char text[TEXT_SIZE], line[TEXT_SIZE];
    if (program->failures)
        warn("%llu of %llu runs of \"%s\" failed, the last with %s: the figures may mean little",
             (unsigned long long)program->failures, (unsigned long long)runs, line_of(program, line),
             end_text(&program->last_failure, text));
    if (program->peak_is_bound)
        warn("the peak memory of \"%s\" is an upper bound: the launcher could not be used", line_of(program, line));
}

static void print_json(const program *programs, int count, uint64_t runs) {
    json json = json_on(stdout, 0);
    int i, k;
    json_object(&json, NULL);
    json_unsigned(&json, "runs", runs);
    json_array(&json, "programs");
    for (i = 0; i < count; i++) {
        json_object(&json, NULL);
        json_array(&json, "program");
        for (k = 0; k < programs[i].count; k++)
            json_text(&json, NULL, programs[i].words[k]);
        json_end(&json);
        json_unsigned(&json, "failures", programs[i].failures);
        json_bool(&json, "peak_is_bound", programs[i].peak_is_bound);
        for (k = 0; k < MEASURES; k++) {
            json_object(&json, measures[k].json_name);
            json_unsigned(&json, "min", programs[i].values[k][0]);
            json_unsigned(&json, "median", median(programs[i].values[k], runs));
            json_unsigned(&json, "max", programs[i].values[k][runs - 1]);
            if (i && ratio(programs, k, runs) >= 0)
                json_real(&json, "ratio", ratio(programs, k, runs));
            json_end(&json);
        }
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
}

/* ---- The subcommand ---- */

/* "program arguments --vs program arguments" */
static int split(char **words, int count, program programs[PROGRAMS]) {
    int i;
    memset(programs, 0, PROGRAMS * sizeof *programs);
    programs[0].words = words;
    for (i = 0; i < count && strcmp(words[i], "--vs") != 0; i++)
        ;
    programs[0].count = i;
    if (i == count)
        return 1;
    programs[1].words = words + i + 1;
    programs[1].count = count - i - 1;
    if (!programs[0].count || !programs[1].count)
        wrong_arguments("expected a program on each side of --vs, such as: sort file --vs sort --parallel=4 file");
    return PROGRAMS;
}

static int run_bench(arguments *arguments) {
    const char *value;
    int argument, count = 0, i, is_json = 0, is_silent = 1;
    uint64_t runs = RUNS_DEFAULT, warmup = 1;
    program programs[PROGRAMS];
    while (!count && (argument = next_argument(arguments, &value)) != ARGUMENT_END) {
        switch (argument) {
        case 'n': runs = number_of("the number of runs", value, 1, RUNS_MOST); break;
        case 'w': warmup = number_of("the number of runs before", value, 0, RUNS_MOST); break;
        case 's': is_silent = 0; break;
        case OPTION_JSON: is_json = 1; break;
        default:
            arguments->next--;
            count = split(arguments->words + arguments->next, arguments->count - arguments->next, programs);
        }
    }
    if (!count)
        wrong_arguments("expected a program, such as: rresource bench -n 20 -- sort /etc/passwd");
    for (i = 0; i < count; i++)
        prepare(&programs[i], runs, is_silent);
    measure_all(programs, count, runs, warmup);
    if (is_json)
        print_json(programs, count, runs);
    for (i = 0; i < count; i++) {
        if (!is_json)
            print_program(programs, i, count, runs);
        note_failures(&programs[i], runs);
        rr_command_free(programs[i].command);
    }
    return finished(stdout, "the result", STATUS_OK);
}

static const option options[] = {
    {'n', "runs", "N", "run each program N times: 10 by default"},
    {'w', "warmup", "N", "run each N times before, without measuring: once by\ndefault"},
    {'s', "show-output", NULL, "let the programs read and write where rresource does"},
    OPTION_FOR_JSON,
    NO_MORE_OPTIONS,
};

const subcommand bench_subcommand = {
    "bench",
    "[--] PROGRAM [ARGUMENT...] [--vs PROGRAM [ARGUMENT...]]",
    "Measures a program over many runs, or compares two programs.\n"
    "Prints the minimum, median and maximum of the time and of the peak memory.",
    "With --vs the two programs run in turn, and the ratio is that of the medians, the second\n"
    "program's to the first one's. Standard input and output are /dev/null unless\n"
    "--show-output is given.\n"
    "\n"
    "Examples:\n"
    "  rresource bench -n 20 -- sort /etc/passwd\n"
    "  rresource bench -- gzip -k1c file --vs gzip -k9c file\n"
    "\n"
    "Exit status: 0; 125 for wrong arguments; 126 if a program cannot be executed; 127 if it\n"
    "is not found.\n",
    options,
    STATUS_TROUBLE,
    run_bench,
};
