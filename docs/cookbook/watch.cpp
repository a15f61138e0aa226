// Watches a process until it ends, and reports each limit of which it uses 80% or more, once.
#include <chrono>
#include <iostream>
#include <set>
#include <string>
#include <thread>

#include <rresource.hpp>

int main(int argc, char **argv) try {
    using namespace rresource;
    if (argc < 2)
        return 2;
    process watched(std::stoi(argv[1]));
    std::set<int> reported;
    for (std::error_code ended; watched.check(ended), !ended; std::this_thread::sleep_for(std::chrono::milliseconds(100)))
        for (const rr_rlimit_entry &entry : watched.getrlimits(ended)) {
            const std::uint64_t soft = entry.limits.rlim_cur;
            const resource which(entry.resource);
            const rr_resource about = which.describe();
            std::error_code unknown;
            const std::uint64_t used = watched.used(which, unknown);
            if (unknown || soft == unlimited || used == 0 || used * 10 < soft * 8 || about.unit == RR_UNIT_PRIORITY ||
                (about.flags & RR_RESOURCE_UNENFORCED) || !reported.insert(entry.resource).second)
                continue;
            std::cout << ::rr_resource_name(entry.resource) << ": " << (soft ? 100 * used / soft : 100) << '%' << std::endl;
        }
    std::cout << "ended\n";
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
