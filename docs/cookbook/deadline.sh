#!/bin/sh
# Runs a program and what it starts for at most 1 s. All of them are in one process group, which ends as a whole.
rresource run -t 1s -o /dev/null -- "$@"
case $? in
124) echo "killed" ;;
*) echo "ended" ;;
esac
