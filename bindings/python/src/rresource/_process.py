"""Processes by handle."""

import ctypes
import errno
import os
from operator import index
from types import TracebackType
from typing import Dict, List, Optional, SupportsIndex, Type

from rresource import _bounds, _limits, _usage
from rresource._bounds import Bound, EffectiveBound
from rresource._library import Handle, check, declare, failure, quick
from rresource._limits import Limits, LimitsByResource, LimitsLike, Verdict
from rresource._resources import ResourceLike, number_of
from rresource._usage import Usage

_INT = ctypes.c_int
_HANDLE = ctypes.c_void_p

_open = declare(quick, "rr_process_open", _INT, ctypes.c_int32, ctypes.POINTER(_HANDLE))
_from_fd = declare(quick, "rr_process_from_fd", _INT, _INT, ctypes.POINTER(_HANDLE))
_close = declare(quick, "rr_process_close", None, _HANDLE)
_pid = declare(quick, "rr_process_pid", ctypes.c_int32, _HANDLE)
_fd = declare(quick, "rr_process_fd", _INT, _HANDLE)
_alive = declare(quick, "rr_process_check", _INT, _HANDLE)


class ProcessHandle(Handle):
    free = _close


class Process:
    """A process, and never a later one with the same PID.

        with rresource.Process(pid) as process:
            print(process.getrlimit("NOFILE"), process.usage().rss_bytes)

    What is read through it never comes from another process. What is set is checked before and after:
    ProcessLookupError then means that the process ended, and a new process with its PID may have been changed in
    between. A child that was not waited for is always safe.

    On Linux it uses descriptors with close-on-exec: one, and from usage() on up to four more that make the next
    reading cheap; until close(), the end of the `with` block, or until nothing refers to it any more. On an interpreter
    without a global lock a handle is for one thread at a time. See rr_process_open in rresource.h.
    """

    __slots__ = ("_handle", "__weakref__")

    _handle: Optional[ProcessHandle]

    def __init__(self, pid: SupportsIndex = 0) -> None:
        """Opens a process by its PID; 0 is the caller. A zombie can be opened too.

        ValueError for a negative number and for a thread that is not a thread-group leader; ProcessLookupError if
        there is none; OSError if there is no room for another handle (EMFILE, ENFILE, ENOMEM), and with ENOTSUP
        on a system that cannot distinguish a process from a later one.
        """
        number = index(pid)
        if not 0 <= number <= 0x7FFF_FFFF:
            raise ValueError(f"no process has the number {number}")
        handle = ProcessHandle()
        error = _open(number, ctypes.byref(handle))
        if error == errno.EINVAL:
            raise ValueError(f"{number} is a thread that is not a thread-group leader")
        check(error, f"process {number}")
        self._handle = handle

    @classmethod
    def from_fd(cls, pidfd: SupportsIndex) -> "Process":
        """Opens the process that a pidfd refers to, on Linux. It is copied: the caller's stays open and the caller's.

        OSError with EBADF when it is no pidfd; ValueError when it is a thread's; ProcessLookupError when its
        process has been waited for. See pidfd_open(2).
        """
        number = index(pidfd)
        if not -0x8000_0000 <= number <= 0x7FFF_FFFF:
            raise OverflowError(f"no descriptor has the number {number}")
        handle = ProcessHandle()
        error = _from_fd(number, ctypes.byref(handle))
        if error == errno.EINVAL:
            raise ValueError(f"the descriptor {number} refers to a thread that is not a thread-group leader")
        check(error, f"descriptor {number}")
        return cls._from_handle(handle)

    @classmethod
    def _from_handle(cls, handle: ProcessHandle) -> "Process":
        process = cls.__new__(cls)
        process._handle = handle
        return process

    def close(self) -> None:
        """Gives the handle back; the process goes on. What is done with it afterwards raises ValueError.

        What is being done with it, in another thread for one, comes to its end first; and where that failed, the
        exception's traceback keeps the descriptors open.
        """
        self._handle = None

    def __enter__(self) -> "Process":
        self._open()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        raised: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._handle is None:
            return "<rresource.Process closed>"
        return f"<rresource.Process pid={self.pid}>"

    def _open(self) -> ProcessHandle:
        # NULL would mean the caller: a closed handle must not.
        if self._handle is None:
            raise ValueError("this handle of a process is closed")
        return self._handle

    @property
    def pid(self) -> int:
        """The number. Once the process has ended and been waited for, another may have it."""
        return int(_pid(self._open()))

    def fileno(self) -> int:
        """The pidfd, which stays the handle's: select and poll report it readable once the process has ended.

        OSError with ENOTSUP where there is none: on a kernel before 5.3, in a sandbox that refuses pidfds, and
        on a system other than Linux.
        """
        descriptor = int(_fd(self._open()))
        if descriptor < 0:
            raise failure(errno.ENOTSUP, "pidfd")
        return descriptor

    def is_alive(self) -> bool:
        """Whether it still runs. A zombie, whose parent has not waited for it yet, does not."""
        error = _alive(self._open())
        if error == errno.ESRCH:
            return False
        check(error)
        return True

    def getrlimit(self, resource: ResourceLike) -> Limits:
        """Its limits for a resource. Errors as getrlimits; ValueError for an unknown resource."""
        return Limits(*_limits.read_one(self._open(), number_of(resource)))

    def getrlimits(self) -> Dict[str, Limits]:
        """All its limits, by the resources' names. Of another user's process too, on Linux.

        ProcessLookupError when it has ended and been waited for; PermissionError and OSError with ENOTSUP if
        the system reports them only to its user, or not at all. See prlimit(2), proc_pid_limits(5).
        """
        return _limits.read_all(self._open())

    def setrlimit(self, resource: ResourceLike, limits: LimitsLike) -> None:
        """Sets its limits for a resource. Errors as setrlimits."""
        _limits.set_all(self._open(), {resource: limits})

    def setrlimits(self, limits: LimitsByResource) -> None:
        """Sets many of its limits: all of them, or none.

        limits: for each resource one value for both limits, a pair (soft, hard), or text (see LimitsLike).

        ValueError for an unknown resource, for a malformed limit and for a soft limit above the hard one;
        ProcessLookupError when it has ended, as a zombie too; PermissionError when it is another user's, and
        when a hard limit would rise and may not; OSError with ENOTRECOVERABLE when something was refused and
        then could not be put back. See prlimit(2).
        """
        _limits.set_all(self._open(), limits)

    def check_limit(self, resource: ResourceLike, limits: LimitsLike) -> Verdict:
        """Predicts what setrlimit would return, and why. ProcessLookupError if it has ended."""
        number = number_of(resource)
        handle = self._open()
        return _limits.judge(handle, number, _limits.to_pair(number, limits, lambda: _limits.read_one(handle, number)))

    def used(self, resource: ResourceLike) -> Optional[int]:
        """How much of a limit it uses, in the resource's unit; None if the system does not report it.

        ProcessLookupError when it has ended, as a zombie too; PermissionError when the caller may not
        read it; ValueError for an unknown resource. See rr_rlimit_used in rresource.h.
        """
        return _limits.read_used(self._open(), number_of(resource))

    def usage(self, *fields: str) -> Usage:
        """What it uses and has used; None is what the system or the caller's rights do not give.

        fields: names of Usage's fields; only they are paid for, the others are None unless they come with them
        for nothing. Without any, all. On Linux context switches of another process are not known, and bytes read
        and written only with the right to trace it; of a zombie there are times, faults and bytes.

        ValueError for an unknown field; ProcessLookupError when it has ended and been waited for; OSError with
        EMFILE, ENFILE or ENOMEM when there is no room to open a file of /proc. See rr_usage_read in rresource.h.
        """
        return _usage.read(self._open(), fields)

    def reset_peak(self) -> None:
        """Forgets the peak of its resident set: from now on it is that of the time to come.

        ProcessLookupError when it has ended; PermissionError when it is not the caller's to change; OSError with
        ENOTSUP on a system that cannot. See proc_pid_clear_refs(5).
        """
        _usage.forget_peak(self._open())

    def bounds(self, kind: str) -> List[Bound]:
        """Everything that bounds it in one respect, the tightest limit first, as bounds().

        ProcessLookupError when it has ended. See rr_bounds_read in rresource.h.
        """
        return _bounds.read(self._open(), kind)

    def effective_bound(self, kind: str) -> EffectiveBound:
        """The bound of it with the smallest limit and the one with the least room, as effective_bound().

        ProcessLookupError when it has ended. See rr_bound_effective in rresource.h.
        """
        return _bounds.effective(self._open(), kind)
