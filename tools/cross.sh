# The library for other targets, in the Debian root: sourced by check-targets and check-kernels, after
# debian-root.sh and results.sh. Callers set $target.
#
# shellcheck shell=bash

# ---- Outside -------------------------------------------------------------------------------------

# The library's crates and those of Rust's own core, for a root without network.
make_crates() {
    core=$root/usr/lib/rustlib/src/rust/library
    make_directory "$cache/crates" "$(cat "$source/Cargo.lock" "$core/Cargo.lock" | sha256sum)" fill_crates
}

fill_crates() {
    command -v cargo >/dev/null || die "cargo is missing: install Rust from https://rustup.rs"
    say "Downloading the crates."
    # Rust's own manifests use settings that only its developers' cargo accepts.
    (cd "$source" && RUSTC_BOOTSTRAP=1 cargo vendor --quiet --locked --versioned-dirs \
        --sync "$core/Cargo.toml" "$1/vendor" >/dev/null)
    printf '%s\n' '[source.crates-io]' 'replace-with = "vendored"' \
        '[source.vendored]' 'directory = "/cache/crates/vendor"' >"$1/config.toml"
}

# ---- Inside the root -----------------------------------------------------------------------------

# Core is built for each target, which only the compiler's developers are meant to do.
use_the_crates() {
    export RUSTC_BOOTSTRAP=1 CARGO_HOME=/cache/crates CARGO_NET_OFFLINE=true CARGO_BUILD_JOBS=1
    export CARGO_PROFILE_DEV_DEBUG=false
}

# The sources of another checkout may be older than the last build: the library is built again, and only core
# and the crates are kept.
forget_the_library() {
    mkdir -p "$CARGO_TARGET_DIR"
    rm -rf "$CARGO_TARGET_DIR/ship"
    find "$CARGO_TARGET_DIR" -path '*/.fingerprint/rresource-*' -prune -exec rm -r {} +
}

build_library() {
    local cc=$1
    make_launchers_core
    logged make --no-print-directory TARGET="$target" CC="$cc" CARGO_FLAGS=-Zbuild-std=core library && return
    failure "the library does not build: $first_error"
    return 1
}

# The launcher is compiled separately and needs a core that is built first, without compiler builtins, which it
# does not use.
make_launchers_core() {
    local machine=${target%%-*} core=/usr/lib/rustlib/src/rust/library/core sysroot=$CARGO_TARGET_DIR/core edition
    unset RRESOURCE_LAUNCHER_RUSTFLAGS
    case $machine in
        i686 | aarch64 | armv7 | riscv64gc | s390x) ;;
        *) return 0 ;; # the compiler's own core will do, or src/launcher has no assembly for it
    esac
    export RRESOURCE_LAUNCHER_RUSTFLAGS="--sysroot=$sysroot"
    local libraries=$sysroot/lib/rustlib/$target/lib
    [[ -f $libraries/libcompiler_builtins.rlib ]] && return
    mkdir -p "$libraries"
    edition=$(sed -n 's/^edition = "\(.*\)"/\1/p' "$core/Cargo.toml")
    logged rustc --edition "$edition" --crate-name core --crate-type rlib --cap-lints allow --target "$target" \
        -Cpanic=abort -Copt-level=s -o "$libraries/libcore.rlib" "$core/src/lib.rs" &&
        say '#![feature(compiler_builtins)] #![compiler_builtins] #![no_std]' |
        logged rustc --crate-name compiler_builtins --crate-type rlib --cap-lints allow --target "$target" \
            --sysroot "$sysroot" -Cpanic=abort -o "$libraries/libcompiler_builtins.rlib" - ||
        failure "core for the launcher does not build: $first_error"
}
