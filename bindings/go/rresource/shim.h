// The C side of the package. Results come back by value: what cgo hands over by pointer escapes to
// Go's heap, which would cost each call an allocation.
#ifndef SHIM_H
#define SHIM_H

#include <rresource.h>
#include <sys/ioctl.h>

typedef struct {
    int error;
    rr_resource resource;
} resource_result;

static inline resource_result resource_at(size_t index) {
    resource_result result = {0};
    result.error = rr_resource_at(index, &result.resource);
    return result;
}

static inline resource_result resource_by_id(int id) {
    resource_result result = {0};
    result.error = rr_resource_by_id(id, &result.resource);
    return result;
}

typedef struct {
    int error;
    rr_rlimit limits;
} rlimit_result;

static inline rlimit_result get_rlimit(int resource) {
    rlimit_result result = {0};
    result.error = rr_getrlimit(resource, &result.limits);
    return result;
}

static inline int set_rlimit(int resource, rr_rlimit limits) {
    return rr_setrlimit(resource, &limits);
}

static inline rlimit_result read_prlimit(int32_t pid, int resource) {
    rlimit_result result = {0};
    result.error = rr_prlimit(pid, resource, NULL, &result.limits);
    return result;
}

static inline rlimit_result swap_prlimit(int32_t pid, int resource, rr_rlimit limits) {
    rlimit_result result = {0, limits};
    result.error = rr_prlimit(pid, resource, &result.limits, &result.limits);
    return result;
}

static inline rlimit_result raise_rlimit(int resource, uint64_t wanted) {
    rlimit_result result = {0};
    result.error = rr_rlimit_raise(resource, wanted, &result.limits);
    return result;
}

typedef struct {
    int error;
    rr_verdict verdict;
} verdict_result;

static inline verdict_result check_rlimit(rr_process *process, int resource, rr_rlimit wanted) {
    verdict_result result = {0};
    result.error = rr_rlimit_check(process, resource, &wanted, &result.verdict);
    return result;
}

typedef struct {
    int error;
    uint64_t used;
} used_result;

static inline used_result rlimit_used(rr_process *process, int resource) {
    used_result result = {0};
    result.error = rr_rlimit_used(process, resource, &result.used);
    return result;
}

typedef struct {
    int error;
    rr_rusage usage;
} rusage_result;

static inline rusage_result get_rusage(int who) {
    rusage_result result = {0};
    result.error = rr_getrusage(who, &result.usage);
    return result;
}

typedef struct {
    int error;
    int32_t waited;
    int32_t status;
    rr_rusage usage;
} wait_result;

static inline wait_result wait_for(int32_t pid, int options) {
    wait_result result = {0};
    result.error = rr_wait4(pid, options, &result.waited, &result.status, &result.usage);
    return result;
}

typedef struct {
    int error;
    rr_process *process;
} process_result;

static inline process_result process_open(int32_t pid) {
    process_result result = {0};
    result.error = rr_process_open(pid, &result.process);
    return result;
}

static inline process_result process_from_fd(int pidfd) {
    process_result result = {0};
    result.error = rr_process_from_fd(pidfd, &result.process);
    return result;
}

typedef struct {
    int error;
    rr_command *command;
} command_result;

static inline command_result command_new(const char *program) {
    command_result result = {0};
    result.error = rr_command_new(program, &result.command);
    return result;
}

static inline int command_limit(rr_command *command, int resource, rr_rlimit limits) {
    return rr_command_set_limit(command, resource, &limits);
}

typedef struct {
    int error;
    rr_failure failure;
    rr_child *child;
} child_result;

static inline child_result command_spawn(const rr_command *command) {
    child_result result = {0};
    result.error = rr_command_spawn(command, &result.child, &result.failure);
    return result;
}

static inline process_result child_process(const rr_child *child) {
    process_result result = {0};
    result.error = rr_child_process(child, &result.process);
    return result;
}

static inline int bytes_held(int pipe) {
    int count = 0;
    ioctl(pipe, FIONREAD, &count);
    return count;
}

typedef struct {
    int error;
    rr_bound limit, room;
} effective_bound_result;

static inline effective_bound_result effective_bound(rr_process *process, int kind) {
    effective_bound_result result = {0};
    result.error = rr_bound_effective(process, kind, &result.limit, &result.room);
    return result;
}

#endif
