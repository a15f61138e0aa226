"""rresource.compat beside the standard module, call by call."""

import copy
import inspect
import os
import pickle
import random
import resource as standard
import subprocess
import sys
import unittest
import warnings

from rresource import compat

LIMITS = sorted({getattr(standard, name) for name in dir(standard) if name.startswith("RLIMIT_")})
TAKES_NONE = sys.version_info >= (3, 12)


def public(module):
    return {name for name in dir(module) if not name.startswith("_")}


def answer(call, *arguments):
    """What a call gives, or what it raises, to be compared."""
    try:
        return call(*arguments)
    except ValueError as error:
        return ValueError, str(error)
    except OSError as error:
        return type(error), error.errno, str(error)
    except (TypeError, OverflowError) as error:  # their texts are the argument parser's
        return type(error)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Subclass(int):
    pass


class Names(unittest.TestCase):
    def test_the_same_names(self):
        self.assertEqual(public(compat), public(standard))

    def test_the_same_constants(self):
        constants = {name for name in public(standard) if name.isupper()}
        self.assertGreater(len(constants), 15)
        for name in sorted(constants):
            self.assertEqual(getattr(compat, name), getattr(standard, name), name)
            self.assertIs(type(getattr(compat, name)), int)
        self.assertIs(compat.error, OSError)

    def test_the_same_signatures(self):
        for name in ("getrlimit", "getrusage", "setrlimit", "getpagesize"):
            ours = inspect.signature(getattr(compat, name))
            theirs = inspect.signature(getattr(standard, name))
            self.assertEqual(list(ours.parameters), list(theirs.parameters))
            self.assertEqual(
                [parameter.kind for parameter in ours.parameters.values()],
                [parameter.kind for parameter in theirs.parameters.values()],
            )


