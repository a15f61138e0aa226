"""For each line on standard input prints the nanoseconds of one call of psutil, measured over the line's number of calls.

With a PID: its CPU time and resident set by oneshot. With `machine`: the available memory of the
whole machine, because psutil does not read control groups."""

import sys
import time

import psutil


def cpu_and_rss():
    with process.oneshot():
        process.cpu_times()
        process.memory_info()


if sys.argv[1] == "machine":
    call = psutil.virtual_memory
else:
    process, call = psutil.Process(int(sys.argv[1])), cpu_and_rss

for line in sys.stdin:
    count = int(line)
    start = time.perf_counter_ns()
    for _ in range(count):
        call()
    print((time.perf_counter_ns() - start) / count, flush=True)
