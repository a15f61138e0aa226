/*
 * rresource for C++17: the functions of rresource.h with C++ types.
 *
 * Contents
 *
 *   resources   resource  resources::nofile...  all_resources
 *   limits      limits  unlimited  getrlimit  setrlimit  prlimit  raise_limit  scoped_limit
 *   text        parse_limits  format_limits  limit_text  parse_duration
 *   usage       rusage  getrusage  wait4  usage  usage_from  usage_since
 *   bounds      bound  bound_kind  effective_bounds  bound_text
 *   processes   process  entry  verdict
 *   commands    command  child  outcome  captured  tree
 *   results     expect, with C++23
 *
 * Conventions
 *
 *   - Each function calls the function of rresource.h that its comment names. The errors, the thread safety
 *     and the version since which it exists are those of that function. Functions that C++ has nothing to
 *     add to (rr_version, rr_constant, rr_getpagesize...) are called directly.
 *   - A function that can fail has two overloads, as in <filesystem>. One has a std::error_code& as its last
 *     parameter, whose category is std::generic_category(). The other throws rresource::error, which is a
 *     std::system_error with that code. With -fno-exceptions only the first one exists. The value of a result
 *     is unspecified after a failure.
 *   - Nothing in this header allocates memory, except exceptions, functions that return a std::vector, parameters
 *     that are a std::string_view, command::capture, and a command, which keeps its names for exceptions. The C functions that open
 *     a handle or that build or start a command allocate memory.
 *   - A handle can be moved but not copied. Its destructor closes it. It can be used by one thread at a time.
 *   - A text parameter can be a const char *, a std::string, a std::string_view, which is copied, or a
 *     std::filesystem::path. A text that contains a NUL gives EINVAL. Returned texts are static, in English.
 *   - A type with the same name as one of rresource.h derives from it and can be passed to the C functions.
 */

#ifndef RRESOURCE_HPP
#define RRESOURCE_HPP

#if __cplusplus < 201703L
#error "rresource.hpp needs C++17 or later; rresource.h needs C++11 or later"
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>
#if __has_include(<expected>) && __cplusplus > 202002L
#include <expected>
#endif

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <rresource.h>

namespace rresource {

#ifdef __cpp_exceptions
/// The exception that functions without a std::error_code parameter throw. Its text begins with the name of the C
/// function and names the resource, the text or the program that the failure concerns.
class error : public std::system_error {
public:
    error(std::error_code ec, const std::string &text) : std::system_error(ec), text_(text) {}
    const char *what() const noexcept override { return text_.what(); }

private:
    std::runtime_error text_; // Its copies do not throw
};
#endif

namespace detail {

/// A text parameter for a C function. A const char *, a std::string or a path is not copied. A std::string_view is
/// copied, because it need not end in NUL. A text that contains a NUL gives EINVAL instead of being truncated.
class text {
public:
    text(const char *start) noexcept : start_(start) {}
    text(const std::string &whole) noexcept : start_(whole.c_str()) { refuse_nul(whole); }
    text(std::string_view view) noexcept : copy_(new (std::nothrow) char[view.size() + 1]) {
        error_ = copy_ ? 0 : ENOMEM;
        if (copy_) {
            view.copy(copy_.get(), view.size());
            copy_[view.size()] = '\0';
            start_ = copy_.get();
            refuse_nul(view);
        }
    }
    /// From a std::filesystem::path, whose header is not included here.
    template <class Path, class = std::enable_if_t<std::is_same_v<decltype(std::declval<const Path &>().native()),
                                                                 const std::string &>>>
    text(const Path &path) noexcept : text(path.native()) {}

    const char *get() const noexcept { return start_; }
    /// Calls a C function with the text, or returns the error that the text has caused.
    template <class Call> int with(Call &&call) const noexcept { return error_ ? error_ : call(start_); }

private:
    void refuse_nul(std::string_view whole) noexcept {
        if (whole.find('\0') != whole.npos)
            error_ = EINVAL;
    }

    const char *start_ = nullptr;
    std::unique_ptr<char[]> copy_;
    int error_ = 0;
};

inline void assign(std::error_code &ec, int error) noexcept {
    ec.assign(error, std::generic_category());
}

#ifdef __cpp_exceptions
/// Throws an error with the library's text for it. about: ends in ": ", or is empty.
[[noreturn]] inline void raise(const char *function, std::error_code ec, const std::string &about = {}) {
    throw error(ec, std::string(function) + ": " + about + ::rr_strerror(ec.value()));
}

inline std::string name_of(int resource) {
    const char *name = ::rr_resource_name(resource);
    return name ? name : "resource " + std::to_string(resource);
}

/// Throws for limits that were refused, with the resource and, if the library finds one, the reason.
[[noreturn]] inline void refuse(const char *function, std::error_code ec, int resource, const rr_rlimit &wanted) {
    rr_verdict verdict = {};
    if (::rr_rlimit_check(nullptr, resource, &wanted, &verdict) == 0 && verdict.error == ec.value())
        throw error(ec, std::string(function) + ": " + name_of(resource) + ": " + ::rr_reason_text(verdict.reason));
    raise(function, ec, name_of(resource) + ": ");
}

/// Calls a function that reports through a std::error_code, and throws if it fails.
template <class Call> auto or_throw(const char *function, Call &&call) {
    std::error_code ec;
    if constexpr (std::is_void_v<decltype(call(ec))>) {
        call(ec);
        if (ec)
            raise(function, ec);
    } else {
        auto result = call(ec);
        if (ec)
            raise(function, ec);
        return result;
    }
}
#endif

/// Owns a handle of the C library. Close frees it.
template <class Handle, void (*Close)(Handle *)> class owner {
public:
    constexpr owner() noexcept = default;
    explicit owner(Handle *handle) noexcept : handle_(handle) {}
    owner(owner &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    owner &operator=(owner &&other) noexcept {
        if (this != &other)
            Close(std::exchange(handle_, std::exchange(other.handle_, nullptr)));
        return *this;
    }
    ~owner() { Close(handle_); }

    Handle *get() const noexcept { return handle_; }
    Handle *release() noexcept { return std::exchange(handle_, nullptr); }

private:
    Handle *handle_ = nullptr;
};

/// A pipe. Both ends are closed on exec and by the destructor.
class pipe {
public:
    explicit pipe(std::error_code &ec) noexcept {
#if defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
        assign(ec, ::pipe2(ends_, O_CLOEXEC) == 0 ? 0 : errno);
#else
        assign(ec, ::pipe(ends_) == 0 ? 0 : errno);
        for (int end : ends_)
            (void)::fcntl(end, F_SETFD, FD_CLOEXEC);
#endif
    }
    pipe(const pipe &) = delete;
    pipe &operator=(const pipe &) = delete;
    ~pipe() {
        close_read();
        close_write();
    }

    int read_end() const noexcept { return ends_[0]; }
    int write_end() const noexcept { return ends_[1]; }
    void close_read() noexcept { close(ends_[0]); }
    void close_write() noexcept { close(ends_[1]); }

    /// Appends to the text what one read returns. Returns false at the end of the pipe.
    bool read(std::string &text) const {
        char part[16384];
        const ssize_t count = ::read(ends_[0], part, sizeof part);
        if (count > 0)
            text.append(part, static_cast<std::size_t>(count));
        return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
    }

    /// Reads what the pipe holds now, 1 MiB at most, because a descendant that continues can write without end.
    void read_rest(std::string &text) const {
        struct pollfd rest = {ends_[0], POLLIN, 0};
        for (int i = 0; i < 64 && ::poll(&rest, 1, 0) == 1 && read(text); ++i) {
        }
    }

private:
    static void close(int &end) noexcept {
        if (end >= 0)
            (void)::close(std::exchange(end, -1));
    }

    int ends_[2] = {-1, -1};
};

/// A time from which on nothing waits any more; std::chrono::nanoseconds::max() from now is never.
class deadline {
public:
    explicit deadline(std::chrono::nanoseconds timeout) noexcept
        : never_(timeout >= std::chrono::steady_clock::duration::max() - std::chrono::steady_clock::now().time_since_epoch()),
          at_(std::chrono::steady_clock::now() + (never_ ? std::chrono::nanoseconds(0) : timeout)) {}

    bool never() const noexcept { return never_; }
    std::chrono::nanoseconds left() const noexcept {
        return never_ ? std::chrono::nanoseconds::max() : at_ - std::chrono::steady_clock::now();
    }
    /// For poll: milliseconds, rounded up; -1 for ever.
    int milliseconds() const noexcept {
        if (never_)
            return -1;
        const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left()).count();
        return static_cast<int>(std::clamp<std::int64_t>(whole, 0, 1000000));
    }

private:
    bool never_;
    std::chrono::steady_clock::time_point at_;
};

/// Reads both pipes into their texts until nobody has them open for writing. Returns false if the time is over first.
inline bool read_both(pipe *const (&pipes)[2], std::string *const (&texts)[2], const deadline &until) {
    struct pollfd polled[2] = {{pipes[0]->read_end(), POLLIN, 0}, {pipes[1]->read_end(), POLLIN, 0}};
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        const int milliseconds = until.milliseconds();
        const int ready = ::poll(polled, 2, milliseconds);
        if (ready == 0 && !until.never() && until.left().count() <= 0)
            return false;
        for (int i = 0; ready > 0 && i < 2; ++i)
            if (polled[i].revents != 0 && !pipes[i]->read(*texts[i]))
                polled[i].fd = -1;
    }
    return true;
}

} // namespace detail

