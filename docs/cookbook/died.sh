#!/bin/sh
# Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
# ended.
report=$(mktemp)
rresource run -l cpu=1:2 -l as=512M -t 60s -o "$report" -- "$@"
case $? in
124) echo "no time left" ;;
*) sed -n 's/^limit  *\([A-Z]*\)=[^ ]* (\(.*\))$/limit \1: \2/p; t found
          s/^ended by  *//p; :found' "$report" | tail -n 1 ;;
esac
rm -f "$report"
