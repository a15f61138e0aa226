/*
 * The declarations of rresource.h without preprocessor lines, for LuaJIT's ffi.cdef, PHP's FFI::cdef, Python's
 * cffi and the like. See rresource.h for what they mean. rr_constant gets the constants.
 */

uint32_t rr_version(void);

const char *rr_version_string(void);

const char *rr_strerror(int error);

const char *rr_strerrorname(int error);

typedef struct rr_resource {
    int32_t id;
    int32_t unit;
    int32_t scope;
    uint32_t flags;
} rr_resource;

size_t rr_resource_count(void);

int rr_resource_at(size_t index, struct rr_resource *resource);

int rr_resource_by_id(int id, struct rr_resource *resource);

int rr_resource_by_name(const char *name, struct rr_resource *resource);

const char *rr_resource_name(int id);

const char *rr_resource_summary(int id);

int rr_constant(const char *name, int64_t *value);

typedef struct rr_rlimit {
    uint64_t rlim_cur;
    uint64_t rlim_max;
} rr_rlimit;

int rr_getrlimit(int resource, struct rr_rlimit *limits);

int rr_setrlimit(int resource, const struct rr_rlimit *limits);

int rr_prlimit(int32_t pid, int resource, const struct rr_rlimit *new_limits, struct rr_rlimit *old_limits);

int rr_rlimit_parse(int resource, const char *text, struct rr_rlimit *limits);

int rr_rlimit_format(int resource, const struct rr_rlimit *limits, char *text, size_t size);

int rr_duration_parse(const char *text, uint64_t *ns);

typedef struct rr_process rr_process;

int rr_process_open(int32_t pid, struct rr_process **process);

int rr_process_from_fd(int pidfd, struct rr_process **process);

void rr_process_close(struct rr_process *process);

int32_t rr_process_pid(const struct rr_process *process);

int rr_process_fd(const struct rr_process *process);

int rr_process_check(const struct rr_process *process);

typedef struct rr_rlimit_entry {
    int32_t resource;
    int32_t reserved;
    struct rr_rlimit limits;
} rr_rlimit_entry;

typedef struct rr_verdict {
    int32_t error;
    int32_t reason;
    uint64_t ceiling;
    uint64_t reserved[2];
} rr_verdict;

int rr_rlimits_get(const struct rr_process *process,
                   struct rr_rlimit_entry *entries,
                   size_t capacity,
                   size_t *count);

int rr_rlimits_set(const struct rr_process *process,
                   const struct rr_rlimit_entry *entries,
                   size_t count,
                   size_t *failed);

int rr_rlimit_raise(int resource, uint64_t wanted, struct rr_rlimit *result);

int rr_rlimit_check(const struct rr_process *process,
                    int resource,
                    const struct rr_rlimit *wanted,
                    struct rr_verdict *verdict);

const char *rr_reason_text(int reason);

int rr_rlimit_used(const struct rr_process *process, int resource, uint64_t *used);

typedef struct rr_timeval {
    int64_t tv_sec;
    int64_t tv_usec;
} rr_timeval;

typedef struct rr_rusage {
    struct rr_timeval ru_utime;
    struct rr_timeval ru_stime;
    int64_t ru_maxrss;
    int64_t ru_ixrss;
    int64_t ru_idrss;
    int64_t ru_isrss;
    int64_t ru_minflt;
    int64_t ru_majflt;
    int64_t ru_nswap;
    int64_t ru_inblock;
    int64_t ru_oublock;
    int64_t ru_msgsnd;
    int64_t ru_msgrcv;
    int64_t ru_nsignals;
    int64_t ru_nvcsw;
    int64_t ru_nivcsw;
} rr_rusage;

int rr_getrusage(int who, struct rr_rusage *usage);

size_t rr_rusage_field_count(void);

const char *rr_rusage_field_name(size_t index);

const char *rr_rusage_field_summary(size_t index);

int rr_rusage_field_unit(size_t index);

int rr_rusage_value(const struct rr_rusage *usage, size_t index, double *value);

int rr_wait4(int32_t pid, int options, int32_t *waited, int32_t *status, struct rr_rusage *usage);

int rr_wait_status(int32_t status, int32_t *exit_code, int32_t *signal);

size_t rr_getpagesize(void);

typedef struct rr_usage {
    uint64_t known;
    uint64_t cpu_ns;
    uint64_t user_ns;
    uint64_t system_ns;
    uint64_t wall_ns;
    uint64_t rss_bytes;
    uint64_t peak_rss_bytes;
    uint64_t virtual_bytes;
    uint64_t swap_bytes;
    uint64_t minor_faults;
    uint64_t major_faults;
    uint64_t read_bytes;
    uint64_t written_bytes;
    uint64_t voluntary_switches;
    uint64_t involuntary_switches;
    uint64_t threads;
    uint64_t open_files;
    uint64_t reserved[15];
} rr_usage;

