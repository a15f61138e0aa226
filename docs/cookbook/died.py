"""Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
ended."""
import sys

import rresource

try:
    outcome = rresource.run(sys.argv[1:], limits={"CPU": (1, 2), "AS": "512M"}, timeout=60)
except rresource.TimeoutExpired:
    print("no time left")
else:
    if outcome.limit:
        print(f"limit {outcome.limit}: {rresource.resource(outcome.limit).summary}")
    elif outcome.oom == rresource.Oom.YES:
        print("out of memory")
    elif outcome.signal:
        print(f"signal {int(outcome.signal)}")
    else:
        print(f"exit status {outcome.exit_code}")
