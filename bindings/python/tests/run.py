"""Runs the tests and counts them: python3 -m tests.run, or for the interpreter's own --stand-in.

A line for each skip, and one with the counts at the end. With --except=test_leaks all but those of that file. With --stand-in the interpreter's own tests of what uses the
module `resource` run with rresource.compat in its place; they come with the interpreter, or as a separate package
(on Debian libpython3.11-testsuite and its successors).
"""

import pathlib
import sys
import time
import unittest

# All of test_resource; os.wait3 and os.wait4 make their result of the module's struct_rusage; selectors raise NOFILE.
INTERPRETERS_OWN = [
    "test.test_resource",
    "test.test_wait3",
    "test.test_wait4",
    "test.test_selectors.PollSelectorTestCase.test_above_fd_setsize",
    "test.test_selectors.EpollSelectorTestCase.test_above_fd_setsize",
]


class Result(unittest.TextTestResult):
    """Counts tests, and prints which ones take long."""

    passed = 0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def stopTest(self, test):
        seconds = time.monotonic() - self.began
        if seconds >= 5:
            self.stream.writeln(f"{seconds:5.1f} s  {test.id()}")
        super().stopTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.stream.writeln(f"skip {test.id()}: {reason}")


def stand_in():
    from rresource import compat

    sys.modules["resource"] = compat
    suite = unittest.defaultTestLoader.loadTestsFromNames(INTERPRETERS_OWN)
    import test.test_resource
    import test.test_selectors

    assert test.test_resource.resource is compat and test.test_selectors.resource is compat
    return suite


def main(arguments):
    if arguments == ["--stand-in"]:
        suite = stand_in()
    else:
        folder = pathlib.Path(__file__).parent
        left_out = {argument.split("=")[1] for argument in arguments if argument.startswith("--except=")}
        given = [argument for argument in arguments if not argument.startswith("--")]
        names = given or sorted(f"tests.{path.stem}" for path in folder.glob("test_*.py") if path.stem not in left_out)
        suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    runner = unittest.TextTestRunner(sys.stdout, resultclass=Result, verbosity=0, warnings="error")
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"{result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return failed > 0 or not result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
