"""What can be limited on this system, and how a resource is named."""

import ctypes
import enum
import errno
from operator import index
from typing import Dict, NamedTuple, SupportsIndex, Tuple, Union

from rresource._library import check, declare, failure, known_constant, quick, text

_count = declare(quick, "rr_resource_count", ctypes.c_size_t)
_name = declare(quick, "rr_resource_name", ctypes.c_char_p, ctypes.c_int)
_summary = declare(quick, "rr_resource_summary", ctypes.c_char_p, ctypes.c_int)


class _Resource(ctypes.Structure):
    """rr_resource."""

    _fields_ = [
        ("id", ctypes.c_int32),
        ("unit", ctypes.c_int32),
        ("scope", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
    ]


_at = declare(quick, "rr_resource_at", ctypes.c_int, ctypes.c_size_t, ctypes.POINTER(_Resource))
_by_name = declare(quick, "rr_resource_by_name", ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(_Resource))

#: How a resource is given: a name like "NOFILE", "RLIMIT_NOFILE" or systemd's "LimitNOFILE", in upper or
#: lower case; its number, as the constants of the module `resource` are; or a Resource.
ResourceLike = Union[str, SupportsIndex]

_UNENFORCED = known_constant("RESOURCE_UNENFORCED")


class Unit(enum.IntEnum):
    """What the limits of a resource count."""

    BYTES = known_constant("UNIT_BYTES")
    SECONDS = known_constant("UNIT_SECONDS")
    MICROSECONDS = known_constant("UNIT_MICROSECONDS")
    COUNT = known_constant("UNIT_COUNT")
    PRIORITY = known_constant("UNIT_PRIORITY")


class Scope(enum.IntEnum):
    """Whose use counts against a limit."""

    PROCESS = known_constant("SCOPE_PROCESS")
    USER = known_constant("SCOPE_USER")
    THREAD = known_constant("SCOPE_THREAD")
    FILE = known_constant("SCOPE_FILE")


class Resource(NamedTuple):
    """Something that can be limited on this system. It can be used in place of its number."""

    #: The system's number, as the constants of the module `resource` have it.
    id: int
    #: Like "NOFILE".
    name: str
    #: In a few words, like "open file descriptors".
    summary: str
    #: What its limits count.
    unit: Unit
    #: Whose use counts against them.
    scope: Scope
    #: False where the kernel keeps the limit but ignores it.
    enforced: bool

    def __index__(self) -> int:
        return self.id


def _describe(found: _Resource) -> Resource:
    return Resource(
        found.id,
        text(_name(found.id)),
        text(_summary(found.id)),
        Unit(found.unit),
        Scope(found.scope),
        not found.flags & _UNENFORCED,
    )


def _read_all() -> Tuple[Resource, ...]:
    found = _Resource()
    described = []
    for place in range(_count()):
        check(_at(place, ctypes.byref(found)))
        described.append(_describe(found))
    return tuple(described)


_ALL = _read_all()
BY_ID: Dict[int, Resource] = {resource.id: resource for resource in _ALL}
_BY_NAME: Dict[str, int] = {resource.name: resource.id for resource in _ALL}


def resources() -> Tuple[Resource, ...]:
    """Everything that can be limited on this system, in the order of the numbers."""
    return _ALL


def resource(which: ResourceLike) -> Resource:
    """Describes a resource.

    ValueError for an unknown name or number; TypeError for what is neither.
    """
    return BY_ID[number_of(which)]


def number_of(which: ResourceLike) -> int:
    """The number of a resource, which this system has; errors as resource()."""
    if isinstance(which, str):
        known = _BY_NAME.get(which)
        return _look_up(which) if known is None else known
    number = index(which)
    if number not in BY_ID:
        raise ValueError(f"this system has no resource with the number {number}")
    return number


def _look_up(name: str) -> int:
    found = _Resource()
    # A NUL would end the name early for the library.
    encoded = name.encode("utf-8", "surrogateescape")
    error = errno.ENOENT if b"\0" in encoded else _by_name(encoded, ctypes.byref(found))
    if error == errno.ENOENT:
        names = ", ".join(_BY_NAME)
        raise ValueError(f"this system has no resource of the name {name!r}: it has {names}")
    if error:
        raise failure(error, name)
    return int(found.id)
