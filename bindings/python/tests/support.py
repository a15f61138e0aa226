"""Shared by the tests: a separate process for code that lowers a limit, and what a process holds."""

import gc
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def python(code, *arguments, before=None):
    """Runs code in a separate interpreter, which has to succeed, and returns its output."""
    done = subprocess.run(
        [sys.executable, "-c", "import os, sys, rresource\n" + code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=before,
    )
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def descriptors():
    return sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1]  # the last one is that of listing


def resident_bytes(process="self"):
    with open(f"/proc/{process}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def leaked(call, times):
    """What a quarter of `times` calls leaves behind: descriptors, objects of the interpreter, bytes of memory.

    That is the lesser of the last two quarters. What leaks grows in both; before, caches are filled, and a leak may
    still find room in memory that was freed earlier.
    """
    grown = []
    before = held()
    for _ in range(4):
        for _ in range(times // 4):
            call()
        after = held()
        grown.append([late - early for early, late in zip(before, after)])
        before = after
    return [min(last) for last in zip(*grown[2:])]


def held():
    gc.collect()
    return len(descriptors()), sys.getallocatedblocks(), resident_bytes()
