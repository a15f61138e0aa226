"""Programs started under limits, and what they truly used."""

import contextlib
import copy
import ctypes
import enum
import errno
import os
import select
import selectors
import signal
import struct
import subprocess
import time
import warnings
from dataclasses import dataclass, replace
from types import TracebackType
from typing import IO, Any, Dict, Mapping, Optional, Sequence, Tuple, Type, Union

from rresource import _limits, _rusage, _usage
from rresource._library import (
    Handle,
    LimitPair,
    blocking,
    c_int,
    check,
    declare,
    failure,
    known_constant,
    quick,
    strerror,
    text as text_of,
)
from rresource._limits import LimitsByResource
from rresource._process import Process, ProcessHandle
from rresource._resources import BY_ID
from rresource._rusage import struct_rusage
from rresource._usage import Usage

_INT = ctypes.c_int
_HANDLE = ctypes.c_void_p
_TEXT = ctypes.c_char_p

_new = declare(quick, "rr_command_new", _INT, _TEXT, ctypes.POINTER(_HANDLE))
_free = declare(quick, "rr_command_free", None, _HANDLE)
_arg = declare(quick, "rr_command_add_arg", _INT, _HANDLE, _TEXT)
_arg0 = declare(quick, "rr_command_set_arg0", _INT, _HANDLE, _TEXT)
_env = declare(quick, "rr_command_set_env", _INT, _HANDLE, _TEXT, _TEXT)
_clear_env = declare(quick, "rr_command_clear_env", _INT, _HANDLE)
_directory = declare(quick, "rr_command_set_directory", _INT, _HANDLE, _TEXT)
_dup2 = declare(quick, "rr_command_dup2", _INT, _HANDLE, _INT, _INT)
_limit = declare(quick, "rr_command_set_limit", _INT, _HANDLE, _INT, LimitPair)
_close_from = declare(quick, "rr_command_close_from", _INT, _HANDLE, _INT)
_umask = declare(quick, "rr_command_set_umask", _INT, _HANDLE, ctypes.c_uint32)
_credentials = declare(
    quick, "rr_command_set_credentials", _INT, _HANDLE, *[ctypes.c_uint32] * 2, ctypes.c_void_p, ctypes.c_size_t
)
_new_group = declare(quick, "rr_command_new_group", _INT, _HANDLE)
_new_session = declare(quick, "rr_command_new_session", _INT, _HANDLE)
_no_launcher = declare(quick, "rr_command_no_launcher", _INT, _HANDLE)
# It waits until the program has been executed. Other threads go on meanwhile, unless it reads the environment of the
# caller, which they might change: then it keeps the lock, as subprocess does.
_Failure = ctypes.c_int32 * 2  # rr_failure: step, detail
_spawn = declare(blocking, "rr_command_spawn", _INT, _HANDLE, ctypes.POINTER(_HANDLE), _Failure)
_spawn_alone = declare(quick, "rr_command_spawn", _INT, _HANDLE, ctypes.POINTER(_HANDLE), _Failure)
_step_text = declare(quick, "rr_step_text", _TEXT, _INT)
_STEP_DESCRIPTOR = known_constant("STEP_DESCRIPTOR")
_STEP_DIRECTORY = known_constant("STEP_DIRECTORY")
_STEP_LIMIT = known_constant("STEP_LIMIT")
_STEP_EXEC = known_constant("STEP_EXEC")
_STEP_START = known_constant("STEP_START")

_child_pid = declare(quick, "rr_child_pid", ctypes.c_int32, _HANDLE)
_child_fd = declare(quick, "rr_child_fd", _INT, _HANDLE)
_child_process = declare(quick, "rr_child_process", _INT, _HANDLE, ctypes.POINTER(_HANDLE))
_child_kill = declare(quick, "rr_child_kill", _INT, _HANDLE, _INT)
_child_wait = declare(quick, "rr_child_wait", _INT, _HANDLE, ctypes.c_int64, ctypes.c_char_p)
_child_free = declare(quick, "rr_child_free", None, _HANDLE)


class _CommandHandle(Handle):
    free = _free


class _ChildHandle(Handle):
    free = _child_free


_duration = declare(quick, "rr_duration_parse", _INT, _TEXT, ctypes.POINTER(ctypes.c_uint64))

_outcome = struct.Struct("=4iQ144s256si60x")  # rr_outcome

PIPE = subprocess.PIPE
STDOUT = subprocess.STDOUT
DEVNULL = subprocess.DEVNULL