// ---- Resources -------------------------------------------------------------------------------------

/// A resource that can be limited, as a type of its own instead of an int. The namespace `resources` has the
/// resources of this system. by_name finds a resource at run time.
class resource {
public:
    /// id: one of RR_RLIMIT_... An unknown number is an error only when it is used.
    constexpr explicit resource(int id) noexcept : id_(id) {}

    /// Finds the resource with a name in any of its spellings: NOFILE, RLIMIT_NOFILE, LimitNOFILE. ENOENT if this
    /// system has no resource with that name. See rr_resource_by_name.
    [[nodiscard]] static resource by_name(const detail::text &name, std::error_code &ec) noexcept {
        rr_resource found = {};
        detail::assign(ec, name.with([&](const char *text) { return ::rr_resource_by_name(text, &found); }));
        return resource(found.id);
    }
#ifdef __cpp_exceptions
    [[nodiscard]] static resource by_name(const detail::text &name) {
        std::error_code ec;
        const resource found = by_name(name, ec);
        if (ec)
            detail::raise("rr_resource_by_name", ec, name.get() ? std::string(name.get()) + ": " : "");
        return found;
    }
#endif

    /// Returns the number, one of RR_RLIMIT_...
    constexpr int id() const noexcept { return id_; }
    /// Returns the name, such as "NOFILE"; nullptr if this system has no such resource. See rr_resource_name.
    const char *name() const noexcept { return ::rr_resource_name(id_); }
    /// Returns a summary, such as "open file descriptors"; nullptr if this system has no such resource. See
    /// rr_resource_summary.
    const char *summary() const noexcept { return ::rr_resource_summary(id_); }

    /// Returns its unit, scope and flags. EINVAL if this system has no such resource. See rr_resource_by_id.
    rr_resource describe(std::error_code &ec) const noexcept {
        rr_resource description = {};
        detail::assign(ec, ::rr_resource_by_id(id_, &description));
        return description;
    }
#ifdef __cpp_exceptions
    rr_resource describe() const {
        return detail::or_throw("rr_resource_by_id", [this](std::error_code &ec) { return describe(ec); });
    }
#endif

    friend constexpr bool operator==(resource left, resource right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(resource left, resource right) noexcept { return left.id_ != right.id_; }
    friend constexpr bool operator<(resource left, resource right) noexcept { return left.id_ < right.id_; }

private:
    int id_;
};

/// The resources of this system, one for each RR_RLIMIT_ constant that rresource.h defines.
namespace resources {
#ifdef RR_RLIMIT_CPU
inline constexpr resource cpu{RR_RLIMIT_CPU};
#endif
#ifdef RR_RLIMIT_FSIZE
inline constexpr resource fsize{RR_RLIMIT_FSIZE};
#endif
#ifdef RR_RLIMIT_DATA
inline constexpr resource data{RR_RLIMIT_DATA};
#endif
#ifdef RR_RLIMIT_STACK
inline constexpr resource stack{RR_RLIMIT_STACK};
#endif
#ifdef RR_RLIMIT_CORE
inline constexpr resource core{RR_RLIMIT_CORE};
#endif
#ifdef RR_RLIMIT_RSS
inline constexpr resource rss{RR_RLIMIT_RSS};
#endif
#ifdef RR_RLIMIT_NPROC
inline constexpr resource nproc{RR_RLIMIT_NPROC};
#endif
#ifdef RR_RLIMIT_NOFILE
inline constexpr resource nofile{RR_RLIMIT_NOFILE};
#endif
#ifdef RR_RLIMIT_MEMLOCK
inline constexpr resource memlock{RR_RLIMIT_MEMLOCK};
#endif
#ifdef RR_RLIMIT_AS
inline constexpr resource as{RR_RLIMIT_AS};
#endif
#ifdef RR_RLIMIT_LOCKS
inline constexpr resource locks{RR_RLIMIT_LOCKS};
#endif
#ifdef RR_RLIMIT_SIGPENDING
inline constexpr resource sigpending{RR_RLIMIT_SIGPENDING};
#endif
#ifdef RR_RLIMIT_MSGQUEUE
inline constexpr resource msgqueue{RR_RLIMIT_MSGQUEUE};
#endif
#ifdef RR_RLIMIT_NICE
inline constexpr resource nice{RR_RLIMIT_NICE};
#endif
#ifdef RR_RLIMIT_RTPRIO
inline constexpr resource rtprio{RR_RLIMIT_RTPRIO};
#endif
#ifdef RR_RLIMIT_RTTIME
inline constexpr resource rttime{RR_RLIMIT_RTTIME};
#endif
#ifdef RR_RLIMIT_SBSIZE
inline constexpr resource sbsize{RR_RLIMIT_SBSIZE};
#endif
#ifdef RR_RLIMIT_NPTS
inline constexpr resource npts{RR_RLIMIT_NPTS};
#endif
#ifdef RR_RLIMIT_SWAP
inline constexpr resource swap{RR_RLIMIT_SWAP};
#endif
#ifdef RR_RLIMIT_KQUEUES
inline constexpr resource kqueues{RR_RLIMIT_KQUEUES};
#endif
#ifdef RR_RLIMIT_UMTXP
inline constexpr resource umtxp{RR_RLIMIT_UMTXP};
#endif
#ifdef RR_RLIMIT_PIPEBUF
inline constexpr resource pipebuf{RR_RLIMIT_PIPEBUF};
#endif
#ifdef RR_RLIMIT_VMM
inline constexpr resource vmm{RR_RLIMIT_VMM};
#endif
#ifdef RR_RLIMIT_NTHR
inline constexpr resource nthr{RR_RLIMIT_NTHR};
#endif
#ifdef RR_RLIMIT_POSIXLOCKS
inline constexpr resource posixlocks{RR_RLIMIT_POSIXLOCKS};
#endif
} // namespace resources

/// Every resource of this system, in the order of their numbers:
///
///     for (rresource::resource each : rresource::all_resources())
class all_resources {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = resource;
        using difference_type = std::ptrdiff_t;
        using pointer = const resource *;
        using reference = resource;

