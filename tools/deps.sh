#!/bin/sh
# What the build, the demo, the tests and the measurements need.
#
#   deps.sh install      brings what is missing through apt where that is possible, else says how
#   deps.sh check test   a line for each command that is missing for it, and fails
#   deps.sh python NAME  prints a Python that has that module: the first in PATH, or the system's
set -eu

# For whom, what has to be there, Debian's packages: a command, or a library: python3:NAME, ruby:NAME.
NEEDS='build cc gcc
build cargo cargo
build objcopy binutils
demo pkg-config pkg-config
bindings python3 python3
bindings go golang-go
bindings ruby ruby
bindings ruby:ffi ruby-ffi
measure psutil python3-psutil
test c++ g++
test clang clang
test valgrind valgrind
test cmake cmake
test abidw abigail-tools
test abidiff abigail-tools
test man man-db
test mandoc mandoc
test python3:test.test_resource libpython3*-testsuite
test mypy mypy
test pyproject-build python3-build python3-setuptools python3-wheel
test ruby:minitest ruby-minitest'

has() {
    case "$1" in
    go) command -v go >/dev/null 2>&1 && go_is_recent ;;
    psutil) python_with psutil >/dev/null ;;
    python3:*) python3 -c "import ${1#python3:}" >/dev/null 2>&1 ;;
    ruby:*) ruby -r"${1#ruby:}" -e '' >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# What apt brings only the system's Python has.
python_with() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c "import $1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    return 1
}

# Since 1.21 Go gives children back the limit on open files that it raises for itself.
go_is_recent() {
    minor=$(go env GOVERSION) && minor=${minor#go1.} && [ "${minor%%.*}" -ge 21 ] 2>/dev/null
}

# What the package brings may be too old.
say_how_to_renew() {
    if command -v go >/dev/null 2>&1 && ! go_is_recent; then
        echo "Go has to be 1.21 or later, and here is $(go version): take it from https://go.dev/dl or your system's backports" >&2
    fi
}

install_missing() {
    packages=
    while read -r _ command package; do
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
    elif has apt-get && [ "$(id -u)" -eq 0 ]; then
        apt-get -qq update
        # shellcheck disable=SC2086 # one word for each package
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $packages >/dev/null
        echo "installed$packages"
        say_how_to_renew
    else
        echo "to install what is missing: sudo apt-get install$packages (or your system's names for them)"
    fi
}

# Each purpose needs what the ones before it need, but that the tests leave the measuring to the benches.
check() {
    case "$1" in
    build) purposes=' build ' ;;
    demo) purposes=' build demo ' ;;
    bench) purposes=' build demo bindings measure ' ;;
    *) purposes=' build demo bindings test ' ;;
    esac
    missing=0
    while read -r purpose command package; do
        case "$purposes" in *" $purpose "*) ;; *) continue ;; esac
        if ! has "$command"; then
            echo "$1 needs $command (Debian's package $package): \`make deps\` brings it" >&2
            missing=1
        fi
    done <<EOF
$NEEDS
EOF
    [ "$missing" -eq 0 ] || say_how_to_renew
    return "$missing"
}

case "${1:-}" in
install) install_missing ;;
check) check "$2" ;;
python) python_with "$2" ;;
*) echo "usage: deps.sh install | check build|demo|test|bench | python NAME" >&2; exit 2 ;;
esac
