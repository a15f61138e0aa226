// Sets limits, the directory and the session of a program: what code between fork and exec does, without code in the
// child. The limits of this process do not change.
#include <iostream>

#include <rresource.hpp>

int main() try {
    using namespace rresource;
    const limits before = getrlimit(resources::nofile);
    command("sh")
        .arg("-c")
        .arg("echo \"$(ulimit -n) files, core $(ulimit -c), in $(pwd)\"")
        .limit(resources::nofile, {32, 32})
        .limit(resources::core, {0, 0})
        .directory("/")
        .new_session()
        .spawn()
        .wait();
    const limits after = getrlimit(resources::nofile);
    std::cout << (after.rlim_cur == before.rlim_cur ? "unchanged" : "changed") << " here\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
