"""Everything public says what it does, and has a type."""

import inspect
import typing
import unittest

import rresource
from rresource import compat

CLASSES = [
    value for value in vars(rresource).values() if inspect.isclass(value) and value.__module__.startswith("rresource.")
]


def functions():
    for name in rresource.__all__:
        value = getattr(rresource, name)
        if inspect.isfunction(value):
            yield name, value
    for module in (compat,):
        for name, value in vars(module).items():
            if inspect.isroutine(value) and not name.startswith("_"):
                yield f"compat.{name}", value
    for kind in CLASSES:
        for name, value in vars(kind).items():
            value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if inspect.isfunction(value) and not name.startswith("_"):
                yield f"{kind.__name__}.{name}", value


class Documented(unittest.TestCase):
    def test_all_is_all(self):
        public = {name for name, value in vars(rresource).items() if not name.startswith("_")}
        self.assertEqual(public | {"__version__"}, set(rresource.__all__))
        self.assertEqual(len(rresource.__all__), len(set(rresource.__all__)))

    def test_docstrings(self):
        self.assertGreater(len(CLASSES), 10)
        found = dict(functions())
        self.assertGreater(len(found), 45)
        bare = [name for name, value in found.items() if not value.__doc__]
        bare += [kind.__name__ for kind in CLASSES if not kind.__doc__]
        self.assertEqual(bare, [])

    def test_errors_are_named(self):
        """What has parameters can be given wrong ones."""
        silent = [
            name
            for name, value in functions()
            if len(inspect.signature(value).parameters) > name[:1].isupper()
            and not any(word in value.__doc__ for word in ("Error", "rrors as", "Expired"))
        ]
        self.assertEqual(silent, [])

    def test_types(self):
        """Those of the extension are in its stub, which mypy reads."""
        for name, value in functions():
            if inspect.isbuiltin(value):
                continue
            hints = typing.get_type_hints(value)
            self.assertIn("return", hints, name)


if __name__ == "__main__":
    unittest.main()