StrOrBytesPath = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
#: A program and its arguments; one alone is a program without arguments. No shell reads them.
Arguments = Union[StrOrBytesPath, Sequence[StrOrBytesPath]]
#: A descriptor, something with fileno(), PIPE or DEVNULL; None is the caller's own.
Stream = Union[None, int, IO[Any]]
#: A user or a group: its number or its name.
Identity = Union[int, str]


#: Seconds, or a duration as text: 0.2, "200ms", "1h30min". None means no limit.
Timeout = Union[None, float, str]


class Oom(enum.IntEnum):
    """Whether the out-of-memory killer ended a program."""

    #: It did not.
    NO = known_constant("OOM_NO")
    #: SIGKILL ended the program, and the system's count of out-of-memory kills rose while it ran.
    POSSIBLE = known_constant("OOM_POSSIBLE")
    #: The program's control group recorded the kill.
    YES = known_constant("OOM_YES")
    #: SIGKILL ended the program, and the system does not report why.
    UNKNOWN = known_constant("OOM_UNKNOWN")


@dataclass(frozen=True)
class Outcome:
    """How a program ended and what it used."""

    #: The program and its arguments.
    args: Arguments
    #: 0 to 255; None when a signal ended it.
    exit_code: Optional[int]
    #: The signal that ended it; None when it exited.
    signal: Optional[int]
    #: Whether it left a core dump.
    core_dumped: bool
    #: The name of the resource whose limit ended it, where that is known, like "CPU".
    limit: Optional[str]
    #: From its start to its end.
    wall_ns: int
    #: What it used, its peak of memory its own (but see Usage.peak_is_bound).
    usage: Usage
    #: From wait4(2), with the descendants that it waited for; None if the system dropped it, as it
    #: does while SIGCHLD is ignored.
    rusage: Optional[struct_rusage]
    #: Whether the out-of-memory killer ended it.
    oom: Oom = Oom.NO
    #: Its standard output and error, if these were a PIPE; as text if that was requested.
    stdout: Any = None
    stderr: Any = None

    @property
    def returncode(self) -> int:
        """As subprocess has it: the exit code, or the signal's number, negative."""
        if self.exit_code is not None:
            return self.exit_code
        return -(self.signal or 0)

    def __str__(self) -> str:
        """How it ended: "exit code 0", "ended by SIGXCPU, its limit on CPU"."""
        if self.signal is None:
            return f"exit code {self.exit_code}"
        name = self.signal.name if isinstance(self.signal, signal.Signals) else f"signal {self.signal}"
        return f"ended by {name}" + (f", its limit on {self.limit}" if self.limit else "")

    def check_returncode(self) -> None:
        """Raises CalledProcessError unless it exited with 0."""
        if self.exit_code != 0:
            raise CalledProcessError(self)