        constexpr explicit iterator(std::size_t index = 0) noexcept : index_(index) {}
        resource operator*() const noexcept {
            rr_resource found = {};
            (void)::rr_resource_at(index_, &found);
            return resource(found.id);
        }
        iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(index_++); }
        friend bool operator==(iterator left, iterator right) noexcept { return left.index_ == right.index_; }
        friend bool operator!=(iterator left, iterator right) noexcept { return left.index_ != right.index_; }

    private:
        std::size_t index_;
    };

    iterator begin() const noexcept { return iterator(0); }
    iterator end() const noexcept { return iterator(size()); }
    std::size_t size() const noexcept { return ::rr_resource_count(); }
};

// ---- Limits ----------------------------------------------------------------------------------------

/// No limit.
inline constexpr std::uint64_t unlimited = RR_RLIM_INFINITY;

/// The soft and the hard limit of a resource, in its unit: rlim_cur and rlim_max.
struct limits : rr_rlimit {
    /// Both 0.
    constexpr limits() noexcept : rr_rlimit{0, 0} {}
    constexpr limits(std::uint64_t soft, std::uint64_t hard) noexcept : rr_rlimit{soft, hard} {}
    constexpr limits(const rr_rlimit &other) noexcept : rr_rlimit(other) {}

    friend constexpr bool operator==(const limits &left, const limits &right) noexcept {
        return left.rlim_cur == right.rlim_cur && left.rlim_max == right.rlim_max;
    }
    friend constexpr bool operator!=(const limits &left, const limits &right) noexcept { return !(left == right); }
};

/// Gets the limits of the calling process for one resource. See rr_getrlimit.
[[nodiscard]] inline limits getrlimit(resource which, std::error_code &ec) noexcept {
    limits present;
    detail::assign(ec, ::rr_getrlimit(which.id(), &present));
    return present;
}

/// Sets the limits of the calling process for one resource. See rr_setrlimit.
inline void setrlimit(resource which, const limits &wanted, std::error_code &ec) noexcept {
    detail::assign(ec, ::rr_setrlimit(which.id(), &wanted));
}

/// Gets the limits of a process by its process ID; 0 is the calling process. A later process can have the same
/// ID; a `process` object is always safe. See rr_prlimit.
[[nodiscard]] inline limits prlimit(std::int32_t pid, resource which, std::error_code &ec) noexcept {
    limits present;
    detail::assign(ec, ::rr_prlimit(pid, which.id(), nullptr, &present));
    return present;
}

/// Sets the limits of a process by its process ID and returns the previous limits. See rr_prlimit.
inline limits prlimit(std::int32_t pid, resource which, const limits &wanted, std::error_code &ec) noexcept {
    limits former;
    detail::assign(ec, ::rr_prlimit(pid, which.id(), &wanted, &former));
    return former;
}

/// Raises the soft limit of the calling process to a wanted value or as close to it as permitted, and returns
/// the resulting limits. wanted: in the resource's unit; `unlimited` for as much as is permitted. See
/// rr_rlimit_raise.
inline limits raise_limit(resource which, std::uint64_t wanted, std::error_code &ec) noexcept {
    limits result;
    detail::assign(ec, ::rr_rlimit_raise(which.id(), wanted, &result));
    return result;
}

#ifdef __cpp_exceptions
[[nodiscard]] inline limits getrlimit(resource which) {
    return detail::or_throw("rr_getrlimit", [=](std::error_code &ec) { return getrlimit(which, ec); });
}
inline void setrlimit(resource which, const limits &wanted) {
    std::error_code ec;
    setrlimit(which, wanted, ec);
    if (ec)
        detail::refuse("rr_setrlimit", ec, which.id(), wanted);
}
[[nodiscard]] inline limits prlimit(std::int32_t pid, resource which) {
    return detail::or_throw("rr_prlimit", [=](std::error_code &ec) { return prlimit(pid, which, ec); });
}
inline limits prlimit(std::int32_t pid, resource which, const limits &wanted) {
    return detail::or_throw("rr_prlimit", [&](std::error_code &ec) { return prlimit(pid, which, wanted, ec); });
}
inline limits raise_limit(resource which, std::uint64_t wanted) {
    return detail::or_throw("rr_rlimit_raise", [=](std::error_code &ec) { return raise_limit(which, wanted, ec); });
}
#endif

/// A soft limit of the calling process that lasts as long as the object. The destructor restores the previous
/// soft limit, clamped to the hard limit of that time. The hard limit is never changed. A limit applies to the
/// whole process. Therefore two objects for one resource must be destroyed in reverse order, and the destructor
/// overwrites what another thread has set in the meantime.
class [[nodiscard]] scoped_limit {
public:
    /// Sets the soft limit, which can be lower or higher than before. soft: in the resource's unit. EINVAL if it
    /// exceeds the hard limit. See rr_setrlimit.
    scoped_limit(resource which, std::uint64_t soft, std::error_code &ec) noexcept : which_(which) { begin(soft, ec); }
    /// Raises the soft limit to a wanted value or as close to it as permitted. See rr_rlimit_raise.
    static scoped_limit raised(resource which, std::uint64_t wanted, std::error_code &ec) noexcept {
        scoped_limit scoped(which);
        scoped.former_ = getrlimit(which, ec);
        if (!ec)
            raise_limit(which, wanted, ec);
        scoped.restores_ = !ec;
        return scoped;
    }
#ifdef __cpp_exceptions
    scoped_limit(resource which, std::uint64_t soft) : scoped_limit(which) {
        std::error_code ec;
        begin(soft, ec);
        if (ec)
            detail::refuse("rr_setrlimit", ec, which.id(), {soft, former_.rlim_max});
    }
    static scoped_limit raised(resource which, std::uint64_t wanted) {
        return detail::or_throw("rr_rlimit_raise", [=](std::error_code &ec) { return raised(which, wanted, ec); });
    }
#endif
    scoped_limit(scoped_limit &&other) noexcept
        : which_(other.which_), former_(other.former_), restores_(std::exchange(other.restores_, false)) {}
    /// Assignment would restore the previous limit over the one that the other object has set.
    scoped_limit &operator=(scoped_limit &&) = delete;
    ~scoped_limit() { restore(); }

    /// Returns the previous limits.
    const limits &former() const noexcept { return former_; }
    /// Restores the previous soft limit now. A second call does nothing.
    void restore() noexcept {
        std::error_code ec;
        if (!std::exchange(restores_, false))
            return;
        const limits present = getrlimit(which_, ec);
        if (!ec)
            setrlimit(which_, {std::min(former_.rlim_cur, present.rlim_max), present.rlim_max}, ec);
    }
    /// Keeps the present limit: the destructor will do nothing.
    void release() noexcept { restores_ = false; }

private:
    explicit scoped_limit(resource which) noexcept : which_(which) {}
    void begin(std::uint64_t soft, std::error_code &ec) noexcept {
        former_ = getrlimit(which_, ec);
        if (!ec)
            setrlimit(which_, {soft, former_.rlim_max}, ec);
        restores_ = !ec;
    }

    resource which_;
    limits former_;
    bool restores_ = false;
};

// ---- Limits as text --------------------------------------------------------------------------------

/// Parses limits: "1024", "8M", "4:unlimited", "1h30min". present: the limits from getrlimit. They supply the
/// soft or hard limit that the text omits, and the value of "hard". See rr_rlimit_parse.
[[nodiscard]] inline limits parse_limits(resource which, const detail::text &text, limits present,
                                         std::error_code &ec) noexcept {
    detail::assign(ec, text.with([&](const char *start) { return ::rr_rlimit_parse(which.id(), start, &present); }));
    return present;
}

