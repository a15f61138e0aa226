"""Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
of output, and has to print what is expected.

    judge INPUT EXPECTED program arguments...
"""
import signal
import sys
import tempfile

import rresource

# Python ignores SIGXFSZ, which the program would inherit: its writes would fail instead.
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
given, expected, *program = sys.argv[1:]
limits = {"CPU": (1, 2), "AS": "256M", "FSIZE": "1M", "CORE": 0}
with open(given, "rb") as stdin, tempfile.TemporaryFile() as output:
    try:
        outcome = rresource.run(program, limits=limits, timeout=3, stdin=stdin, stdout=output, process_group=0)
        timed_out = False
    except rresource.TimeoutExpired as expired:
        outcome, timed_out = expired.outcome, True
    output.seek(0)
    if timed_out or outcome.limit == "CPU":
        verdict = "time limit exceeded"
    elif outcome.limit == "FSIZE":
        verdict = "output limit exceeded"
    elif outcome.returncode != 0:
        verdict = "runtime error"
    else:
        with open(expected, "rb") as wanted:
            verdict = "accepted" if output.read() == wanted.read() else "wrong answer"
used = outcome.usage
print(f"{verdict} ({used.cpu_ns / 1e6:.0f} ms, {used.peak_rss_bytes / 1048576:.1f} MiB)")
