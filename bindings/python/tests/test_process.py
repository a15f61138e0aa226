"""Processes by handle, and their usage."""

import ctypes
import errno
import gc
import os
import resource as standard
import select
import signal
import subprocess
import sys
import threading
import time
import unittest

import rresource
from rresource import _library
from tests.support import descriptors, python, resident_bytes

NEVER = 2**22 + 1  # above Linux's largest process number


class Sleeper:
    """A process to look at; ended and waited for at the end."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "print(flush=True); import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.process.stdout.readline()
        return self.process

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


class Handles(unittest.TestCase):
    def test_of_the_caller(self):
        with rresource.Process() as process:
            self.assertEqual(process.pid, os.getpid())
            self.assertTrue(process.is_alive())
            self.assertEqual(process.getrlimits(), rresource.getrlimits())
            self.assertEqual(process.getrlimit("NOFILE"), rresource.getrlimit("NOFILE"))

    def test_of_another(self):
        with Sleeper() as sleeper, rresource.Process(sleeper.pid) as process:
            self.assertEqual(process.pid, sleeper.pid)
            self.assertIn(str(sleeper.pid), repr(process))
            process.setrlimit("NOFILE", (32, 64))
            self.assertEqual(standard.prlimit(sleeper.pid, standard.RLIMIT_NOFILE), (32, 64))
            self.assertEqual(process.getrlimit("nofile"), (32, 64))
            process.setrlimits({"NOFILE": (16, None), "CORE": 0})
            self.assertEqual((process.getrlimit("NOFILE"), process.getrlimit("CORE")), ((16, 64), (0, 0)))
            with self.assertRaisesRegex(ValueError, "^NOFILE: "):
                process.setrlimit("NOFILE", (65, 64))
            self.assertFalse(process.check_limit("NOFILE", (65, 64)).accepted)
            self.assertTrue(process.check_limit("NOFILE", "1:").accepted)
            self.assertEqual(process.used("NOFILE"), len(os.listdir(f"/proc/{sleeper.pid}/fd")))
            self.assertIsNone(process.used("FSIZE"))

    def test_the_end_is_seen(self):
        with Sleeper() as sleeper, rresource.Process(sleeper.pid) as process:
            ready = select.poll()
            ready.register(process, select.POLLIN)
            self.assertEqual(ready.poll(0), [])
            sleeper.kill()
            self.assertEqual([descriptor for descriptor, _ in ready.poll(10_000)], [process.fileno()])
            self.assertFalse(process.is_alive())
            with self.assertRaises(ProcessLookupError):
                process.setrlimit("CORE", 0)
            self.assertGreater(process.usage().cpu_ns, 0)  # a zombie's
            sleeper.wait()
            for call in (
                process.usage,
                process.getrlimits,
                lambda: process.used("NOFILE"),
                lambda: process.check_limit("CORE", 0),
            ):
                self.assertRaises(ProcessLookupError, call)

    def test_from_a_pidfd(self):
        pidfd = os.pidfd_open(os.getpid())
        with rresource.Process.from_fd(pidfd) as process:
            os.close(pidfd)
            self.assertEqual(process.pid, os.getpid())
        for wrong, number in ((-1, errno.EBADF), (pidfd, errno.EBADF)):
            with self.assertRaises(OSError) as caught:
                rresource.Process.from_fd(wrong)
            self.assertEqual(caught.exception.errno, number)

    def test_wrong_processes(self):
        self.assertRaises(ProcessLookupError, rresource.Process, NEVER)
        for wrong in (-1, 2**31, 2**64):
            self.assertRaises(ValueError, rresource.Process, wrong)
        for wrong in ("1", 1.0, None, b"1"):
            self.assertRaises(TypeError, rresource.Process, wrong)
        for wrong in ("3", None, 3.0):
            self.assertRaises(TypeError, rresource.Process.from_fd, wrong)
        self.assertRaises(OverflowError, rresource.Process.from_fd, 2**32)

    def test_a_thread_is_no_process(self):
        numbers = []
        go_on = threading.Event()
        started = threading.Event()

        def body():
            numbers.append(threading.get_native_id())
            started.set()
            go_on.wait()

        thread = threading.Thread(target=body)
        thread.start()
        started.wait()
        try:
            self.assertRaisesRegex(ValueError, "thread", rresource.Process, numbers[0])
        finally:
            go_on.set()
            thread.join()

    def test_closed(self):
        process = rresource.Process()
        process.close()
        process.close()
        self.assertIn("closed", repr(process))
        calls = [
            process.fileno,
            process.is_alive,
            process.getrlimits,
            process.usage,
            process.reset_peak,
            process.__enter__,
            lambda: process.pid,
            lambda: process.getrlimit("NOFILE"),
            lambda: process.setrlimit("NOFILE", 5),
            lambda: process.setrlimits({}),
            lambda: process.used("NOFILE"),
            lambda: process.check_limit("NOFILE", 5),
        ]
        for call in calls:
            self.assertRaisesRegex(ValueError, "closed", call)

    def test_closed_during_a_call(self):
        """By an argument's own code, as another thread might: the call ends with the process that it began with."""

        class Closing:
            def __index__(self):
                process.close()
                self.others = [rresource.Process() for _ in range(20)]  # where the handle was, if it is there no more
                return standard.RLIMIT_NOFILE

        with Sleeper() as sleeper:
            before = descriptors()
            process = rresource.Process(sleeper.pid)
            process.setrlimit("NOFILE", (16, 64))
            self.assertEqual(process.getrlimit(Closing()), (16, 64))
            self.assertRaisesRegex(ValueError, "closed", process.usage)
            self.assertEqual(descriptors(), before)

    def test_collected(self):
        before = descriptors()
        processes = [rresource.Process(os.getppid()) for _ in range(10)]
        self.assertEqual(len(descriptors()), len(before) + 10)
        del processes
        gc.collect()
        self.assertEqual(descriptors(), before)

    def test_no_room(self):
        shown = python(
            "rresource.setrlimit('NOFILE', (len(os.listdir('/proc/self/fd')) - 1, None))\n"
            "try: rresource.Process(os.getppid())\n"
            "except OSError as error: print(error.errno)"
        )
        self.assertEqual(shown, f"{errno.EMFILE}\n")

    def test_not_inherited(self):
        with rresource.Process(os.getppid()) as process:
            self.assertFalse(os.get_inheritable(process.fileno()))

    @unittest.skipUnless(os.getuid() == 0, "needs root to become another user")
    def test_of_another_user(self):
        shown = python(
            "os.setgid(65534); os.setuid(65534)\n"
            "process = rresource.Process(os.getppid())\n"
            "print(process.getrlimits()['NOFILE'].hard, process.usage().read_bytes, process.usage().rss_bytes > 0)\n"
            "for call in (lambda: process.setrlimit('CORE', 0), process.reset_peak):\n"
            "    try: call()\n"
            "    except PermissionError as error: print(error)"
        )
        first, *refused = shown.splitlines()
        self.assertEqual(first, f"{rresource.getrlimit('NOFILE').hard} None True")
        self.assertEqual(len(refused), 2)
        self.assertIn("other user or group IDs", refused[0])


