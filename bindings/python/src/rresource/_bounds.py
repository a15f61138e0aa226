"""What really limits a process, and how much room is left."""

import ctypes
import enum
import struct
from typing import List, NamedTuple, Optional

from rresource import _resources
from rresource._library import check, declare, failure, known_constant, quick, text

_INT = ctypes.c_int
_POINTER = ctypes.c_void_p

#: rr_bound: source, detail, flags and a reserved field; limit, used, reclaimable, room; four reserved fields.
_bound = struct.Struct("=iiII4Q32x")
_CAPACITY = known_constant("BOUND_CAPACITY")
_TEXT_SIZE = known_constant("BOUND_TEXT_SIZE")
_Buffer = ctypes.c_char * _bound.size
_ListBuffer = ctypes.c_char * (_bound.size * _CAPACITY)

_read = declare(quick, "rr_bounds_read", _INT, _POINTER, _INT, _ListBuffer, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t))
_effective = declare(quick, "rr_bound_effective", _INT, _POINTER, _INT, _Buffer, _Buffer)
_format = declare(quick, "rr_bound_format", _INT, _Buffer, _INT, ctypes.c_char_p, ctypes.c_size_t)

_USED_KNOWN = known_constant("BOUND_USED_KNOWN")
_SHARED = known_constant("BOUND_SHARED")
_ADDRESS_SPACE = known_constant("BOUND_ADDRESS_SPACE")
_PARTIAL = known_constant("BOUND_PARTIAL")

#: The kinds of bounds by name.
_KINDS = {name: known_constant("BOUND_" + name.upper()) for name in ("memory", "swap", "cpu", "tasks", "files")}


class Source(enum.IntEnum):
    """What bounds a process."""

    #: A soft limit.
    RLIMIT = known_constant("SOURCE_RLIMIT")
    #: A control group.
    CGROUP = known_constant("SOURCE_CGROUP")
    #: The memory.high of a control group, beyond which the kernel slows it down.
    CGROUP_HIGH = known_constant("SOURCE_CGROUP_HIGH")
    #: The affinity mask.
    AFFINITY = known_constant("SOURCE_AFFINITY")
    #: The cpuset of a control group.
    CPUSET = known_constant("SOURCE_CPUSET")
    #: What the machine has.
    MACHINE = known_constant("SOURCE_MACHINE")
    #: A setting of the kernel.
    SYSCTL = known_constant("SOURCE_SYSCTL")


_IN_GROUPS = (Source.CGROUP, Source.CGROUP_HIGH, Source.CPUSET)


class Bound(NamedTuple):
    """One thing that bounds a process. str() writes it as a line for a log."""

    #: "memory", "swap", "cpu", "tasks" or "files".
    kind: str
    #: What bounds it.
    source: Source
    #: The name of the resource for Source.RLIMIT, else None.
    resource: Optional[str]
    #: Levels from the process's own control group up to the one that binds, -1 for a hidden one; None if no
    #: control group does.
    level: Optional[int]
    #: Bytes, tasks or descriptors; for "cpu" nanoseconds of processor time per second.
    limit: int
    #: What counts against the limit; None if that is unknown.
    used: Optional[int]
    #: What the kernel can take back of it, such as page cache; None if that is unknown.
    reclaimable: Optional[int]
    #: What is left: limit - used + reclaimable, at least 0; None if that is unknown.
    room: Optional[int]
    #: Whether other processes use it up too.
    shared: bool
    #: Whether it counts address space, which can be reserved without using memory.
    address_space: bool
    #: Whether control groups that may bind more tightly are hidden from the caller.
    partial: bool
    #: The line for a log, such as "memory: 100 MiB (memory.max, own control group), 39 MiB left".
    text: str

    @property
    def processors(self) -> float:
        """The limit of a bound of "cpu" in processors, such as 1.5."""
        if self.kind != "cpu":
            raise ValueError(f"a bound of {self.kind} is not in processors")
        return self.limit / 1e9

    def __str__(self) -> str:
        return self.text


class EffectiveBound(NamedTuple):
    """What limits a process most."""

    #: The bound with the smallest limit.
    limit: Bound
    #: The bound with the least room; equal to limit if no usage is known.
    room: Bound


def _number(kind: str) -> int:
    number = _KINDS.get(kind)
    if number is None:
        raise ValueError(f"kind is one of {', '.join(_KINDS)}, not {kind!r}")
    return number


def _from_bytes(kind: str, number: int, record: bytes) -> Bound:
    code, detail, flags, _, limit, used, reclaimable, room = _bound.unpack(record)
    line = ctypes.create_string_buffer(_TEXT_SIZE)
    check(_format(_Buffer.from_buffer_copy(record), number, line, _TEXT_SIZE), kind)
    source = Source(code)
    known = bool(flags & _USED_KNOWN)
    return Bound(
        kind=kind,
        source=source,
        resource=_resources.resource(detail).name if source is Source.RLIMIT else None,
        level=detail if source in _IN_GROUPS else None,
        limit=limit,
        used=used if known else None,
        reclaimable=reclaimable if known else None,
        room=room if known else None,
        shared=bool(flags & _SHARED),
        address_space=bool(flags & _ADDRESS_SPACE),
        partial=bool(flags & _PARTIAL),
        text=text(line.value),
    )


def read(process: Optional[ctypes.c_void_p], kind: str) -> List[Bound]:
    """The bounds of a process, None being the caller."""
    number, buffer, count = _number(kind), _ListBuffer(), ctypes.c_size_t()
    error = _read(process, number, buffer, _CAPACITY, ctypes.byref(count))
    if error:
        raise failure(error, kind)
    size, raw = _bound.size, buffer.raw
    return [_from_bytes(kind, number, raw[i * size : (i + 1) * size]) for i in range(count.value)]


def effective(process: Optional[ctypes.c_void_p], kind: str) -> EffectiveBound:
    """The tightest bounds of a process, None being the caller."""
    number, limit, room = _number(kind), _Buffer(), _Buffer()
    error = _effective(process, number, limit, room)
    if error:
        raise failure(error, kind)
    return EffectiveBound(_from_bytes(kind, number, limit.raw), _from_bytes(kind, number, room.raw))


def bounds(kind: str) -> List[Bound]:
    """Everything that bounds this process in one respect, the tightest limit first.

    kind: "memory", "swap", "cpu", "tasks" or "files".

    ValueError for another kind; OSError with ENOTSUP if nothing of this kind can be read on this system. See
    rr_bounds_read in rresource.h.
    """
    return read(None, kind)


def effective_bound(kind: str) -> EffectiveBound:
    """The bound of this process with the smallest limit and the one with the least room.

    kind: "memory", "swap", "cpu", "tasks" or "files".

    ValueError for another kind; OSError with ENOTSUP if nothing of this kind can be read on this system. See
    rr_bound_effective in rresource.h.
    """
    return effective(None, kind)
