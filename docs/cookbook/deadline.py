"""Runs a program and what it starts for at most 1 s. All of them are in one process group, which ends as a whole."""
import sys

import rresource

try:
    rresource.run(sys.argv[1:], timeout=1, process_group=0)
    print("ended")
except rresource.TimeoutExpired:
    print("killed")
