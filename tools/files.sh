#!/bin/sh
# Lists the files of the project without those of a build, each name with a NUL at its end. In a clone git lists them.
#
#   files.sh PROJECT
set -eu

cd "$1"
if [ "$(git rev-parse --show-cdup 2>/dev/null || echo none)" = "" ]; then
    # A file that was deleted from the work tree only is omitted.
    git ls-files -z --cached --others --exclude-standard |
        xargs -0 sh -c 'for file in "$@"; do [ ! -e "$file" ] || printf "%s\\0" "$file"; done' sh
else
    find . \( -path ./target -o -path ./tests/target -o -path ./fuzz/target -o -path ./vendor \) -prune -o -type f -print0
fi
