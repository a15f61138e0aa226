/* Messages to the user, which name what is wrong and what to do. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const subcommand *current;

void name_subcommand(const subcommand *subcommand) {
    current = subcommand;
}

static void message(const char *format, va_list values) {
    fflush(stdout);
    fprintf(stderr, current ? "rresource %s: " : "rresource: ", current ? current->name : "");
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
}

void warn(const char *format, ...) {
    va_list values;
    va_start(values, format);
    message(format, values);
    va_end(values);
}

void die(int status, const char *format, ...) {
    va_list values;
    va_start(values, format);
    message(format, values);
    va_end(values);
    exit(status);
}

void wrong_arguments(const char *format, ...) {
    va_list values;
    va_start(values, format);
    message(format, values);
    va_end(values);
    if (current)
        fprintf(stderr, "Try `rresource %s --help`.\n", current->name);
    else
        fprintf(stderr, "Try `rresource --help`.\n");
    exit(current ? current->status : STATUS_WRONG_ARGUMENTS);
}

/* Errors that no argument caused. */
static int status_of_trouble(void) {
    return current && current->status == STATUS_TROUBLE ? STATUS_TROUBLE : STATUS_FAILED;
}

void must(int error, const char *what) {
    if (error)
        die(status_of_trouble(), "%s: %s", what, rr_strerror(error));
}

void *allocated(void *memory) {
    if (!memory)
        die(status_of_trouble(), "out of memory");
    return memory;
}

int finished(FILE *out, const char *name, int status) {
    errno = 0;
    if (fflush(out) == 0 && !ferror(out))
        return status;
    /* The reader of a pipe has seen enough. */
    if (errno == EPIPE)
        return status;
    warn("%s cannot be written: %s", name, errno ? strerror(errno) : "output error");
    return status_of_trouble();
}
