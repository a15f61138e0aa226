# Raises the soft limit on open files to 4096, or as close to it as this process may.
require "rresource"

soft, = RResource.raise_rlimit(:NOFILE, 4096)
puts "#{soft} files"
