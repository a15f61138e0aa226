"""A drop-in for the standard module `resource`: the same names, results and exceptions, by rresource.

    import rresource.compat as resource

Each constant is there where the interpreter's own module would have it on this system. Limits are the
interpreter's too, of which there are three generations on Linux: signed numbers before Python 3.14;
unsigned ones, except that RLIM_INFINITY is -1, in 3.14; unsigned ones, RLIM_INFINITY included, since 3.15.
"""

# Every name here that is not the standard module's begins with _, so that dir() shows the same.
import sys as _sys
from errno import ENOTSUP as _ENOTSUP

from rresource import _library, _rusage
from rresource._native import (
    getpagesize as getpagesize,
    getrlimit as getrlimit,
    getrusage as getrusage,
    setrlimit as setrlimit,
    struct_rusage as struct_rusage,
)

if _sys.platform == "linux":  # the only system where the standard module has it
    from rresource._native import prlimit as prlimit

error = OSError

RLIMIT_AS: int
RLIMIT_CORE: int
RLIMIT_CPU: int
RLIMIT_DATA: int
RLIMIT_FSIZE: int
RLIMIT_KQUEUES: int
RLIMIT_MEMLOCK: int
RLIMIT_MSGQUEUE: int
RLIMIT_NICE: int
RLIMIT_NOFILE: int
RLIMIT_NPROC: int
RLIMIT_NPTS: int
RLIMIT_NTHR: int
RLIMIT_OFILE: int
RLIMIT_PIPEBUF: int
RLIMIT_RSS: int
RLIMIT_RTPRIO: int
RLIMIT_RTTIME: int
RLIMIT_SBSIZE: int
RLIMIT_SIGPENDING: int
RLIMIT_STACK: int
RLIMIT_SWAP: int
RLIMIT_UMTXP: int
RLIMIT_VMEM: int
RLIM_INFINITY: int
RLIM_SAVED_CUR: int
RLIM_SAVED_MAX: int
RUSAGE_CHILDREN: int
RUSAGE_SELF: int
RUSAGE_THREAD: int

_LIMITS = "AS CORE CPU DATA FSIZE KQUEUES MEMLOCK MSGQUEUE NICE NOFILE NPROC NPTS OFILE RSS RTPRIO RTTIME SBSIZE"
_LIMITS += " SIGPENDING STACK SWAP VMEM"
_LIMITS_SINCE_3_15 = " NTHR PIPEBUF UMTXP"

#: Since 3.15 RLIM_INFINITY is unsigned, which until then is -1 on Linux.
_SINCE_3_15 = _sys.version_info >= (3, 15)


def _define_constants() -> None:
    """Those that the standard module of this interpreter has on this system."""
    limits = _LIMITS + (_LIMITS_SINCE_3_15 if _SINCE_3_15 else "")
    names = ["RLIMIT_" + name for name in limits.split()]
    bits = ["RLIM_INFINITY"] + (["RLIM_SAVED_CUR", "RLIM_SAVED_MAX"] if _SINCE_3_15 else [])
    for name in names + bits:
        value = _library.constant(name)
        if value is not None:
            globals()[name] = value & 0xFFFF_FFFF_FFFF_FFFF if _SINCE_3_15 else value
    # RUSAGE_BOTH is in no header of a C library that Python is built with.
    for name in ("RUSAGE_SELF", "RUSAGE_CHILDREN", "RUSAGE_THREAD"):
        value = _library.known_constant(name)
        if _rusage.read(value)[0] != _ENOTSUP:
            globals()[name] = value


_define_constants()
