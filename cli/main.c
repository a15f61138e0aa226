/* `rresource`: measures and limits what programs use, for people at a terminal and for scripts. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const subcommand *const subcommands[] = {
    &run_subcommand,    &bench_subcommand, &limits_subcommand, &set_subcommand,
    &check_subcommand,  &bounds_subcommand, &usage_subcommand, &top_subcommand,
};
enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

static void print_overview(FILE *out) {
    size_t i;
    fputs("Usage: rresource SUBCOMMAND [options] [operands]\n\nMeasures and limits what programs use.\n\n", out);
    for (i = 0; i < SUBCOMMANDS; i++)
        fprintf(out, "  %-8s  %.*s\n", subcommands[i]->name, (int)strcspn(subcommands[i]->summary, ".\n"),
                subcommands[i]->summary);
    fputs("\n`rresource SUBCOMMAND --help` describes a subcommand, `man rresource` all of them.\n"
          "`rresource --version` prints the version.\n",
          out);
}

static const subcommand *subcommand_named(const char *name) {
    size_t i;
    for (i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i]->name, name) == 0)
            return subcommands[i];
    return NULL;
}

static int is_any_of(const char *word, const char *first, const char *second, const char *third) {
    return strcmp(word, first) == 0 || strcmp(word, second) == 0 || strcmp(word, third) == 0;
}

int main(int argc, char **argv) {
    arguments arguments;
    if (argc < 2) {
        print_overview(stderr);
        return STATUS_WRONG_ARGUMENTS;
    }
    if (is_any_of(argv[1], "--version", "-V", "version")) {
        printf("rresource %s\n", rr_version_string());
        return finished(stdout, "the version", STATUS_OK);
    }
    if (is_any_of(argv[1], "--help", "-h", "help")) {
        const subcommand *about = argc > 2 ? subcommand_named(argv[2]) : NULL;
        if (about)
            print_help(stdout, about);
        else
            print_overview(stdout);
        return finished(stdout, "the help", STATUS_OK);
    }
    if (!(arguments.subcommand = subcommand_named(argv[1])))
        wrong_arguments("there is no subcommand \"%s\"%s", argv[1],
                        argv[1][0] == '-' ? ": options follow the subcommand" : "");
    name_subcommand(arguments.subcommand);
    arguments.words = argv;
    arguments.count = argc;
    arguments.next = 2;
    arguments.options_ended = 0;
    return arguments.subcommand->run(&arguments);
}
