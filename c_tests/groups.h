/* Creates control groups for a test in the hierarchy that this machine has, or reports why that is not possible. */
#ifndef GROUPS_H
#define GROUPS_H

#include "check.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { PATH = 1024 };

typedef struct {
    int version;       /* 0: none can be made */
    char mount[PATH];  /* the mount point of the hierarchy */
    char inside[PATH]; /* the group of the test itself, below it */
} hierarchy;

UNUSED static const char *no_groups = "";

static int has_word(const char *list, const char *word) {
    const size_t length = strlen(word);
    for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
        if (strncmp(list, word, length) == 0 && (list[length] == ',' || list[length] == 0 || list[length] == '\n'))
            return 1;
    return 0;
}

UNUSED static int write_to(const char *folder, const char *file, const char *text) {
    char path[3 * PATH];
    int fd, right;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    right = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return right;
}

UNUSED static int write_number(const char *folder, const char *file, long long number) {
    char text[32];
    snprintf(text, sizeof text, "%lld", number);
    return write_to(folder, file, text);
}

UNUSED static int has_file(const char *folder, const char *file) {
    char path[3 * PATH];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return access(path, F_OK) == 0;
}

/* Finds the group of the test itself and its mount point. Only simple cases are supported: paths without blanks. */
static hierarchy hierarchy_of(const char *controller) {
    hierarchy found;
    char line[8192];
    FILE *file = fopen("/proc/self/cgroup", "r");
    memset(&found, 0, sizeof found);
    while (file && fgets(line, sizeof line, file)) {
        char controllers[PATH], path[PATH];
        if (sscanf(line, "%*d:%1023[^:]:%1023s", controllers, path) == 2 && has_word(controllers, controller)) {
            found.version = 1;
            strcpy(found.inside, path);
        } else if (sscanf(line, "0::%1023s", path) == 1 && found.version != 1) {
            found.version = 2;
            strcpy(found.inside, path);
        }
    }
    if (file)
        fclose(file);
    file = fopen("/proc/self/mountinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        char root[PATH], point[PATH], type[64], options[PATH];
        const char *dash = strstr(line, " - ");
        if (!dash || sscanf(line, "%*s %*s %*s %1023s %1023s", root, point) != 2 || strcmp(root, "/") != 0 ||
            sscanf(dash, " - %63s %*s %1023s", type, options) != 2)
            continue;
        if (found.version == 2 ? strcmp(type, "cgroup2") == 0
                               : strcmp(type, "cgroup") == 0 && has_word(options, controller))
            strcpy(found.mount, point);
    }
    if (file)
        fclose(file);
    if (!found.mount[0])
        found.version = 0;
    return found;
}

/* Creates a group with the controller below the test's own. Returns its path, or NULL and the reason in no_groups. */
UNUSED static const char *make_group(const hierarchy *in, const char *controller, const char *name) {
    static char paths[8][3 * PATH];
    static int next;
    char *path = paths[next++ % 8];
    const char *below = strcmp(in->inside, "/") == 0 ? "" : in->inside;
    if (emulated_by("valgrind") || emulated_by("asan") || emulated_by("qemu-user"))
        no_groups = "the emulator's own memory counts";
    else if (geteuid() != 0)
        no_groups = "only root makes control groups here";
    else if (in->version == 0)
        no_groups = "no control groups with this controller";
    else {
        if (in->version == 2) {
            char enable[64];
            snprintf(path, 3 * PATH, "%s%s", in->mount, below);
            snprintf(enable, sizeof enable, "+%s", controller);
            if (!write_to(path, "cgroup.subtree_control", enable)) {
                no_groups = "the test's own control group of version 2 cannot have others below it";
                return NULL;
            }
        }
        snprintf(path, 3 * PATH, "%s%s/rresource-%d-%s", in->mount, below, (int)getpid(), name);
        if (mkdir(path, 0755) == 0)
            return path;
        no_groups = "control groups are read-only here";
    }
    return NULL;
}

/* Creates a group below one from make_group. */
UNUSED static const char *make_below(const hierarchy *in, const char *controller, const char *parent, const char *name) {
    static char paths[8][4 * PATH];
    static int next;
    char *path = paths[next++ % 8], enable[64];
    snprintf(enable, sizeof enable, "+%s", controller);
    if (in->version == 2)
        CHECK(write_to(parent, "cgroup.subtree_control", enable));
    snprintf(path, 4 * PATH, "%s/%s", parent, name);
    CHECK_EQ(mkdir(path, 0755), 0);
    return path;
}

UNUSED static int enter(const char *group) { return write_to(group, "cgroup.procs", "0"); }

/* A group stays busy for a moment after its last process was reaped. */
UNUSED static void remove_group(const char *group) {
    int tries;
    for (tries = 0; rmdir(group) != 0; tries++) {
        const struct timespec pause = {0, 10000000};
        if (tries == 300) {
            fail(__FILE__, __LINE__, "the control group is removed");
            return;
        }
        nanosleep(&pause, NULL);
    }
}

#endif