class CalledProcessError(subprocess.CalledProcessError):
    """A program did not exit with 0. Its `outcome` has how it ended and what it used."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.returncode, outcome.args, outcome.stdout, outcome.stderr)
        self.outcome = outcome

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.outcome,)

    def __str__(self) -> str:
        message = super().__str__()
        return message if self.outcome.limit is None else f"{message[:-1]}: its limit on {self.outcome.limit} ended it."


class TimeoutExpired(subprocess.TimeoutExpired):
    """A program exceeded its time. After run() its `outcome` has what it used until it was killed."""

    def __init__(
        self, cmd: Any, timeout: float, output: Any = None, stderr: Any = None, outcome: Optional[Outcome] = None
    ) -> None:
        super().__init__(cmd, timeout, output, stderr)
        self.outcome = outcome

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.cmd, self.timeout, self.output, self.stderr, self.outcome)


def _text(value: StrOrBytesPath) -> bytes:
    encoded = os.fsencode(value)
    if b"\0" in encoded:
        raise ValueError(f"embedded null byte: {value!r}")
    return encoded


class Command:
    """A program, and how it is to be started. It can be spawned many times, by many threads.

        command = rresource.Command(["sort", "words"], limits={"AS": "1G", "CPU": (1, 2)})
        outcome = command.run()

    Everything else is inherited from the caller. So it ignores SIGXFSZ, which the interpreter ignores: past FSIZE
    its writes fail with EFBIG, unless signal.signal has set that one to SIG_DFL. All keywords may be changed as
    attributes later.

    args: the program and its arguments; without a slash it is looked for in PATH.
    executable: another program than args[0], which is then only its argument 0.
    env: its whole environment; None is the caller's. Then other threads, which might change that, wait until the
        program has begun; on an interpreter without a global lock they have to leave it alone meanwhile.
    cwd: its working directory.
    limits: by resource one value for both limits, a pair (soft, hard), or text (see LimitsLike). They are set
        in it alone; any value may be given, 0 too.
    stdin, stdout, stderr: a descriptor, an open file, PIPE or DEVNULL; stderr also STDOUT.
    pass_fds: further descriptors that it inherits, with the same numbers.
    close_fds: whether it gets no other descriptors above 2; else it inherits those that are not close-on-exec.
    user, group, extra_groups: the user, the group and the supplementary groups that it runs as, by number or name. They
        need privilege, except for the caller's own.
    umask: its file mode creation mask; -1 is the caller's.
    process_group: 0 makes it the leader of a new process group, so that kill() reaches what it starts too. Another
        number, which subprocess takes, is a ValueError.
    start_new_session: whether it leads a new session, and with it a new group.
    no_launcher: whether never to start it through the launcher; its peak of memory may then only be a bound. See
        rr_command_spawn in rresource.h.

    A keyword means what it means in subprocess. Those of subprocess that are missing (preexec_fn, shell and others) are a
    TypeError.
    """

    def __init__(
        self,
        args: Arguments,
        *,
        executable: Optional[StrOrBytesPath] = None,
        env: Optional[Mapping[Any, StrOrBytesPath]] = None,
        cwd: Optional[StrOrBytesPath] = None,
        limits: Optional[LimitsByResource] = None,
        stdin: Stream = None,
        stdout: Stream = None,
        stderr: Stream = None,
        pass_fds: Sequence[int] = (),
        close_fds: bool = True,
        user: Optional[Identity] = None,
        group: Optional[Identity] = None,
        extra_groups: Optional[Sequence[Identity]] = None,
        umask: int = -1,
        process_group: Optional[int] = None,
        start_new_session: bool = False,
        no_launcher: bool = False,
    ) -> None:
        self.args = args
        self.executable = executable
        self.env = env
        self.cwd = cwd
        self.limits = limits
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.pass_fds = pass_fds
        self.close_fds = close_fds
        self.user = user
        self.group = group
        self.extra_groups = extra_groups
        self.umask = umask
        self.process_group = process_group
        self.start_new_session = start_new_session
        self.no_launcher = no_launcher

    def __repr__(self) -> str:
        return f"<rresource.Command {self.args!r}>"

    def spawn(self) -> "Child":
        """Starts the program. What keeps it from beginning is an error here, and then there is no child.

        FileNotFoundError, PermissionError and other kinds of OSError as execve(2) and chdir(2) have them, with the
        program or the directory as filename; OSError with EBADF, which names the descriptor, for one that is not open;
        PermissionError, which names the resource, for a hard limit that may not be raised; ValueError for an unknown
        resource, for a malformed limit, and for an argument with a null byte; TypeError for other kinds of objects.
        """
        child = Child(self.args)
        try:
            self._start(child)
        except BaseException:
            child._discard()
            raise
        return child

    def _start(self, child: "Child") -> None:
        """Starts the program as this child. It may run where this raises too, as a signal's handler can at any time."""
        handle, program, limits = self._build()
        with contextlib.ExitStack() as ours:
            streams = _Streams(ours, self.stdin, self.stdout, self.stderr)
            descriptors = {**{fd: fd for fd in map(c_int, self.pass_fds)}, **streams.childs}
            for number, source in descriptors.items():
                error = _dup2(handle, source, number)
                if error:
                    raise _bad_descriptor(error, source, number)
            started = child._handle = _ChildHandle()
            failed = _Failure()
            error = (_spawn_alone if self.env is None else _spawn)(handle, ctypes.byref(started), failed)
            if error:
                raise self._refusal(error, failed, program, limits, descriptors)
            child.stdin, child.stdout, child.stderr = streams.take()

    def _build(self) -> Tuple[_CommandHandle, bytes, Dict[int, Any]]:
        """The library's command, without its descriptors; its program and its limits."""
        args = [self.args] if isinstance(self.args, (str, bytes, os.PathLike)) else self.args
        arguments = [_text(argument) for argument in args]
        if not arguments:
            raise ValueError("a command needs a program")
        program = arguments[0] if self.executable is None else _text(self.executable)
        limits = {} if self.limits is None else _limits.command_limits(self.limits)
        variables = [(_text(name), _text(value)) for name, value in (self.env or {}).items()]
        handle = _CommandHandle()
        check(_new(program, ctypes.byref(handle)))
        if program != arguments[0]:
            check(_arg0(handle, arguments[0]))
        for argument in arguments[1:]:
            check(_arg(handle, argument))
        if self.env is not None:
            check(_clear_env(handle))
        for name, value in variables:
            error = _env(handle, name, value)
            if error == errno.EINVAL:
                raise ValueError(f"no variable can have the name {os.fsdecode(name)!r}")
            check(error)
        if self.cwd is not None:
            check(_directory(handle, _text(self.cwd)))
        for number, pair in limits.items():
            error = _limit(handle, number, pair)
            if error:
                raise _limits.refusal(error, None, number, pair)
        group = self.process_group
        if group is not None and c_int(group) != 0:
            raise ValueError(f"process_group is 0, for a new group, or None, not {group}")
        if self.close_fds:
            check(_close_from(handle, 3))
        if c_int(self.umask) >= 0:
            check(_umask(handle, self.umask & 0o777))
        identity = _identity(self.user, self.group, self.extra_groups)
        if identity is not None:
            user, main_group, groups = identity
            numbers = (ctypes.c_uint32 * len(groups))(*groups)
            check(_credentials(handle, user, main_group, numbers, len(groups)), "user and groups")
        for wanted, configure in (
            (group is not None, _new_group),
            (self.start_new_session, _new_session),
            (self.no_launcher, _no_launcher),
        ):
            if wanted:
                check(configure(handle))
        return handle, program, limits

    def _refusal(
        self, error: int, failed: Any, program: bytes, limits: Dict[int, Any], descriptors: Dict[int, int]
    ) -> Exception:
        """The exception for a start that failed: it names what the failed step was about."""
        step, detail = failed
        if step == _STEP_START:
            step, detail = self._likely_step(error, limits, descriptors)
        if step == _STEP_LIMIT and detail in limits:
            return _limits.refusal(error, None, detail, limits[detail])
        if step == _STEP_DESCRIPTOR:
            return _bad_descriptor(error, descriptors.get(detail, detail), detail)
        if step == _STEP_DIRECTORY and self.cwd is not None:
            return OSError(error, os.strerror(error), os.fsdecode(self.cwd))
        if step == _STEP_EXEC:
            return OSError(error, os.strerror(error), os.fsdecode(program))
        return OSError(error, f"{text_of(_step_text(step))}: {strerror(error)}")

    def _likely_step(self, error: int, limits: Dict[int, Any], descriptors: Dict[int, int]) -> Tuple[int, int]:
        """The step that would fail with this error now, for systems that do not report the failed step."""
        if error == errno.EPERM:
            for number, pair in limits.items():
                if not _limits.judge(None, number, pair).accepted:
                    return _STEP_LIMIT, number
        if error == errno.EBADF:
            for number, source in descriptors.items():
                if not _is_open(source):
                    return _STEP_DESCRIPTOR, number
        if self.cwd is not None and not os.path.isdir(self.cwd):
            return _STEP_DIRECTORY, 0
        return (_STEP_EXEC if error in _OF_EXECUTION else _STEP_START), 0

    def run(
        self,
        *,
        input: Union[None, str, bytes] = None,
        timeout: Timeout = None,
        check: bool = False,
        text: bool = False,
        encoding: Optional[str] = None,
        errors: Optional[str] = None,
    ) -> Outcome:
        """Spawns the program and waits for it. The parameters are those of run(), and so are the errors:
        TimeoutExpired, CalledProcessError, and those of spawn().
        """
        as_text = text or encoding is not None or errors is not None
        codec = encoding or "utf-8", errors or "strict"

        def decoded(output: Optional[bytes]) -> Any:
            if output is None or not as_text:
                return output
            return output.decode(*codec).replace("\r\n", "\n").replace("\r", "\n")

        # Malformed, it keeps the program from being started.
        timeout = _seconds(timeout)
        command = self
        if input is not None:
            if self.stdin not in (None, PIPE):
                raise ValueError("input goes to the program's stdin: stdin and input cannot both be given")
            command = copy.copy(self)
            command.stdin = PIPE
        given = input.encode(*codec) if isinstance(input, str) else input
        child = Child(self.args)
        try:
            command._start(child)
            outcome = child.communicate(given, timeout)
        except subprocess.TimeoutExpired as expired:
            outcome = child.end()
            outcome = replace(outcome, stdout=decoded(expired.output), stderr=decoded(expired.stderr))
            raise TimeoutExpired(self.args, expired.timeout, outcome.stdout, outcome.stderr, outcome) from None
        finally:
            child._discard()
        outcome = replace(outcome, stdout=decoded(outcome.stdout), stderr=decoded(outcome.stderr))
        if check:
            outcome.check_returncode()
        return outcome