/// A text from format_limits, stored in the object. parse_limits parses it.
class limit_text {
public:
    const char *c_str() const noexcept { return text_; }
    operator std::string_view() const noexcept { return text_; }

private:
    friend limit_text format_limits(resource, const limits &, std::error_code &) noexcept;
    char text_[RR_RLIMIT_TEXT_SIZE] = "";
};

/// Formats limits, such as "unlimited", "8M" or "1024:4096". See rr_rlimit_format.
[[nodiscard]] inline limit_text format_limits(resource which, const limits &shown, std::error_code &ec) noexcept {
    limit_text text;
    detail::assign(ec, ::rr_rlimit_format(which.id(), &shown, text.text_, sizeof text.text_));
    return text;
}

/// Parses a duration for child::wait_for, such as "200ms", "1h30min" or "90", which is in seconds. ERANGE also if it
/// exceeds 292 years, the longest in std::chrono::nanoseconds. See rr_duration_parse.
[[nodiscard]] inline std::chrono::nanoseconds parse_duration(const detail::text &text, std::error_code &ec) noexcept {
    std::uint64_t parsed = 0;
    const int error = text.with([&](const char *start) { return ::rr_duration_parse(start, &parsed); });
    const auto longest = static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count());
    detail::assign(ec, error == 0 && parsed > longest ? ERANGE : error);
    return std::chrono::nanoseconds(ec ? 0 : static_cast<std::int64_t>(parsed));
}

#ifdef __cpp_exceptions
[[nodiscard]] inline std::chrono::nanoseconds parse_duration(const detail::text &text) {
    std::error_code ec;
    const std::chrono::nanoseconds parsed = parse_duration(text, ec);
    if (ec)
        detail::raise("rr_duration_parse", ec, '"' + std::string(text.get() ? text.get() : "") + "\": ");
    return parsed;
}
[[nodiscard]] inline limits parse_limits(resource which, const detail::text &text, const limits &present) {
    std::error_code ec;
    const limits parsed = parse_limits(which, text, present, ec);
    if (ec)
        detail::raise("rr_rlimit_parse", ec,
                      '"' + std::string(text.get() ? text.get() : "") + "\" for " + detail::name_of(which.id()) + ": ");
    return parsed;
}
[[nodiscard]] inline limit_text format_limits(resource which, const limits &shown) {
    return detail::or_throw("rr_rlimit_format", [&](std::error_code &ec) { return format_limits(which, shown, ec); });
}
#endif

// ---- Usage -----------------------------------------------------------------------------------------

/// The usage of a process as the system reports it: rr_rusage with its times as durations.
struct rusage : rr_rusage {
    /// All zero.
    constexpr rusage() noexcept : rr_rusage() {}
    constexpr rusage(const rr_rusage &other) noexcept : rr_rusage(other) {}

    std::chrono::microseconds user_time() const noexcept { return duration(ru_utime); }
    std::chrono::microseconds system_time() const noexcept { return duration(ru_stime); }

private:
    static std::chrono::microseconds duration(rr_timeval time) noexcept {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    }
};

/// Whose usage getrusage gets.
enum class who : int {
    self = RR_RUSAGE_SELF,
    children = RR_RUSAGE_CHILDREN,
    both = RR_RUSAGE_BOTH,
    thread = RR_RUSAGE_THREAD,
};

/// Gets the usage of the calling process, its children or the calling thread. See rr_getrusage.
[[nodiscard]] inline rusage getrusage(who whose, std::error_code &ec) noexcept {
    rusage told;
    detail::assign(ec, ::rr_getrusage(static_cast<int>(whose), &told));
    return told;
}

/// A child that wait4 has reaped: its process ID, its status for rr_wait_status, and its usage.
struct waited {
    std::int32_t pid = 0;
    std::int32_t status = 0;
    rusage used;
};

/// Waits for a child. options: WNOHANG and so on, of <sys/wait.h>. With WNOHANG the pid of the result is 0 if no
/// child has a status to report. See rr_wait4.
inline waited wait4(std::int32_t pid, int options, std::error_code &ec) noexcept {
    waited found;
    detail::assign(ec, ::rr_wait4(pid, options, &found.pid, &found.status, &found.used));
    return found;
}

/// The usage of a process in nanoseconds and bytes: rr_usage with its times as durations. A time that is not
/// known is std::nullopt.
struct usage : rr_usage {
    /// Nothing known.
    constexpr usage() noexcept : rr_usage() {}
    constexpr usage(const rr_usage &other) noexcept : rr_usage(other) {}

    /// Returns whether all of these groups of fields are known. groups: RR_USAGE_...
    constexpr bool knows(std::uint64_t groups) const noexcept { return (known & groups) == groups; }
    constexpr std::optional<std::chrono::nanoseconds> cpu_time() const noexcept { return time(RR_USAGE_CPU, cpu_ns); }
    constexpr std::optional<std::chrono::nanoseconds> user_time() const noexcept {
        return time(RR_USAGE_TIMES, user_ns);
    }
    constexpr std::optional<std::chrono::nanoseconds> system_time() const noexcept {
        return time(RR_USAGE_TIMES, system_ns);
    }
    constexpr std::optional<std::chrono::nanoseconds> wall_time() const noexcept {
        return time(RR_USAGE_WALL, wall_ns);
    }

private:
    constexpr std::optional<std::chrono::nanoseconds> time(std::uint64_t group, std::uint64_t value) const noexcept {
        if (!knows(group))
            return std::nullopt;
        return std::chrono::nanoseconds(static_cast<std::int64_t>(value));
    }
};

/// Converts the system's usage to nanoseconds and bytes. See rr_usage_from_rusage.
[[nodiscard]] inline usage usage_from(const rusage &from, std::error_code &ec) noexcept {
    usage told;
    detail::assign(ec, ::rr_usage_from_rusage(&from, &told));
    return told;
}

/// Subtracts two readings of one process. See rr_usage_since.
[[nodiscard]] inline usage usage_since(const usage &start, const usage &end, std::error_code &ec) noexcept {
    usage difference;
    detail::assign(ec, ::rr_usage_since(&start, &end, &difference));
    return difference;
}

#ifdef __cpp_exceptions
[[nodiscard]] inline rusage getrusage(who whose) {
    return detail::or_throw("rr_getrusage", [=](std::error_code &ec) { return getrusage(whose, ec); });
}
inline waited wait4(std::int32_t pid, int options) {
    return detail::or_throw("rr_wait4", [=](std::error_code &ec) { return wait4(pid, options, ec); });
}
[[nodiscard]] inline usage usage_from(const rusage &from) {
    return detail::or_throw("rr_usage_from_rusage", [&](std::error_code &ec) { return usage_from(from, ec); });
}
[[nodiscard]] inline usage usage_since(const usage &start, const usage &end) {
    return detail::or_throw("rr_usage_since", [&](std::error_code &ec) { return usage_since(start, end, ec); });
}
#endif

// ---- Processes -------------------------------------------------------------------------------------

/// What setrlimit would return, and why. See rr_verdict.
struct verdict : rr_verdict {
    /// Returns whether setrlimit would accept the limits.
    bool accepted() const noexcept { return error == 0; }
    /// Returns the error that setrlimit would report.
    std::error_code code() const noexcept { return {error, std::generic_category()}; }
    /// Returns the reason as an English sentence. See rr_reason_text.
    const char *text() const noexcept { return ::rr_reason_text(reason); }
};

