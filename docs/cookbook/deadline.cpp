// Runs a program and all that it starts for at most 1 s. The tree ends as a whole, whatever sessions and groups its
// processes have made.
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
    child started = program.tree(RR_TREE_SUPERVISOR | RR_TREE_CGROUP).spawn();
    if (started.wait_for(std::chrono::seconds(1))) {
        std::cout << "ended\n";
    } else {
        started.kill(SIGKILL);
        started.wait();
        std::cout << "killed\n";
    }
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