class Usage(unittest.TestCase):
    def test_is_what_the_system_says(self):
        for who in (standard.RUSAGE_SELF, standard.RUSAGE_CHILDREN, standard.RUSAGE_THREAD):
            before, ours, after = standard.getrusage(who), compat.getrusage(who), standard.getrusage(who)
            self.assertTrue(
                all(low <= value <= high for low, value, high in zip(before, ours, after)), (before, ours, after)
            )
            self.assertEqual([type(value) for value in ours], [type(value) for value in before])

    def test_times_are_the_same_floats(self):
        """Of the children, which stand still; many times, for few numbers are rounded differently."""
        for _ in range(40):
            subprocess.run(["true"], check=True)
            ours, theirs = (module.getrusage(module.RUSAGE_CHILDREN) for module in (compat, standard))
            self.assertEqual(tuple(ours), tuple(theirs))
        self.assertGreater(compat.getrusage(compat.RUSAGE_CHILDREN).ru_minflt, 0)

    def test_is_a_struct_sequence(self):
        ours, theirs = compat.getrusage(0), standard.getrusage(0)
        for attribute in ("n_fields", "n_sequence_fields", "n_unnamed_fields", "__match_args__"):
            self.assertEqual(getattr(ours, attribute, None), getattr(theirs, attribute, None), attribute)
        names = [name for name in dir(theirs) if name.startswith("ru_")]
        self.assertEqual(len(names), 16)
        self.assertEqual([name for name in dir(ours) if name.startswith("ru_")], names)
        self.assertEqual(len(ours), 16)
        self.assertEqual(ours[2:5], (ours.ru_maxrss, ours.ru_ixrss, ours.ru_idrss))
        self.assertIs(type(ours[:]), tuple)
        self.assertEqual(ours[-1], ours.ru_nivcsw)
        self.assertTrue(isinstance(ours, tuple) and hash(ours) == hash(tuple(ours)))
        with self.assertRaises((AttributeError, TypeError)):
            ours.ru_maxrss = 1
        with self.assertRaises(TypeError):
            ours[0] = 1

    def test_is_shown_alike(self):
        values = tuple(range(16))
        self.assertEqual(repr(compat.struct_rusage(values)), repr(standard.struct_rusage(values)))
        for wrong in ((), range(15), range(17), 5, "x"):
            self.assertEqual(answer(compat.struct_rusage, wrong), answer(standard.struct_rusage, wrong))

    def test_is_pickled_and_copied(self):
        ours = compat.getrusage(0)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(ours, protocol))
            self.assertEqual(again, ours)
            self.assertIs(type(again), compat.struct_rusage)
        self.assertEqual(copy.deepcopy(ours), ours)

    def test_serves_os_wait4(self):
        """os.wait4 makes its result of the type that it finds in the module `resource`."""
        code = (
            "import sys, rresource.compat as compat; sys.modules['resource'] = compat\n"
            "import os, gc\n"
            "pid = os.spawnv(os.P_NOWAIT, '/bin/true', ['true'])\n"
            "waited, status, usage = os.wait4(pid, 0)\n"
            "assert type(usage) is compat.struct_rusage and len(usage) == 16, usage\n"
            "assert usage.ru_maxrss > 0, usage\n"
            "gc.collect(); print(usage)"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertIn("resource.struct_rusage(ru_utime=", shown.stdout)


class Randomised(unittest.TestCase):
    """The same arguments to both; what changes a limit puts the process into the same state for both."""

    ROUNDS = 20_000

    def setUp(self):
        self.random = random.Random(20_240_229)
        warnings.simplefilter("error", DeprecationWarning)
        self.addCleanup(warnings.resetwarnings)

    def pick_resource(self):
        return self.random.choice(
            [
                *LIMITS * 3,
                *(-1, 16, 17, 255, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 2**32 + 7, 2**64 + 7, -(2**70)),
                *(True, Index(7), Subclass(7), Index(99)),
                *(7.0, "7", None, b"7", [7], (7,), Index("7"), object()),
            ]
        )

    def pick_value(self, now):
        return self.random.choice(
            [
                now,
                now,
                *(0, 1, 1024, now - 1, now + 1, -1, 2**31, 2**32, 2**63 - 1),
                *(2**63, 2**64 - 1, 2**64, -2, -(2**63), -(2**63) - 1, 10**50),
                *(Index(4096), Subclass(4096), True),
                *("4096", None, b"x", []),
            ]
        )

    def pick_limits(self, now):
        soft, hard = self.pick_value(now[0]), self.pick_value(now[1])
        return self.random.choice(
            [
                *[(soft, hard)] * 6,
                *([soft, hard], iter([soft, hard]), range(2), {1: 2, 3: 4}),
                *((), (soft,), (soft, hard, hard), 5, None, "ab", "abc", object()),
            ]
        )

    def test_getrlimit(self):
        for _ in range(self.ROUNDS):
            which = self.pick_resource()
            self.assertEqual(answer(compat.getrlimit, which), answer(standard.getrlimit, which), which)

    def test_getrusage(self):
        """The values go on between the two calls: compared is the kind of answer."""
        for _ in range(self.ROUNDS // 4):
            who = self.random.choice([-1, 0, 1, -2, -3, 2, 2**31, 2**40, True, Index(-1), 0.0, None, "0", []])
            ours, theirs = answer(compat.getrusage, who), answer(standard.getrusage, who)
            if isinstance(theirs, standard.struct_rusage):
                self.assertIsInstance(ours, compat.struct_rusage, who)
            else:
                self.assertEqual(ours, theirs, who)

    def test_numbers_of_arguments(self):
        for name in ("getrlimit", "setrlimit", "prlimit", "getrusage", "getpagesize"):
            for count in range(5):
                arguments = (0,) * count
                ours = answer(getattr(compat, name), *arguments)
                self.assertEqual(isinstance(ours, type), isinstance(answer(getattr(standard, name), *arguments), type))
                with self.assertRaises(TypeError):
                    getattr(compat, name)(resource=7)

    def in_children(self, name):
        """In two processes of their own, for what is lowered cannot be raised again."""
        seeds = [self.random.randrange(2**32) for _ in range(12)]
        for seed in seeds:
            shown = [
                subprocess.run(
                    [sys.executable, "-c", f"from tests import test_compat; test_compat.{name}({module!r}, {seed})"],
                    cwd=os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                    capture_output=True,
                    text=True,
                )
                for module in ("rresource.compat", "resource")
            ]
            self.assertEqual(shown[0].returncode, 0, shown[0].stderr)
            self.assertEqual(shown[0].stdout, shown[1].stdout, f"seed {seed}")
            self.assertGreater(shown[0].stdout.count("\n"), 300)

    def test_setrlimit(self):
        self.in_children("set_at_random")

    def test_prlimit(self):
        self.in_children("prlimit_at_random")


#: Limits that a low value of does not keep the interpreter from going on.
HARMLESS = ["CORE", "LOCKS", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME", "SIGPENDING", "NPROC", "MEMLOCK", "RSS"]


def sequences(seed):
    case = Randomised()
    case.random = random.Random(seed)
    harmless = [getattr(standard, "RLIMIT_" + name) for name in HARMLESS if hasattr(standard, "RLIMIT_" + name)]
    for _ in range(400):
        which = case.pick_resource()
        if which in LIMITS:
            which = case.random.choice(harmless)
        known = type(which) is int and which in LIMITS
        # What an object of class Index would do to open files is harmful too.
        yield case, (which if known or not isinstance(which, (int, Index)) else 99), standard.getrlimit(
            which if known else 0
        )


def set_at_random(module, seed):
    """Prints what every call answers, and the limits after it."""
    __import__(module)
    tested = sys.modules[module]
    for case, which, now in sequences(seed):
        limits = case.pick_limits(now)
        given = answer(tested.setrlimit, which, limits)
        print(
            which if isinstance(which, int) else type(which),
            given,
            standard.getrlimit(which) if which in LIMITS else "",
        )


def prlimit_at_random(module, seed):
    """Prints what every call answers."""
    __import__(module)
    tested = sys.modules[module]
    for case, which, now in sequences(seed):
        pid = case.random.choice([0, 0, os.getpid(), -1, 2**22 + 1, 1.0, "1", None, 2**80])
        limits = case.pick_limits(now)
        arguments = (pid, which, limits)
        if limits is None and not TAKES_NONE or case.random.random() < 0.2:
            arguments = arguments[:2]
        print(answer(tested.prlimit, *arguments), standard.getrlimit(which) if which in LIMITS else "")


class OfOtherProcesses(unittest.TestCase):
    def test_errors(self):
        with self.assertRaises(ProcessLookupError):
            compat.prlimit(2**22 + 1, compat.RLIMIT_NOFILE)
        with self.assertRaisesRegex(ValueError, "^invalid resource specified$"):
            compat.prlimit(2**22 + 1, 99)
        with self.assertRaises(OverflowError):
            compat.prlimit(2**40, compat.RLIMIT_NOFILE)
        self.assertEqual(compat.prlimit(0, compat.RLIMIT_NOFILE, None), compat.getrlimit(compat.RLIMIT_NOFILE))

    @unittest.skipUnless(os.getuid() == 0, "needs root to become another user")
    def test_of_another_user(self):
        code = (
            "import os, rresource.compat as compat\n"
            "os.setgid(65534); os.setuid(65534)\n"
            "try: compat.prlimit(os.getppid(), 7)\n"
            "except PermissionError as error: print(error.errno)"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(shown.stdout, "1\n", shown.stderr)

    @unittest.skipUnless(os.getuid() == 0, "needs root to become another user")
    def test_raising_a_hard_limit(self):
        code = (
            "import os, rresource.compat as compat\n"
            "compat.setrlimit(compat.RLIMIT_CORE, (0, 0)); os.setgid(65534); os.setuid(65534)\n"
            "for call in (lambda: compat.setrlimit(compat.RLIMIT_CORE, (0, 1)), lambda: compat.prlimit(0, compat.RLIMIT_CORE, (0, 1))):\n"
            "    try: call()\n"
            "    except (ValueError, PermissionError) as error: print(type(error).__name__, error)"
        )
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(
            shown.stdout,
            "ValueError not allowed to raise maximum limit\nPermissionError [Errno 1] Operation not permitted\n",
            shown.stderr,
        )


class Audited(unittest.TestCase):
    def test_the_same_events(self):
        code = (
            "import sys, {module} as tested\n"
            "sys.addaudithook(lambda event, given: event.startswith('resource.') and print(event, given))\n"
            "limits = tested.getrlimit(7); tested.setrlimit(7, limits)\n"
            "tested.prlimit(0, 7); tested.prlimit(0, 7, limits)\n"
            "try: tested.setrlimit(7, 'no limits')\n"
            "except ValueError: pass\n"
            "try: tested.setrlimit(99, limits)\n"
            "except ValueError: pass"
        )
        shown = [
            subprocess.run(
                [sys.executable, "-c", code.format(module=module)], capture_output=True, text=True, check=True
            )
            for module in ("rresource.compat", "resource")
        ]
        self.assertEqual(shown[0].stdout, shown[1].stdout)
        self.assertEqual(shown[0].stdout.count("\n"), 4)


class Generations(unittest.TestCase):
    """How limits are numbers: before Python 3.14, in 3.14, and since 3.15. What the others answer, this interpreter
    shows once it says that it is one of them."""

    SET = (
        "import asyncio, ctypes, dataclasses, selectors, subprocess, sys, warnings\n"
        "warnings.simplefilter('error')\n"
        "class Version(tuple): major, minor, micro = {0}, {1}, 0\n"
        "sys.version_info = Version(({0}, {1}, 0, 'final', 0))\n"
        "import rresource.compat as tested\n"
        "def answer(*values):\n"
        "    try:\n"
        "        tested.setrlimit(tested.RLIMIT_CORE, values)\n"
        "        return tested.getrlimit(tested.RLIMIT_CORE)\n"
        "    except (ValueError, OverflowError, Warning) as error: return type(error).__name__\n"
        "infinity = tested.RLIM_INFINITY\n"
        "for value in ({0}, infinity, -1, 2**63 + 5, 2**64 - 1, 2**64, -2, -2**63, -2**70): print(answer(value, infinity))\n"
        "print(answer(9, 2**63 + 5)); print(tested.prlimit(0, tested.RLIMIT_CORE), hasattr(tested, 'RLIM_SAVED_CUR'))"
    )

    def answers(self, minor):
        code = self.SET.format(3, minor)
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        return shown.stdout.splitlines()

    def test_signed(self):
        self.assertEqual(
            self.answers(13),
            ["(3, -1)", "(-1, -1)", "(-1, -1)", *["OverflowError"] * 3, "(-2, -1)", f"({-(2**63)}, -1)", "OverflowError"]
            + ["OverflowError", f"({-(2**63)}, -1) False"],
        )

    def test_unsigned_except_infinity(self):
        self.assertEqual(
            self.answers(14),
            ["(3, -1)", "(-1, -1)", "(-1, -1)", f"({2**63 + 5}, -1)", "(-1, -1)", "OverflowError", *["ValueError"] * 3]
            + [f"(9, {2**63 + 5})", f"(9, {2**63 + 5}) False"],
        )

    def test_unsigned(self):
        infinity = 2**64 - 1
        self.assertEqual(
            self.answers(15),
            [f"(3, {infinity})", f"({infinity}, {infinity})", "DeprecationWarning", f"({2**63 + 5}, {infinity})"]
            + [f"({infinity}, {infinity})", "OverflowError", *["ValueError"] * 3]
            + [f"(9, {2**63 + 5})", f"(9, {2**63 + 5}) True"],
        )


if __name__ == "__main__":
    unittest.main()
