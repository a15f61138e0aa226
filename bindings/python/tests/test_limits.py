"""Limits by name: read, set, many at once, explained, as text."""

import errno
import os
import random
import resource as standard
import unittest

import rresource
from rresource import INFINITY, Limits
from tests.support import python

NAMES = [name for name in dir(standard) if name.startswith("RLIMIT_")]


def unsigned(limits):
    return tuple(value & (2**64 - 1) for value in limits)


class Resources(unittest.TestCase):
    def test_are_those_of_the_system(self):
        resources = rresource.resources()
        self.assertEqual([resource.id for resource in resources], sorted(resource.id for resource in resources))
        numbers = {getattr(standard, name) for name in NAMES}
        self.assertLessEqual(numbers, {resource.id for resource in resources})
        self.assertIn("NOFILE", [resource.name for resource in resources])

    def test_by_every_name(self):
        expected = rresource.resource("NOFILE")
        self.assertEqual(expected.id, standard.RLIMIT_NOFILE)
        self.assertEqual(expected.unit, rresource.Unit.COUNT)
        self.assertEqual(expected.scope, rresource.Scope.PROCESS)
        self.assertTrue(expected.enforced)
        self.assertEqual(expected.summary, "open file descriptors")
        for name in (
            "nofile",
            "RLIMIT_NOFILE",
            "rlimit_nofile",
            "LimitNOFILE",
            "RR_RLIMIT_NOFILE",
            "OFILE",
            expected.id,
            expected,
        ):
            self.assertEqual(rresource.resource(name), expected, name)
        for name in NAMES:
            self.assertEqual(rresource.resource(name).id, getattr(standard, name))

    def test_what_is_kept_but_ignored(self):
        self.assertFalse(rresource.resource("RSS").enforced)

    def test_unknown_ones(self):
        for unknown in ("", "NOFILES", "NO\0FILE", "NOFILE\0", "ünbekannt", "\udcff", -1, 16, 2**31, 2**64 + 7, 10**40):
            for call in (rresource.resource, rresource.getrlimit, rresource.used, rresource.raise_limit):
                with self.assertRaises(ValueError, msg=repr(unknown)):
                    call(unknown)
            with self.assertRaises(ValueError):
                rresource.setrlimit(unknown, 1)
            with self.assertRaises(ValueError):
                rresource.prlimit(0, unknown)
        with self.assertRaisesRegex(ValueError, "'NOFILES'.*NOFILE,"):
            rresource.getrlimit("NOFILES")

    def test_what_is_no_name(self):
        for wrong in (None, 7.0, b"NOFILE", ["NOFILE"], ("NOFILE",), object()):
            for call in (rresource.resource, rresource.getrlimit, rresource.used, rresource.raise_limit):
                with self.assertRaises(TypeError, msg=repr(wrong)):
                    call(wrong)


class Reading(unittest.TestCase):
    def test_agrees_with_the_standard_module(self):
        for name in NAMES:
            number = getattr(standard, name)
            expected = unsigned(standard.getrlimit(number))
            for which in (name, name[len("RLIMIT_") :].lower(), number):
                limits = rresource.getrlimit(which)
                self.assertEqual(limits, expected)
                self.assertIs(type(limits), Limits)
            self.assertEqual(rresource.prlimit(0, name), expected)
            self.assertEqual(rresource.prlimit(os.getpid(), name), expected)
            self.assertEqual(rresource.getrlimits()[rresource.resource(name).name], expected)

    def test_none_is_the_largest(self):
        self.assertEqual(INFINITY, standard.RLIM_INFINITY & (2**64 - 1))
        self.assertGreaterEqual(INFINITY, max(limits.hard for limits in rresource.getrlimits().values()))

    def test_all(self):
        self.assertEqual(list(rresource.getrlimits()), [resource.name for resource in rresource.resources()])

    def test_prlimit_errors(self):
        with self.assertRaises(ProcessLookupError):
            rresource.prlimit(2**22 + 1, "NOFILE")
        with self.assertRaises(OverflowError):
            rresource.prlimit(2**32, "NOFILE")
        with self.assertRaises(TypeError):
            rresource.prlimit("1", "NOFILE")