/// The limits of one resource, for process::setrlimits.
constexpr rr_rlimit_entry entry(resource which, const limits &wanted) noexcept {
    return {which.id(), 0, wanted};
}

/// The kinds of bounds.
enum class bound_kind {
    memory = RR_BOUND_MEMORY, ///< In bytes.
    swap = RR_BOUND_SWAP,     ///< In bytes.
    cpu = RR_BOUND_CPU,       ///< In nanoseconds of processor time per second.
    tasks = RR_BOUND_TASKS,   ///< Processes and threads.
    files = RR_BOUND_FILES    ///< Open descriptors.
};

/// A bound as one line for a log, stored in the object.
class bound_text {
public:
    const char *c_str() const noexcept { return text_; }
    operator std::string_view() const noexcept { return text_; }

private:
    friend struct bound;
    char text_[RR_BOUND_TEXT_SIZE] = "";
};

/// One thing that bounds a process, with the kind that it was read for. See rr_bound.
struct bound : rr_bound {
    bound_kind kind = bound_kind::memory;

    constexpr bound() noexcept : rr_bound() {}
    constexpr bound(bound_kind which, const rr_bound &other) noexcept : rr_bound(other), kind(which) {}

    /// Returns whether all of these RR_BOUND_... flags are set.
    constexpr bool has(std::uint32_t wanted) const noexcept { return (flags & wanted) == wanted; }
    /// Returns the room that is left; std::nullopt if the usage is not known.
    std::optional<std::uint64_t> left() const noexcept {
        return has(RR_BOUND_USED_KNOWN) ? std::optional<std::uint64_t>(room) : std::nullopt;
    }
    /// Returns the limit as a number of processors, such as 1.5, for bound_kind::cpu.
    constexpr double processors() const noexcept { return static_cast<double>(limit) / 1e9; }
    /// Formats the bound, such as "memory: 100 MiB (memory.max, own control group), 39 MiB left"; empty if the
    /// object has no bound. See rr_bound_format.
    bound_text text() const noexcept {
        bound_text line;
        (void)::rr_bound_format(this, static_cast<int>(kind), line.text_, sizeof line.text_);
        return line;
    }
};

/// The bound with the smallest limit, and the bound with the least room. See rr_bound_effective.
struct effective_bounds {
    bound limit, room;
};

/// A process by handle. What is read never comes from a later process with the same process ID. An object that
/// could not be opened or was moved from has no process: its functions fail with EINVAL. It never stands for the
/// calling process. A const function can be called by several threads at the same time. See rr_process_open.
class [[nodiscard]] process {
public:
    /// The calling process. Opens nothing and cannot fail.
    process() noexcept : is_some_(true) {}
    /// Opens a process by its process ID; 0 is the calling process. See rr_process_open.
    process(std::int32_t pid, std::error_code &ec) noexcept {
        rr_process *opened = nullptr;
        detail::assign(ec, ::rr_process_open(pid, &opened));
        *this = process(opened);
    }
    /// Opens the process of a pidfd. The caller keeps the pidfd. See rr_process_from_fd.
    static process from_fd(int pidfd, std::error_code &ec) noexcept {
        rr_process *opened = nullptr;
        detail::assign(ec, ::rr_process_from_fd(pidfd, &opened));
        return process(opened);
    }
#ifdef __cpp_exceptions
    explicit process(std::int32_t pid) {
        std::error_code ec;
        *this = process(pid, ec);
        if (ec)
            detail::raise("rr_process_open", ec);
    }
    static process from_fd(int pidfd) {
        return detail::or_throw("rr_process_from_fd", [=](std::error_code &ec) { return from_fd(pidfd, ec); });
    }
#endif
    /// Takes ownership of a handle of the C library. nullptr makes an object without a process.
    explicit process(rr_process *opened) noexcept : handle_(opened), is_some_(opened != nullptr) {}
    process(process &&other) noexcept
        : handle_(std::move(other.handle_)), is_some_(std::exchange(other.is_some_, false)) {}
    process &operator=(process &&other) noexcept {
        handle_ = std::move(other.handle_);
        is_some_ = std::exchange(other.is_some_, false);
        return *this;
    }

    /// Returns whether the object has a process, running or not.
    explicit operator bool() const noexcept { return is_some_; }
    /// Returns its process ID; 0 if there is no process. See rr_process_pid.
    std::int32_t pid() const noexcept { return is_some_ ? ::rr_process_pid(handle_.get()) : 0; }
    /// Returns its pidfd, which this object owns; -1 if there is none. See rr_process_fd.
    int fd() const noexcept { return ::rr_process_fd(handle_.get()); }
    /// Returns whether the process is running. See rr_process_check.
    [[nodiscard]] bool alive() const noexcept { return is_some_ && ::rr_process_check(handle_.get()) == 0; }

    /// Checks that the process is running. ESRCH if it has ended. See rr_process_check.
    void check(std::error_code &ec) const noexcept { ask(ec, ::rr_process_check); }

