// Raises the limit on open files as far as this process may, and shows the result.
#include <iostream>
#include <system_error>

#include <rresource.hpp>

int main() {
    const rresource::resource nofile = rresource::resources::nofile;
    try {
        const rresource::limits limits = rresource::raise_limit(nofile, rresource::unlimited);
        std::cout << nofile.summary() << ": " << limits.rlim_cur << '\n';
    } catch (const std::system_error &error) {
        std::cerr << nofile.summary() << ": " << error.what() << '\n';
        return 1;
    }
}