class Setting(unittest.TestCase):
    def test_every_form(self):
        shown = python("""
            def show(limits):
                rresource.setrlimit("CORE", limits)
                print(*rresource.getrlimit("CORE"), end=";")
            for limits in ((4096, 65536), [1024, 65536], (2048, None), (None, 32768), (None, None), "1K:16K", "2K:", ":8K", "4K", 1000, (7, 900), "hard", True):
                show(limits)
            """.replace("\n            ", "\n"))
        self.assertEqual(
            shown,
            "4096 65536;1024 65536;2048 65536;2048 32768;2048 32768;1024 16384;2048 16384;2048 8192;4096 4096;"
            "1000 1000;7 900;900 900;1 1;",
        )

    def test_what_is_set_holds(self):
        shown = python(
            "rresource.setrlimit('NOFILE', (10, None))\n"
            "try:\n    files = [os.open('/dev/null', os.O_RDONLY) for _ in range(20)]\n"
            "except OSError as error: print(error.errno)"
        )
        self.assertEqual(shown, f"{errno.EMFILE}\n")

    def test_refusals_say_why(self):
        with self.assertRaisesRegex(ValueError, "^NOFILE: The soft limit is above the hard limit"):
            rresource.setrlimit("NOFILE", (5, 4))
        with self.assertRaisesRegex(PermissionError, "NOFILE: The hard limit is above the system's maximum") as caught:
            rresource.setrlimit("NOFILE", 2**62)
        self.assertEqual(caught.exception.errno, errno.EPERM)

    @unittest.skipUnless(os.getuid() == 0, "needs root to become another user")
    def test_without_privilege(self):
        shown = python(
            "rresource.setrlimit('CORE', 0); os.setgid(65534); os.setuid(65534)\n"
            "try: rresource.setrlimit('CORE', 1)\n"
            "except PermissionError as error: print(error)\n"
            "verdict = rresource.check_limit('CORE', 1); print(verdict.accepted, verdict.reason.name, verdict.ceiling)\n"
            "try: rresource.prlimit(os.getppid(), 'CORE')\n"
            "except PermissionError as error: print('other')"
        )
        self.assertRegex(
            shown, r"^\[Errno 1\] CORE: Raising a hard limit requires privilege.*\nFalse HARD_NEEDS_PRIVILEGE 0\nother\n$"
        )

    def test_wrong_values(self):
        for wrong in (1.5, None, b"1", object(), (1.0, 2), ("1", 2), (b"1", 2), {1, 2}):
            with self.assertRaises(TypeError, msg=repr(wrong)):
                rresource.setrlimit("CORE", wrong)
        for wrong in ((), (1,), (1, 2, 3), -2, (-2, 5), "", "x", "1 ", "5:4", "1\0", "٣", "\udcff", "1e3", 10**40 * -1):
            with self.assertRaises(ValueError, msg=repr(wrong)):
                rresource.setrlimit("CORE", wrong)
        for wrong in (2**64, 10**40, (0, 2**64)):
            with self.assertRaises(OverflowError, msg=repr(wrong)):
                rresource.setrlimit("CORE", wrong)
        with self.assertRaisesRegex(ValueError, "too large"):
            rresource.setrlimit("CORE", "99999999999999999999")

    def test_prlimit_gives_the_former(self):
        shown = python(
            "rresource.setrlimit('CORE', '1K:1M')\n"
            "print(*rresource.prlimit(os.getpid(), 'CORE', (None, 4096)), *rresource.getrlimit('CORE'))"
        )
        self.assertEqual(shown, "1024 1048576 1024 4096\n")

    def test_many_or_none(self):
        shown = python(
            "before = rresource.getrlimits()\n"
            "try: rresource.setrlimits({'CORE': 0, 'MSGQUEUE': (5, 4), 'NICE': 0})\n"
            "except ValueError as error: print(error)\n"
            "print(rresource.getrlimits() == before)\n"
            "rresource.setrlimits({'CORE': (1, 2), 'msgqueue': '3:', rresource.resource('NICE').id: 0})\n"
            "print(*rresource.getrlimit('CORE'), rresource.getrlimit('MSGQUEUE').soft, *rresource.getrlimit('NICE'))\n"
            "rresource.setrlimits({})"
        )
        self.assertEqual(shown, "MSGQUEUE: The soft limit is above the hard limit.\nTrue\n1 2 3 0 0\n")

    def test_one_given_twice(self):
        with self.assertRaisesRegex(ValueError, "NOFILE is given twice"):
            rresource.setrlimits({"NOFILE": 64, standard.RLIMIT_NOFILE: 64})

    def test_raise(self):
        shown = python(
            "rresource.setrlimit('NOFILE', (64, 1000))\n"
            "for wanted in (128, 32, '0', '256', 5000, rresource.INFINITY): print(*rresource.raise_limit('NOFILE', wanted), end=';')\n"
            "rresource.setrlimit('NOFILE', (64, None)); print(*rresource.raise_limit('NOFILE'))"
        )
        self.assertEqual(shown, "128 1000;128 1000;128 1000;256 1000;1000 1000;1000 1000;1000 1000\n")


