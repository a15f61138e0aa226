# Raises the limit on open files, runs a program under limits, and shows what it used.
require "rresource"

files, = RResource.raise_rlimit(:NOFILE, 4096)
outcome = RResource.run("sort", "--output=/dev/null", "/etc/passwd", limits: { cpu: [1, 2], nofile: 64 })
used = outcome.usage
puts "#{files} files here; #{outcome}: #{(used.cpu * 1000).round(3)} ms of processor time, #{used.peak_rss / 1024} KiB"
