// Sizes a thread pool by the processors, and a cache by the memory, that this process may really use: in a container
// these are fewer than the machine has.
#include <cmath>
#include <iostream>

#include <rresource.hpp>

int main() try {
    using namespace rresource;
    process self;
    const bound processors = self.effective_bound(bound_kind::cpu).limit;
    const bound memory = self.effective_bound(bound_kind::memory).room;
    // A quarter of what is left. The cache grows later, so what others use by then counts too.
    const std::uint64_t cache = (memory.has(RR_BOUND_USED_KNOWN) ? memory.room : memory.limit) / 4;
    std::cout << std::ceil(processors.processors()) << " threads, a cache of " << (cache >> 20) << " MiB\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
