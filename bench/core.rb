# The calls of the Ruby gem compared with the same calls of Ruby itself, in one run: see core.c.
require "rresource"

ROUNDS = 201
CALLS = 1000

def nanoseconds
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  CALLS.times { yield }
  (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1e9 / CALLS
end

def median(values)
  values.sort[values.size / 2]
end

def compare(name, ours, rival, theirs)
  rounds = Array.new(ROUNDS) do |round|
    # The second one has warmer caches: they take turns.
    if round.even?
      mine = nanoseconds(&ours)
      other = nanoseconds(&theirs)
    else
      other = nanoseconds(&theirs)
      mine = nanoseconds(&ours)
    end
    [mine, mine / other]
  end
  printf("%-32s %8.1f ns   %5.2f of %s\n", name, median(rounds.map(&:first)), median(rounds.map(&:last)), rival)
end

soft, hard = Process.getrlimit(:NOFILE)
puts "Ruby: medians of #{ROUNDS} rounds of #{CALLS} calls"
compare("RResource.getrlimit", -> { RResource.getrlimit(:NOFILE) }, "Process.getrlimit", -> { Process.getrlimit(:NOFILE) })
compare("RResource.setrlimit", -> { RResource.setrlimit(:NOFILE, soft, hard) },
        "Process.setrlimit", -> { Process.setrlimit(:NOFILE, soft, hard) })
compare("RResource.getrusage(:BOTH)", -> { RResource.getrusage(:BOTH) }, "Process.times", -> { Process.times })