#: What execve(2) alone fails with, of all steps but the change of directory.
_OF_EXECUTION = frozenset(
    (errno.ENOENT, errno.EACCES, errno.ENOEXEC, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.E2BIG)
)


def _identity(
    user: Optional[Identity], group: Optional[Identity], extra_groups: Optional[Sequence[Identity]]
) -> Optional[Tuple[int, int, Sequence[int]]]:
    """The user, the group and the supplementary groups to run as; None where they are the caller's.

    The library sets all of them, which needs privilege; what is not given stays as it is.
    """
    if user is None and group is None and extra_groups is None:
        return None
    if isinstance(extra_groups, str):
        raise ValueError("groups are a list, not a string")
    groups = None if extra_groups is None else [_number_of_group(each) for each in extra_groups]
    wanted_user = os.geteuid() if user is None else _number_of_user(user)
    wanted_group = os.getegid() if group is None else _number_of_group(group)
    if groups is None and {wanted_user} == set(_ids("uid")) and {wanted_group} == set(_ids("gid")):
        return None
    return wanted_user, wanted_group, os.getgroups() if groups is None else groups


def _ids(kind: str) -> Tuple[int, ...]:
    """The real, effective and, where the system shows it, saved ID of the caller."""
    get = getattr(os, f"getres{kind}", None)
    found: Tuple[int, ...] = get() if get else (getattr(os, f"get{kind}")(), getattr(os, f"gete{kind}")())
    return found


