"""Programs started under limits: how they are started, what they may use, what is reported about their end."""

import asyncio
import contextlib
import errno
import fcntl
import gc
import inspect
import os
import pickle
import resource as standard
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from unittest import mock

import rresource
from rresource import DEVNULL, PIPE, STDOUT, Command, Outcome, _command, _library
from tests.support import descriptors, python

SHELL = "/bin/sh"


def interrupted(call):
    def wrapper(*arguments):
        assert call(*arguments) == 0
        raise KeyboardInterrupt

    return wrapper


def script(text):
    return [SHELL, "-c", text]


class Base(unittest.TestCase):
    def setUp(self):
        self.before = descriptors()

    def tearDown(self):
        gc.collect()
        self.assertEqual(descriptors(), self.before, "descriptors that were left open")
        with self.assertRaises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


class Ends(Base):
    def test_exit_codes(self):
        for code in (0, 1, 255):
            outcome = rresource.run(script(f"exit {code}"))
            self.assertEqual((outcome.exit_code, outcome.signal, outcome.returncode), (code, None, code))
            self.assertIs(type(outcome), Outcome)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGKILL, 40):
            outcome = rresource.run(script(f"kill -{int(number)} $$"))
            self.assertEqual((outcome.exit_code, outcome.signal, outcome.returncode), (None, number, -number))
        self.assertIs(type(rresource.run(script("kill -15 $$")).signal), signal.Signals)

    def test_check(self):
        self.assertEqual(rresource.run(["true"], check=True).exit_code, 0)
        for text, code in (("exit 3", 3), ("kill -9 $$", -9)):
            with self.assertRaises(subprocess.CalledProcessError) as caught:
                rresource.run(script(text), check=True, capture_output=True)
            self.assertIs(type(caught.exception), rresource.CalledProcessError)
            self.assertEqual(caught.exception.returncode, code)
            self.assertEqual(caught.exception.outcome.returncode, code)
            self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).outcome, caught.exception.outcome)

    def test_in_words(self):
        self.assertEqual(str(rresource.run(script("exit 3"))), "exit code 3")
        self.assertEqual(str(rresource.run(script("kill -9 $$"))), "ended by SIGKILL")
        self.assertEqual(str(rresource.run(script("kill -40 $$"))), "ended by signal 40")

    def test_the_limit_that_ended_it(self):
        outcome = rresource.run(script("while :; do :; done"), limits={"CPU": (1, 2)})
        self.assertEqual(str(outcome), "ended by SIGXCPU, its limit on CPU")
        self.assertEqual((outcome.limit, outcome.signal), ("CPU", signal.SIGXCPU))
        outcome = rresource.run(script("while :; do :; done"), limits={"CPU": 1})
        self.assertEqual((outcome.limit, outcome.signal), ("CPU", signal.SIGKILL))
        with self.assertRaisesRegex(rresource.CalledProcessError, "its limit on CPU ended it"):
            rresource.run(script("while :; do :; done"), limits={"CPU": 1}, check=True)
        self.assertIsNone(rresource.run(script("kill -9 $$")).limit)

    def test_out_of_memory(self):
        for text in ("exit 3", "kill -15 $$"):
            self.assertIs(rresource.run(script(text)).oom, rresource.Oom.NO)
        self.assertIsInstance(rresource.run(script("kill -9 $$")).oom, rresource.Oom)
        place = _library.known_constant("OFFSETOF_OUTCOME_OOM")
        for oom in rresource.Oom:  # from where the library has it, no program can be made to run out of memory here
            record = bytearray(_command._outcome.size)
            record[place : place + 4] = oom.to_bytes(4, sys.byteorder)
            self.assertIs(_command.Child(["x"])._read(record).oom, oom)

    def test_the_size_of_files(self):
        """The interpreter ignores SIGXFSZ, and what it starts inherits that by default."""
        shown = python(
            "import signal, tempfile; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
            "with tempfile.TemporaryDirectory() as folder:\n"
            "    outcome = rresource.run(['dd', 'if=/dev/zero', 'of=big', 'count=16'], limits={'FSIZE': 1024, 'CORE': 0}, cwd=folder)\n"
            "print(outcome.limit, outcome.signal == signal.SIGXFSZ)"
        )
        self.assertEqual(shown, "FSIZE True\n")


