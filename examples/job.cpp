// Raises the limit on open files, runs a program under limits, and shows what it used.
#include <chrono>
#include <iostream>

#include <rresource.hpp>

int main() try {
    using namespace rresource;
    const limits files = raise_limit(resources::nofile, 4096);
    const outcome ended = command("sort").arg("--output=/dev/null").arg("/etc/passwd")
                              .limit(resources::cpu, {1, 2}).limit(resources::nofile, {64, 64}).spawn().wait();
    const std::chrono::duration<double, std::milli> cpu = ended.used().cpu_time().value_or(std::chrono::nanoseconds(0));
    std::cout << files.rlim_cur << " files here; exit code " << ended.exit_code << ": " << cpu.count()
              << " ms of processor time, " << ended.used().peak_rss_bytes / 1024 << " KiB\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