def _number_of_user(user: Identity) -> int:
    if isinstance(user, str):
        import pwd  # which few programs need

        return pwd.getpwnam(user).pw_uid
    return _id_number(user, "user")


def _number_of_group(group: Identity) -> int:
    if isinstance(group, str):
        import grp

        return grp.getgrnam(group).gr_gid
    return _id_number(group, "group")


def _id_number(value: int, kind: str) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a {kind} is a number or a name, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"the number of a {kind} cannot be negative: {value}")
    if value >= 0xFFFF_FFFF:  # (uid_t)-1 means none
        raise OverflowError(f"too large for the number of a {kind}: {value}")
    return value


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _bad_descriptor(error: int, source: int, number: int) -> OSError:
    return OSError(error, f"{os.strerror(error)}: {source}, which is to be the program's {number}")


class _Streams:
    """The descriptors of a program's standard streams, and the caller's ends of the pipes among them."""

    def __init__(self, ours: contextlib.ExitStack, stdin: Stream, stdout: Stream, stderr: Stream) -> None:
        #: By the number in the program, the caller's descriptor.
        self.childs: Dict[int, int] = {}
        self._ours = ours
        self._pipes: Dict[int, int] = {}
        for number, stream in enumerate((stdin, stdout, stderr)):
            if stream is not None:
                self.childs[number] = self._descriptor(number, stream)

    def _descriptor(self, number: int, stream: Stream) -> int:
        if stream == PIPE:
            reading, writing = os.pipe()
            theirs, kept = (reading, writing) if number == 0 else (writing, reading)
            self._ours.callback(os.close, theirs)
            self._pipes[number] = kept
            self._ours.callback(self._close_pipe, number)
            return theirs
        if stream == DEVNULL:
            null = os.open(os.devnull, os.O_RDWR)
            self._ours.callback(os.close, null)
            return null
        if stream == STDOUT:
            if number != 2:
                raise ValueError("only stderr can be STDOUT")
            return self.childs.get(1, 1)
        return c_int(stream if isinstance(stream, int) else stream.fileno())  # type: ignore[union-attr]  # not None

    def _close_pipe(self, number: int) -> None:
        kept = self._pipes.pop(number, None)
        if kept is not None:
            os.close(kept)

    def take(self) -> Tuple[Optional[IO[bytes]], ...]:
        """The caller's ends of stdin, stdout and stderr, which are the caller's to close from now on."""
        kept, self._pipes = self._pipes, {}
        return tuple(
            os.fdopen(kept[number], "wb" if number == 0 else "rb") if number in kept else None for number in range(3)
        )


