# Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
# ended.
require "rresource"

outcome = RResource.run(*ARGV, limits: { cpu: [1, 2], as: "512M" }, timeout: 60)
if outcome.timed_out? then puts "no time left"
elsif outcome.limit then puts "limit #{outcome.limit}: #{RResource.resource(outcome.limit).summary}"
elsif outcome.oom == :yes then puts "out of memory"
elsif outcome.signaled? then puts "signal #{outcome.termsig}"
else puts "exit status #{outcome.exitstatus}"
end
