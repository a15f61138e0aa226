#!/bin/sh
# What the demo, the tests and the measurements need beyond a C compiler, make and Rust.
#
#   deps.sh install      brings what is missing through apt where that is possible, else says how
#   deps.sh check demo   one line for each thing that is missing for it, and fails
set -eu

# for whom, the command that has to be there, Debian's package
needs() {
    cat <<'EOF'
demo cc gcc
demo cargo cargo
demo objcopy binutils
demo pkg-config pkg-config
test c++ g++
test clang clang
test valgrind valgrind
EOF
}

has() { command -v "$1" >/dev/null 2>&1; }

install_missing() {
    packages=
    while read -r _ command package; do
        if has "$command"; then
            echo "found $command: $(command -v "$command")"
        else
            echo "missing $command"
            packages="$packages $package"
        fi
    done <<EOF
$(needs)
EOF
    [ -n "$packages" ] || return 0
    if has apt-get && [ "$(id -u)" -eq 0 ]; then
        apt-get -qq update
        # shellcheck disable=SC2086 # one word for each package
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $packages >/dev/null
        echo "installed$packages"
    else
        echo "to install what is missing: sudo apt-get install$packages (or your system's names for them)"
    fi
}

# The demo's needs are everybody's.
check() {
    missing=0
    while read -r purpose command package; do
        case "$purpose" in demo | "$1") ;; *) continue ;; esac
        has "$command" && continue
        echo "make $1 needs the command $command (Debian: $package); \`make deps\` brings it" >&2
        missing=1
    done <<EOF
$(needs)
EOF
    return "$missing"
}

case "${1:-}" in
install) install_missing ;;
check) check "$2" ;;
*) echo "usage: deps.sh install | check demo|test|bench" >&2; exit 2 ;;
esac
