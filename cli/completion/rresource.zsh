#compdef rresource
# Completion of the command rresource for zsh(1).

_rresource_limits() {
    local -a names
    names=(${(f)"$(rresource limits 2>/dev/null | awk 'NR > 1 { print tolower($1) }')"})
    compadd -S = -- $names
}

_rresource() {
    local -a subcommands json help
    local context state state_descr line
    typeset -A opt_args
    subcommands=(
        'run:run a program under limits'
        'bench:measure a program over many runs'
        'limits:show every limit of a process'
        'set:set limits of a process, all or none'
        'check:predict whether limits would be refused'
        'bounds:show what really limits a process'
        'usage:show what a process uses'
        'top:list processes that are near a limit'
    )
    if (( CURRENT == 2 )); then
        _describe subcommand subcommands
        compadd -- --help --version
        return
    fi
    json='--json[print JSON]'
    help='(-h --help)'{-h,--help}'[print the help]'
    shift words
    (( CURRENT-- ))
    case $words[1] in
    run)
        _arguments -S $json $help \
            '*'{-l,--limit}'[set a limit of the program]:limit:_rresource_limits' \
            '(-t --timeout)'{-t,--timeout}'[end the program after this time]:duration:(1s 10s 1min 1h)' \
            '(-k --kill-after)'{-k,--kill-after}'[send SIGTERM first]:duration:(1s 10s)' \
            '--tree[end and measure everything that the program starts]' \
            '--cpu-time[limit the processor time of the tree]:duration:(1s 10s 1min 1h)' \
            '--memory[limit the memory of the tree]:size:(512M 1G 4G)' \
            '(-o --output)'{-o,--output}'[write the report to a file]:file:_files' \
            '(-):program:_command_names -e' '*::argument:_normal' ;;
    bench)
        _arguments -S $json $help \
            '(-n --runs)'{-n,--runs}'[number of runs]:number:' \
            '(-w --warmup)'{-w,--warmup}'[runs before, without measuring]:number:' \
            '(-s --show-output)'{-s,--show-output}'[let the programs read and write]' \
            '(-):program:_command_names -e' '*::argument:_normal' ;;
    limits) _arguments $json $help '1:process:_pids' ;;
    bounds) _arguments $json $help '(-a --all)'{-a,--all}'[show every bound]' '1:process:_pids' ;;
    usage)
        _arguments $json $help '(-w --watch)'{-w,--watch}'[repeat until the process ends]:interval:(1s 10s 1min)' \
            '1:process:_pids' ;;
    top) _arguments $json $help '(-o --over)'{-o,--over}'[share from which on]:percentage:(50% 80% 90%)' ;;
    set | check) _arguments $json $help '1:process:_pids' '*:limit:_rresource_limits' ;;
    esac
}

_rresource "$@"
