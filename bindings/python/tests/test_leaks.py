"""100,000 calls leave no descriptor and no memory behind; and threads do not get in each other's way."""

import contextlib
import os
import resource as standard
import threading
import unittest

import rresource
from rresource import compat
from tests.support import leaked

CALLS = 100_000
#: Programs started; each is some hundred calls of the system.
STARTS = 4_000
#: What a quarter may add to the resident set: 16 bytes for each of CALLS. No less for fewer, for some kernels count the
#: pages by processor, and are dozens of them off.
RESIDENT = 400 << 10


def refused(call, *arguments):
    with contextlib.suppress(ValueError, OSError, TypeError):
        call(*arguments)
        raise AssertionError("not refused")


class Leaks(unittest.TestCase):
    def holds(self, call, times=CALLS):
        descriptors, objects, resident = leaked(call, times)
        self.assertEqual(descriptors, 0)
        self.assertLess(objects, times / 20)  # far below one for each call
        self.assertLess(resident, RESIDENT)

    def test_compat(self):
        pair = compat.getrlimit(compat.RLIMIT_CORE)

        def call():
            compat.getrlimit(compat.RLIMIT_NOFILE)
            compat.setrlimit(compat.RLIMIT_CORE, pair)
            compat.prlimit(0, compat.RLIMIT_NOFILE)
            compat.prlimit(0, compat.RLIMIT_CORE, pair)
            compat.getrusage(compat.RUSAGE_SELF)
            refused(compat.getrlimit, 99)
            refused(compat.setrlimit, compat.RLIMIT_CORE, (5, 4))
            refused(compat.prlimit, 2**22 + 1, compat.RLIMIT_CORE)

        self.holds(call)

    def test_limits(self):
        def call():
            rresource.getrlimit("NOFILE")
            rresource.setrlimit("CORE", (None, None))
            rresource.used("CPU")
            rresource.getrlimits()
            rresource.check_limit("NOFILE", "5:6")
            rresource.format_limits("AS", "8M")
            with rresource.limits(CORE="hard"):
                pass
            refused(rresource.getrlimit, "NOFILES")
            refused(rresource.setrlimit, "CORE", (5, 4))

        self.holds(call, CALLS // 10)  # ten calls each time

    def test_usage(self):
        def call():
            usage = rresource.usage("cpu_ns", "rss_bytes")
            usage.since(usage)
            rresource.getrusage("BOTH")
            refused(rresource.usage, "nonsense")

        self.holds(call)

    def test_handles(self):
        parent = os.getppid()

        def call():
            process = rresource.Process(parent)  # closed when it is forgotten
            process.usage("cpu_ns")
            with rresource.Process() as caller:
                caller.getrlimit("NOFILE")
            refused(rresource.Process, 2**22 + 1)

        self.holds(call)

    def test_usage_through_one_handle(self):
        with rresource.Process(os.getppid()) as process:
            self.holds(lambda: process.usage("cpu_ns", "rss_bytes"))

    def test_commands(self):
        command = rresource.Command(
            ["true"], limits={"NOFILE": 64}, env={"A": "b"}, cwd="/", stdin=rresource.PIPE, stdout=rresource.PIPE
        )
        self.holds(lambda: command.run(input=b"x"), STARTS)

    def test_commands_that_cannot_begin(self):
        command = rresource.Command(
            ["/none"], limits={"NOFILE": 64}, env={"A": "b"}, stdin=rresource.PIPE, stdout=rresource.PIPE
        )
        self.holds(lambda: refused(command.run), STARTS)

    def test_commands_that_cannot_be_told(self):
        command = rresource.Command(["x"] * 5, limits={"NOFILE": (5, 4)}, env={"A": "b"}, stdin=rresource.PIPE)
        self.holds(lambda: refused(command.run), CALLS)


class Threads(unittest.TestCase):
    def test_each_has_its_own_answers(self):
        """Buffers that threads shared would mix the resources up."""
        numbers = [getattr(standard, name) for name in dir(standard) if name.startswith("RLIMIT_")]
        expected = {number: standard.getrlimit(number) for number in numbers}
        named = rresource.getrlimits()
        wrong = []

        def body(offset):
            with rresource.Process(os.getppid()) as process:
                for turn in range(3000):
                    number = numbers[(turn + offset) % len(numbers)]
                    if compat.getrlimit(number) != expected[number]:
                        wrong.append(number)
                    name = rresource.resource(number).name
                    if rresource.getrlimit(name) != named[name] or process.getrlimit(name) is None:
                        wrong.append(name)
                    if not process.usage("cpu_ns").cpu_ns:
                        wrong.append("usage")

        threads = [threading.Thread(target=body, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
