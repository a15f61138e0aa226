"""For each line on standard input the nanoseconds that one call of psutil took, over as many calls as the line says.

With a process's number: its CPU time and resident set by oneshot. With `machine`: the memory that is available, of the
whole machine, since psutil reads no control group."""

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
