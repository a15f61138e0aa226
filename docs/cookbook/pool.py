"""Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
these are fewer than the machine has."""
import math

import rresource

threads = math.ceil(rresource.effective_bound("cpu").limit.processors)
memory = rresource.effective_bound("memory").room
# A quarter of what is left. The cache grows later, so what others use by then counts too.
cache = (memory.limit if memory.room is None else memory.room) // 4
print(f"{threads} threads, a cache of {cache >> 20} MiB")
