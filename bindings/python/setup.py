"""Builds the extension, with the library inside. pyproject.toml has the rest.

The library is built from the project's sources with make and cargo. The environment variable RRESOURCE_LIBRARY can name
one that is built: an archive, which becomes a part of the extension, or a shared object, which it then needs.
"""

import os
import pathlib
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

HERE = pathlib.Path(__file__).resolve().parent
#: The project: in a source distribution inside of this folder, in a clone around it.
PROJECT = HERE / "library" if (HERE / "library").is_dir() else HERE.parent.parent
#: What of it building the library needs.
PARTS = ["Cargo.lock", "Cargo.toml", "LICENSE", "Makefile", "build.rs", "include", "rresource.map", "src", "tools"]


def build_library(folder):
    """Builds the archive in a folder. Its launcher is embedded only, because a wheel installs no programs."""
    missing = [tool for tool in ("cargo", "make") if shutil.which(tool) is None]
    if missing:
        sys.exit(
            f"rresource is built from source here, which needs {' and '.join(missing)}: install Rust 1.85 or later "
            "(https://rustup.rs, or your system's packages rustc and cargo), make and a C compiler; or install a wheel, "
            "which needs none of them: pip install --only-binary rresource rresource"
        )
    # Relative, for make's rules cannot have a space in their paths.
    target = os.path.relpath(folder, PROJECT)
    command = ["make", "--silent", "library", "RRESOURCE_LAUNCHER=", f"CARGO_TARGET_DIR={target}"]
    subprocess.run(command, cwd=PROJECT, check=True)
    return os.path.join(folder, "ship", "librresource.a")


class Build(build_ext):
    def build_extension(self, extension):
        library = os.environ.get("RRESOURCE_LIBRARY") or build_library(os.path.abspath(self.build_temp))
        # All of an archive: ctypes calls functions that the extension itself does not.
        if sys.platform == "darwin" and library.endswith(".a"):
            whole = [f"-Wl,-force_load,{library}"]
        else:
            whole = ["-Wl,--whole-archive", library, "-Wl,--no-whole-archive"]
        extension.extra_link_args = [*whole, "-Wl,-S"]  # without the information for debuggers
        super().build_extension(extension)


class Source(sdist):
    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        library = pathlib.Path(base_dir) / "library"
        for name in PARTS:
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
            (library / name).parent.mkdir(parents=True, exist_ok=True)
            copy(PROJECT / name, library / name)
        # With the crate libc, so that it builds without network.
        if (PROJECT / "vendor").is_dir():
            shutil.copytree(PROJECT / "vendor", library / "vendor")
        else:
            command = ["cargo", "vendor", "--quiet", "--locked", "--manifest-path", str(PROJECT / "Cargo.toml")]
            subprocess.run([*command, str(library / "vendor")], check=True, stdout=subprocess.DEVNULL)


setup(
    ext_modules=[
        Extension(
            "rresource._native",
            ["src/_native.c"],
            include_dirs=[os.path.relpath(PROJECT / "include", HERE)],
            define_macros=[("Py_LIMITED_API", "0x03090000")],
            py_limited_api=True,
        )
    ],
    cmdclass={"build_ext": Build, "sdist": Source},
    options={"bdist_wheel": {"py_limited_api": "cp39"}},
)
