// Sets the limits that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <rresource.hpp>

int main(int argc, char **argv) try {
    using namespace rresource;
    std::ifstream file(argc > 1 ? argv[1] : "");
    std::vector<rr_rlimit_entry> entries;
    for (std::string line; std::getline(file, line);) {
        line.erase(std::min(line.find_first_of("# "), line.size()));
        if (line.empty())
            continue;
        const std::size_t equals = std::min(line.find('='), line.size() - 1);
        const resource which = resource::by_name(line.substr(0, equals));
        entries.push_back({which.id(), 0, parse_limits(which, line.substr(equals + 1), getrlimit(which))});
    }
    process().setrlimits(entries.data(), entries.size());
    for (const rr_rlimit_entry &entry : entries) {
        const limit_text text = format_limits(resource(entry.resource), entry.limits);
        std::cout << ::rr_resource_name(entry.resource) << '=' << std::string_view(text) << '\n';
    }
    return entries.empty();
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
