// Shared by the tests of rresource.hpp, in addition to ../c_tests/check.h.
#ifndef CHECK_HPP
#define CHECK_HPP

#include "check.h"

#include <cstdlib>
#include <new>
#include <rresource.hpp>

/// The error that a call reported through its std::error_code, which has another value before.
template <class Call> int error_of(Call &&call) {
    std::error_code ec(4242, std::system_category());
    call(ec);
    CHECK(ec.category() == std::generic_category());
    return ec.value();
}

#ifdef __cpp_exceptions
/// Whether a text contains the library's text for an error, or for the reason why a limit was refused.
inline bool says(const std::string &text, int error) {
    bool reason = false;
    for (int each = RR_REASON_SOFT_ABOVE_HARD; each <= RR_REASON_NOT_REPRESENTABLE; each++)
        reason = reason || text.find(rr_reason_text(each)) != std::string::npos;
    return reason || text.find(rr_strerror(error)) != std::string::npos;
}

/// The error that a call threw, or 0; its text names the function and what to do.
template <class Call> int thrown_by(const char *function, Call &&call) {
    try {
        call();
    } catch (const std::system_error &error) {
        CHECK(error.code().category() == std::generic_category());
        const std::string text = error.what();
        CHECK(text.find(std::string(function) + ": ") == 0);
        CHECK(says(text, error.code().value()));
        return error.code().value();
    }
    return 0;
}
#endif

/// The number of allocations in C++.
inline int allocations = 0;

#endif
