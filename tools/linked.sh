# Links for systems without another compiler here: sourced by check-targets. zig is a C compiler with the
# headers of FreeBSD, NetBSD and macOS, and with lists of what their libraries export.
#
# shellcheck shell=bash

readonly ZIG_VERSION=0.17.1

# ---- Outside -------------------------------------------------------------------------------------

make_zig() {
    make_directory "$cache/zig" "$ZIG_VERSION" fill_zig
}

fill_zig() {
    python3 -m pip --version >/dev/null 2>&1 || die "pip is missing: install it with sudo apt-get install python3-pip"
    say "Downloading zig."
    python3 -m pip install --quiet --no-deps --root-user-action ignore --target "$1" "ziglang==$ZIG_VERSION"
}

# ---- Inside the root -----------------------------------------------------------------------------

linked_target() {
    checked_target "$@"
    link_library && link_programs
}

# With the Makefile's own commands; binutils' ar supports these archives too.
link_library() {
    local entry
    for entry in "${LINKED[@]}"; do
        [[ ${entry%% *} != "$target" ]] || zig=(/cache/zig/ziglang/zig cc -target "${entry##* }")
    done
    export ZIG_GLOBAL_CACHE_DIR=/cache/targets/zig ZIG_LOCAL_CACHE_DIR=/cache/targets/zig
    if logged make --no-print-directory TARGET="$target" CC="${zig[*]}" AR=ar OBJCOPY=objcopy \
        CARGO_FLAGS=-Zbuild-std=core library; then
        count 1 0 0
    else
        failure "the library does not link: $first_error"
        return 1
    fi
}

link_programs() {
    local file name library
    library=$(find "$CARGO_TARGET_DIR/ship/$target" -maxdepth 1 -name 'librresource.*' ! -name '*.a')
    for file in c_tests/*.c; do
        name=$(basename "$file" .c)
        if logged "${zig[@]}" -O1 -pthread -Iinclude -Ic_tests "$file" "$library" -o "$CARGO_TARGET_DIR/program"; then
            count 1 0 0
        elif [[ $first_error == *"'sys/syscall.h' file not found"* ]]; then
            # The system has the header; zig does not.
            say "skip $name: zig has no <sys/syscall.h> for this system" >>"$results"
            count 0 0 1
        else
            failure "$name does not link: $first_error"
        fi
    done
}
