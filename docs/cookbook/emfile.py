"""Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither
be killed by a signal nor run for ever."""
import sys

import rresource

for files in range(3, 17):
    outcome = rresource.run(sys.argv[1:], limits={"NOFILE": files}, timeout=10)
    if outcome.signal:
        sys.exit(print(f"signal {int(outcome.signal)} with {files} descriptors") or 1)
print("survives")
