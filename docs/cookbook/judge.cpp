// Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
// of output, and has to print what is expected.
//
//     judge INPUT EXPECTED program arguments...
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <rresource.hpp>

static std::string content(std::FILE *file) {
    std::string text;
    std::rewind(file);
    for (int byte; (byte = std::fgetc(file)) != EOF;)
        text += static_cast<char>(byte);
    return text;
}

int main(int argc, char **argv) try {
    using namespace rresource;
    std::FILE *input = argc > 3 ? std::fopen(argv[1], "re") : nullptr, *output = std::tmpfile();
    if (!input || !output)
        return 2;
    std::ifstream file(argv[2]);
    const std::string expected{std::istreambuf_iterator<char>(file), {}};
    command program(argv[3]);
    for (int i = 4; i < argc; i++)
        program.arg(argv[i]);
    program.limit(resources::cpu, {1, 2}).limit(resources::as, {256 << 20, 256 << 20}).limit(resources::core, {0, 0});
    program.limit(resources::fsize, {1 << 20, 1 << 20}).new_group();
    program.dup2(fileno(input), 0).dup2(fileno(output), 1);
    child started = program.spawn();
    std::optional<outcome> ended = started.wait_for(std::chrono::seconds(3));
    const bool timed_out = !ended;
    if (timed_out) {
        started.kill(SIGKILL);
        ended = started.wait();
    }
    const char *verdict = timed_out || ended->limit == RR_RLIMIT_CPU ? "time limit exceeded"
                          : ended->limit == RR_RLIMIT_FSIZE          ? "output limit exceeded"
                          : !ended->success()                        ? "runtime error"
                          : content(output) == expected              ? "accepted"
                                                                     : "wrong answer";
    const usage used = ended->used();
    std::printf("%s (%.0f ms, %.1f MiB)\n", verdict, static_cast<double>(used.cpu_ns) / 1e6,
                static_cast<double>(used.peak_rss_bytes) / 1048576);
} catch (const std::system_error &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
