// Raises the limit on open files, runs a program under limits, and shows what it used. Node.js with the package koffi.
// node job.mjs librresource.so.0
import { createRequire } from "node:module";
const koffi = createRequire(import.meta.url)("koffi");
const rr = koffi.load(process.argv[2]);
koffi.struct("rr_rlimit", { rlim_cur: "uint64_t", rlim_max: "uint64_t" });

const strerror = rr.func("const char *rr_strerror(int error)");
const call = (prototype, ...args) => {
  const error = rr.func(`int ${prototype}`)(...args);
  if (error !== 0) throw new Error(strerror(error));
};
const result = (prototype, ...args) => { const place = [null]; call(prototype, ...args, place); return place[0]; };
const constant = (name) => Number(result("rr_constant(const char *name, _Out_ int64_t *value)", name));

const nofile = constant("RLIMIT_NOFILE"), files = {}, limits = {};
call("rr_rlimit_raise(int resource, uint64_t wanted, _Out_ rr_rlimit *result)", nofile, 4096, files);
call("rr_rlimit_parse(int resource, const char *text, _Out_ rr_rlimit *limits)", nofile, "64", limits);

const command = result("rr_command_new(const char *program, _Out_ void **command)", "sort"), child = [null];
for (const argument of ["--output=/dev/null", "/etc/passwd"])
  call("rr_command_add_arg(void *command, const char *argument)", command, argument);
call("rr_command_set_limit(void *command, int resource, rr_rlimit *limits)", command, nofile, limits);
call("rr_command_spawn(void *command, _Out_ void **child, void *failure)", command, child, null);
const outcome = Buffer.alloc(constant("SIZEOF_OUTCOME"));
call("rr_child_wait(void *child, int64_t timeout_ns, void *outcome)", child[0], -1, outcome);
rr.func("void rr_child_free(void *child)")(child[0]);
rr.func("void rr_command_free(void *command)")(command);
const used = (field) => outcome.readBigUInt64LE(constant("OFFSETOF_OUTCOME_USAGE") + constant(`OFFSETOF_USAGE_${field}`));
console.log(`${files.rlim_cur} files here; exit code ${outcome.readInt32LE(0)}: ${used("CPU_NS")} ns of processor time, ` +
  `${used("PEAK_RSS_BYTES")} bytes of memory`);