    /// Gets the limits for every resource into the caller's array and returns their number. ERANGE if capacity is
    /// too small. See rr_rlimits_get.
    std::size_t getrlimits(rr_rlimit_entry *entries, std::size_t capacity, std::error_code &ec) const noexcept {
        std::size_t count = 0;
        ask(ec, [&](rr_process *handle) { return ::rr_rlimits_get(handle, entries, capacity, &count); });
        return count;
    }
    /// Gets the limits for every resource. See rr_rlimits_get.
    [[nodiscard]] std::vector<rr_rlimit_entry> getrlimits(std::error_code &ec) const {
        std::vector<rr_rlimit_entry> entries(::rr_resource_count());
        const std::size_t count = getrlimits(entries.data(), entries.size(), ec);
        entries.resize(ec ? 0 : count);
        return entries;
    }
    /// Sets several limits together or not at all. failed: buffer for the index of the entry that was refused, or
    /// nullptr. See rr_rlimits_set.
    void setrlimits(const rr_rlimit_entry *entries, std::size_t count, std::error_code &ec,
                    std::size_t *failed = nullptr) const noexcept {
        ask(ec, [&](rr_process *handle) { return ::rr_rlimits_set(handle, entries, count, failed); });
    }
    void setrlimits(std::initializer_list<rr_rlimit_entry> entries, std::error_code &ec,
                    std::size_t *failed = nullptr) const noexcept {
        setrlimits(entries.begin(), entries.size(), ec, failed);
    }
    /// Predicts the result of setting these limits. After an error the verdict is not accepted. See
    /// rr_rlimit_check.
    [[nodiscard]] verdict check_limit(resource which, const limits &wanted, std::error_code &ec) const noexcept {
        verdict told = {};
        ask(ec, [&](rr_process *handle) { return ::rr_rlimit_check(handle, which.id(), &wanted, &told); });
        if (ec)
            told.error = ec.value();
        return told;
    }
    /// Gets the current usage that counts against a limit, in the resource's unit. ENOTSUP if the system does not
    /// report it. See rr_rlimit_used.
    [[nodiscard]] std::uint64_t used(resource which, std::error_code &ec) const noexcept {
        std::uint64_t amount = 0;
        ask(ec, [&](rr_process *handle) { return ::rr_rlimit_used(handle, which.id(), &amount); });
        return amount;
    }
    /// Gets the usage of the process so far. wanted: groups of fields, RR_USAGE_... See rr_usage_read.
    [[nodiscard]] usage read_usage(std::uint64_t wanted, std::error_code &ec) noexcept {
        usage told;
        ask(ec, [&](rr_process *handle) { return ::rr_usage_read(handle, wanted, &told); });
        return told;
    }
    [[nodiscard]] usage read_usage(std::error_code &ec) noexcept { return read_usage(RR_USAGE_ALL, ec); }
    /// Resets the peak resident set size to its current value. See rr_usage_reset_peak.
    void reset_peak(std::error_code &ec) const noexcept {
        ask(ec, [](rr_process *handle) { return ::rr_usage_reset_peak(handle); });
    }
    /// Gets everything that bounds the process in one respect, the tightest limit first. See rr_bounds_read.
    [[nodiscard]] std::vector<bound> bounds(bound_kind kind, std::error_code &ec) {
        rr_bound found[RR_BOUND_CAPACITY];
        std::size_t count = 0;
        ask(ec, [&](rr_process *handle) {
            return ::rr_bounds_read(handle, static_cast<int>(kind), found, RR_BOUND_CAPACITY, &count);
        });
        std::vector<bound> all;
        all.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            all.emplace_back(kind, found[i]);
        return all;
    }
    /// Gets the bound with the smallest limit and the bound with the least room. See rr_bound_effective.
    [[nodiscard]] effective_bounds effective_bound(bound_kind kind, std::error_code &ec) noexcept {
        rr_bound limit = {}, room = {};
        ask(ec, [&](rr_process *handle) {
            return ::rr_bound_effective(handle, static_cast<int>(kind), &limit, &room);
        });
        return {{kind, limit}, {kind, room}};
    }
#ifdef __cpp_exceptions
    void check() const {
        detail::or_throw("rr_process_check", [&](std::error_code &ec) { check(ec); });
    }
    [[nodiscard]] std::vector<bound> bounds(bound_kind kind) {
        return detail::or_throw("rr_bounds_read", [&](std::error_code &ec) { return bounds(kind, ec); });
    }
    [[nodiscard]] effective_bounds effective_bound(bound_kind kind) {
        return detail::or_throw("rr_bound_effective", [&](std::error_code &ec) { return effective_bound(kind, ec); });
    }
    [[nodiscard]] std::vector<rr_rlimit_entry> getrlimits() const {
        return detail::or_throw("rr_rlimits_get", [&](std::error_code &ec) { return getrlimits(ec); });
    }
    void setrlimits(const rr_rlimit_entry *entries, std::size_t count, std::size_t *failed = nullptr) const {
        detail::or_throw("rr_rlimits_set", [&](std::error_code &ec) { setrlimits(entries, count, ec, failed); });
    }
    void setrlimits(std::initializer_list<rr_rlimit_entry> entries, std::size_t *failed = nullptr) const {
        setrlimits(entries.begin(), entries.size(), failed);
    }
    [[nodiscard]] verdict check_limit(resource which, const limits &wanted) const {
        return detail::or_throw("rr_rlimit_check", [&](std::error_code &ec) { return check_limit(which, wanted, ec); });
    }
    [[nodiscard]] std::uint64_t used(resource which) const {
        return detail::or_throw("rr_rlimit_used", [&](std::error_code &ec) { return used(which, ec); });
    }
    [[nodiscard]] usage read_usage(std::uint64_t wanted = RR_USAGE_ALL) {
        return detail::or_throw("rr_usage_read", [&](std::error_code &ec) { return read_usage(wanted, ec); });
    }
    void reset_peak() const {
        detail::or_throw("rr_usage_reset_peak", [&](std::error_code &ec) { reset_peak(ec); });
    }
#endif

private:
    /// An object without a process must not reach the C functions, to which nullptr is the calling process.
    template <class Call> void ask(std::error_code &ec, Call &&call) const noexcept {
        detail::assign(ec, is_some_ ? call(handle_.get()) : EINVAL);
    }

    detail::owner<rr_process, ::rr_process_close> handle_;
    bool is_some_ = false;
};

// ---- Commands --------------------------------------------------------------------------------------

/// How a program ended and what it used: rr_outcome with C++ types.
struct outcome : rr_outcome {
    /// No outcome: neither success nor a limit.
    constexpr outcome() noexcept : rr_outcome() { exit_code = limit = -1; }

    /// Returns whether the program exited with status 0.
    constexpr bool success() const noexcept { return exit_code == 0; }
    /// Returns the resource whose limit ended the program; std::nullopt if none is known.
    std::optional<resource> limit_reached() const noexcept {
        return limit < 0 ? std::nullopt : std::optional<resource>(limit);
    }
    /// Returns the elapsed time from start to end.
    constexpr std::chrono::nanoseconds wall_time() const noexcept {
        return std::chrono::nanoseconds(static_cast<std::int64_t>(wall_ns));
    }
    /// Returns the usage of the program and of the descendants that it reaped.
    constexpr rresource::usage used() const noexcept { return rr_outcome::usage; }
};

/// What a process tree used and how it ended: rr_tree with C++ types.
struct tree : rr_tree {
    constexpr tree() noexcept : rr_tree() { limit = -1; }

    /// Returns the usage of all processes together.
    constexpr rresource::usage used() const noexcept { return rr_tree::usage; }
};

/// A program that a command has started. If the child was not waited for, the destructor kills it and reaps it, also
/// when an exception is thrown. If the child is a process group leader, its group is killed too. detach lets the child
/// continue instead. pid, fd, process and kill can be called while another thread is in wait or wait_for.
class [[nodiscard]] child {
public:
    /// No child: its functions fail with EFAULT.
    child() noexcept = default;
    /// Takes ownership of a handle of the C library.
    explicit child(rr_child *started) noexcept : handle_(started) {}

    /// Returns whether the object has a child, ended or not.
    explicit operator bool() const noexcept { return handle_.get() != nullptr; }
    /// Returns its process ID. See rr_child_pid.
    std::int32_t pid() const noexcept { return ::rr_child_pid(handle_.get()); }
    /// Lets the child continue and returns its process ID. The caller then has to wait for it.
    std::int32_t detach() noexcept {
        const std::int32_t number = pid();
        ::rr_child_free(handle_.release());
        return number;
    }
    /// Returns a descriptor that is readable when the child has ended; -1 if there is none. See rr_child_fd.
    int fd() const noexcept { return ::rr_child_fd(handle_.get()); }

    /// Opens a handle to the child, to read its usage and limits while it runs. See rr_child_process.
    rresource::process process(std::error_code &ec) const noexcept {
        rr_process *opened = nullptr;
        detail::assign(ec, ::rr_child_process(handle_.get(), &opened));
        return rresource::process(opened);
    }
    /// Sends a signal to the child, or to its group if it is a process group leader. See rr_child_kill.
    void kill(int signal, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_child_kill(handle_.get(), signal));
    }
    /// Gets what the tree of the child used. EAGAIN before a wait has succeeded. See rr_child_tree.
    rresource::tree tree(std::error_code &ec) const noexcept {
        rresource::tree ended;
        detail::assign(ec, ::rr_child_tree(handle_.get(), &ended));
        return ended;
    }
    /// Waits until the child has ended. See rr_child_wait.
    outcome wait(std::error_code &ec) noexcept {
        outcome ended;
        detail::assign(ec, ::rr_child_wait(handle_.get(), -1, &ended));
        return ended;
    }
    /// Waits no longer than the timeout; std::nullopt without an error if the child is running. See rr_child_wait.
    template <class Rep, class Period>
    std::optional<outcome> wait_for(std::chrono::duration<Rep, Period> timeout, std::error_code &ec) noexcept {
        outcome ended;
        const int error = ::rr_child_wait(handle_.get(), nanoseconds(timeout), &ended);
        detail::assign(ec, error == ETIMEDOUT ? 0 : error);
        return error ? std::nullopt : std::optional<outcome>(ended);
    }
