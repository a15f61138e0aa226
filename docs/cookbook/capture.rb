# Captures the output of a program that may use 1 s of processor time.
require "rresource"

text, outcome = RResource.capture(*ARGV, limits: { cpu: 1 })
puts "#{text.bytesize} bytes: #{text}(exit status #{outcome.exitstatus})"
