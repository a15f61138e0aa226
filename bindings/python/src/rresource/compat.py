"""A drop-in for the standard module `resource`: the same names, results and exceptions, by rresource.

    import rresource.compat as resource

Each constant is there where the interpreter's own module would have it on this system. Limits are the
interpreter's too, of which there are three generations on Linux: signed numbers before Python 3.14;
unsigned ones, except that RLIM_INFINITY is -1, in 3.14; unsigned ones, RLIM_INFINITY included, since 3.15.
"""

# Every name here that is not the standard module's begins with _, so that dir() shows the same.
import ctypes as _ctypes
import os as _os
import struct as _struct
import sys as _sys
import warnings as _warnings
from errno import EINVAL as _EINVAL, ENOTSUP as _ENOTSUP, EPERM as _EPERM
from operator import index as _index
from typing import (
    Any as _Any,
    Callable as _Callable,
    Iterable as _Iterable,
    Optional as _Optional,
    SupportsIndex as _SupportsIndex,
    Tuple as _Tuple,
    cast as _cast,
)

from rresource import _library, _rusage
from rresource._rusage import struct_rusage as struct_rusage

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

#: Since 3.14 a limit is the number that it is; before, a signed one of the same bits.
_UNSIGNED = _sys.version_info >= (3, 14)
#: Since 3.15 that holds for RLIM_INFINITY too, which until then is -1 on Linux.
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

_WHO = frozenset(value for name, value in globals().items() if name.startswith("RUSAGE_"))


def _resources() -> "frozenset[int]":
    described = (_ctypes.c_int32 * 4)()  # rr_resource, whose first field is the number
    at = _library.declare(_library.quick, "rr_resource_at", _ctypes.c_int, _ctypes.c_size_t, _ctypes.c_void_p)
    count = _library.declare(_library.quick, "rr_resource_count", _ctypes.c_size_t)
    return frozenset(described[0] for i in range(count()) if not at(i, described))


_RESOURCES = _resources()

_Pair = _ctypes.c_int64 * 2
_pair = _struct.Struct("=QQ" if _UNSIGNED else "=qq")
_pack = _pair.pack
_unpack_all = _cast("_Callable[[_Any], _Tuple[int, int]]", _pair.unpack)


def _unpack_except_infinity(limits: _Any) -> _Tuple[int, int]:
    """Limits as Python 3.14 has them."""
    soft, hard = _unpack_all(limits)
    infinity = _library.INFINITY
    return RLIM_INFINITY if soft == infinity else soft, RLIM_INFINITY if hard == infinity else hard


_unpack = _unpack_except_infinity if _UNSIGNED and not _SINCE_3_15 else _unpack_all

# Without prototypes, for converting by them costs more than the system call: what is passed here has been checked to be
# an int of C's size, and an array, bytes or nothing. See `make bench`.
_getrlimit = _library.quick["rr_getrlimit"]
_setrlimit = _library.quick["rr_setrlimit"]
_prlimit = _library.quick["rr_prlimit"]
for _function in (_getrlimit, _setrlimit, _prlimit):
    _function.restype = _ctypes.c_int
del _function


def _c_int(value: _SupportsIndex) -> int:
    """What the argument parsing of a C module makes of an int."""
    number = _index(value)
    if not -0x8000_0000 <= number <= 0x7FFF_FFFF:
        raise OverflowError("Python int too large to convert to C int")
    return number


def _resource(resource: _SupportsIndex) -> int:
    number = _c_int(resource)
    if number not in _RESOURCES:
        raise ValueError("invalid resource specified")
    return number


def _signed_limit(value: _SupportsIndex) -> int:
    """A limit as Python takes it before 3.14."""
    number = _index(value)
    if not -0x8000_0000_0000_0000 <= number <= 0x7FFF_FFFF_FFFF_FFFF:
        raise OverflowError("Python int too large to convert to C long")
    return number


