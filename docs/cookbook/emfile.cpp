// Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither be
// killed by a signal nor run for ever.
#include <chrono>
#include <csignal>
#include <iostream>

#include <rresource.hpp>

int main(int argc, char **argv) try {
    using namespace rresource;
    if (argc < 2)
        return 2;
    for (std::uint64_t files = 3; files <= 16; files++) {
        command program(argv[1]);
        for (int i = 2; i < argc; i++)
            program.arg(argv[i]);
        child started = program.limit(resources::nofile, {files, files}).spawn();
        std::optional<outcome> ended = started.wait_for(std::chrono::seconds(10));
        if (!ended) {
            started.kill(SIGKILL);
            ended = started.wait();
        }
        if (ended->signal) {
            std::cout << "signal " << ended->signal << " with " << files << " descriptors\n";
            return 1;
        }
    }
    std::cout << "survives\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
