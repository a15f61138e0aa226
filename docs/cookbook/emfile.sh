#!/bin/sh
# Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither
# be killed by a signal nor run for ever.
files=3
while [ "$files" -le 16 ]; do
    rresource run -l nofile="$files" -t 10s -o /dev/null -- "$@"
    status=$?
    if [ "$status" -eq 124 ] || [ "$status" -gt 128 ]; then
        echo "status $status with $files descriptors"
        exit 1
    fi
    files=$((files + 1))
done
echo survives
