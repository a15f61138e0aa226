"""The C library: its functions, its handles, the structs of its limits, its errors.

Two views of one library. Through `quick` a call keeps the interpreter's lock: for what returns within
microseconds, letting go of the lock and taking it again would cost more than the call, and a handle is
then used by one thread at a time by itself. Through `blocking` the other threads run meanwhile.
"""

import ctypes
import errno
import struct
from operator import index
from typing import Any, Callable, ClassVar, Optional, SupportsIndex

try:
    from rresource import _native
except ImportError as error:
    raise ImportError(
        f"the extension of rresource cannot be loaded: {error}; install the package: pip install rresource, or in its "
        "folder pip install .",
        name="rresource._native",
    ) from error

# The extension has the library inside, or is linked with the shared one: its functions are found through it.
quick = ctypes.PyDLL(_native.__file__)
blocking = ctypes.CDLL(_native.__file__)


def declare(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of the library with its prototype."""
    try:
        function = library[name]
    except AttributeError:
        raise too_old(name) from None
    function.restype = result
    function.argtypes = arguments
    return function


def too_old(lacks: str) -> ImportError:
    """The exception for a library that has not all that this package was made for."""
    return ImportError(f"the library is too old for this package: it lacks {lacks}", name="rresource")


class Handle(ctypes.c_void_p):
    """An object of the library, freed when nothing refers to its handle any more.

    So it outlives the calls that are given it, whatever another thread, a signal handler or an argument's own
    __index__ closes meanwhile.
    """

    #: The function that frees it.
    free: ClassVar[Callable[..., Any]]

    def __del__(self) -> None:
        if self:
            type(self).free(self)


# Limits as two numbers in a row, the soft one first: what is there after a call is unpacked in one go,
# which costs less than reading the fields of a ctypes structure one by one.
LimitPair = ctypes.c_uint64 * 2
limit_pair = struct.Struct("=QQ")


def c_int(value: SupportsIndex) -> int:
    """A number that a C int has room for: ctypes would cut a larger one, and raises an error of its own for others."""
    number = index(value)
    if not -0x8000_0000 <= number <= 0x7FFF_FFFF:
        raise OverflowError(f"too large for a C int: {number}")
    return number


_strerror = declare(quick, "rr_strerror", ctypes.c_char_p, ctypes.c_int)
_constant = declare(quick, "rr_constant", ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int64))


def text(encoded: Optional[bytes]) -> str:
    """A text of the library, which are all there and in ASCII where the number is right."""
    return encoded.decode("ascii") if encoded is not None else ""


def strerror(error: int) -> str:
    """What an error means to a caller of this library."""
    return text(_strerror(error))


def failure(error: int, about: str = "", explanation: str = "") -> Exception:
    """The exception for an error number: ValueError for a wrong argument, else the OSError of its kind.

    about: what it concerns, a resource's name for one. explanation: in place of the general text.
    """
    message = explanation or strerror(error)
    if about:
        message = f"{about}: {message}"
    return ValueError(message) if error == errno.EINVAL else OSError(error, message)


def check(error: int, about: str = "") -> None:
    """Raises what an error number stands for; 0 is none."""
    if error:
        raise failure(error, about)


def constant(name: str) -> Optional[int]:
    """A constant of the header, None where this system lacks it. See rr_constant."""
    value = ctypes.c_int64()
    return None if _constant(name.encode("ascii"), ctypes.byref(value)) else value.value


def known_constant(name: str) -> int:
    """A constant that is there on every system."""
    value = constant(name)
    if value is None:
        raise too_old(name)
    return value


#: No limit, and the largest value of one: an int that every limit compares with.
INFINITY: int = known_constant("RLIM_INFINITY") & 0xFFFF_FFFF_FFFF_FFFF
