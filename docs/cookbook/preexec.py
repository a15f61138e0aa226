"""Sets limits, the directory and the session of a program: what a preexec_fn does, without code in the child. The limits
of this process do not change."""
import sys

import rresource

before = rresource.getrlimit("NOFILE")
script = 'echo "$(ulimit -n) files, core $(ulimit -c), in $(pwd)"'
rresource.run(["sh", "-c", script], limits={"NOFILE": 32, "CORE": 0}, cwd="/", start_new_session=True)
print("unchanged here" if rresource.getrlimit("NOFILE") == before else "changed here")
