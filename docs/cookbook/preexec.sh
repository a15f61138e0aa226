#!/bin/sh
# Sets limits, the directory and the session of a program. The limits of this shell do not change.
before=$(ulimit -n)
cd / && rresource run -l nofile=32 -l core=0 -o /dev/null -- \
    setsid -w sh -c 'echo "$(ulimit -n) files, core $(ulimit -c), in $(pwd)"'
[ "$(ulimit -n)" = "$before" ] && echo "unchanged here"
