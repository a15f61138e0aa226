"""The cost of a call compared with the standard module's, in one run.

Each round times all of them one after the other, and what counts is the median of the rounds' ratios: a machine that
slows down slows all.
"""

import resource as standard
import statistics
import sys
import time

import rresource
from rresource import compat

ROUNDS = 201
CALLS = 500
NOFILE = standard.RLIMIT_NOFILE
NOW = standard.getrlimit(NOFILE)


def seconds(call):
    began = time.perf_counter()
    for _ in range(CALLS):
        call()
    return time.perf_counter() - began


def compare(name, base, others):
    """Prints what the standard call takes, and the others as multiples of it."""
    ratios = {label: [] for label in others}
    times = []
    for _ in range(ROUNDS):
        reference = seconds(base)
        times.append(reference)
        for label, call in others.items():
            ratios[label].append(seconds(call) / reference)
    shown = "  ".join(f"{label} {statistics.median(found):5.2f}" for label, found in ratios.items())
    print(f"{name:26} {statistics.median(times) / CALLS * 1e9:7.0f} ns   {shown}")


def main():
    print(f"Python {sys.version.split()[0]}: the standard module's call, and ours as multiples of it")
    compare(
        "resource.getrlimit",
        lambda: standard.getrlimit(NOFILE),
        {"compat": lambda: compat.getrlimit(NOFILE), "rresource": lambda: rresource.getrlimit("NOFILE")},
    )
    compare(
        "resource.setrlimit",
        lambda: standard.setrlimit(NOFILE, NOW),
        {
            "compat": lambda: compat.setrlimit(NOFILE, NOW),
            "rresource": lambda: rresource.setrlimit("NOFILE", NOW),
        },
    )
    compare(
        "resource.prlimit",
        lambda: standard.prlimit(0, NOFILE),
        {"compat": lambda: compat.prlimit(0, NOFILE), "rresource": lambda: rresource.prlimit(0, "NOFILE")},
    )
    compare(
        "resource.getrusage",
        lambda: standard.getrusage(standard.RUSAGE_SELF),
        {"compat": lambda: compat.getrusage(compat.RUSAGE_SELF), "rresource": lambda: rresource.getrusage("SELF")},
    )


if __name__ == "__main__":
    main()
