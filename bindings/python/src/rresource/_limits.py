"""Limits: read, set, explained, many at once, as text."""

import contextlib
import ctypes
import enum
import errno
import struct
from dataclasses import dataclass
from operator import index
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    SupportsIndex,
    Tuple,
    Union,
    cast,
)

from rresource._library import INFINITY, check, declare, failure, known_constant, limit_pair, quick, text, LimitPair
from rresource._resources import BY_ID, ResourceLike, number_of

_INT = ctypes.c_int
_POINTER = ctypes.c_void_p

_setrlimit = declare(quick, "rr_setrlimit", _INT, _INT, LimitPair)
_prlimit = declare(quick, "rr_prlimit", _INT, ctypes.c_int32, _INT, _POINTER, _POINTER)
_getrlimits = declare(quick, "rr_rlimits_get", _INT, _POINTER, _POINTER, ctypes.c_size_t, _POINTER)
_setrlimits = declare(quick, "rr_rlimits_set", _INT, _POINTER, _POINTER, ctypes.c_size_t, _POINTER)
_raise = declare(quick, "rr_rlimit_raise", _INT, _INT, ctypes.c_uint64, LimitPair)
_check = declare(quick, "rr_rlimit_check", _INT, _POINTER, _INT, LimitPair, _POINTER)
_reason_text = declare(quick, "rr_reason_text", ctypes.c_char_p, _INT)
_used = declare(quick, "rr_rlimit_used", _INT, _POINTER, _INT, _POINTER)
_parse = declare(quick, "rr_rlimit_parse", _INT, _INT, ctypes.c_char_p, LimitPair)
_format = declare(quick, "rr_rlimit_format", _INT, _INT, LimitPair, ctypes.c_char_p, ctypes.c_size_t)

# The call that is made most often goes without a prototype: see compat._getrlimit.
_getrlimit = quick["rr_getrlimit"]
_getrlimit.restype = _INT

_TEXT_SIZE = known_constant("RLIMIT_TEXT_SIZE")
_entry = struct.Struct("=iiQQ")  # rr_rlimit_entry


class Limits(NamedTuple):
    """A soft limit, which holds, and a hard one, up to which the soft one may be raised.

    Both are in the resource's unit; INFINITY is none.
    """

    soft: int
    hard: int


#: How one limit is given: a number in the resource's unit, where INFINITY and -1 are none; or as text.
LimitValue = Union[SupportsIndex, str]

#: How both limits are given: one value for both; a pair (soft, hard) of numbers, where None leaves one as it
#: is; or a text like "8M", "4:unlimited", "1024:", "1h30min" (see parse_limits).
LimitsLike = Union[LimitValue, Sequence[Optional[SupportsIndex]]]

#: Limits by resource (see ResourceLike). The type of a Mapping's keys has to be the very one, so that a Dict[str, int]
#: is no Mapping[ResourceLike, LimitsLike].
LimitsByResource = Mapping[Any, LimitsLike]
#: The same, of soft limits alone.
SoftLimitsByResource = Mapping[Any, LimitValue]


class Reason(enum.IntEnum):
    """Why a change would be refused."""

    NONE = known_constant("REASON_NONE")
    SOFT_ABOVE_HARD = known_constant("REASON_SOFT_ABOVE_HARD")
    HARD_NEEDS_PRIVILEGE = known_constant("REASON_HARD_NEEDS_PRIVILEGE")
    ABOVE_SYSTEM_MAXIMUM = known_constant("REASON_ABOVE_SYSTEM_MAXIMUM")
    NOT_YOUR_PROCESS = known_constant("REASON_NOT_YOUR_PROCESS")
    UNKNOWN_RESOURCE = known_constant("REASON_UNKNOWN_RESOURCE")
    UNKNOWN = known_constant("REASON_UNKNOWN")
    NOT_REPRESENTABLE = known_constant("REASON_NOT_REPRESENTABLE")


@dataclass(frozen=True)
class Verdict:
    """Whether a change would be accepted, and why not. See check_limit."""

    #: True when it would be.
    accepted: bool
    #: Why not.
    reason: Reason
    #: The reason in a sentence.
    text: str
    #: The highest hard limit that would be accepted; 0 when none would be.
    ceiling: int


class _Verdict(ctypes.Structure):
    """rr_verdict."""

    _fields_ = [
        ("error", ctypes.c_int32),
        ("reason", ctypes.c_int32),
        ("ceiling", ctypes.c_uint64),
        ("reserved", ctypes.c_uint64 * 2),
    ]


