# Runs a program and what it starts for at most 1 s. All of them are in one process group, which ends as a whole.
require "rresource"

outcome = RResource.run(*ARGV, pgroup: true, timeout: 1)
puts outcome.timed_out? ? "killed" : "ended"