class Temporary(unittest.TestCase):
    def test_put_back(self):
        before = rresource.getrlimits()
        with rresource.limits(NOFILE=64, CORE="hard") as during:
            self.assertEqual(during["NOFILE"], (64, before["NOFILE"].hard))
            self.assertEqual(rresource.getrlimit("NOFILE"), during["NOFILE"])
            self.assertEqual(rresource.getrlimit("CORE"), (before["CORE"].hard,) * 2)
        self.assertEqual(rresource.getrlimits(), before)

    def test_put_back_after_an_exception(self):
        before = rresource.getrlimits()
        with self.assertRaises(KeyError):
            with rresource.limits({standard.RLIMIT_NOFILE: 64}):
                raise KeyError
        self.assertEqual(rresource.getrlimits(), before)

    def test_nested_and_as_a_decorator(self):
        @rresource.limits(NOFILE=100)
        def soft():
            with rresource.limits(NOFILE="50"):
                inner = rresource.getrlimit("NOFILE").soft
            return inner, rresource.getrlimit("NOFILE").soft

        before = rresource.getrlimits()
        self.assertEqual([soft(), soft()], [(50, 100)] * 2)
        self.assertEqual(rresource.getrlimits(), before)

    def test_all_or_none(self):
        before = rresource.getrlimits()
        if before["NOFILE"].hard == INFINITY:
            self.fail("NOFILE has a hard limit on every Linux")
        with self.assertRaises(ValueError):
            with rresource.limits(CORE=0, NOFILE=before["NOFILE"].hard + 1):
                self.fail("not reached")
        self.assertEqual(rresource.getrlimits(), before)

    def test_wrong_arguments(self):
        for wrong, kind in (
            ({"NOFILES": 1}, ValueError),
            ({"CORE": "1:2"}, ValueError),
            ({"CORE": (1, 2)}, TypeError),
            ({"CORE": None}, TypeError),
        ):
            with self.assertRaises(kind):
                with rresource.limits(wrong):
                    self.fail("not reached")
        with self.assertRaisesRegex(ValueError, "twice"):
            with rresource.limits({"CORE": 0}, core=0):
                self.fail("not reached")


class Explained(unittest.TestCase):
    def test_verdicts(self):
        limits = rresource.getrlimit("NOFILE")
        accepted = rresource.check_limit("NOFILE", (1, limits.hard))
        self.assertTrue(accepted.accepted)
        self.assertEqual(accepted.reason, rresource.Reason.NONE)
        self.assertGreaterEqual(accepted.ceiling, limits.hard)
        refused = rresource.check_limit("NOFILE", (5, 4))
        self.assertFalse(refused.accepted)
        self.assertEqual(refused.reason, rresource.Reason.SOFT_ABOVE_HARD)
        self.assertIn("soft limit", refused.text)
        self.assertEqual(rresource.getrlimit("NOFILE"), limits)

    def test_used(self):
        before = rresource.used("NOFILE")
        files = [os.open("/dev/null", os.O_RDONLY) for _ in range(10)]
        self.assertEqual(rresource.used("NOFILE"), before + 10)
        for file in files:
            os.close(file)
        self.assertGreater(rresource.used("AS"), 2**20)
        self.assertIsNone(rresource.used("FSIZE"))
        self.assertIsNone(rresource.used("NPROC"))


class Text(unittest.TestCase):
    def test_parse(self):
        for name, text, expected in (
            ("AS", "8M", (8 << 20, 8 << 20)),
            ("AS", "4K:unlimited", (4096, INFINITY)),
            ("CPU", "1h30min", (5400, 5400)),
            ("NOFILE", "1024:4096", (1024, 4096)),
            ("NICE", "-5", (25, 25)),
        ):
            self.assertEqual(rresource.parse_limits(name, text), expected)
        self.assertEqual(rresource.parse_limits("AS", ":2M", (1, INFINITY)), (1, 2 << 20))
        self.assertEqual(rresource.parse_limits("AS", "hard", (1, 77)), (77, 77))
        for wrong in ("", "8M ", "5:4", "0x10", "8Q", "1\0"):
            self.assertRaises(ValueError, rresource.parse_limits, "AS", wrong)
        for wrong in (b"8M", 8, None):
            self.assertRaises(TypeError, rresource.parse_limits, "AS", wrong)

    def test_format_reads_back(self):
        choose = random.Random(7)
        for _ in range(2000):
            resource = choose.choice(rresource.resources())
            soft, hard = sorted(
                choose.choice((choose.getrandbits(64), choose.getrandbits(20) << 20, choose.getrandbits(8), INFINITY))
                for _ in range(2)
            )
            text = rresource.format_limits(resource, (soft, hard))
            self.assertEqual(rresource.parse_limits(resource, text, (0, 0)), (soft, hard), (resource.name, text))
        self.assertEqual(rresource.format_limits("AS", (8 << 20, -1)), "8M:unlimited")
        self.assertRaises(ValueError, rresource.format_limits, "AS", (5, 4))


if __name__ == "__main__":
    unittest.main()
