# Completion of the command rresource for fish(1).

set -l subcommands run bench limits set check bounds usage top

function __rresource_limits
    rresource limits 2>/dev/null | awk 'NR > 1 { print tolower($1) "=" }'
end

complete -c rresource -f
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a run -d 'Run a program under limits'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a bench -d 'Measure a program over many runs'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a limits -d 'Show every limit of a process'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a set -d 'Set limits of a process, all or none'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a check -d 'Predict whether limits would be refused'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a bounds -d 'Show what really limits a process'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a usage -d 'Show what a process uses'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -a top -d 'List processes that are near a limit'
complete -c rresource -n "not __fish_seen_subcommand_from $subcommands" -l version -d 'Print the version'
complete -c rresource -s h -l help -d 'Print the help'
complete -c rresource -n "__fish_seen_subcommand_from $subcommands" -l json -d 'Print JSON'

complete -c rresource -n '__fish_seen_subcommand_from run' -s l -l limit -x -a '(__rresource_limits)' -d 'Set a limit of the program'
complete -c rresource -n '__fish_seen_subcommand_from run' -s t -l timeout -x -d 'End the program after this time'
complete -c rresource -n '__fish_seen_subcommand_from run' -s k -l kill-after -x -d 'Send SIGTERM first'
complete -c rresource -n '__fish_seen_subcommand_from run' -l tree -d 'End and measure everything that the program starts'
complete -c rresource -n '__fish_seen_subcommand_from run' -l cpu-time -x -d 'Limit the processor time of the tree'
complete -c rresource -n '__fish_seen_subcommand_from run' -l memory -x -d 'Limit the memory of the tree'
complete -c rresource -n '__fish_seen_subcommand_from run' -s o -l output -r -F -d 'Write the report to a file'
complete -c rresource -n '__fish_seen_subcommand_from bench' -s n -l runs -x -d 'Number of runs'
complete -c rresource -n '__fish_seen_subcommand_from bench' -s w -l warmup -x -d 'Runs before, without measuring'
complete -c rresource -n '__fish_seen_subcommand_from bench' -s s -l show-output -d 'Let the programs read and write'
complete -c rresource -n '__fish_seen_subcommand_from run bench' -x -a '(__fish_complete_subcommand --fcs-skip=2)'
complete -c rresource -n '__fish_seen_subcommand_from limits bounds usage set check' -x -a '(__fish_complete_pids)'
complete -c rresource -n '__fish_seen_subcommand_from set check' -a '(__rresource_limits)'
complete -c rresource -n '__fish_seen_subcommand_from bounds' -s a -l all -d 'Show every bound'
complete -c rresource -n '__fish_seen_subcommand_from usage' -s w -l watch -x -d 'Repeat until the process ends'
complete -c rresource -n '__fish_seen_subcommand_from top' -s o -l over -x -d 'Share from which on a process is shown'
