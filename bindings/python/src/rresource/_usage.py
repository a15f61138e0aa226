"""What a process uses and has used, in nanoseconds, bytes and counts; what is not known is None."""

import ctypes
import errno
import struct
from operator import itemgetter
from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from rresource import _rusage
from rresource._library import check, declare, failure, known_constant, quick
from rresource._rusage import struct_rusage

_INT = ctypes.c_int
_POINTER = ctypes.c_void_p

#: rr_usage: what is known, sixteen values, fifteen reserved.
UsageBuffer = ctypes.c_uint64 * 32
_layout = struct.Struct("=17Q120x")

# Without a prototype: see compat._getrlimit. Its arguments are ctypes objects already.
_read = quick["rr_usage_read"]
_read.restype = _INT
_from_rusage = declare(quick, "rr_usage_from_rusage", _INT, _rusage.RusageBuffer, UsageBuffer)
_since = declare(quick, "rr_usage_since", _INT, UsageBuffer, UsageBuffer, UsageBuffer)
_reset_peak = declare(quick, "rr_usage_reset_peak", _INT, _POINTER)

_field_group = declare(quick, "rr_usage_field_group", ctypes.c_uint64, ctypes.c_size_t)

_ALL = known_constant("USAGE_ALL")
_PEAK_IS_BOUND = known_constant("USAGE_PEAK_IS_BOUND")


class Usage(NamedTuple):
    """What a process uses and has used. What this system or the caller's rights do not give is None.

    Readings of one process can be subtracted: see since().
    """

    #: Processor time of all its threads, ended ones too, in user mode and in the kernel.
    cpu_ns: Optional[int]
    #: Processor time in user mode; of another process on Linux in steps of 10 ms.
    user_ns: Optional[int]
    #: Processor time in the kernel; of another process on Linux in steps of 10 ms.
    system_ns: Optional[int]
    #: Time since the process started.
    wall_ns: Optional[int]
    #: Resident set: its memory in RAM now, shared pages too.
    rss_bytes: Optional[int]
    #: The largest resident set so far.
    peak_rss_bytes: Optional[int]
    #: Address space.
    virtual_bytes: Optional[int]
    #: Memory swapped out.
    swap_bytes: Optional[int]
    #: Page faults served without input or output.
    minor_faults: Optional[int]
    #: Page faults that needed input or output.
    major_faults: Optional[int]
    #: Bytes that had to be read from storage; what a cache had does not count.
    read_bytes: Optional[int]
    #: Bytes that were sent on their way to storage.
    written_bytes: Optional[int]
    #: Voluntary context switches: a thread waited for something.
    voluntary_switches: Optional[int]
    #: Involuntary context switches: a time slice ended or a more urgent task came.
    involuntary_switches: Optional[int]
    #: Threads now.
    threads: Optional[int]
    #: Open file descriptors now.
    open_files: Optional[int]
    #: Whether peak_rss_bytes is only an upper bound: the record may be that of the program that the process
    #: was before execve(2), or of an ancestor.
    peak_is_bound: bool = False

    def since(self, start: "Usage") -> "Usage":
        """What was used from an earlier reading of the same process to this one.

        Of times, faults, bytes read and written and context switches the difference, None unless both
        readings know them; resident set, peak, address space, swap, threads and open files as they are here.

        OverflowError when something that only grows is less here, as when the two are of different
        processes. See rr_usage_since in rresource.h.
        """
        difference = UsageBuffer()
        error = _since(_to_buffer(start), _to_buffer(self), difference)
        if error == errno.ERANGE:
            raise OverflowError("something that only grows is less at the end: are these of one process?")
        check(error)
        return from_buffer(difference)


_BIT: Dict[str, int] = {field: _field_group(index) for index, field in enumerate(Usage._fields[:-1])}
_BITS = tuple(_BIT.values())
_new_tuple = tuple.__new__

#: The masks of the combinations of fields that were requested.
_masks: Dict[Tuple[str, ...], ctypes.c_uint64] = {(): ctypes.c_uint64(_ALL)}


