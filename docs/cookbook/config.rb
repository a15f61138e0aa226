# Sets the limits that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment.
require "rresource"

lines = File.readlines(ARGV.fetch(0)).map { |line| line.sub(/#.*/, "").strip }.reject(&:empty?)
limits = lines.to_h { |line| line.split("=", 2).then { |name, value| [name.upcase, value] } }
begin
  RResource.setrlimits(limits)
rescue ArgumentError, SystemCallError => e
  abort "#{ARGV[0]}: #{e.message}"
end
limits.each_key { |name| puts "#{name}=#{RResource.format_rlimit(name, *RResource.getrlimit(name))}" }