class Child:
    """A program that was started; of Command.spawn().

        with rresource.Command(["make"], process_group=0).spawn() as child:
            ...
            outcome = child.wait(timeout=60)

    The end of the `with` block closes its pipes and waits for it. On an interpreter without a global lock only
    kill(), send_signal(), pid and fileno() may be used by one thread while another one waits.
    """

    def __init__(self, args: Arguments) -> None:
        self._handle: Optional[_ChildHandle] = None
        self._done: Optional[Outcome] = None
        #: The program and its arguments.
        self.args = args
        #: The caller's ends of the pipes, where there are any.
        self.stdin: Optional[IO[bytes]] = None
        self.stdout: Optional[IO[bytes]] = None
        self.stderr: Optional[IO[bytes]] = None
        self._input: Optional[memoryview] = None
        self._output: Dict[IO[bytes], bytearray] = {}

    def __repr__(self) -> str:
        state = "closed" if self._handle is None else f"pid={self.pid}"
        return f"<rresource.Child {self.args!r} {state}>"

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        raised: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self._close_pipes()
        if self._handle is not None:
            self.wait()
            self.close()

    def __del__(self, _warn: Any = warnings.warn) -> None:
        if not getattr(self, "_handle", None) or _child_wait is None:
            return
        with contextlib.suppress(Exception):
            self.poll()
        if self._done is None:
            _warn(f"the child {self.pid} still runs: it is not waited for", ResourceWarning, source=self)
        self.close()

    def _open(self) -> _ChildHandle:
        if not self._handle:
            raise ValueError("this handle of a child is closed")
        return self._handle

    def close(self) -> None:
        """Closes its pipes and gives the handle back.

        It neither ends the child nor waits for it: one that was not waited for is then the caller's, for
        os.waitpid with its pid.
        """
        self._close_pipes()
        self._handle = None

    def _close_pipes(self) -> None:
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # what was left in its buffer is wanted no more
                    pipe.close()

    @property
    def pid(self) -> int:
        """Its number. Once it was waited for, another process may have it."""
        return int(_child_pid(self._open()))

    def fileno(self) -> int:
        """Its pidfd, which stays the handle's: select and poll report it readable once it has ended.

        OSError with ENOTSUP where there is none.
        """
        descriptor = int(_child_fd(self._open()))
        if descriptor < 0:
            raise failure(errno.ENOTSUP, "pidfd")
        return descriptor

    def process(self) -> Process:
        """A separate handle for the child, to read usage and limits while it runs.

        ProcessLookupError once it was waited for; OSError when there is no room for another handle.
        """
        handle = ProcessHandle()
        check(_child_process(self._open(), ctypes.byref(handle)))
        return Process._from_handle(handle)

    def send_signal(self, number: int) -> None:
        """Sends a signal to it; to its whole process group, if it leads one.

        Never to a later process with the same number: ProcessLookupError once it was waited for. ValueError for
        an unknown signal; TypeError and OverflowError for what is no int of C. See kill(2).
        """
        error = _child_kill(self._open(), c_int(number))
        if error == errno.EINVAL:
            raise ValueError(f"there is no signal {number}")
        check(error)

    def terminate(self) -> None:
        """Sends SIGTERM. Errors as send_signal."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Sends SIGKILL. Errors as send_signal."""
        self.send_signal(signal.SIGKILL)

    def end(self) -> Outcome:
        """Kills it, if it still runs, and waits for it. Its group goes with it, where it leads one."""
        if self._done is None:
            with contextlib.suppress(ProcessLookupError):
                self.kill()
        return self.wait()

    def _discard(self) -> None:
        """Ends it, where it was started, and closes it."""
        try:
            if self._handle:
                self.end()
        finally:
            self.close()

    def poll(self) -> Optional[Outcome]:
        """Its outcome, once it has ended; None while it runs. Errors as wait."""
        if self._done is not None:
            return self._done
        buffer = ctypes.create_string_buffer(_outcome.size)
        error = _child_wait(self._open(), 0, buffer)
        if error == errno.ETIMEDOUT:
            return None
        check(error)
        self._done = self._read(buffer)
        return self._done

    def _read(self, buffer: Any) -> Outcome:
        exit_code, ended_by, core_dumped, limit, wall_ns, rusage, usage, oom = _outcome.unpack(buffer)
        used = _usage.from_buffer(usage)
        return Outcome(
            args=self.args,
            exit_code=None if ended_by else exit_code,
            signal=_signal(ended_by) if ended_by else None,
            core_dumped=bool(core_dumped),
            limit=BY_ID[limit].name if limit in BY_ID else None,
            wall_ns=wall_ns,
            usage=used,
            rusage=None if used.cpu_ns is None else _rusage.from_buffer(rusage),
            oom=Oom(oom),
        )

    def wait(self, timeout: Timeout = None) -> Outcome:
        """Waits until it has ended, and returns its outcome. Waiting again returns the same one.

        timeout: seconds, or text such as "200ms". If a pipe is not read, the program blocks when the pipe
        is full: use communicate() with pipes.

        TimeoutExpired if it still runs; ChildProcessError if its record is gone, because SIGCHLD is ignored on a
        system that then keeps no status, or because it was already reaped; ValueError and OverflowError for a
        malformed timeout and one above 584 years. See waitid(2).
        """
        deadline = _Deadline(timeout)
        outcome = self.poll()
        while outcome is None:
            if deadline.passed():
                raise TimeoutExpired(self.args, deadline.seconds)
            self._watch(deadline.remaining())
            outcome = self.poll()
        return outcome

    async def wait_async(self, timeout: Timeout = None) -> Outcome:
        """wait() for asyncio: other tasks run meanwhile. Several tasks can wait at the same time.

        Cancelling it leaves the child alone. Errors as wait().
        """
        deadline = _Deadline(timeout)
        outcome = self.poll()
        while outcome is None:
            if deadline.passed():
                raise TimeoutExpired(self.args, deadline.seconds)
            await self._watch_async(deadline.remaining())
            outcome = self.poll()
        return outcome

    async def _watch_async(self, seconds: Optional[float]) -> None:
        """Waits some time for the end, or for another task to have waited for it."""
        import asyncio  # takes longer than everything else here

        descriptor = int(_child_fd(self._open()))
        if descriptor < 0:
            await asyncio.sleep(0.01 if seconds is None else min(seconds, 0.01))
            return
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        own = os.dup(descriptor)  # a loop has one callback for a descriptor, and each waiting task needs one
        try:
            loop.add_reader(own, ended.set)
            try:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(ended.wait(), seconds)
            finally:
                loop.remove_reader(own)
        finally:
            os.close(own)

    def _watch(self, seconds: Optional[float]) -> None:
        """Waits some time for the end. In Python itself, so that signal handlers run meanwhile."""
        descriptor = int(_child_fd(self._open()))
        if descriptor >= 0:
            ended = select.poll()
            ended.register(descriptor, select.POLLIN)
            ended.poll(None if seconds is None else min(seconds, 1e6) * 1000)
        else:
            time.sleep(0.01 if seconds is None else min(seconds, 0.01))

    def communicate(self, input: Optional[bytes] = None, timeout: Timeout = None) -> Outcome:
        """Writes input to its stdin, reads its stdout and stderr to their ends, and waits for it.

        The outcome has what was read in its stdout and stderr. ValueError when input is given and stdin is no
        PIPE. TimeoutExpired when it takes longer: what was read so far is in its output and stderr, and
        communicate() may be called again to go on. The timeout is that of wait().
        """
        deadline = _Deadline(timeout)
        if input is not None:
            if self.stdin is None:
                raise ValueError("input goes to the program's stdin, which is no PIPE")
            if self._input is None:
                self._input = memoryview(input).cast("B")
        try:
            self._exchange(deadline)
            outcome = self.wait(deadline.remaining())
        except subprocess.TimeoutExpired:
            raise TimeoutExpired(
                self.args, deadline.seconds, self._read_from(self.stdout), self._read_from(self.stderr)
            ) from None
        return replace(outcome, stdout=self._read_from(self.stdout), stderr=self._read_from(self.stderr))

    def _read_from(self, pipe: Optional[IO[bytes]]) -> Optional[bytes]:
        return None if pipe is None else bytes(self._output.get(pipe, b""))

    def _exchange(self, deadline: "_Deadline") -> None:
        with selectors.PollSelector() as selector:
            if self.stdin is not None and not self.stdin.closed:
                with contextlib.suppress(BrokenPipeError):
                    self.stdin.flush()
                if self._input:
                    os.set_blocking(self.stdin.fileno(), False)
                    selector.register(self.stdin, selectors.EVENT_WRITE)
                else:
                    self.stdin.close()
            for pipe in (self.stdout, self.stderr):
                if pipe is not None and not pipe.closed:
                    self._output.setdefault(pipe, bytearray())
                    selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                if deadline.passed():
                    raise TimeoutExpired(self.args, deadline.seconds)
                for key, _ in selector.select(deadline.remaining()):
                    pipe = key.fileobj  # type: ignore[assignment]  # a file, as registered
                    if not (self._feed(key.fd) if pipe is self.stdin else self._drain(key.fd, pipe)):
                        selector.unregister(key.fileobj)
                        pipe.close()  # type: ignore[union-attr]

    def _feed(self, descriptor: int) -> bool:
        """Whether there is more to write."""
        assert self._input is not None
        try:
            self._input = self._input[os.write(descriptor, self._input[:65536]) :]
        except BrokenPipeError:  # the program wants no more of it
            return False
        except BlockingIOError:
            return True
        return len(self._input) > 0

    def _drain(self, descriptor: int, pipe: Any) -> bool:
        """Whether there may be more to read."""
        data = os.read(descriptor, 65536)
        self._output[pipe] += data
        return bool(data)


