# Follows the list "A new system" of README.md in a copy of the source: sourced by check-targets.
#
# shellcheck shell=bash

# A copy of the source in folder $1, to which the system of tests/new_system is added under Rust's name $2.
add_system() {
    local copy=$1 system=$2
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r Cargo.toml Cargo.lock build.rs src "$copy"
    cp tests/new_system/catalog.rs "$copy/src/catalog/$system.rs"
    sed -i "0,/^#\[cfg(target_os = \"freebsd\")\]/s//#[cfg(target_os = \"$system\")]\nmod $system;\n#[cfg(target_os = \"$system\")]\nuse $system as system;\n&/" \
        "$copy/src/catalog/mod.rs"
    cp tests/new_system/sys.rs "$copy/src/sys/$system.rs"
    sed -i "s/^#\[cfg_attr(target_os = \"freebsd\".*/#[cfg_attr(target_os = \"$system\", path = \"$system.rs\")]\n&/" \
        "$copy/src/sys/mod.rs"
}
