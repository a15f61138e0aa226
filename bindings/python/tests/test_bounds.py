"""The bounds of a process, compared with the interpreter's own numbers."""

import os
import subprocess
import sys
import unittest

import rresource
from rresource import Source
from tests.support import python

KINDS = ["memory", "swap", "cpu", "tasks", "files"]


class Bounds(unittest.TestCase):
    def test_tightest_first(self):
        for kind in KINDS:
            bounds = rresource.bounds(kind)
            self.assertEqual([bound.limit for bound in bounds], sorted(bound.limit for bound in bounds))
            for bound in bounds:
                self.assertEqual(bound.kind, kind)
                self.assertEqual(str(bound), bound.text)
                self.assertEqual(bound.resource is not None, bound.source is Source.RLIMIT)
                self.assertEqual(bound.used is None, bound.room is None)
                if bound.room is not None:
                    self.assertEqual(bound.room, max(0, bound.limit - bound.used + bound.reclaimable))

    def test_effective(self):
        for kind in KINDS:
            effective = rresource.effective_bound(kind)
            tightest = [bound.limit for bound in rresource.bounds(kind) if bound.source is not Source.CGROUP_HIGH][0]
            self.assertEqual(effective.limit.limit, tightest)

    def test_the_machine(self):
        machine = {kind: [b for b in rresource.bounds(kind) if b.source is Source.MACHINE][0] for kind in ("memory", "cpu")}
        self.assertEqual(machine["memory"].limit, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        self.assertEqual(machine["cpu"].processors, os.sysconf("SC_NPROCESSORS_ONLN"))
        self.assertEqual(rresource.effective_bound("cpu").room, rresource.effective_bound("cpu").limit)
        with self.assertRaises(ValueError):
            machine["memory"].processors

    def test_a_limit(self):
        line = python(
            "import resource\n"
            "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
            "bound = rresource.effective_bound('files').limit\n"
            "print(bound.resource, bound.limit, bound.room == 64 - bound.used, bound)"
        )
        self.assertRegex(line, r"^NOFILE 64 True open files: 64 \(RLIMIT_NOFILE\), [0-9]+ left\n$")

    def test_another_process(self):
        code = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (77, 77)); print(flush=True); input()"
        child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with child, rresource.Process(child.pid) as process:
            child.stdout.readline()
            self.assertEqual(process.effective_bound("files").limit.limit, 77)
            self.assertIn(77, [bound.limit for bound in process.bounds("files")])
            child.kill()
            child.wait()
            with self.assertRaises(ProcessLookupError):
                process.bounds("memory")
            with self.assertRaises(ProcessLookupError):
                process.effective_bound("memory")

    def test_what_is_refused(self):
        for ask in (rresource.bounds, rresource.effective_bound):
            with self.assertRaisesRegex(ValueError, "memory, swap, cpu, tasks, files"):
                ask("nonsense")


if __name__ == "__main__":
    unittest.main()
