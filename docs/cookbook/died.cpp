// Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
// ended.
#include <chrono>
#include <csignal>
#include <iostream>

#include <rresource.hpp>

int main(int argc, char **argv) try {
    using namespace rresource;
    if (argc < 2)
        return 2;
    command program(argv[1]);
    for (int i = 2; i < argc; i++)
        program.arg(argv[i]);
    program.limit(resources::cpu, {1, 2}).limit(resources::as, {512u << 20, 512u << 20});
    child started = program.spawn();
    std::optional<outcome> ended = started.wait_for(std::chrono::seconds(60));
    if (!ended) {
        started.kill(SIGKILL);
        started.wait();
        std::cout << "no time left\n";
    } else if (auto limit = ended->limit_reached()) {
        std::cout << "limit " << ::rr_resource_name(limit->id()) << ": " << ::rr_resource_summary(limit->id()) << '\n';
    } else if (ended->oom == RR_OOM_YES) {
        std::cout << "out of memory\n";
    } else if (ended->signal) {
        std::cout << "signal " << ended->signal << '\n';
    } else {
        std::cout << "exit status " << ended->exit_code << '\n';
    }
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