def _unsigned_limit(value: _SupportsIndex) -> int:
    """A limit as Python takes it since 3.14."""
    number = _index(value)
    if number == RLIM_INFINITY:
        return _library.INFINITY
    if number == -1 and _library.INFINITY == 0xFFFF_FFFF_FFFF_FFFF:
        _warnings.warn("Use RLIM_INFINITY instead of negative limit value.", DeprecationWarning, stacklevel=4)
        return _library.INFINITY
    if number < 0:
        raise ValueError("Cannot convert negative int")
    if number > 0xFFFF_FFFF_FFFF_FFFF:
        raise OverflowError("Python int too large to convert to C rlim_t")
    return number


_limit = _unsigned_limit if _UNSIGNED else _signed_limit


def _limits(limits: _Iterable[_SupportsIndex]) -> bytes:
    pair = tuple(limits)
    if len(pair) != 2:
        raise ValueError("expected a tuple of 2 integers")
    try:
        return _pack(*pair)
    except _struct.error:  # something that has to be told as Python tells it, or -1
        soft, hard = pair
        return _pack(_limit(soft), _limit(hard))


def _os_error(code: int) -> OSError:
    return OSError(code, _os.strerror(code))


def getrusage(who: int, /) -> struct_rusage:
    """What the caller (RUSAGE_SELF, RUSAGE_THREAD) or its children (RUSAGE_CHILDREN) have used.

    ValueError when who is none of them. The fields are as the system has them: ru_maxrss is in KiB on
    Linux and the BSDs, in bytes on macOS. See getrusage(2).
    """
    if type(who) is not int or who not in _WHO:
        who = _c_int(who)
        if who not in _WHO:
            raise ValueError("invalid who parameter")
    code, buffer = _rusage.read(who)
    if code:
        raise _os_error(code)
    return _rusage.from_buffer(buffer)


def getrlimit(resource: int, /) -> _Tuple[int, int]:
    """The limits of this process for a resource, as (soft, hard).

    ValueError for an unknown resource. See getrlimit(2).
    """
    if type(resource) is not int or resource not in _RESOURCES:
        resource = _resource(resource)
    limits = _Pair()
    code = _getrlimit(resource, limits)
    if code:
        raise _os_error(code)
    return _unpack(limits)


def setrlimit(resource: int, limits: _Iterable[int], /) -> None:
    """Sets the limits of this process for a resource; limits is (soft, hard).

    RLIM_INFINITY, and -1 on Linux, is none. ValueError for an unknown resource, for what is no pair of
    limits, when the soft limit is above the hard one, and when the hard one may not be raised. Raises the
    auditing event resource.setrlimit with the arguments. See setrlimit(2).
    """
    if type(resource) is not int or resource not in _RESOURCES:
        resource = _resource(resource)
    _sys.audit("resource.setrlimit", resource, limits)
    code = _setrlimit(resource, _limits(limits))
    if code == 0:
        return
    if code == _EINVAL:
        raise ValueError("current limit exceeds maximum limit")
    if code == _EPERM:
        raise ValueError("not allowed to raise maximum limit")
    raise _os_error(code)


if _sys.platform == "linux":  # the only system where the standard module has it

    def prlimit(pid: int, resource: int, limits: _Optional[_Iterable[int]] = None, /) -> _Tuple[int, int]:
        """The limits of a process for a resource, as (soft, hard); sets them to limits, where given, in the same step.

        pid 0 is the caller. ValueError for an unknown resource, for what is no pair of limits, and when the
        soft limit is above the hard one; ProcessLookupError when there is no such process;
        PermissionError when it is another user's, and when the hard limit may not be raised. Raises the
        auditing event resource.prlimit with the arguments. See prlimit(2).
        """
        pid = _c_int(pid)
        resource = _resource(resource)
        _sys.audit("resource.prlimit", pid, resource, limits)
        former = _Pair()
        code = _prlimit(pid, resource, None if limits is None else _limits(limits), former)
        if code == _EINVAL:
            raise ValueError("current limit exceeds maximum limit")
        if code:
            raise _os_error(code)
        return _unpack(former)


_getpagesize = _library.declare(_library.quick, "rr_getpagesize", _ctypes.c_size_t)


def getpagesize() -> int:
    """The bytes in a page of memory. See getpagesize(2)."""
    return int(_getpagesize())
