# Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither be
# killed by a signal nor run for ever.
require "rresource"

(3..16).each do |files|
  outcome = RResource.run(*ARGV, limits: { nofile: files }, timeout: 10)
  next unless outcome.signaled?

  puts "signal #{outcome.termsig} with #{files} descriptors"
  exit 1
end
puts "survives"
