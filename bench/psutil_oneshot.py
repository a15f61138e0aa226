"""CPU time and resident set of a process by psutil's oneshot: for each line on standard input the
nanoseconds that one reading took, over as many readings as the line says."""

import sys
import time

import psutil

process = psutil.Process(int(sys.argv[1]))
for line in sys.stdin:
    count = int(line)
    start = time.perf_counter_ns()
    for _ in range(count):
        with process.oneshot():
            process.cpu_times()
            process.memory_info()
    print((time.perf_counter_ns() - start) / count, flush=True)
