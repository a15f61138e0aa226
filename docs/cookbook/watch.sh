#!/bin/sh
# Watches a process until it ends, and reports each limit of which it uses 80% or more, once.
while kill -0 "$1" 2>/dev/null; do
    rresource limits "$1" 2>/dev/null | awk '$0 ~ /%/ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+%$/ && $i + 0 >= 80) print $1 ": " $i }'
    sleep 0.1
done | awk '!seen[$1]++ { print; fflush() }'
echo ended
