"""The cost of reading another process's processor time and resident set, compared with psutil.

Both hold what they need of the process: psutil its Process, in a `oneshot` for each reading; rresource its handle.
Rounds of both alternate, and what counts is the median of the rounds' ratios. psutil is for this measurement alone:
Debian's python3-psutil, or pip's.
"""

import os
import statistics
import subprocess
import sys
import time

import rresource

ROUNDS = 51
READINGS = 200


def seconds(read):
    began = time.perf_counter()
    for _ in range(READINGS):
        read()
    return time.perf_counter() - began


def microseconds(times):
    return statistics.median(times) / READINGS * 1e6


def measure(pid):
    handle = rresource.Process(pid)
    readings = {
        "processor time and resident set": lambda: handle.usage("cpu_ns", "rss_bytes"),
        "everything": handle.usage,
    }
    try:
        import psutil
    except ImportError:
        print("psutil is not there: rresource alone")
        for name, read in readings.items():
            print(f"{name:34} {microseconds([seconds(read) for _ in range(ROUNDS)]):6.1f} us")
        return

    process = psutil.Process(pid)

    def by_psutil():
        with process.oneshot():
            times = process.cpu_times()
            return times.user + times.system, process.memory_info().rss

    cpu, resident = by_psutil()
    ours = handle.usage("cpu_ns", "rss_bytes")
    assert ours.rss_bytes == resident and abs(ours.cpu_ns / 1e9 - cpu) < 0.05, "both read the same process"
    print(f"psutil {psutil.__version__}, and rresource as a multiple of it")
    for name, read in readings.items():
        pairs = [(seconds(by_psutil), seconds(read)) for _ in range(ROUNDS)]
        theirs, us = (microseconds(column) for column in zip(*pairs))
        ratio = statistics.median(us / theirs for theirs, us in pairs)
        print(f"{name:34} {theirs:6.1f} us (processor time and resident set)   {us:6.1f} us   {ratio:5.2f}")


def main():
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; print(sum(range(10**7)), flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        child.stdout.readline()  # it has used something, and sleeps
        measure(child.pid)
    finally:
        child.kill()
        child.communicate()


if __name__ == "__main__":
    main()