class _Deadline:
    """A point in time, or none."""

    def __init__(self, timeout: Timeout) -> None:
        seconds = _seconds(timeout)
        self.seconds: float = 0.0 if seconds is None else seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> Optional[float]:
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def passed(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end


def _seconds(duration: Timeout) -> Optional[float]:
    """A duration in seconds, also if it was given as text."""
    if not isinstance(duration, str):
        return duration
    encoded = duration.encode("utf-8", "surrogateescape")
    nanoseconds = ctypes.c_uint64()
    # A NUL would end the text early for the library.
    error = errno.EINVAL if b"\0" in encoded else _duration(encoded, ctypes.byref(nanoseconds))
    if error == errno.EINVAL:
        raise ValueError(f"malformed duration {duration!r}: expected one such as 200ms, 1h30min or 90 (seconds)")
    if error == errno.ERANGE:
        raise OverflowError(f"the duration {duration!r} exceeds 584 years")
    check(error)
    return nanoseconds.value / 1e9


def _signal(number: int) -> int:
    """The signal by its name, where Python has one for it: of real-time signals only some."""
    try:
        return signal.Signals(number)
    except ValueError:
        return number


def run(
    args: Arguments,
    *,
    executable: Optional[StrOrBytesPath] = None,
    env: Optional[Mapping[Any, StrOrBytesPath]] = None,
    cwd: Optional[StrOrBytesPath] = None,
    limits: Optional[LimitsByResource] = None,
    input: Union[None, str, bytes] = None,
    timeout: Timeout = None,
    check: bool = False,
    capture_output: bool = False,
    text: bool = False,
    encoding: Optional[str] = None,
    errors: Optional[str] = None,
    stdin: Stream = None,
    stdout: Stream = None,
    stderr: Stream = None,
    pass_fds: Sequence[int] = (),
    close_fds: bool = True,
    user: Optional[Identity] = None,
    group: Optional[Identity] = None,
    extra_groups: Optional[Sequence[Identity]] = None,
    umask: int = -1,
    process_group: Optional[int] = None,
    start_new_session: bool = False,
    no_launcher: bool = False,
) -> Outcome:
    """Runs a program under limits and returns how it ended and what it used; like subprocess.run.

        outcome = rresource.run(["sort", "words"], limits={"NOFILE": 64, "CPU": (1, 2), "AS": "1G"}, timeout=10)
        print(outcome.exit_code, outcome.limit, outcome.usage.peak_rss_bytes)

    args: the program and its arguments; no shell reads them. limits: by resource one value for both limits, a pair
    (soft, hard), or text. input: what it reads from stdin. timeout: seconds, or text such as "200ms" or "1h30min", after
    which it is killed. check:
    whether another end than exit code 0 is an error. capture_output: whether to read its stdout and stderr into
    the outcome; as bytes, or as str with text, encoding or errors. The other keywords are those of
    Command.

    TimeoutExpired and CalledProcessError, which are subprocess's and have the outcome; OSError, ValueError and
    TypeError as Command.spawn().
    """
    if capture_output:
        if stdout is not None or stderr is not None:
            raise ValueError("capture_output reads stdout and stderr: they cannot be given too")
        stdout = stderr = PIPE
    command = Command(
        args,
        executable=executable,
        env=env,
        cwd=cwd,
        limits=limits,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        pass_fds=pass_fds,
        close_fds=close_fds,
        user=user,
        group=group,
        extra_groups=extra_groups,
        umask=umask,
        process_group=process_group,
        start_new_session=start_new_session,
        no_launcher=no_launcher,
    )
    return command.run(input=input, timeout=timeout, check=check, text=text, encoding=encoding, errors=errors)
