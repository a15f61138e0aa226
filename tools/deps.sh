#!/bin/sh
# What the build, the demo, the tests and the measurements need.
#
# deps.sh install [FOR...]   installs what is missing through apt, or prints how to install it; for what is
# named in addition: debian deps.sh check FOR          prints each command that is missing for it, and fails
# deps.sh python NAME        prints a Python that has that module: the first in PATH, or the system's
#
#   CARGO, RUSTC   the commands of Rust, where they are not cargo and rustc
set -eu

# `rust-version` in Cargo.toml, and the Go that the package in bindings/go needs.
RUST_MINOR=85
GO_MINOR=21

# Purpose, requirement, Debian's packages: a command, or a library: python3:NAME, ruby:NAME.
NEEDS='build cc gcc
build cargo cargo
build rustc rustc
build objcopy binutils
demo pkg-config pkg-config
bindings python3 python3
bindings go golang-go
bindings ruby ruby
bindings ruby:ffi ruby-ffi
measure psutil python3-psutil
measure gnuplot gnuplot-nox
test c++ g++
test clang clang
test valgrind valgrind
test cmake cmake
test abidw abigail-tools
test abidiff abigail-tools
test man man-db
test mandoc mandoc
test python3:test.test_resource libpython3*-testsuite
test luajit luajit
test php php-cli
test python:cffi python3-cffi
test perl perl
test perl:FFI::Platypus libffi-platypus-perl
test mypy mypy
test pyproject-build python3-build python3-setuptools python3-wheel
test python-headers python3-dev
test python3:ensurepip python3-venv
test ruby:minitest ruby-minitest
debian mmdebstrap mmdebstrap
debian unshare util-linux'

has() {
    case "$1" in
    go) command -v go >/dev/null 2>&1 && go_is_recent ;;
    # Perhaps followed by a word, as in cargo +nightly.
    cargo) is_recent_rust "$(${CARGO:-cargo} --version 2>/dev/null)" ;;
    rustc) is_recent_rust "$(${RUSTC:-rustc} --version 2>/dev/null)" ;;
    psutil) python_with 'import psutil' >/dev/null ;;
    python-headers) python_with 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' >/dev/null ;;
    python:*) python_with "import ${1#python:}" >/dev/null ;;
    python3:*) python3 -c "import ${1#python3:}" >/dev/null 2>&1 ;;
    perl:*) perl -M"${1#perl:}" -e 1 >/dev/null 2>&1 ;;
    ruby:*) ruby -r"${1#ruby:}" -e '' >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Only the system's Python has what apt installs.
python_with() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c "$1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    return 1
}

# Since 1.21 Go restores in children the limit on open files that it raises for itself.
go_is_recent() {
    minor=$(go env GOVERSION) && minor=${minor#go1.} && [ "${minor%%.*}" -ge "$GO_MINOR" ] 2>/dev/null
}

# Of "cargo 1.85.0 (d73d2caf9 2024-12-31)".
is_recent_rust() {
    minor=${1#* 1.} && [ "${minor%%.*}" -ge "$RUST_MINOR" ] 2>/dev/null
}

# The installed version may be too old, and so may be the package's.
say_how_to_renew() {
    if command -v go >/dev/null 2>&1 && ! go_is_recent; then
        echo "Go has to be 1.$GO_MINOR or later, but this is $(go version): install it from https://go.dev/dl or your system's backports" >&2
    fi
    for tool in cargo rustc; do
        if ! has "$tool"; then
            [ "$tool" = cargo ] && command=${CARGO:-cargo} || command=${RUSTC:-rustc}
            there=$($command --version 2>/dev/null) && [ -n "$there" ] && there="this is $there" || there="$command does not run"
            echo "Rust has to be 1.$RUST_MINOR or later, but $there: install it from https://rustup.rs or your system's backports" >&2
            [ -z "${SUDO_USER:-}" ] || echo "sudo may hide the Rust of $SUDO_USER: run \`make\` as that user, then \`sudo make install\`" >&2
            return
        fi
    done
}

# A Rust that is too old is of no use, and would hide one that the user has elsewhere or installs later.
brings_recent_rust() {
    version=$(apt-cache show --no-all-versions rustc 2>/dev/null | sed -n 's/^Version: //p')
    is_recent_rust "rustc $version"
}

install_missing() {
    purposes=" build demo bindings measure test $* "
    packages=
    while read -r purpose command package; do
        case "$purposes" in *" $purpose "*) ;; *) continue ;; esac
        if has "$command"; then
            echo "found $command: $(command -v "${command%:*}")"
        else
            echo "missing $command"
            packages="$packages $package"
        fi
    done <<EOF
$NEEDS
EOF
    if [ -z "$packages" ]; then
        return
    fi
    if has apt-get && [ "$(id -u)" -eq 0 ]; then
        apt-get -qq update
    fi
    case "$packages" in *' cargo'* | *' rustc'*)
        if has apt-cache && ! brings_recent_rust; then
            packages=$(printf '%s' "$packages" | sed 's/ cargo//; s/ rustc//')
        fi ;;
    esac
    if [ -z "$packages" ]; then
        say_how_to_renew
    elif has apt-get && [ "$(id -u)" -eq 0 ]; then
        # shellcheck disable=SC2086 # one word for each package
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $packages >/dev/null
        echo "installed$packages"
        say_how_to_renew
    else
        echo "to install what is missing, run: sudo apt-get install$packages (the names may differ on your system)"
    fi
}

# Each purpose needs what the ones before it need, except that the tests do not need the tools for measuring.
check() {
    case "$1" in
    build) purposes=' build ' ;;
    demo) purposes=' build demo ' ;;
    bench) purposes=' build demo bindings measure ' ;;
    debian) purposes=' build debian ' ;;
    *) purposes=' build demo bindings test ' ;;
    esac
    for=
    [ "$1" != debian ] || for=" FOR=$1"
    missing=0
    while read -r purpose command package; do
        case "$purposes" in *" $purpose "*) ;; *) continue ;; esac
        if ! has "$command"; then
            echo "$1 needs $command (Debian's package $package): install it with \`make deps$for\`" >&2
            missing=1
        fi
    done <<EOF
$NEEDS
EOF
    [ "$missing" -eq 0 ] || say_how_to_renew
    return "$missing"
}

case "${1:-}" in
install) shift && install_missing "$@" ;;
check) check "$2" ;;
python) python_with "import $2" ;;
*) echo "usage: deps.sh install [debian] | check build|demo|test|bench|debian | python NAME" >&2; exit 2 ;;
esac
