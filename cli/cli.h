/* What the files of the command `rresource` share. */
#ifndef RRESOURCE_CLI_H
#define RRESOURCE_CLI_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <rresource.h>

/* ---- Exit statuses: those from 124 on are timeout(1)'s ---- */

enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1,
    STATUS_WRONG_ARGUMENTS = 2,
    STATUS_TIMED_OUT = 124,
    STATUS_TROUBLE = 125,
    STATUS_NOT_EXECUTABLE = 126,
    STATUS_NOT_FOUND = 127,
    STATUS_SIGNAL = 128
};

/* ---- Subcommands and their arguments: arguments.c ---- */

/* Options without a letter have a number that no letter has. */
enum { ARGUMENT_END = 0, ARGUMENT_OPERAND = 1, OPTION_JSON = 256, OPTION_OWN };

typedef struct option {
    int id;            /* Its letter, or a number from OPTION_JSON on */
    const char *name;  /* Without the two hyphens */
    const char *value; /* The name of its value in the help; NULL if it takes none */
    const char *help;
} option;

struct arguments;

typedef struct subcommand {
    const char *name;
    const char *operands;
    const char *summary;
    const char *notes;     /* Printed below the options */
    const option *options; /* Ends with an option without a name; --help is not listed */
    int status;            /* Of wrong arguments and of internal errors */
    int (*run)(struct arguments *arguments);
} subcommand;

typedef struct arguments {
    const subcommand *subcommand;
    char **words;
    int count;
    int next;
    int options_ended;
} arguments;

#define NO_MORE_OPTIONS {0, NULL, NULL, NULL}
#define OPTION_FOR_JSON {OPTION_JSON, "json", NULL, "print JSON"}

/* Returns the id of the next option, ARGUMENT_OPERAND or ARGUMENT_END. Options may follow operands. */
int next_argument(arguments *arguments, const char **value);
uint64_t number_of(const char *what, const char *text, uint64_t least, uint64_t most);
uint64_t duration_of(const char *what, const char *text);
void print_help(FILE *out, const subcommand *subcommand);

extern const subcommand run_subcommand, limits_subcommand, set_subcommand, check_subcommand, bounds_subcommand,
    usage_subcommand, top_subcommand, bench_subcommand;

/* ---- Messages: messages.c ---- */

void name_subcommand(const subcommand *subcommand);
/* Each prints "rresource SUBCOMMAND: message" to standard error. The last two exit. */
void warn(const char *format, ...);
void wrong_arguments(const char *format, ...);
void die(int status, const char *format, ...);
/* Exits with the text of the error unless it is 0. */
void must(int error, const char *what);
void *allocated(void *memory);
/* Flushes and checks: returns the status, or that of trouble if the output was not written. */
int finished(FILE *out, const char *name, int status);

/* ---- Numbers for people: format.c ---- */

#define TEXT_SIZE 96

const char *bytes_text(uint64_t bytes, char text[TEXT_SIZE]);
const char *duration_text(uint64_t ns, char text[TEXT_SIZE]);
const char *amount_text(int unit, uint64_t value, char text[TEXT_SIZE]);
const char *unit_name(int unit);
/* In the form that rr_rlimit_parse reads. */
const char *limit_text(int resource, uint64_t value, char text[TEXT_SIZE]);
const char *limits_text(int resource, const rr_rlimit *limits, char text[TEXT_SIZE]);
/* Used of a limit in percent; negative if there is no such share. */
double percent_used(const rr_resource *resource, uint64_t limit, uint64_t used);
const char *percent_text(double percent, char text[TEXT_SIZE]);

/* ---- Terminals and tables: table.c ---- */

enum { PLAIN, BOLD, DIM, RED, YELLOW, GREEN };
enum { LEFT, RIGHT, BAR };

typedef struct column {
    const char *head;
    int kind;     /* LEFT, RIGHT, or BAR, which only a terminal shows */
    int optional; /* A terminal that is too narrow leaves it out; the last such column first */
} column;

typedef struct table table;

/* 0 if standard output is not a terminal. */
int terminal_width(void);
/* The escape sequence, or "" without a terminal, with NO_COLOR, or with TERM=dumb. */
const char *style(FILE *out, int style);
int style_of_percent(double percent);

table *table_new(const column *columns, int count);
/* The next cell, in rows. The text is copied. A bar's share is in percent; negative for none. */
void table_text(table *table, int style, const char *text);
void table_bar(table *table, double percent);
/* Returns how many lines were printed. */
int table_print(table *table);
void table_free(table *table);

/* ---- JSON: json.c ---- */

typedef struct json {
    FILE *out;
    int one_line;
    int depth;
    int is_filled;
    char closing[16];
} json;

/* The key is NULL in an array and at the top. */
json json_on(FILE *out, int one_line);
void json_object(json *json, const char *key);
void json_array(json *json, const char *key);
void json_end(json *json);
void json_text(json *json, const char *key, const char *text);
void json_unsigned(json *json, const char *key, uint64_t value);
void json_signed(json *json, const char *key, int64_t value);
void json_real(json *json, const char *key, double value);
void json_bool(json *json, const char *key, int value);
void json_null(json *json, const char *key);
/* null for no limit */
void json_limit(json *json, const char *key, uint64_t value);

/* ---- Processes and limits that the user names: operands.c ---- */

/* NULL, which stands for rresource itself, if the text is NULL. */
rr_process *process_of(const char *pid);
const char *process_label(const rr_process *process, char text[TEXT_SIZE]);
/* The name of a process, from /proc; "?" if it is not known. */
const char *process_name(int32_t pid, char text[TEXT_SIZE]);

enum { ENTRIES = 64 };

typedef struct entries {
    rr_rlimit_entry entry[ENTRIES];
    size_t count;
} entries;

/* Parses NAME=VALUE and adds it. What the value leaves open comes from `present`, the limits now in force. */
void entries_add(entries *wanted, const entries *present, const char *text);
void entries_of(const rr_process *process, entries *present);
const rr_rlimit *entries_find(const entries *among, int resource);
/* Reads all arguments of a subcommand that takes a process and limits, as its example shows. Fills `present` with the
 * limits in force and `wanted` with the given ones. Returns the process. */
rr_process *process_and_limits(arguments *arguments, const char *example, entries *present, entries *wanted, int *is_json);

/* ---- Programs that the user names: program.c ---- */

rr_command *command_of(char **words, int count);
/* Returns 0 and the child, or the exit status after a message. */
int spawn(const rr_command *command, const char *program, rr_child **child);
/* The same for the error of rr_command_spawn. */
int status_of_failed_spawn(const char *program, const rr_failure *failure, int error);
/* "exit status 3", "signal 9 (Killed)" */
const char *end_text(const rr_outcome *outcome, char text[TEXT_SIZE]);

/* ---- The tree of a program: tree.c ---- */

typedef struct tree_plan {
    int is_wanted;
    uint64_t cpu_ns, memory; /* 0: no limit */
} tree_plan;

uint64_t size_of(const char *what, const char *text);
void tree_prepare(const tree_plan *plan, rr_command *command);
/* In addition to the message of the failed start. */
void tree_explain_failure(const tree_plan *plan, const rr_failure *failure, int error);
void tree_report_limit(FILE *out, const tree_plan *plan, const rr_tree *tree);
void tree_report(FILE *out, const rr_tree *tree);
void tree_json(json *json, const rr_tree *tree);

#endif