int rr_usage_read(struct rr_process *process, uint64_t wanted, struct rr_usage *usage);

int rr_usage_from_rusage(const struct rr_rusage *from, struct rr_usage *usage);

int rr_usage_since(const struct rr_usage *start, const struct rr_usage *end, struct rr_usage *difference);

int rr_usage_reset_peak(const struct rr_process *process);

size_t rr_usage_field_count(void);

const char *rr_usage_field_name(size_t index);

const char *rr_usage_field_summary(size_t index);

int rr_usage_field_unit(size_t index);

uint64_t rr_usage_field_group(size_t index);

int rr_usage_value(const struct rr_usage *usage, size_t index, uint64_t *value);

typedef struct rr_bound {
    int32_t source;
    int32_t detail;
    uint32_t flags;
    uint32_t reserved0;
    uint64_t limit;
    uint64_t used;
    uint64_t reclaimable;
    uint64_t room;
    uint64_t reserved[4];
} rr_bound;

int rr_bounds_read(struct rr_process *process,
                   int kind,
                   struct rr_bound *bounds,
                   size_t capacity,
                   size_t *count);

int rr_bound_effective(struct rr_process *process,
                       int kind,
                       struct rr_bound *least_limit,
                       struct rr_bound *least_room);

int rr_bound_format(const struct rr_bound *bound, int kind, char *text, size_t size);

typedef struct rr_command rr_command;

typedef struct rr_child rr_child;

typedef struct rr_failure {
    int32_t step;
    int32_t detail;
} rr_failure;

typedef struct rr_outcome {
    int32_t exit_code;
    int32_t signal;
    int32_t core_dumped;
    int32_t limit;
    uint64_t wall_ns;
    struct rr_rusage rusage;
    struct rr_usage usage;
    int32_t oom;
    int32_t reserved0;
    uint64_t reserved[7];
} rr_outcome;

int rr_command_new(const char *program, struct rr_command **command);

void rr_command_free(struct rr_command *command);

int rr_command_add_arg(struct rr_command *command, const char *argument);

int rr_command_set_arg0(struct rr_command *command, const char *name);

int rr_command_set_env(struct rr_command *command, const char *name, const char *value);

int rr_command_clear_env(struct rr_command *command);

int rr_command_set_directory(struct rr_command *command, const char *path);

int rr_command_dup2(struct rr_command *command, int source_fd, int child_fd);

int rr_command_set_limit(struct rr_command *command, int resource, const struct rr_rlimit *limits);

int rr_command_close_from(struct rr_command *command, int first_fd);

int rr_command_set_umask(struct rr_command *command, uint32_t mask);

int rr_command_set_credentials(struct rr_command *command,
                               uint32_t uid,
                               uint32_t gid,
                               const uint32_t *groups,
                               size_t count);

int rr_command_set_cgroup(struct rr_command *command, int cgroup_fd);

int rr_command_new_group(struct rr_command *command);

int rr_command_new_session(struct rr_command *command);

int rr_command_no_launcher(struct rr_command *command);

int rr_command_spawn(const struct rr_command *command, struct rr_child **child, struct rr_failure *failure);

const char *rr_step_text(int step);

int32_t rr_child_pid(const struct rr_child *child);

int rr_child_fd(const struct rr_child *child);

int rr_child_process(const struct rr_child *child, struct rr_process **process);

int rr_child_kill(struct rr_child *child, int signal);

int rr_child_wait(struct rr_child *child, int64_t timeout_ns, struct rr_outcome *outcome);

void rr_child_free(struct rr_child *child);

size_t rr_outcome_field_count(void);

const char *rr_outcome_field_name(size_t index);

int rr_outcome_field_unit(size_t index);

int rr_outcome_value(const struct rr_outcome *outcome, size_t index, int64_t *value);

typedef struct rr_tree {
    uint64_t known;
    int32_t mechanism;
    int32_t limit;
    int32_t complete;
    int32_t reserved0;
    struct rr_usage usage;
    uint64_t peak_memory_bytes;
    uint64_t processes;
    uint64_t orphans;
    uint64_t killed;
    uint64_t oom_kills;
    uint64_t reserved[8];
} rr_tree;

int rr_command_set_tree(struct rr_command *command, uint32_t flags);

int rr_command_set_tree_limit(struct rr_command *command, int what, uint64_t value);

int rr_child_tree(const struct rr_child *child, struct rr_tree *tree);