_new_tuple = tuple.__new__
_unpack = limit_pair.unpack


def _result(pair: Any) -> Limits:
    return _new_tuple(Limits, _unpack(pair))


# ---- What a caller gives ------------------------------------------------------------------------------


def _number(value: SupportsIndex) -> int:
    number = index(value)
    if number == -1:
        return INFINITY
    if number < 0:
        raise ValueError(f"a limit cannot be negative, except -1, which means no limit: {number}")
    if number > 0xFFFF_FFFF_FFFF_FFFF:
        raise OverflowError(f"a limit has 64 bits at most: {number}")
    return number


def _parsed(number: int, written: str, present: Any) -> Any:
    """The limits of a text; what it leaves out is as in present, which is changed."""
    encoded = written.encode("utf-8", "surrogateescape")
    error = errno.EINVAL if b"\0" in encoded else _parse(number, encoded, present)
    name = BY_ID[number].name
    if error == errno.EINVAL:
        raise ValueError(f"{written!r} is a malformed limit on {name}, or its soft limit is above the hard one")
    if error == errno.ERANGE:
        raise ValueError(f"{written!r} is too large for a limit on {name}, or not a nice level")
    check(error, name)
    return present


def to_pair(number: int, wanted: LimitsLike, present: Callable[[], Any]) -> Any:
    """The limits that a caller wants; present is called for the current limits if they are needed."""
    if isinstance(wanted, str):
        return _parsed(number, wanted, present())
    if isinstance(wanted, Sequence) and not isinstance(wanted, (bytes, bytearray)):
        pair: Tuple[Optional[SupportsIndex], ...] = tuple(wanted)  # type: ignore[arg-type]  # no str is left here
        if len(pair) != 2:
            raise ValueError(f"limits are one value or a pair (soft, hard), not {len(pair)} of them")
        soft, hard = pair
        if soft is None or hard is None:
            now = _unpack(present())
            soft = now[0] if soft is None else soft
            hard = now[1] if hard is None else hard
        return LimitPair(_number(soft), _number(hard))
    both = _number(cast(SupportsIndex, wanted))  # index() raises TypeError for what is no number
    return LimitPair(both, both)


def _to_soft(number: int, wanted: LimitValue, present: Any) -> Any:
    """A soft limit that a caller wants, with the current hard limit."""
    if isinstance(wanted, str):
        if ":" in wanted:
            raise ValueError(f"one soft limit is wanted, not {wanted!r}")
        return _parsed(number, wanted + ":", present)
    return LimitPair(_number(wanted), present[1])


# ---- The caller's own limits --------------------------------------------------------------------------


def _read(number: int) -> Any:
    pair = LimitPair()
    check(_getrlimit(number, pair), BY_ID[number].name)
    return pair


def getrlimit(resource: ResourceLike) -> Limits:
    """The limits of this process for a resource.

    resource: a name or a number (see ResourceLike).

    ValueError for an unknown resource, TypeError for what is neither name nor number. See getrlimit(2).
    """
    pair = LimitPair()
    error = _getrlimit(number_of(resource), pair)
    if error:
        raise failure(error, str(resource))
    return _new_tuple(Limits, _unpack(pair))


def setrlimit(resource: ResourceLike, limits: LimitsLike) -> None:
    """Sets the limits of this process, all its threads, for a resource. Programs that it starts inherit them.

    resource: a name or a number. limits: one value for both, a pair (soft, hard), or text (see LimitsLike).

    ValueError for an unknown resource, for a malformed limit and for a soft limit above the hard one;
    PermissionError when the hard limit would rise and may not, or NOFILE is above the system's maximum;
    OverflowError for more than 64 bits; TypeError for other kinds of objects. The message has the reason. See
    setrlimit(2).
    """
    number = number_of(resource)
    pair = to_pair(number, limits, lambda: _read(number))
    error = _setrlimit(number, pair)
    if error:
        raise refusal(error, None, number, pair)


def prlimit(pid: int, resource: ResourceLike, limits: Optional[LimitsLike] = None) -> Limits:
    """Returns the limits of a process by its PID, and sets new ones, if given, in the same call.

    pid: 0 is the caller. A PID may be reused at any time: Process is safer. limits: as for setrlimit;
    None only reads.

    Errors as setrlimit; ProcessLookupError when there is no such process; PermissionError when it is another
    user's; OSError with ENOTSUP on a system that cannot reach another process. See prlimit(2).
    """
    number = number_of(resource)
    if not -0x8000_0000 <= index(pid) <= 0x7FFF_FFFF:
        raise OverflowError(f"no process has the number {pid}")

    def read() -> Any:
        pair = LimitPair()
        check(_prlimit(pid, number, None, pair), BY_ID[number].name)
        return pair

    if limits is None:
        return _result(read())
    wanted = to_pair(number, limits, read)
    previous = LimitPair()
    check(_prlimit(pid, number, wanted, previous), BY_ID[number].name)
    return _result(previous)


