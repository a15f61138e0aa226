#!/bin/sh
# Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
# these are fewer than the machine has.
set -eu
bounds=$(rresource bounds --json)
printf '%s' "$bounds" | python3 -c '
import json, math, sys
bounds = json.load(sys.stdin)
threads = math.ceil(bounds["processors"][0]["limit"] / 1e9)
# The last one has the least room.
memory = bounds["memory"][-1]
cache = (memory["limit"] if memory["room"] is None else memory["room"]) // 4
print(f"{threads} threads, a cache of {cache >> 20} MiB")'
