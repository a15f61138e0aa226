"""Captures the output of a program that may use 1 s of processor time."""
import sys

import rresource

outcome = rresource.run(sys.argv[1:], limits={"CPU": 1}, capture_output=True, text=True)
print(f"{len(outcome.stdout)} bytes: {outcome.stdout}(exit status {outcome.exit_code})")