#ifdef __cpp_exceptions
    rresource::process process() const {
        return detail::or_throw("rr_child_process", [&](std::error_code &ec) { return process(ec); });
    }
    void kill(int signal) {
        detail::or_throw("rr_child_kill", [&](std::error_code &ec) { kill(signal, ec); });
    }
    rresource::tree tree() const {
        return detail::or_throw("rr_child_tree", [&](std::error_code &ec) { return tree(ec); });
    }
    outcome wait() {
        return detail::or_throw("rr_child_wait", [&](std::error_code &ec) { return wait(ec); });
    }
    template <class Rep, class Period> std::optional<outcome> wait_for(std::chrono::duration<Rep, Period> timeout) {
        return detail::or_throw("rr_child_wait", [&](std::error_code &ec) { return wait_for(timeout, ec); });
    }
#endif

private:
    /// Converts to whole nanoseconds, clamped to 0 and the maximum: a negative timeout has another meaning in C.
    template <class Rep, class Period>
    static std::int64_t nanoseconds(std::chrono::duration<Rep, Period> timeout) noexcept {
        constexpr std::chrono::nanoseconds most = std::chrono::nanoseconds::max();
        if (!(timeout > timeout.zero()))
            return 0;
        if (std::chrono::duration<double>(timeout) >= std::chrono::duration<double>(most))
            return most.count();
        return std::chrono::duration_cast<std::chrono::nanoseconds>(timeout).count();
    }

    static void end(rr_child *started) noexcept {
        rr_outcome ended;
        if (started) // ESRCH: it was already reaped; EPERM: it has another user now and may never end
            (void)::rr_child_wait(started, ::rr_child_kill(started, SIGKILL) == 0 ? -1 : 0, &ended);
        ::rr_child_free(started);
    }

    detail::owner<rr_child, end> handle_;
};

/// What a program wrote, and how it ended. See command::capture.
struct captured {
    outcome ended;
    std::string output;     ///< Its standard output.
    std::string errors;     ///< Its standard error.
    bool timed_out = false; ///< Whether it was killed because its time was over.
};

/// The step at which a start failed, and its detail. See rr_failure.
struct failure : rr_failure {
    constexpr failure() noexcept : rr_failure() {}
    /// Returns a text for the step. See rr_step_text.
    const char *text() const noexcept { return ::rr_step_text(step); }
};

#ifdef __cpp_exceptions
/// The exception that command::spawn throws. Its text names the program, the directory, the descriptor or the limit.
class start_error : public error {
public:
    start_error(std::error_code ec, const std::string &text, const failure &failed) : error(ec, text), failed_(failed) {}
    const failure &where() const noexcept { return failed_; }

private:
    failure failed_;
};
#endif

/// A program to start under limits, with its arguments, environment and descriptors. It can be started many times,
/// from several threads at the same time. The functions that throw can be chained. Those with a std::error_code
/// cannot, because the next call would overwrite the error. See rr_command_new.
///
///     using namespace rresource;
///     auto make = command("make").arg("test").limit(resources::nofile, {64, 64});
///     outcome ended = make.spawn().wait();
class command {
public:
    /// program: a path, or a name that is searched for as by execvp(3).
    command(const detail::text &program, std::error_code &ec) noexcept {
        rr_command *made = nullptr;
        detail::assign(ec, program.with([&](const char *text) { return ::rr_command_new(text, &made); }));
        handle_ = owner(made);
    }

    /// Adds an argument. See rr_command_add_arg.
    void arg(const detail::text &argument, std::error_code &ec) noexcept { detail::assign(ec, add(argument)); }
    /// Sets the argv[0] of the program. See rr_command_set_arg0.
    void arg0(const detail::text &name, std::error_code &ec) noexcept { detail::assign(ec, call_it(name)); }
    /// Sets a variable of the environment; a value of nullptr removes it. See rr_command_set_env.
    void env(const detail::text &name, const detail::text &value, std::error_code &ec) noexcept {
        detail::assign(ec, set(name, value));
    }
    /// Clears the environment. Variables that are set later are kept. See rr_command_clear_env.
    void clear_env(std::error_code &ec) noexcept { detail::assign(ec, ::rr_command_clear_env(get())); }
    /// Sets the working directory of the program. See rr_command_set_directory.
    void directory(const detail::text &path, std::error_code &ec) noexcept { detail::assign(ec, go_to(path)); }
    /// Duplicates a descriptor of the caller to the descriptor child_fd of the program. See rr_command_dup2.
    void dup2(int source_fd, int child_fd, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_dup2(get(), source_fd, child_fd));
    }
    /// Sets the limits of the program for one resource. See rr_command_set_limit.
    void limit(resource which, const limits &wanted, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_limit(get(), which.id(), &wanted));
    }
    /// Closes all descriptors of the program from first_fd on, except those that dup2 names. See rr_command_close_from.
    void close_from(int first_fd, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_close_from(get(), first_fd));
    }
    /// Sets the file mode creation mask of the program. See rr_command_set_umask.
    void umask(std::uint32_t mask, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_umask(get(), mask));
    }
    /// Sets the user, the group and the supplementary groups of the program. See rr_command_set_credentials.
    void credentials(std::uint32_t uid, std::uint32_t gid, const std::vector<std::uint32_t> &groups,
                     std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_credentials(get(), uid, gid, groups.data(), groups.size()));
    }
    /// Starts the program in the control group of this directory. See rr_command_set_cgroup.
    void cgroup(int cgroup_fd, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_cgroup(get(), cgroup_fd));
    }
    /// Makes the program the root of a process tree. flags: RR_TREE_... See rr_command_set_tree.
    void tree(std::uint32_t flags, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_tree(get(), flags));
    }
    /// Sets a limit of all processes of a tree together. what: RR_TREE_... See rr_command_set_tree_limit.
    void tree_limit(int what, std::uint64_t value, std::error_code &ec) noexcept {
        detail::assign(ec, ::rr_command_set_tree_limit(get(), what, value));
    }
    /// Makes the program a process group leader. See rr_command_new_group.
    void new_group(std::error_code &ec) noexcept { detail::assign(ec, ::rr_command_new_group(get())); }
    /// Makes the program a session leader. See rr_command_new_session.
    void new_session(std::error_code &ec) noexcept { detail::assign(ec, ::rr_command_new_session(get())); }
    /// Starts the program without the launcher. See rr_command_no_launcher.
    void no_launcher(std::error_code &ec) noexcept { detail::assign(ec, ::rr_command_no_launcher(get())); }
    /// Starts the program. failed: buffer for the step that failed, or nullptr. See rr_command_spawn.
    child spawn(std::error_code &ec, failure *failed = nullptr) const noexcept {
        rr_child *started = nullptr;
        detail::assign(ec, ::rr_command_spawn(get(), &started, failed));
        return child(started);
    }
    /// Starts the program with pipes as its standard output and error, reads both until nobody has them open for
    /// writing, and waits for it. When the timeout is over, the program is killed, with its group if it is a process
    /// group leader, and what is in the pipes then is read. Replaces a redirection of these two descriptors: afterwards
    /// they are the caller's.
    captured capture(std::chrono::nanoseconds timeout, std::error_code &ec, failure *failed = nullptr) {
        captured result;
        const detail::deadline until(timeout);
        detail::pipe output(ec);
        if (ec)
            return result;
        detail::pipe errors(ec);
        if (!ec)
            dup2(output.write_end(), 1, ec);
        if (!ec)
            dup2(errors.write_end(), 2, ec);
        child started = ec ? child() : spawn(ec, failed);
        (void)::rr_command_dup2(get(), 1, 1);
        (void)::rr_command_dup2(get(), 2, 2);
        if (ec)
            return result;
        output.close_write();
        errors.close_write();
        std::string *const texts[] = {&result.output, &result.errors};
        detail::pipe *const pipes[] = {&output, &errors};
        const bool in_time = detail::read_both(pipes, texts, until);
        const std::optional<outcome> ended = in_time ? started.wait_for(until.left(), ec) : std::nullopt;
        if (ended) {
            result.ended = *ended;
            return result;
        }
        std::error_code ignored; // ESRCH: it has just ended
        started.kill(SIGKILL, ignored);
        result.ended = started.wait(ec);
        result.timed_out = result.ended.signal == SIGKILL;
        for (int i = 0; i < 2; ++i)
            pipes[i]->read_rest(*texts[i]);
        return result;
    }
