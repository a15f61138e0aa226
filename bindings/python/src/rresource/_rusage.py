"""What getrusage(2) and wait4(2) report, as the interpreter's own kind of named tuple."""

import ctypes
import struct
from typing import Any, Tuple

from rresource._library import quick
from rresource._native import struct_rusage as struct_rusage

# It is shown as the standard one, but pickled as what it is: the two are different types.
struct_rusage.__module__ = "rresource.compat"

#: rr_rusage: two times of two numbers each, fourteen counts.
RusageBuffer = ctypes.c_int64 * 18
_layout = struct.Struct("=18q")


def from_buffer(buffer: Any) -> struct_rusage:
    """What stands in an rr_rusage, times in seconds."""
    user_s, user_us, system_s, system_us, *counts = _layout.unpack(buffer)
    return struct_rusage((user_s + user_us * 0.000001, system_s + system_us * 0.000001, *counts))


# Without a prototype, for converting by one costs more than the system call: what is passed here has been checked.
_getrusage = quick["rr_getrusage"]
_getrusage.restype = ctypes.c_int


def read(who: int) -> Tuple[int, Any]:
    """The error of rr_getrusage, and the buffer that it filled. who: has to fit into an int."""
    buffer = RusageBuffer()
    return _getrusage(who, buffer), buffer