class Usage(unittest.TestCase):
    def test_fields_are_those_of_the_library(self):
        name = _library.declare(_library.quick, "rr_usage_field_name", ctypes.c_char_p, ctypes.c_size_t)
        fields = rresource.Usage._fields[:-1]
        self.assertEqual(tuple(_library.text(name(index)) for index in range(len(fields))), fields)

    def test_of_the_caller(self):
        usage = rresource.usage()
        self.assertNotIn(None, usage)
        self.assertFalse(usage.peak_is_bound)
        with open("/proc/self/status", encoding="ascii") as file:
            status = dict(line.split(":", 1) for line in file)
        self.assertAlmostEqual(usage.rss_bytes, int(status["VmRSS"].split()[0]) * 1024, delta=1 << 20)
        self.assertEqual(usage.threads, int(status["Threads"]))
        self.assertAlmostEqual(usage.cpu_ns / 1e9, time.process_time(), delta=0.5)
        self.assertEqual(usage.open_files, len(descriptors()))

    def test_agrees_with_getrusage(self):
        before, usage, after = standard.getrusage(0), rresource.usage(), standard.getrusage(0)
        self.assertTrue(before.ru_utime * 1e9 - 1000 <= usage.user_ns <= after.ru_utime * 1e9 + 1000)
        self.assertTrue(before.ru_minflt <= usage.minor_faults <= after.ru_minflt)
        self.assertTrue(before.ru_nvcsw <= usage.voluntary_switches <= after.ru_nvcsw)

    def test_of_another(self):
        with Sleeper() as sleeper, rresource.Process(sleeper.pid) as process:
            usage = process.usage()
            self.assertIsNone(usage.voluntary_switches)
            self.assertIsNone(usage.involuntary_switches)
            self.assertGreater(usage.cpu_ns, 0)
            self.assertEqual(usage.threads, 1)

    def test_resident_set_of_another(self):
        with Sleeper() as sleeper, rresource.Process(sleeper.pid) as process:
            for _ in range(1000):  # it may still be on its way to where it sleeps
                before = resident_bytes(sleeper.pid)
                shown = process.usage("rss_bytes").rss_bytes
                after = resident_bytes(sleeper.pid)
                if before == after:
                    break
                time.sleep(0.01)
            self.assertEqual((before, shown), (after, after))

    def test_some_fields(self):
        with rresource.Process(os.getppid()) as process:
            usage = process.usage("cpu_ns", "rss_bytes")
            self.assertTrue(usage.cpu_ns and usage.rss_bytes)
            self.assertIsNone(usage.open_files)
            self.assertEqual(process.usage("rss_bytes").cpu_ns, None)
            for wrong in (("cpu",), ("cpu_ns", "x"), ("",), (None,), (1,), (b"cpu_ns",), ("known",)):
                self.assertRaises(ValueError, process.usage, *wrong)
                self.assertRaises(ValueError, rresource.usage, *wrong)
            self.assertRaises(TypeError, process.usage, ["cpu_ns"])

    def test_fields_are_the_librarys(self):
        import ctypes

        from rresource._library import declare, quick, text

        name = declare(quick, "rr_usage_field_name", ctypes.c_char_p, ctypes.c_size_t)
        count = declare(quick, "rr_usage_field_count", ctypes.c_size_t)
        self.assertEqual([text(name(i)) for i in range(count())], list(rresource.Usage._fields[:16]))

    def test_since(self):
        start = rresource.usage()
        bytearray(32 << 20)
        sum(range(300_000))
        end = rresource.usage()
        used = end.since(start)
        self.assertEqual(used.cpu_ns, end.cpu_ns - start.cpu_ns)
        self.assertEqual(used.minor_faults, end.minor_faults - start.minor_faults)
        self.assertEqual(used.rss_bytes, end.rss_bytes)
        self.assertEqual(used.peak_is_bound, end.peak_is_bound)
        self.assertGreater(used.cpu_ns, 0)
        self.assertIsNone(end.since(rresource.usage("rss_bytes")).cpu_ns)
        self.assertRaises(OverflowError, start.since, end)

    def test_peak(self):
        shown = python(
            "data = bytearray(b'x') * (64 << 20); del data\n"
            "high = rresource.usage(); rresource.reset_peak(); low = rresource.usage()\n"
            "print(high.peak_rss_bytes > 64 << 20, low.peak_rss_bytes < 40 << 20, low.rss_bytes <= low.peak_rss_bytes)"
        )
        self.assertEqual(shown, "True True True\n")

    def test_rusage(self):
        for who in ("SELF", "CHILDREN", "BOTH", "THREAD"):
            self.assertIs(type(rresource.getrusage(who)), rresource.compat.struct_rusage)
        for wrong in ("self", "", 0, None):
            self.assertRaises(ValueError, rresource.getrusage, wrong)
        rusage = os.wait4(os.spawnv(os.P_NOWAIT, "/bin/true", ["true"]), 0)[2]
        usage = rresource.usage_from_rusage(rusage)
        self.assertEqual(usage.peak_rss_bytes, rusage.ru_maxrss * 1024)
        self.assertTrue(usage.peak_is_bound)
        self.assertEqual(usage.user_ns, round(rusage.ru_utime * 1e6) * 1000)
        self.assertIsNone(usage.rss_bytes)
        self.assertRaises(ValueError, rresource.usage_from_rusage, rresource.struct_rusage((-1.0, *[0] * 15)))


if __name__ == "__main__":
    unittest.main()
