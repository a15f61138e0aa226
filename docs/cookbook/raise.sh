#!/bin/sh
# Raises the soft limit on open files of this shell, and so of what it starts, to its hard limit.
set -eu
rresource set $$ nofile=hard: >/dev/null
echo "$(ulimit -n) files"
