#!/bin/sh
# Captures the output of a program that may use 1 s of processor time.
output=$(rresource run -l cpu=1 -o /dev/null -- "$@")
status=$?
echo "$output (exit status $status)"