class Used(Base):
    def test_agrees_with_what_the_system_says(self):
        before = standard.getrusage(standard.RUSAGE_CHILDREN)
        outcome = rresource.run([sys.executable, "-c", "sum(range(2_000_000))"])
        after = standard.getrusage(standard.RUSAGE_CHILDREN)
        self.assertGreater(outcome.rusage.ru_utime, 0)
        self.assertLessEqual(outcome.rusage.ru_utime + before.ru_utime, after.ru_utime + 1e-6)
        self.assertEqual(outcome.usage.user_ns, round(outcome.rusage.ru_utime * 1e6) * 1000)
        self.assertGreater(outcome.wall_ns, outcome.usage.cpu_ns // 2)
        self.assertIsNone(outcome.usage.rss_bytes)

    def test_the_peak_is_the_programs_own(self):
        shown = python(
            "held = bytearray(b'x') * (256 << 20)\n"
            "with rresource.Command(['true']).spawn() as child: true = child.wait().usage\n"
            "grown = rresource.run([sys.executable, '-c', \"bytearray(b'x') * (64 << 20)\"]).usage\n"
            "theirs = os.wait4(os.posix_spawn('/bin/true', ['true'], {}), 0)[2].ru_maxrss * 1024\n"
            "direct = rresource.Command(['true'], no_launcher=True).run().usage\n"
            "print(true.peak_rss_bytes, true.peak_is_bound, grown.peak_rss_bytes, theirs, direct.peak_rss_bytes, direct.peak_is_bound)"
        )
        true, bound, grown, theirs, direct, direct_bound = shown.split()
        self.assertGreaterEqual(int(theirs), 256 << 20)  # what a plain start reports
        self.assertLess(int(true), 16 << 20)
        self.assertEqual(bound, "False")
        self.assertTrue(64 << 20 <= int(grown) < 128 << 20, grown)
        self.assertGreaterEqual(int(direct), 256 << 20)
        self.assertEqual(direct_bound, "True")

    def test_while_it_runs(self):
        with Command(["cat"], stdin=PIPE, limits={"NOFILE": 32}).spawn() as child:
            with child.process() as process:
                self.assertEqual(process.pid, child.pid)
                self.assertEqual(process.getrlimit("NOFILE"), (32, 32))
                self.assertGreater(process.usage().rss_bytes, 0)
            child.stdin.close()
            child.wait()
            self.assertRaises(ProcessLookupError, child.process)


class Limits(Base):
    def limits_of(self, **how):
        code = "import resource; print(*(f'{name}={resource.getrlimit(getattr(resource, name))}' for name in sorted(dir(resource)) if name.startswith('RLIMIT_')), sep=';')"
        shown = rresource.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, **how).stdout
        return dict(part.split("=") for part in shown.strip().split(";"))

    def test_are_the_programs_alone(self):
        before = rresource.getrlimits()
        inherited = self.limits_of()
        given = {"NOFILE": 64, "CPU": (100, 200), "CORE": "4K:8K", standard.RLIMIT_MSGQUEUE: (5, None), "nice": ":0"}
        limits = self.limits_of(limits=given)
        changed = {name: limits[name] for name in limits if limits[name] != inherited[name]}
        hard = standard.getrlimit(standard.RLIMIT_MSGQUEUE)[1]
        expected = {
            "RLIMIT_NOFILE": "(64, 64)",
            "RLIMIT_OFILE": "(64, 64)",
            "RLIMIT_CPU": "(100, 200)",
            "RLIMIT_CORE": "(4096, 8192)",
            "RLIMIT_MSGQUEUE": f"(5, {hard})",
        }
        self.assertEqual(changed, expected)
        self.assertEqual(rresource.getrlimits(), before)

    def test_of_nothing(self):
        outcome = rresource.run(
            ["true"], limits={"NOFILE": 0, "NPROC": 0, "FSIZE": 0, "MEMLOCK": 0, "CORE": 0}, stderr=DEVNULL
        )
        self.assertNotEqual(outcome.exit_code, 0)  # the loader cannot open libc
        self.assertEqual(outcome.exit_code, 127)

    def test_wrong_ones(self):
        for wrong, kind in (
            ({"NOFILES": 1}, ValueError),
            ({99: 1}, ValueError),
            ({"NOFILE": (5, 4)}, ValueError),
            ({"NOFILE": "x"}, ValueError),
            ({"NOFILE": -2}, ValueError),
            ({"NOFILE": 2**64}, OverflowError),
            ({"NOFILE": 1.5}, TypeError),
            ({"NOFILE": None}, TypeError),
            ({7.0: 1}, TypeError),
            ({"NOFILE": 1, 7: 1}, ValueError),
        ):
            with self.assertRaises(kind, msg=repr(wrong)):
                rresource.run(["true"], limits=wrong)
        with self.assertRaisesRegex(PermissionError, "^.Errno 1. NOFILE: "):
            rresource.run(["true"], limits={"CORE": 0, "NOFILE": 2**62})


