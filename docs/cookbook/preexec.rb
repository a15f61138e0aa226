# Sets limits, the directory and the session of a program, without code in the child. The limits of this process do not
# change.
require "rresource"

before = RResource.getrlimit(:NOFILE)
script = 'echo "$(ulimit -n) files, core $(ulimit -c), in $(pwd)"'
RResource.run("sh", "-c", script, limits: { nofile: 32, core: 0 }, chdir: "/", session: true)
puts RResource.getrlimit(:NOFILE) == before ? "unchanged here" : "changed here"