def getrlimits() -> Dict[str, Limits]:
    """All limits of this process, by the resources' names, in the order of their numbers."""
    return read_all(None)


def setrlimits(limits: LimitsByResource) -> None:
    """Sets many limits of this process: all of them, or none.

    limits: for each resource what setrlimit takes.

    Errors as setrlimit, and the message begins with the resource that was refused; ValueError also for one
    that is given twice, by two of its names. OSError with ENOTRECOVERABLE when something was refused and then
    could not be put back. See rr_rlimits_set in rresource.h.
    """
    set_all(None, limits)


def raise_limit(resource: ResourceLike, wanted: LimitValue = INFINITY) -> Limits:
    """Raises the soft limit of this process as near to what is wanted as it may have it, and never lowers it.

    wanted: the soft limit, as number or text; without it as much as there is.

    Returns the limits now in force. ValueError for an unknown resource and for a malformed limit;
    PermissionError when nothing can be set. See setrlimit(2).
    """
    number = number_of(resource)
    soft = _to_soft(number, wanted, LimitPair(0, INFINITY))[0] if isinstance(wanted, str) else _number(wanted)
    pair = LimitPair()
    check(_raise(number, soft, pair), BY_ID[number].name)
    return _result(pair)


def check_limit(resource: ResourceLike, limits: LimitsLike) -> Verdict:
    """Predicts what setrlimit would return, and why.

    A security module or a sandbox may still refuse what this one accepts. Errors as setrlimit for arguments
    that are no limits. See prlimit(2), capabilities(7).
    """
    number = number_of(resource)
    return judge(None, number, to_pair(number, limits, lambda: _read(number)))


def used(resource: ResourceLike) -> Optional[int]:
    """How much of a limit this process uses, in the resource's unit: the number that the kernel compares.

    None if the system does not report it: on Linux for FSIZE, CORE, LOCKS, MSGQUEUE, NPROC and RTTIME.
    ValueError for an unknown resource; FileNotFoundError without /proc. See rr_rlimit_used in rresource.h.
    """
    return read_used(None, number_of(resource))


@contextlib.contextmanager
def limits(
    soft_limits: Optional[SoftLimitsByResource] = None, /, **by_name: LimitValue
) -> Iterator[Dict[str, Limits]]:
    """Sets soft limits for the time of a `with` block, all or none, and puts back those before.

        with rresource.limits(NOFILE=64, CORE="unlimited"):
            ...

    soft_limits: by resource; by_name: the same by keyword. Hard limits stay as they are. Limits are the
    process's, so that other threads have them too. Also a decorator.

    Gives the limits in force, by name. Errors as setrlimits; after the block also what setrlimit raises, when
    the soft limit before is now above the hard one.
    """
    given: List[Tuple[ResourceLike, LimitValue]] = [*(soft_limits or {}).items(), *by_name.items()]
    wanted = _by_number(given)
    before = {number: _read(number) for number in wanted}
    pairs = {number: _to_soft(number, value, LimitPair(*before[number])) for number, value in wanted.items()}
    _set_pairs(None, pairs)
    try:
        yield {BY_ID[number].name: _result(pair) for number, pair in pairs.items()}
    finally:
        _set_pairs(None, {number: LimitPair(before[number][0], _read(number)[1]) for number in wanted})


# ---- Of any process: a handle, or None for the caller -------------------------------------------------


def read_all(process: Optional[ctypes.c_void_p]) -> Dict[str, Limits]:
    """All limits of a process."""
    return {BY_ID[number].name: _new_tuple(Limits, pair) for number, pair in _entries(process)}


def read_one(process: Optional[ctypes.c_void_p], number: int) -> Any:
    """The limits of a process for one resource."""
    for found, pair in _entries(process):
        if found == number:
            return LimitPair(*pair)
    raise failure(errno.ENOTSUP, BY_ID[number].name)