def _new_mask(fields: Tuple[str, ...]) -> ctypes.c_uint64:
    mask = 0
    for field in fields:
        bit = _BIT.get(field)
        if bit is None:
            raise ValueError(f"usage has no field {field!r}: it has {', '.join(_BIT)}")
        mask |= bit
    wanted = ctypes.c_uint64(mask)
    if len(_masks) < 256:  # there are more orders of the names than memory
        _masks[fields] = wanted
    return wanted


def read(process: Optional[ctypes.c_void_p], fields: Tuple[str, ...]) -> Usage:
    """The usage of a process, None being the caller."""
    buffer = UsageBuffer()
    error = _read(process, _masks.get(fields) or _new_mask(fields), buffer)
    if error:
        raise failure(error)
    return from_buffer(buffer)


_unpack = _layout.unpack
_BESIDE = (None, False, True)

#: What takes a Usage out of an rr_usage and _BESIDE behind it, for each combination of what is known.
_pickers: Dict[int, Callable[[Any], Tuple[Any, ...]]] = {}


def _new_picker(known: int) -> Callable[[Any], Tuple[Any, ...]]:
    none, false, true = range(1 + len(_BITS), 1 + len(_BITS) + len(_BESIDE))
    places = [1 + i if known & bit else none for i, bit in enumerate(_BITS)]
    picker = _pickers[known] = itemgetter(*places, true if known & _PEAK_IS_BOUND else false)
    return picker


def from_buffer(buffer: Any) -> Usage:
    """What stands in an rr_usage, with None for what is not known."""
    record = _unpack(buffer) + _BESIDE
    return _new_tuple(Usage, (_pickers.get(record[0]) or _new_picker(record[0]))(record))


def _to_buffer(usage: Usage) -> Any:
    known = _PEAK_IS_BOUND if usage.peak_is_bound else 0
    for bit in set(_BITS):
        if all(value is not None for value, group in zip(usage, _BITS) if group == bit):
            known |= bit
    values = [value if known & bit and value is not None else 0 for value, bit in zip(usage, _BITS)]
    return UsageBuffer(known, *values)


def usage(*fields: str) -> Usage:
    """What this process uses and has used.

    fields: names of Usage's fields; only they are paid for, the others are None unless they come with them
    for nothing. Without any, all.

    ValueError for an unknown field; OSError with EMFILE, ENFILE or ENOMEM when there is no room to open a
    file of /proc. See rr_usage_read in rresource.h.
    """
    return read(None, fields)


def reset_peak() -> None:
    """Forgets the peak of this process's resident set: from now on it is that of the time to come.

    ru_maxrss stays. OSError with ENOTSUP on a system that cannot. See proc_pid_clear_refs(5).
    """
    forget_peak(None)


def forget_peak(process: Optional[ctypes.c_void_p]) -> None:
    """Resets the peak resident set size of a process to its current value."""
    check(_reset_peak(process))


def usage_from_rusage(rusage: struct_rusage) -> Usage:
    """Converts the system's record, from getrusage or os.wait4, to nanoseconds and bytes.

    Its peak is a bound, because it may be inherited from an ancestor. ValueError for a record with a
    negative number. See rr_usage_from_rusage in rresource.h.
    """
    user, system, *counts = rusage
    times = [part for seconds in (user, system) for part in divmod(round(seconds * 1e6), 1_000_000)]
    buffer = UsageBuffer()
    check(_from_rusage(_rusage.RusageBuffer(*times, *counts), buffer), "rusage")
    return from_buffer(buffer)


_WHO = {name: known_constant("RUSAGE_" + name) for name in ("SELF", "CHILDREN", "BOTH", "THREAD")}


def getrusage(who: str = "SELF") -> struct_rusage:
    """The system's record of this process ("SELF"), its calling thread ("THREAD"), its ended children that
    were waited for ("CHILDREN"), or of itself and them together ("BOTH").

    ru_maxrss is in KiB on Linux and the BSDs, in bytes on macOS. ValueError for another word; OSError with
    ENOTSUP for "THREAD" if the system does not report the usage of threads. See getrusage(2).
    """
    number = _WHO.get(who)
    if number is None:
        raise ValueError(f"who is one of {', '.join(_WHO)}, not {who!r}")
    error, buffer = _rusage.read(number)
    check(error, who)
    return _rusage.from_buffer(buffer)
