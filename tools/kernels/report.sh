# Reports the results for each kernel: sourced by check-kernels, for the end of its run.
#
# shellcheck shell=bash

report() {
    local name passed failed skipped totals=(0 0 0)
    fail_where_much_was_skipped
    printf '\n%-14s %-32s %7s %9s %7s %7s %8s %5s\n' kernel release seconds processor passed failed skipped run
    for name in "${names[@]}"; do
        read -r passed failed skipped < <(counts_of "$name")
        printf '%-14s %-32s %7s %9s %7d %7d %8d %4d%%\n' "$name" "$(noted kernel)" "$(noted seconds)" "$(noted processor)" \
            "$passed" "$failed" "$skipped" "$(percent_run)"
        totals=($((totals[0] + passed)) $((totals[1] + failed)) $((totals[2] + skipped)))
    done
    for name in "${missing[@]}"; do
        printf '%-14s skipped: it could not be downloaded\n' "$name"
        totals[2]=$((totals[2] + 1))
    done
    if ((${#names[@]})); then
        report_programs
        report_skipped "${names[@]}"
        report_failed "${names[@]}"
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "${totals[@]}"
    ((totals[1] == 0))
}

noted() {
    sed -n "s/^$1 //p" "$found/results/$name"
}

# As root, which can do most.
percent_run() {
    awk '$1 == "program" && $2 == "root" { run += $4 + $5; all += $4 + $5 + $6 }
        END { print all ? int(100 * run / all) : 0 }' "$found/results/$name"
}

fail_where_much_was_skipped() {
    local name suite architecture package target cc
    for name in "${fetched[@]}"; do
        describe "$name"
        results=$found/results/$name
        case $architecture in
            i386 | armhf) ;;
            *) (($(percent_run) >= LEAST_PERCENT)) || failure "less than $LEAST_PERCENT% of the tests ran" ;;
        esac
    done
}

# A line for each program and user; passed/failed/skipped, a column for each kernel.
report_programs() {
    printf '\n%-24s' 'program'
    printf ' %14s' "${names[@]}"
    printf '\n'
    NAMES=${names[*]} awk '
        FNR == 1 { kernel = FILENAME; sub(".*/", "", kernel) }
        $1 == "program" {
            row = $3 ($2 == "root" ? "" : ", " $2)
            if (!(row in known)) { known[row] = 1; rows[++count] = row }
            cell[row, kernel] = $4 "/" $5 "/" $6
        }
        END {
            kernels = split(ENVIRON["NAMES"], names, " ")
            for (i = 1; i <= count; i++) {
                printf "%-24s", rows[i]
                for (k = 1; k <= kernels; k++) printf " %14s", cell[rows[i], names[k]]
                printf "\n"
            }
        }' "${names[@]/#/$found/results/}"
}
