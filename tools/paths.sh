#!/bin/sh
# Refuses paths that the tools of the build cannot handle, before the build starts. Prints the reason on one line.
#
#   paths.sh build PROJECT BUILD_FOLDER TARGET    prints nothing if they are usable; never fails, because make reads the output
#   paths.sh install NAME=FOLDER...               fails if one is not usable
#   paths.sh test FOLDER...                       the same
set -eu
LC_ALL=C
export LC_ALL

refuse() {
    echo "$1"
    exit "$status"
}

# make reads names of targets, and its $(shell) runs commands, in which these mean something else. In the
# project's own path they may be: there make sees relative paths only.
build() {
    project=$1 folder=$2 target=$3
    case $folder in
    *[!A-Za-z0-9/._+@=~-]*)
        refuse "CARGO_TARGET_DIR is \"$folder\": make allows only letters, digits and /._+@=~- in it; unset it to build in target/" ;;
    -*) refuse "CARGO_TARGET_DIR is \"$folder\": it must not begin with '-'; put ./ before it" ;;
    /*) ;;
    *) folder=$project/$folder ;;
    esac
    case $folder in
    *:*) refuse "Rust cannot build in \"$folder\": it reads ':' as the end of a path. Move the project, or set CARGO_TARGET_DIR to another folder" ;;
    *%*) refuse "Rust's linker cannot build in \"$folder\": it replaces '%' with other characters. Move the project, or set CARGO_TARGET_DIR to another folder" ;;
    esac
    case $target in
    *[!A-Za-z0-9._-]* | .*) refuse "TARGET is \"$target\": expected one of \`rustc --print target-list\`" ;;
    esac
}

# What pkg-config and CMake read back from their files.
install() {
    for variable in "$@"; do
        name=${variable%%=*} folder=${variable#*=}
        case $name=$folder in
        DESTDIR=*) continue ;;
        *=/* | prefix= | exec_prefix=) ;;
        *) refuse "$name is \"$folder\": it must begin with /" ;;
        esac
        case $folder in
        *[\"\\\$\`]*) refuse "$name is \"$folder\": pkg-config does not allow \" \\ \$ or \` in it" ;;
        esac
    done
}

# LD_LIBRARY_PATH, PYTHONPATH and the like, which the tests set.
search_path() {
    for folder in "$@"; do
        case $folder in
        *[:\;\$]*) refuse "programs cannot find a library or a module below \"$folder\": ':', ';' and '\$' have a special meaning in search paths. Move the project, or set CARGO_TARGET_DIR to another folder" ;;
        esac
    done
}

case "${1:-} $#" in
'build 4') status=0 && build "$2" "$3" "$4" ;;
'install '*) status=1 && shift && install "$@" >&2 ;;
'test '*) status=1 && shift && search_path "$@" >&2 ;;
*) echo "usage: paths.sh build PROJECT BUILD_FOLDER TARGET | install NAME=FOLDER... | test FOLDER..." >&2; exit 2 ;;
esac