def _entries(process: Optional[ctypes.c_void_p]) -> List[Tuple[int, Tuple[int, int]]]:
    capacity = len(BY_ID)
    buffer = ctypes.create_string_buffer(_entry.size * capacity)
    count = ctypes.c_size_t()
    check(_getrlimits(process, buffer, capacity, ctypes.byref(count)))
    entries = _entry.iter_unpack(buffer.raw[: _entry.size * count.value])
    return [(number, (soft, hard)) for number, _, soft, hard in entries]


def set_all(process: Optional[ctypes.c_void_p], limits: LimitsByResource) -> None:
    """Sets many limits of a process."""
    wanted = _by_number(limits.items())
    _set_pairs(process, to_pairs(wanted, lambda number: read_one(process, number)))


def to_pairs(wanted: Mapping[int, LimitsLike], present: Callable[[int], Any]) -> Dict[int, Any]:
    """What a caller wants for many resources."""

    def pair_of(number: int, limits: LimitsLike) -> Any:
        return to_pair(number, limits, lambda: present(number))

    return {number: pair_of(number, limits) for number, limits in wanted.items()}


def command_limits(limits: LimitsByResource) -> Dict[int, Any]:
    """The limits that a caller wants for a new program, which would inherit the caller's."""
    return to_pairs(_by_number(limits.items()), _read)


def _by_number(limits: Iterable[Tuple[ResourceLike, Any]]) -> Dict[int, Any]:
    by_number: Dict[int, Any] = {}
    for resource, wanted in limits:
        number = number_of(resource)
        if number in by_number:
            raise ValueError(f"{BY_ID[number].name} is given twice")
        by_number[number] = wanted
    return by_number


def _set_pairs(process: Optional[ctypes.c_void_p], pairs: Mapping[int, Any]) -> None:
    packed = b"".join(_entry.pack(number, 0, *pair) for number, pair in pairs.items())
    failed = ctypes.c_size_t(len(pairs))
    error = _setrlimits(process, packed, len(pairs), ctypes.byref(failed))
    if error:
        if failed.value == len(pairs):
            raise failure(error)
        number, pair = list(pairs.items())[failed.value]
        raise refusal(error, process, number, pair)


def judge(process: Optional[ctypes.c_void_p], number: int, pair: Any) -> Verdict:
    """The predicted result of setting limits."""
    verdict = _Verdict()
    check(_check(process, number, pair, ctypes.byref(verdict)), BY_ID[number].name)
    reason = Reason(verdict.reason)
    return Verdict(verdict.error == 0, reason, text(_reason_text(reason)), verdict.ceiling)


def refusal(error: int, process: Optional[ctypes.c_void_p], number: int, pair: Any) -> Exception:
    """The exception for refused limits, with the text of the reason if one is found."""
    verdict = _Verdict()
    judged = _check(process, number, pair, ctypes.byref(verdict)) == 0 and verdict.error == error
    return failure(error, BY_ID[number].name, text(_reason_text(verdict.reason)) if judged else "")


def read_used(process: Optional[ctypes.c_void_p], number: int) -> Optional[int]:
    """How much of a limit a process uses; None if the system does not report it."""
    value = ctypes.c_uint64()
    error = _used(process, number, ctypes.byref(value))
    if error == errno.ENOTSUP:
        return None
    check(error, BY_ID[number].name)
    return value.value


# ---- Text ---------------------------------------------------------------------------------------------


def parse_limits(resource: ResourceLike, written: str, present: Optional[Tuple[int, int]] = None) -> Limits:
    """Reads limits from text, as a configuration or a command line has them.

    written: "1024", "8M", "4:unlimited", "1h30min"; one value sets both limits; "soft:" and ":hard" leave the
    other as it is in present, which without it are the limits of this process. See rr_rlimit_parse in
    rresource.h for all forms.

    ValueError for an unknown resource and for any other text, and when the soft limit would be above the hard one.
    """
    number = number_of(resource)
    if not isinstance(written, str):
        raise TypeError(f"limits are read from str, not {type(written).__name__}")
    pair = _read(number) if present is None else LimitPair(*map(_number, present))
    return _result(_parsed(number, written, pair))


def format_limits(resource: ResourceLike, limits: LimitsLike) -> str:
    """Writes limits as text that parse_limits reads back to the same numbers: "8M", "4:unlimited".

    ValueError for an unknown resource, for a malformed limit and for a soft limit above the hard one.
    """
    number = number_of(resource)
    buffer = ctypes.create_string_buffer(_TEXT_SIZE)
    check(_format(number, to_pair(number, limits, lambda: _read(number)), buffer, _TEXT_SIZE), BY_ID[number].name)
    return text(buffer.value)
