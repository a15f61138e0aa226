// Captures the output of a program that may use 1 s of processor time.
#include <fcntl.h>
#include <iostream>
#include <string>
#include <unistd.h>

#include <rresource.hpp>

int main(int argc, char **argv) try {
    using namespace rresource;
    int ends[2];
    if (argc < 2 || pipe(ends) != 0)
        return 2;
    // The program gets the writing end as descriptor 1 only.
    for (int end : ends)
        fcntl(end, F_SETFD, FD_CLOEXEC);
    command program(argv[1]);
    for (int i = 2; i < argc; i++)
        program.arg(argv[i]);
    child started = program.dup2(ends[1], STDOUT_FILENO).limit(resources::cpu, {1, 1}).spawn();
    close(ends[1]);
    std::string output;
    char buffer[4096];
    for (ssize_t length; (length = read(ends[0], buffer, sizeof buffer)) > 0;)
        output.append(buffer, static_cast<std::size_t>(length));
    close(ends[0]);
    const outcome ended = started.wait();
    std::cout << output.size() << " bytes: " << output << "(exit status " << ended.exit_code << ")\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
