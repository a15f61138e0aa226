# Completion of the command rresource for bash(1).

_rresource_limits() {
    local names
    names=$(rresource limits 2>/dev/null | awk 'NR > 1 { print tolower($1) "=" }')
    COMPREPLY=($(compgen -W "$names" -- "$1"))
    compopt -o nospace 2>/dev/null
}

_rresource_processes() {
    COMPREPLY=($(compgen -W "$(ps -eo pid= 2>/dev/null)" -- "$1"))
}

# The position of the program in a command line of run or bench; 0 if it is not there yet.
_rresource_program() {
    local at
    for ((at = 2; at < COMP_CWORD; at++)); do
        case ${COMP_WORDS[at]} in
        --) echo $((at + 1)); return ;;
        -l | --limit | -t | --timeout | -k | --kill-after | --cpu-time | --memory | -o | --output | -n | --runs | -w | --warmup) at=$((at + 1)) ;;
        # bash splits NAME=VALUE into three words.
        = | -*) ;;
        *)
            [[ ${COMP_WORDS[at + 1]} == = || ${COMP_WORDS[at - 1]} == = ]] || { echo "$at"; return; } ;;
        esac
    done
    echo 0
}

_rresource() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} subcommand=${COMP_WORDS[1]} options program
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "run bench limits set check bounds usage top --help --version" -- "$word"))
        return
    fi
    case $subcommand in
    run) options="-l --limit -t --timeout -k --kill-after --tree --cpu-time --memory -o --output --json -h --help" ;;
    bench) options="-n --runs -w --warmup -s --show-output --json -h --help" ;;
    bounds) options="-a --all --json -h --help" ;;
    usage) options="-w --watch --json -h --help" ;;
    top) options="-o --over --json -h --help" ;;
    limits | set | check) options="--json -h --help" ;;
    *) return ;;
    esac
    if [[ $subcommand == run || $subcommand == bench ]]; then
        program=$(_rresource_program)
        if ((program > 0 && program < COMP_CWORD)); then
            COMPREPLY=($(compgen -f -- "$word"))
            return
        elif ((program == COMP_CWORD)); then
            COMPREPLY=($(compgen -c -- "$word"))
            return
        fi
    fi
    case $subcommand$before in
    run-l | run--limit) _rresource_limits "$word"; return ;;
    run-o | run--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
    run-[tk] | run--timeout | run--kill-after | run--cpu-time | usage-w | usage--watch)
        COMPREPLY=($(compgen -W "1s 10s 1min 1h" -- "$word")); return ;;
    run--memory) COMPREPLY=($(compgen -W "512M 1G 4G" -- "$word")); return ;;
    top-o | top--over) COMPREPLY=($(compgen -W "50% 80% 90%" -- "$word")); return ;;
    bench-[nw] | bench--runs | bench--warmup) return ;;
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
        return
    fi
    case $subcommand in
    run | bench) COMPREPLY=($(compgen -c -- "$word")) ;;
    limits | bounds | usage) _rresource_processes "$word" ;;
    set | check) if ((COMP_CWORD == 2)); then _rresource_processes "$word"; else _rresource_limits "$word"; fi ;;
    esac
}

complete -F _rresource rresource