#ifdef __cpp_exceptions
    explicit command(const detail::text &program) : program_(program.get() ? program.get() : "") {
        std::error_code ec;
        handle_ = std::move(command(program, ec).handle_);
        if (ec)
            detail::raise("rr_command_new", ec);
    }
    // A chain keeps the value category of its first object.
    command &arg(const detail::text &argument) & { return must("rr_command_add_arg", add(argument)); }
    command arg(const detail::text &argument) && { return std::move(arg(argument)); }
    command &arg0(const detail::text &name) & { return must("rr_command_set_arg0", call_it(name)); }
    command arg0(const detail::text &name) && { return std::move(arg0(name)); }
    command &env(const detail::text &name, const detail::text &value) & {
        return must("rr_command_set_env", set(name, value));
    }
    command env(const detail::text &name, const detail::text &value) && { return std::move(env(name, value)); }
    command &clear_env() & { return must("rr_command_clear_env", ::rr_command_clear_env(get())); }
    command clear_env() && { return std::move(clear_env()); }
    command &directory(const detail::text &path) & {
        must("rr_command_set_directory", go_to(path));
        directory_ = path.get();
        return *this;
    }
    command directory(const detail::text &path) && { return std::move(directory(path)); }
    command &dup2(int source_fd, int child_fd) & {
        return must("rr_command_dup2", ::rr_command_dup2(get(), source_fd, child_fd));
    }
    command dup2(int source_fd, int child_fd) && { return std::move(dup2(source_fd, child_fd)); }
    command &limit(resource which, const limits &wanted) & {
        return must("rr_command_set_limit", ::rr_command_set_limit(get(), which.id(), &wanted),
                    detail::name_of(which.id()) + ": ");
    }
    command limit(resource which, const limits &wanted) && { return std::move(limit(which, wanted)); }
    command &close_from(int first_fd) & {
        return must("rr_command_close_from", ::rr_command_close_from(get(), first_fd));
    }
    command close_from(int first_fd) && { return std::move(close_from(first_fd)); }
    command &umask(std::uint32_t mask) & { return must("rr_command_set_umask", ::rr_command_set_umask(get(), mask)); }
    command umask(std::uint32_t mask) && { return std::move(umask(mask)); }
    command &credentials(std::uint32_t uid, std::uint32_t gid, const std::vector<std::uint32_t> &groups) & {
        return must("rr_command_set_credentials",
                    ::rr_command_set_credentials(get(), uid, gid, groups.data(), groups.size()));
    }
    command credentials(std::uint32_t uid, std::uint32_t gid, const std::vector<std::uint32_t> &groups) && {
        return std::move(credentials(uid, gid, groups));
    }
    command &cgroup(int cgroup_fd) & {
        return must("rr_command_set_cgroup", ::rr_command_set_cgroup(get(), cgroup_fd));
    }
    command cgroup(int cgroup_fd) && { return std::move(cgroup(cgroup_fd)); }
    command &tree(std::uint32_t flags) & { return must("rr_command_set_tree", ::rr_command_set_tree(get(), flags)); }
    command tree(std::uint32_t flags) && { return std::move(tree(flags)); }
    command &tree_limit(int what, std::uint64_t value) & {
        return must("rr_command_set_tree_limit", ::rr_command_set_tree_limit(get(), what, value));
    }
    command tree_limit(int what, std::uint64_t value) && { return std::move(tree_limit(what, value)); }
    command &new_group() & { return must("rr_command_new_group", ::rr_command_new_group(get())); }
    command new_group() && { return std::move(new_group()); }
    command &new_session() & { return must("rr_command_new_session", ::rr_command_new_session(get())); }
    command new_session() && { return std::move(new_session()); }
    command &no_launcher() & { return must("rr_command_no_launcher", ::rr_command_no_launcher(get())); }
    command no_launcher() && { return std::move(no_launcher()); }
    child spawn() const {
        std::error_code ec;
        failure failed;
        child started = spawn(ec, &failed);
        if (ec)
            refuse(ec, failed);
        return started;
    }
    captured capture(std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max()) {
        std::error_code ec;
        failure failed;
        captured result = capture(timeout, ec, &failed);
        if (ec && failed.step != 0)
            refuse(ec, failed);
        if (ec)
            detail::raise("capture", ec, program_ + ": ");
        return result;
    }
#endif

private:
    using owner = detail::owner<rr_command, ::rr_command_free>;

    rr_command *get() const noexcept { return handle_.get(); }
    int add(const detail::text &argument) noexcept {
        return argument.with([this](const char *text) { return ::rr_command_add_arg(get(), text); });
    }
    int call_it(const detail::text &name) noexcept {
        return name.with([this](const char *text) { return ::rr_command_set_arg0(get(), text); });
    }
    int set(const detail::text &name, const detail::text &value) noexcept {
        return name.with([&](const char *variable) {
            return value.with([&](const char *text) { return ::rr_command_set_env(get(), variable, text); });
        });
    }
    int go_to(const detail::text &path) noexcept {
        return path.with([this](const char *text) { return ::rr_command_set_directory(get(), text); });
    }
#ifdef __cpp_exceptions
    command &must(const char *function, int error, const std::string &about = {}) {
        if (error)
            detail::raise(function, {error, std::generic_category()}, about);
        return *this;
    }
    [[noreturn]] void refuse(std::error_code ec, const failure &failed) const {
        throw start_error(ec, "rr_command_spawn: " + about(failed) + ::rr_strerror(ec.value()), failed);
    }
    /// Returns the name that the failed step concerns. Program and directory are both named if the system does not
    /// report which of them caused the failure.
    std::string about(const failure &failed) const {
        switch (failed.step) {
        case RR_STEP_EXEC: return program_ + ": ";
        case RR_STEP_DIRECTORY: return directory_ + ": ";
        case RR_STEP_LIMIT: return detail::name_of(failed.detail) + ": ";
        case RR_STEP_DESCRIPTOR: return "descriptor " + std::to_string(failed.detail) + ": ";
        case RR_STEP_START: return program_ + (directory_.empty() ? ": " : " in " + directory_ + ": ");
        default: return failed.text() + std::string(": ");
        }
    }
#endif

    owner handle_;
    // Only for exceptions. They exist with -fno-exceptions too, so that a command has one layout in a program.
    std::string program_;
    std::string directory_;
};

// ---- Results ---------------------------------------------------------------------------------------

#ifdef __cpp_lib_expected
/// Calls a function of this header with a std::error_code and returns its result or the error:
///
///     auto files = rresource::expect([](auto &ec) { return rresource::getrlimit(rresource::resources::nofile, ec); });
///     if (!files)
///         log(files.error().message());
template <class Call>
[[nodiscard]] auto expect(Call &&call) -> std::expected<decltype(call(std::declval<std::error_code &>())), std::error_code> {
    std::error_code ec;
    if constexpr (std::is_void_v<decltype(call(ec))>) {
        call(ec);
        if (ec)
            return std::unexpected(ec);
        return {};
    } else {
        auto result = call(ec);
        if (ec)
            return std::unexpected(ec);
        return result;
    }
}
#endif

} // namespace rresource

#endif // RRESOURCE_HPP
