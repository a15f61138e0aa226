# Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
# of output, and has to print what is expected.
#
#     judge INPUT EXPECTED program arguments...
require "rresource"
require "tempfile"

input, expected, *program = ARGV
limits = { cpu: [1, 2], as: "256M", fsize: "1M", core: 0 }
Tempfile.create("judge") do |output|
  outcome = RResource.run(*program, limits: limits, timeout: 3, pgroup: true, in: input, out: output)
  verdict =
    if outcome.timed_out? || outcome.limit == :CPU then "time limit exceeded"
    elsif outcome.limit == :FSIZE then "output limit exceeded"
    elsif !outcome.success? then "runtime error"
    elsif File.binread(output.path) == File.binread(expected) then "accepted"
    else "wrong answer"
    end
  used = outcome.usage
  puts format("%s (%.0f ms, %.1f MiB)", verdict, used.cpu * 1000, used.peak_rss / 1_048_576.0)
end
