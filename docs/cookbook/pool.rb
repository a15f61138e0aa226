# Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
# these are fewer than the machine has.
require "rresource"

processors, = RResource.effective_bound(:cpu)
_, memory = RResource.effective_bound(:memory)
# A quarter of what is left. The cache grows later, so what others use by then counts too.
cache = (memory.room || memory.limit) / 4
puts "#{processors.processors.ceil} threads, a cache of #{cache >> 20} MiB"
