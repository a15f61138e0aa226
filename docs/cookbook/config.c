/* Sets the limits that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rresource.h>

enum { LIMITS = 64 };

/* Returns 0, or the error for a line that is wrong. */
static int parse(char *line, rr_rlimit_entry *entry) {
    char *value = strchr(line, '=');
    rr_resource resource;
    int error;
    if (!value)
        return EINVAL;
    *value++ = '\0';
    if ((error = rr_resource_by_name(line, &resource)) || (error = rr_getrlimit(resource.id, &entry->limits)))
        return error;
    entry->resource = resource.id;
    entry->reserved = 0;
    return rr_rlimit_parse(resource.id, value, &entry->limits);
}

int main(int argc, char **argv) {
    rr_rlimit_entry entries[LIMITS];
    char line[256], text[RR_RLIMIT_TEXT_SIZE];
    size_t count = 0, failed = LIMITS, i;
    int number, error;
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!file) {
        fprintf(stderr, "usage: config FILE\n");
        return 2;
    }
    for (number = 1; count < LIMITS && fgets(line, sizeof line, file); number++) {
        line[strcspn(line, "#\n ")] = '\0';
        if (*line && (error = parse(line, &entries[count++]))) {
            fprintf(stderr, "%s:%d: %s\n", argv[1], number, rr_strerror(error));
            return 1;
        }
    }
    fclose(file);
    if ((error = rr_rlimits_set(NULL, entries, count, &failed))) {
        fprintf(stderr, "%s: %s: %s\n", argv[1], failed < count ? rr_resource_name(entries[failed].resource) : "limits",
                rr_strerror(error));
        return 1;
    }
    for (i = 0; i < count; i++)
        if (rr_rlimit_format(entries[i].resource, &entries[i].limits, text, sizeof text) == 0)
            printf("%s=%s\n", rr_resource_name(entries[i].resource), text);
    return 0;
}
