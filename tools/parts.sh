#!/bin/sh
# The closing lines of `make test`: the counts of each part. Fails if a part did not come to its end or, with the
# variable CI set, if a part was skipped completely.
#
#   parts.sh FOLDER PART...   each part has left a file of its name there: passed and skipped
set -eu

folder=$1
shift
passed=0 failed=0 skipped=0
printf '\n%-12s %6s %7s\n' part passed skipped
for part in "$@"; do
    if [ -f "$folder/$part" ]; then
        read -r part_passed part_skipped <"$folder/$part"
        printf '%-12s %6d %7d\n' "$part" "$part_passed" "$part_skipped"
        passed=$((passed + part_passed)) skipped=$((skipped + part_skipped))
        if [ "$part_passed" -eq 0 ] && [ -n "${CI:-}" ]; then
            echo "$part was skipped completely: with CI set this is a failure"
            failed=$((failed + 1))
        fi
    else
        printf '%-12s did not come to its end\n' "$part"
        failed=$((failed + 1))
    fi
done
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
