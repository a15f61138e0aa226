// Raises the soft limit on open files to 4096, or as close to it as this process may.
#include <iostream>

#include <rresource.hpp>

int main() try {
    std::cout << rresource::raise_limit(rresource::resources::nofile, 4096).rlim_cur << " files\n";
} catch (const std::system_error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
