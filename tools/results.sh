# The results of several targets or kernels: counts, failures and reasons for skips, one file for each.
# Sourced by check-targets and check-kernels. Callers that find something set $results, that file.
#
# shellcheck shell=bash

readonly LOG_TAIL=15

# ---- Inside the root -----------------------------------------------------------------------------

count() {
    printf 'count %d %d %d\n' "$1" "$2" "$3" >>"$results"
}

failure() {
    count 0 1 0
    printf 'fail %s\n' "$1" >>"$results"
}

# Runs a command whose output goes to the log, and keeps the line with the reason of a failure.
logged() {
    local output status=0
    output=$("$@" 2>&1) || status=$?
    say "$output"
    first_error=$(grep -m 1 'error' <<<"$output") || first_error="status $status"
    return "$status"
}

# ---- Outside -------------------------------------------------------------------------------------

begin_results() {
    found=$1
    shift
    rm -rf "$found/results" "$found/logs"
    mkdir -p "$found/results" "$found/logs"
    local logs=("${@/#/$found/logs/}")
    touch "${@/#/$found/results/}" "${logs[@]/%/.log}"
}

# A target that did not finish or has no test has failed.
counts_of() {
    awk '$1 == "count" { passed += $2; failed += $3; skipped += $4 }
        $1 == "end" { ended = 1 }
        END { print passed + 0, failed + (!ended || passed + failed == 0), skipped + 0 }' "$found/results/$1"
}

# Each reason once, with the targets or kernels that reported it.
report_skipped() {
    awk '
        FNR == 1 { name = FILENAME; sub(".*/", "", name) }
        $1 == "skip" && !seen[name, $0]++ {
            if (!($0 in where)) reasons[++count] = $0
            where[$0] = where[$0] " " name
        }
        END {
            if (count) print "\nskipped"
            for (i = 1; i <= count; i++) print "  " substr(reasons[i], 6) "\n     " where[reasons[i]]
        }' "${@/#/$found/results/}"
}

report_failed() {
    local name failed
    for name in "$@"; do
        read -r _ failed _ < <(counts_of "$name")
        ((failed)) || continue
        printf '\nFAILED %s\n' "$name"
        sed -n 's/^fail /  /p' "$found/results/$name"
        grep -q '^end' "$found/results/$name" || say "  it did not finish"
        say "  the end of $found/logs/$name.log:"
        tail -n "$LOG_TAIL" "$found/logs/$name.log" | sed 's/^/  | /'
    done
}
