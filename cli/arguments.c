/* Options and operands of a subcommand, and the help that describes them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { HELP_COLUMN = 30 };

static void print_option(FILE *out, int letter, const char *name, const char *value, const char *help) {
    char left[TEXT_SIZE];
    const char *line = help, *end;
    if (letter && letter < OPTION_JSON)
        snprintf(left, sizeof left, "  -%c, --%s%s%s", letter, name, value ? " " : "", value ? value : "");
    else
        snprintf(left, sizeof left, "      --%s%s%s", name, value ? " " : "", value ? value : "");
    fprintf(out, "%-*s", HELP_COLUMN, left);
    while ((end = strchr(line, '\n'))) {
        fprintf(out, "%.*s\n%*s", (int)(end - line), line, HELP_COLUMN, "");
        line = end + 1;
    }
    fprintf(out, "%s\n", line);
}

void print_help(FILE *out, const subcommand *subcommand) {
    const option *each;
    fprintf(out, "Usage: rresource %s [options]%s%s\n\n%s\n\nOptions:\n", subcommand->name,
            *subcommand->operands ? " " : "", subcommand->operands, subcommand->summary);
    for (each = subcommand->options; each->name; each++)
        print_option(out, each->id, each->name, each->value, each->help);
    print_option(out, 'h', "help", NULL, "print this help");
    fprintf(out, "\n%s", subcommand->notes);
}

static void help_and_exit(const subcommand *subcommand) {
    print_help(stdout, subcommand);
    exit(finished(stdout, "the help", STATUS_OK));
}

static const option *by_letter(const option *options, int letter) {
    for (; options->name; options++)
        if (options->id == letter)
            return options;
    return NULL;
}

static const option *by_name(const option *options, const char *name, size_t length) {
    for (; options->name; options++)
        if (strlen(options->name) == length && memcmp(options->name, name, length) == 0)
            return options;
    return NULL;
}

/* The value is joined to the option or is the next word. */
static const char *value_of(arguments *arguments, const option *option, const char *joined) {
    if (joined)
        return joined;
    if (arguments->next == arguments->count)
        wrong_arguments("--%s needs a value: --%s %s", option->name, option->name, option->value);
    return arguments->words[arguments->next++];
}

static int long_option(arguments *arguments, const char *word, const char **value) {
    const char *name = word + 2, *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const option *option;
    if (strcmp(name, "help") == 0)
        help_and_exit(arguments->subcommand);
    option = by_name(arguments->subcommand->options, name, length);
    if (!option)
        wrong_arguments("there is no option --%.*s", (int)length, name);
    if (option->value)
        *value = value_of(arguments, option, equals ? equals + 1 : NULL);
    else if (equals)
        wrong_arguments("--%s takes no value", option->name);
    return option->id;
}

static int short_option(arguments *arguments, const char *word, const char **value) {
    const option *option;
    if (strcmp(word, "-h") == 0)
        help_and_exit(arguments->subcommand);
    option = by_letter(arguments->subcommand->options, (unsigned char)word[1]);
    if (!option)
        wrong_arguments("there is no option -%c", word[1]);
    if (option->value)
        *value = value_of(arguments, option, word[2] ? word + 2 : NULL);
    else if (word[2])
        wrong_arguments("-%c takes no value: write further options as separate words", word[1]);
    return option->id;
}

int next_argument(arguments *arguments, const char **value) {
    const char *word;
    if (arguments->next == arguments->count)
        return ARGUMENT_END;
    word = arguments->words[arguments->next++];
    if (!arguments->options_ended && strcmp(word, "--") == 0) {
        arguments->options_ended = 1;
        return next_argument(arguments, value);
    }
    if (arguments->options_ended || word[0] != '-' || word[1] == '\0') {
        *value = word;
        return ARGUMENT_OPERAND;
    }
    return word[1] == '-' ? long_option(arguments, word, value) : short_option(arguments, word, value);
}

uint64_t number_of(const char *what, const char *text, uint64_t least, uint64_t most) {
    unsigned long long number;
    char *end;
    const int saved = errno;
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9' || number < least || number > most)
        wrong_arguments("%s is \"%s\": expected a number from %llu to %llu", what, text, (unsigned long long)least,
                        (unsigned long long)most);
    errno = saved;
    return number;
}

uint64_t duration_of(const char *what, const char *text) {
    uint64_t ns;
    const int error = rr_duration_parse(text, &ns);
    if (error == ERANGE)
        wrong_arguments("%s is \"%s\": that is too long, the most is 584 years", what, text);
    if (error)
        wrong_arguments("%s is \"%s\": expected a duration such as 10s, 200ms, 1h30min, or a number of seconds", what,
                        text);
    return ns;
}
