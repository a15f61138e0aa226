"""What getrusage(2) and wait4(2) tell, as the interpreter's own kind of named tuple."""

import ctypes
import struct
from typing import TYPE_CHECKING, Any, Tuple

from rresource._library import declare, quick, text

_field_count = declare(quick, "rr_rusage_field_count", ctypes.c_size_t)
_field_name = declare(quick, "rr_rusage_field_name", ctypes.c_char_p, ctypes.c_size_t)
_field_summary = declare(quick, "rr_rusage_field_summary", ctypes.c_char_p, ctypes.c_size_t)

#: rr_rusage: two times of two numbers each, fourteen counts.
RusageBuffer = ctypes.c_int64 * 18
_layout = struct.Struct("=18q")


class _Field(ctypes.Structure):
    """PyStructSequence_Field."""

    _fields_ = [("name", ctypes.c_char_p), ("doc", ctypes.c_char_p)]


class _Description(ctypes.Structure):
    """PyStructSequence_Desc."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("doc", ctypes.c_char_p),
        ("fields", ctypes.POINTER(_Field)),
        ("n_in_sequence", ctypes.c_int),
    ]


_NAMES = [text(_field_name(i)) for i in range(_field_count())]

# The interpreter keeps pointers into these for as long as the type lives.
_fields = (_Field * (len(_NAMES) + 1))(
    *[_Field(name.encode("ascii"), _field_summary(i)) for i, name in enumerate(_NAMES)], _Field()
)
_description = _Description(
    b"resource.struct_rusage",
    b"struct_rusage: Result from getrusage.\n\n"
    b"This object may be accessed either as a tuple of\n"
    b"    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n"
    b"    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\n"
    b"or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    _fields,
    len(_NAMES),
)

if TYPE_CHECKING:
    from resource import struct_rusage as struct_rusage
else:
    # Made by the interpreter, as the standard module's is: os.wait4 makes results of the type that it
    # finds in the module `resource`, and takes for granted that it is one of these.
    _new_type = ctypes.pythonapi.PyStructSequence_NewType
    _new_type.restype = ctypes.py_object
    _new_type.argtypes = (ctypes.POINTER(_Description),)
    struct_rusage = _new_type(ctypes.byref(_description))
    # It is shown as the standard one, but pickled as what it is: the two are different types.
    struct_rusage.__module__ = "rresource.compat"


def from_buffer(buffer: Any) -> struct_rusage:
    """What stands in an rr_rusage, times in seconds."""
    user_s, user_us, system_s, system_us, *counts = _layout.unpack(buffer)
    return struct_rusage((user_s + user_us * 0.000001, system_s + system_us * 0.000001, *counts))


# Without prototypes: see compat._getrlimit.
_getrusage = quick["rr_getrusage"]
_getrusage.restype = ctypes.c_int


def read(who: int) -> Tuple[int, Any]:
    """The error of rr_getrusage, and the buffer that it filled. who: has to fit into an int."""
    buffer = RusageBuffer()
    return _getrusage(who, buffer), buffer