class Starts(Base):
    def test_what_cannot_begin(self):
        with tempfile.TemporaryDirectory() as folder:
            plain = os.path.join(folder, "plain")
            with open(plain, "w", encoding="ascii") as file:
                file.write("x")
            for args, how, kind, where in (
                (["no-such-program"], {}, FileNotFoundError, "no-such-program"),
                ([folder + "/none"], {}, FileNotFoundError, folder + "/none"),
                ([plain], {}, PermissionError, plain),
                (["true"], {"cwd": folder + "/none"}, FileNotFoundError, folder + "/none"),
                (["true"], {"cwd": plain}, NotADirectoryError, plain),
                (["true"], {"executable": folder + "/none"}, FileNotFoundError, folder + "/none"),
            ):
                with self.assertRaises(kind) as caught:
                    rresource.run(args, **how)
                self.assertEqual(caught.exception.filename, where)
                with self.assertRaises(kind) as standards:
                    subprocess.run(args, **how)
                self.assertEqual(str(caught.exception), str(standards.exception))
            os.chmod(plain, 0o755)
            with self.assertRaises(OSError) as caught:
                rresource.run(plain)
            self.assertEqual(caught.exception.errno, errno.ENOEXEC)

    def test_a_descriptor_that_is_not_open_is_named(self):
        with tempfile.TemporaryFile() as file:
            closed = file.fileno()
        for how, source, number in (
            ({"stdout": closed}, closed, 1),
            ({"stdin": closed}, closed, 0),
            ({"pass_fds": [closed]}, closed, closed),
            ({"stderr": -7}, -7, 2),
        ):
            with self.assertRaises(OSError) as caught:
                rresource.run(["true"], **how)
            said = f"[Errno 9] Bad file descriptor: {source}, which is to be the program's {number}"
            self.assertEqual((str(caught.exception), caught.exception.filename), (said, None))
        shown = python(
            "os.close(1)\n"
            "try: rresource.run(['true'], stderr=rresource.STDOUT)\n"
            "except OSError as error: os.write(2, str(error).encode())",
            before=lambda: os.dup2(1, 2),
        )
        self.assertEqual(shown, "[Errno 9] Bad file descriptor: 1, which is to be the program's 2")

    def test_a_limit_that_is_refused_is_named(self):
        with self.assertRaises(PermissionError) as caught:
            rresource.run(["true"], limits={"CORE": 0, "NOFILE": 2**62}, cwd="/")
        self.assertRegex(str(caught.exception), r"^\[Errno 1\] NOFILE: .*system")
        self.assertIsNone(caught.exception.filename)

    def test_keywords_mean_what_they_mean_in_subprocess(self):
        """Those that are missing are named, for one that was ignored, as a group to run as, would go unseen."""
        ours = set(inspect.signature(rresource.run).parameters)
        theirs = set(inspect.signature(subprocess.Popen).parameters) - {"args"}
        theirs |= {"process_group"}  # since Python 3.11
        own = {"args", "limits", "input", "timeout", "check", "capture_output", "text", "no_launcher"}
        self.assertEqual(ours - own - theirs, set())
        for name in sorted(theirs - ours):
            with self.assertRaisesRegex(TypeError, f"'{name}'"):
                rresource.run(["true"], **{name: 1000})

    def test_umask_and_descriptors(self):
        script = "import os; print(oct(os.umask(0)), [fd for fd in range(3, 64) if os.path.exists(f'/proc/self/fd/{fd}')])"
        reading, writing = os.pipe()
        high = fcntl.fcntl(writing, fcntl.F_DUPFD, 40)  # not close-on-exec
        os.set_inheritable(high, True)
        try:
            for keywords in ({}, {"umask": 0o27}, {"close_fds": False}, {"pass_fds": [reading]}, {"umask": 0o1002}):
                with self.subTest(keywords):
                    shown = [
                        run([sys.executable, "-c", script], stdout=subprocess.PIPE, **keywords).stdout
                        for run in (rresource.run, subprocess.run)
                    ]
                    self.assertEqual(shown[0], shown[1])
                    self.assertEqual(str(high).encode() in shown[0], keywords == {"close_fds": False})
        finally:
            for descriptor in (reading, writing, high):
                os.close(descriptor)

    @unittest.skipUnless(os.getuid() == 0, "needs root to become another user")
    def test_user_and_groups(self):
        script = "import os; print(os.getresuid(), os.getresgid(), sorted(os.getgroups()))"
        for keywords in (
            {"user": 65534},
            {"user": "nobody"},
            {"group": 65534},
            {"group": "nogroup", "extra_groups": []},
            {"extra_groups": [5, 7]},
            {"user": 1000, "group": 1001, "extra_groups": [1002, "nogroup"]},
            {"user": 0, "group": 0},
        ):
            with self.subTest(keywords):
                shown = [
                    run(["/usr/bin/python3", "-c", script], stdout=subprocess.PIPE, check=True, **keywords).stdout
                    for run in (rresource.run, subprocess.run)
                ]
                self.assertEqual(shown[0], shown[1])
        refused = (
            "import os, rresource\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "print(rresource.run(['true'], user=65534, group=65534))\n"
            "try: rresource.run(['true'], user=0)\n"
            "except PermissionError as error: print(error.errno)"
        )
        self.assertEqual(python(refused), "exit code 0\n1\n")
        for keywords, kind in (
            ({"user": "no such user"}, KeyError),
            ({"user": -1}, ValueError),
            ({"group": 2**32}, OverflowError),
            ({"user": 1.5}, TypeError),
            ({"extra_groups": "nogroup"}, ValueError),
        ):
            with self.subTest(keywords), self.assertRaises(kind):
                rresource.run(["true"], **keywords)

    def test_wrong_arguments(self):
        for wrong, kind in (
            ([], ValueError),
            (["a\0b"], ValueError),
            (["true", "a\0"], ValueError),
            ([1], TypeError),
            (None, TypeError),
            (["true", None], TypeError),
            (5, TypeError),
        ):
            with self.assertRaises(kind, msg=repr(wrong)):
                rresource.run(wrong)
        for how, kind in (
            ({"env": {"": "x"}}, ValueError),
            ({"env": {"A=B": "x"}}, ValueError),
            ({"env": {"A": "\0"}}, ValueError),
            ({"env": {"A": 1}}, TypeError),
            ({"cwd": "a\0"}, ValueError),
            ({"stdin": "x"}, AttributeError),
            ({"stdin": STDOUT}, ValueError),
            ({"stdin": PIPE, "stdout": PIPE, "stderr": "x"}, AttributeError),
            ({"stdin": -7}, OSError),
            ({"stdout": 10_000}, OSError),
            ({"pass_fds": [10_000]}, OSError),
            ({"pass_fds": ["x"]}, TypeError),
            ({"pass_fds": [2**32]}, OverflowError),
            ({"stdout": 2**32}, OverflowError),
            ({"process_group": 1000}, ValueError),
            ({"process_group": "x"}, TypeError),
            ({"nonsense": 1}, TypeError),
            ({"stdin": DEVNULL, "input": b""}, ValueError),
            ({"stdout": PIPE, "capture_output": True}, ValueError),
        ):
            with self.assertRaises(kind, msg=repr(how)):
                rresource.run(["true"], **how)

    def test_run_takes_what_a_command_takes(self):
        """Word by word, so that a wrong one is found before it runs."""
        taken = inspect.signature(Command).parameters
        self.assertLessEqual(taken.items(), inspect.signature(rresource.run).parameters.items())
        given = dict(zip(taken, taken))
        with mock.patch.object(_command, "Command") as command:
            rresource.run(**given)
        self.assertEqual(command.call_args, mock.call(given.pop("args"), **given))

    def test_arguments_go_through_as_they_are(self):
        arguments = ["", "a b", "$HOME", "'\"", "ü", "\udcff", "\n", "-"]
        shown = rresource.run(
            [sys.executable, "-c", "import sys; sys.stdout.buffer.write(ascii(sys.argv[1:]).encode())", *arguments],
            capture_output=True,
        )
        self.assertEqual(shown.stdout.decode(), ascii(arguments))
        self.assertEqual(rresource.run("true").exit_code, 0)
        self.assertEqual(rresource.run(b"true").exit_code, 0)

    def test_the_name_that_it_is_told(self):
        outcome = rresource.run(["renamed", "-c", "echo $0"], executable=SHELL, capture_output=True, text=True)
        self.assertEqual(outcome.stdout, "renamed\n")

    def test_environment_and_directory(self):
        os.environ["RRESOURCE_TEST"] = "inherited"
        self.addCleanup(os.environ.pop, "RRESOURCE_TEST")
        show = script("echo $RRESOURCE_TEST $OTHER; pwd")
        self.assertEqual(rresource.run(show, capture_output=True, text=True, cwd="/").stdout, "inherited\n/\n")
        given = {"OTHER": "x", b"MORE": b"y"}
        self.assertEqual(rresource.run(show, capture_output=True, text=True, env=given, cwd=b"/").stdout, "x\n/\n")
        self.assertEqual(rresource.run(["/usr/bin/env"], capture_output=True, env={}).stdout, b"")

    @unittest.skipUnless(getattr(sys, "_is_gil_enabled", lambda: True)(), "needs the global lock")
    def test_no_thread_changes_the_callers_environment_meanwhile(self):
        turns, done = 0, False

        def body():
            nonlocal turns
            while not done:
                turns += 1
                time.sleep(0)

        thread = threading.Thread(target=body)
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1000)  # only who lets go of the lock lets another thread have it
        thread.start()
        try:
            for _ in range(20):
                before = turns
                child = Command(["true"]).spawn()
                after = turns
                with child:
                    child.wait()
                self.assertEqual(before, after)
        finally:
            done = True
            thread.join()
        self.assertGreater(turns, 1)

    def test_an_exception_at_the_start_leaves_no_child(self):
        """A signal's handler runs, and may raise, as soon as the library's call has returned."""
        calls = {name: interrupted(getattr(_command, name)) for name in ("_spawn", "_spawn_alone")}
        for how in ({}, {"env": {}}):
            command = Command(["/bin/sleep", "100"], stdin=PIPE, stdout=PIPE, **how)
            for call in (command.spawn, command.run):
                with mock.patch.multiple(_command, **calls):
                    self.assertRaises(KeyboardInterrupt, call)

    def test_descriptors(self):
        with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as inherited:
            os.set_inheritable(inherited.fileno(), True)
            for close_fds in (True, False):
                listing = ["ls", "-l", "/proc/self/fd"]
                shown = rresource.run(listing, capture_output=True, text=True, close_fds=close_fds).stdout
                self.assertEqual(inherited.name in shown, not close_fds)
                self.assertNotIn(file.name, shown)
            number = file.fileno()
            rresource.run(script(f"echo passed >&{number}"), pass_fds=[number], check=True)
            file.seek(0)
            self.assertEqual(file.read(), b"passed\n")

    def test_group_and_session(self):
        for how in ({"process_group": 0}, {"start_new_session": True}):
            with Command(script("sleep 100 & echo $!; wait"), stdout=PIPE, **how).spawn() as child:
                grandchild = int(child.stdout.readline())
                self.assertEqual(os.getpgid(grandchild), child.pid)
                self.assertEqual(os.getsid(child.pid) == child.pid, "start_new_session" in how)
                with rresource.Process(grandchild) as process:
                    child.kill()
                    self.assertTrue(select.select([process], [], [], 10)[0])
                child.wait()

    def test_one_command_many_times(self):
        command = Command(script("echo $$; exit 4"), stdout=PIPE)
        outcomes = [command.run() for _ in range(5)]
        self.assertEqual(len({outcome.stdout for outcome in outcomes}), 5)
        self.assertEqual({outcome.exit_code for outcome in outcomes}, {4})
        self.assertIn("echo", repr(command))

    def test_from_many_threads(self):
        command = Command(["cat"], stdout=PIPE, limits={"NOFILE": 32})
        wrong = []

        def body(number):
            for turn in range(10):
                text = f"{number} {turn}".encode()
                outcome = command.run(input=text, timeout=60)
                if outcome.stdout != text or outcome.exit_code != 0 or outcome.usage.peak_is_bound:
                    wrong.append((text, outcome))

        threads = [threading.Thread(target=body, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Streams(Base):
    def test_to_files(self):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            rresource.run(script("echo out; echo err >&2"), stdout=out, stderr=err.fileno())
            out.seek(0), err.seek(0)
            self.assertEqual((out.read(), err.read()), (b"out\n", b"err\n"))

    def test_together(self):
        for stdout in (PIPE,):
            outcome = rresource.run(script("echo out; echo err >&2"), stdout=stdout, stderr=STDOUT)
            self.assertEqual((outcome.stdout, outcome.stderr), (b"out\nerr\n", None))

    def test_nothing(self):
        outcome = rresource.run(script("cat; echo out; echo err >&2"), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        self.assertEqual((outcome.exit_code, outcome.stdout, outcome.stderr), (0, None, None))

    def test_text(self):
        for how in ({"text": True}, {"encoding": "utf-8"}, {"errors": "strict"}):
            outcome = rresource.run(["cat"], input="ü\r\nx\r", capture_output=True, **how)
            self.assertEqual(outcome.stdout, "ü\nx\n")
        self.assertEqual(rresource.run(["cat"], input=b"\xff", capture_output=True).stdout, b"\xff")
        with self.assertRaises(UnicodeDecodeError):
            rresource.run(["cat"], input=b"\xff", capture_output=True, text=True)

    def test_much_both_ways(self):
        data = os.urandom(1 << 20) * 8
        outcome = rresource.run(script("tee /dev/stderr"), input=data, capture_output=True, timeout=60)
        self.assertEqual((outcome.stdout, outcome.stderr), (data, data))

    def test_input_that_nobody_reads(self):
        outcome = rresource.run(["true"], input=bytes(1 << 20), timeout=60)
        self.assertEqual(outcome.exit_code, 0)
        self.assertEqual(rresource.run(["cat"], input=b"", capture_output=True).stdout, b"")

    def test_by_hand(self):
        with Command(["cat"], stdin=PIPE, stdout=PIPE).spawn() as child:
            child.stdin.write(b"one\n")
            child.stdin.flush()
            self.assertEqual(child.stdout.readline(), b"one\n")
            outcome = child.communicate(b"two\n")
        self.assertEqual(outcome.stdout, b"two\n")
        with Command(["true"]).spawn() as child:
            self.assertRaises(ValueError, child.communicate, b"input")


class Waiting(Base):
    def expired(self, args, **how):
        """What run() raises when its timeout leaves the program enough time to write something."""
        for timeout in (0.2, 2, 20):
            with self.assertRaises(subprocess.TimeoutExpired) as caught:
                rresource.run(args, timeout=timeout, capture_output=True, text=True, **how)
            self.assertEqual(caught.exception.timeout, timeout)
            if caught.exception.output:
                return caught.exception
        return self.fail("it has written nothing")

    def test_timeout(self):
        expired = self.expired(script("echo so far; exec sleep 100"))
        self.assertIs(type(expired), rresource.TimeoutExpired)
        self.assertEqual((expired.output, expired.stderr), ("so far\n", ""))
        self.assertEqual((expired.outcome.signal, expired.outcome.stdout), (signal.SIGKILL, "so far\n"))
        self.assertEqual(pickle.loads(pickle.dumps(expired)).outcome, expired.outcome)

    def test_timeout_as_text(self):
        with self.assertRaises(rresource.TimeoutExpired) as caught:
            rresource.run(["sleep", "100"], timeout="0.1s50ms")
        self.assertEqual(caught.exception.timeout, 0.15)
        self.assertEqual(rresource.run(["true"], timeout="1min").exit_code, 0)
        with Command(["cat"], stdin=PIPE).spawn() as child:
            self.assertRaises(rresource.TimeoutExpired, child.wait, "1ms")
            self.assertRaises(rresource.TimeoutExpired, child.communicate, b"x", "0")
            for malformed in ("", "1 fortnight", "-1s", "1s\0", "\udcff"):
                self.assertRaisesRegex(ValueError, "malformed duration", child.wait, malformed)
            self.assertRaises(OverflowError, child.wait, "99999999999999h")
        with tempfile.TemporaryDirectory() as folder:
            started = os.path.join(folder, "started")
            self.assertRaises(ValueError, rresource.run, ["touch", started], timeout="soon")
            time.sleep(0.1)
            self.assertFalse(os.path.exists(started))

    def test_timeout_reaches_the_group(self):
        grandchild = int(self.expired(script("sleep 100 & echo $!; wait"), process_group=0).output)
        with contextlib.suppress(ProcessLookupError), rresource.Process(grandchild) as process:
            self.assertTrue(select.select([process], [], [], 10)[0])

    def test_in_time(self):
        self.assertEqual(rresource.run(["true"], timeout=60).exit_code, 0)

    def test_child(self):
        with Command(["cat"], stdin=PIPE).spawn() as child:
            self.assertIsNone(child.poll())
            for timeout in (0, 0.05, -1):
                self.assertRaises(rresource.TimeoutExpired, child.wait, timeout)
            self.assertEqual(select.select([child], [], [], 0)[0], [])
            os.kill(child.pid, 0)
            child.stdin.close()
            self.assertEqual(select.select([child], [], [], 30)[0], [child])
            outcome = child.wait()
            self.assertEqual(child.wait(), outcome)
            self.assertEqual(child.poll(), outcome)
            for call in (child.kill, child.terminate, lambda: child.send_signal(0)):
                self.assertRaises(ProcessLookupError, call)
        self.assertRaisesRegex(ValueError, "closed", child.fileno)
        self.assertIn("closed", repr(child))
        for call in (child.wait, child.poll, child.end):
            self.assertEqual(call(), outcome)
        child.close()

    def test_signals_to_it(self):
        with Command(["sleep", "100"]).spawn() as child:
            child.send_signal(0)
            for wrong, kind in ((-1, ValueError), (1000, ValueError), ("TERM", TypeError), (2**32, OverflowError)):
                self.assertRaises(kind, child.send_signal, wrong)
            child.terminate()
            self.assertEqual(child.wait().signal, signal.SIGTERM)
        with Command(["sleep", "100"]).spawn() as child:
            self.assertEqual(child.end().signal, signal.SIGKILL)

    def test_asyncio(self):
        async def waits():
            ticks = 0

            async def tick():
                nonlocal ticks
                while True:
                    ticks += 1
                    await asyncio.sleep(0.01)

            ticking = asyncio.ensure_future(tick())
            with Command(["cat"], stdin=PIPE).spawn() as child:
                for timeout in (0, "50ms"):
                    with self.assertRaises(rresource.TimeoutExpired):
                        await child.wait_async(timeout)
                cancelled = asyncio.ensure_future(child.wait_async())
                await asyncio.sleep(0.05)
                cancelled.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await cancelled
                self.assertIsNone(child.poll())
                both = asyncio.gather(child.wait_async(), child.wait_async("1min"))
                await asyncio.sleep(0.05)
                child.stdin.close()
                first, second = await both
                self.assertIs(first, second)
                self.assertIs(await child.wait_async(0), first)
            ticking.cancel()
            self.assertGreater(ticks, 3)
            return first

        before = descriptors()
        self.assertEqual(asyncio.run(waits()).exit_code, 0)
        with mock.patch.object(_command, "_child_fd", lambda handle: -1):  # as on a system without pidfds
            self.assertEqual(asyncio.run(waits()).exit_code, 0)
        self.assertEqual(descriptors(), before)

    def test_communicate_goes_on_after_a_timeout(self):
        with Command(script("echo one; read x; echo two $x"), stdin=PIPE, stdout=PIPE).spawn() as child:
            os.set_blocking(child.stdin.fileno(), True)
            keep = os.dup(child.stdin.fileno())
            for _ in range(1000):
                with self.assertRaises(rresource.TimeoutExpired) as caught:
                    child.communicate(timeout=0.05)
                if caught.exception.output:
                    break
            self.assertEqual(caught.exception.output, b"one\n")
            os.write(keep, b"x\n")
            os.close(keep)
            self.assertEqual(child.communicate(timeout=60).stdout, b"one\ntwo x\n")

    def test_an_exception_from_a_signal_handler_ends_the_wait(self):
        def handler(*_):
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, handler)
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        began = time.monotonic()
        for how in ({}, {"capture_output": True}):
            with self.assertRaises(KeyboardInterrupt):
                rresource.run(script("sleep 0.2; kill -ALRM $PPID; exec sleep 100"), **how)
        self.assertLess(time.monotonic() - began, 60)

    def test_kill_beside_wait(self):
        with Command(["sleep", "100"]).spawn() as child:
            threading.Timer(0.2, child.kill).start()
            self.assertEqual(child.wait(60).signal, signal.SIGKILL)

    def test_somebody_else_waited(self):
        with contextlib.ExitStack() as closing:
            child = Command(["true"]).spawn()
            closing.callback(child.close)
            os.waitpid(child.pid, 0)
            try:
                outcome = child.wait()  # Linux 6.15 and later still know the exit code
            except ChildProcessError:
                return
            self.assertEqual((outcome.exit_code, outcome.rusage, outcome.usage.cpu_ns), (0, None, None))

    def test_forgotten_while_it_runs(self):
        child = Command(["sleep", "100"]).spawn()
        pid = child.pid
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            del child
            gc.collect()
        self.assertEqual([warning.category for warning in caught], [ResourceWarning])
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(os.waitpid(pid, 0)[0], pid)

    def test_forgotten_after_its_end(self):
        child = Command(["true"]).spawn()
        select.select([child], [], [], 30)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            del child
            gc.collect()
        self.assertEqual(caught, [])


if __name__ == "__main__":
    unittest.main()
