#!/bin/sh
# Runs a program and all that it starts for at most 1 s. The tree ends as a whole, whatever sessions and groups its
# processes have made.
rresource run --tree -t 1s -o /dev/null -- "$@"
case $? in
124) echo "killed" ;;
*) echo "ended" ;;
esac
