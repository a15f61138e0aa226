"""Measures and limits what a program uses, by the C library rresource.

    import rresource

    rresource.raise_limit("NOFILE")
    with rresource.limits(CORE=0):
        outcome = rresource.run(["make"], limits={"NOFILE": 64, "CPU": (1, 2)})
    print(outcome.exit_code, outcome.usage.peak_rss_bytes)

The module rresource.compat is a drop-in for the standard `resource`. Wrong arguments raise ValueError,
TypeError or OverflowError; everything else raises the OSError of its kind, with an errno value and a text
that explains what to do.
"""

from rresource import compat
from rresource._bounds import Bound, EffectiveBound, Source, bounds, effective_bound
from rresource._command import (
    DEVNULL,
    PIPE,
    STDOUT,
    CalledProcessError,
    Child,
    Command,
    Oom,
    Outcome,
    Timeout,
    TimeoutExpired,
    run,
)
from rresource._library import INFINITY
from rresource._limits import (
    Limits,
    LimitsLike,
    LimitValue,
    Reason,
    Verdict,
    check_limit,
    format_limits,
    getrlimit,
    getrlimits,
    limits,
    parse_limits,
    prlimit,
    raise_limit,
    setrlimit,
    setrlimits,
    used,
)
from rresource._process import Process
from rresource._resources import Resource, ResourceLike, Scope, Unit, resource, resources
from rresource._rusage import struct_rusage
from rresource._usage import Usage, getrusage, reset_peak, usage, usage_from_rusage
from rresource._version import __version__

__all__ = [
    "Bound",
    "CalledProcessError",
    "Child",
    "Command",
    "DEVNULL",
    "EffectiveBound",
    "INFINITY",
    "Limits",
    "LimitsLike",
    "LimitValue",
    "Oom",
    "Outcome",
    "PIPE",
    "Process",
    "Reason",
    "Resource",
    "ResourceLike",
    "STDOUT",
    "Source",
    "Scope",
    "Timeout",
    "TimeoutExpired",
    "Unit",
    "Usage",
    "Verdict",
    "__version__",
    "bounds",
    "check_limit",
    "compat",
    "effective_bound",
    "format_limits",
    "getrlimit",
    "getrlimits",
    "getrusage",
    "limits",
    "parse_limits",
    "prlimit",
    "raise_limit",
    "reset_peak",
    "resource",
    "resources",
    "run",
    "setrlimit",
    "setrlimits",
    "struct_rusage",
    "usage",
    "usage_from_rusage",
    "used",
]
