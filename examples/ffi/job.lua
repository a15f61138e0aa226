-- Raises the limit on open files, runs a program under limits, and shows what it used. LuaJIT.
-- luajit job.lua rresource.ffi.h librresource.so.0
local ffi = require("ffi")
ffi.cdef(io.open(arg[1]):read("*a"))
local rr = ffi.load(arg[2])

local function check(error)
    if error ~= 0 then io.stderr:write(ffi.string(rr.rr_strerror(error)), "\n") os.exit(1) end
end
local value = ffi.new("int64_t[1]")
local function constant(name)
    check(rr.rr_constant(name, value))
    return tonumber(value[0])
end
local nofile, files, limits = constant("RLIMIT_NOFILE"), ffi.new("rr_rlimit"), ffi.new("rr_rlimit")
check(rr.rr_rlimit_raise(nofile, 4096, files))
check(rr.rr_rlimit_parse(nofile, "64", limits))

local command, child, outcome = ffi.new("rr_command *[1]"), ffi.new("rr_child *[1]"), ffi.new("rr_outcome")
check(rr.rr_command_new("sort", command))
check(rr.rr_command_add_arg(command[0], "--output=/dev/null"))
check(rr.rr_command_add_arg(command[0], "/etc/passwd"))
check(rr.rr_command_set_limit(command[0], nofile, limits))
check(rr.rr_command_spawn(command[0], child, nil))
check(rr.rr_child_wait(child[0], -1, outcome))
rr.rr_child_free(child[0])
rr.rr_command_free(command[0])
print(string.format("%d files here; exit code %d: %d ns of processor time, %d bytes of memory", tonumber(files.rlim_cur),
    outcome.exit_code, tonumber(outcome.usage.cpu_ns), tonumber(outcome.usage.peak_rss_bytes)))
