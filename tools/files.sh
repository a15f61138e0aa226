#!/bin/sh
# Lists what belongs to the project, and no build, each name with a NUL at its end: from git where this is a clone.
#
#   files.sh PROJECT
set -eu

cd "$1"
if [ "$(git rev-parse --show-cdup 2>/dev/null || echo none)" = "" ]; then
    # What git has, and the work tree has not any more, is left out.
    git ls-files -z --cached --others --exclude-standard |
        xargs -0 sh -c 'for file in "$@"; do [ ! -e "$file" ] || printf "%s\\0" "$file"; done' sh
else
    find . \( -path ./target -o -path ./tests/target -o -path ./fuzz/target -o -path ./vendor \) -prune -o -type f -print0
fi
