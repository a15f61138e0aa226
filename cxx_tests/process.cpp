// Handles of processes.
#include "check.hpp"

#include <dirent.h>
#include <sys/syscall.h>
#include <type_traits>

namespace rs = rresource;
using rs::resources::core;
using rs::resources::nofile;

static_assert(!std::is_copy_constructible_v<rs::process> && !std::is_copy_assignable_v<rs::process>);
static_assert(std::is_nothrow_move_constructible_v<rs::process> && std::is_nothrow_move_assignable_v<rs::process>);
static_assert(!std::is_convertible_v<int, rs::process>, "a number becomes a process only on purpose");
static_assert(sizeof(rs::verdict) == sizeof(rr_verdict));

/// A child that waits, and is killed when the test is over.
struct sleeper {
    sleeper() : pid(fork()) {
        if (pid == 0) {
            pause();
            _exit(0);
        }
    }
    ~sleeper() { end(); }
    void end() {
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
        pid = 0;
    }
    pid_t pid;
};

static int open_descriptors() {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void the_caller_itself() {
    rs::process self;
    std::error_code ec;
    CHECK(self && self.alive());
    CHECK_EQ(self.pid(), getpid());
    const std::vector<rr_rlimit_entry> all = self.getrlimits(ec);
    CHECK(!ec);
    CHECK_EQ(all.size(), rr_resource_count());
    for (const rr_rlimit_entry &each : all)
        CHECK(rs::limits(each.limits) == rs::getrlimit(rs::resource(each.resource), ec));
    CHECK(self.used(nofile, ec) >= 3 && !ec);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)self.used(core, error); }), ENOTSUP);
}

static void a_child_by_number() {
    sleeper child;
    std::error_code ec;
    rs::process process(child.pid, ec);
    CHECK(!ec && process && process.alive());
    CHECK_EQ(process.pid(), child.pid);
    process.setrlimits({rs::entry(nofile, {16, 32}), rs::entry(core, {0, 0})}, ec);
    CHECK(!ec);
    CHECK(rs::prlimit(child.pid, nofile, ec) == rs::limits(16, 32));
    CHECK(rs::prlimit(child.pid, core, ec) == rs::limits(0, 0));
    CHECK(process.used(nofile, ec) >= 3 && !ec);
    child.end();
    CHECK(process && !process.alive());
    CHECK_EQ(error_of([&](std::error_code &error) { process.check(error); }), ESRCH);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)process.getrlimits(error); }), ESRCH);
}

static void a_set_that_is_refused_changes_nothing_and_says_where() {
    sleeper child;
    std::error_code ec;
    rs::process process(child.pid, ec);
    const rs::limits before = rs::prlimit(child.pid, nofile, ec);
    std::size_t place = 99;
    process.setrlimits({rs::entry(nofile, {16, 32}), rs::entry(core, {1, 0})}, ec, &place);
    CHECK_EQ(ec.value(), EINVAL);
    CHECK_EQ(place, 1);
    CHECK(rs::prlimit(child.pid, nofile, ec) == before);
}

static void room_that_is_too_small() {
    rr_rlimit_entry two[2];
    std::error_code ec;
    CHECK_EQ(rs::process().getrlimits(two, 2, ec), rr_resource_count());
    CHECK_EQ(ec.value(), ERANGE);
}

static void a_verdict_says_what_and_why() {
    std::error_code ec;
    const rs::verdict wrong = rs::process().check_limit(nofile, {2, 1}, ec);
    CHECK(!ec && !wrong.accepted());
    CHECK(wrong.code() == std::errc::invalid_argument);
    CHECK_EQ(wrong.reason, RR_REASON_SOFT_ABOVE_HARD);
    CHECK_TEXT(wrong.text(), rr_reason_text(RR_REASON_SOFT_ABOVE_HARD));
    const rs::verdict right = rs::process().check_limit(nofile, rs::getrlimit(nofile, ec), ec);
    CHECK(!ec && right.accepted() && !right.code());
}

/// An empty handle must not mean the caller, as NULL does in C.
static void no_process_is_not_the_caller() {
    std::error_code ec;
    const rs::limits before = rs::getrlimit(core, ec);
    rs::process nobody(-5, ec);
    CHECK_EQ(ec.value(), EINVAL);
    CHECK(!nobody && !nobody.alive());
    CHECK_EQ(nobody.pid(), 0);
    CHECK_EQ(nobody.fd(), -1);
    CHECK_EQ(error_of([&](std::error_code &error) { nobody.setrlimits({rs::entry(core, {0, 0})}, error); }), EINVAL);
    CHECK(rs::getrlimit(core, ec) == before);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)nobody.getrlimits(error); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)nobody.used(nofile, error); }), EINVAL);
    CHECK(!nobody.check_limit(nofile, before, ec).accepted() && ec);
    rs::process self;
    rs::process moved = std::move(self);
    CHECK(moved && !self);
}

static void the_process_behind_a_pidfd() {
    sleeper child;
    std::error_code ec;
    const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0));
    if (pidfd < 0) {
        skip("no pidfds here");
        return;
    }
    rs::process process = rs::process::from_fd(pidfd, ec);
    CHECK(!ec && process.pid() == child.pid);
    CHECK(process.fd() >= 0 && process.fd() != pidfd);
    close(pidfd);
    CHECK(process.alive());
    CHECK_EQ(error_of([](std::error_code &error) { (void)rs::process::from_fd(-1, error); }), EBADF);
}

static void handles_are_closed_once() {
    const int before = open_descriptors();
    std::error_code ec;
    for (int i = 0; i < 1000; i++) {
        rs::process one(getppid(), ec);
        rs::process other(getpid(), ec);
        other = std::move(one);
        rs::process third(std::move(other));
        CHECK(!ec && third);
    }
    CHECK_EQ(open_descriptors(), before);
}

#ifdef __cpp_exceptions
static void errors_by_exception() {
    CHECK_EQ(thrown_by("rr_process_open", [] { const rs::process invalid(-5); }), EINVAL);
    CHECK_EQ(thrown_by("rr_process_open", [] { const rs::process own{getpid()}; }), 0);
    CHECK_EQ(thrown_by("rr_process_from_fd", [] { (void)rs::process::from_fd(-1); }), EBADF);
    rs::process self;
    std::size_t place = 99;
    CHECK_EQ(thrown_by("rr_rlimits_set", [&] { self.setrlimits({rs::entry(core, {1, 0})}, &place); }), EINVAL);
    CHECK_EQ(place, 0);
    CHECK_EQ(thrown_by("rr_rlimit_used", [&] { (void)self.used(core); }), ENOTSUP);
    CHECK_EQ(self.getrlimits().size(), rr_resource_count());
    CHECK(!self.check_limit(nofile, {2, 1}).accepted());
}
#endif

/// Copied texts, handles, vectors and exceptions of 100,000 rounds: the resident set stays what it was.
static void a_hundred_thousand_calls_leave_nothing() {
    std::error_code ec;
    rs::process self;
    const auto round = [&] {
        const rs::limits limits = rs::parse_limits(core, std::string_view("8M:hard"), rs::getrlimit(core, ec), ec);
        CHECK(!rs::process(0, ec).check_limit(core, limits, ec).code());
        CHECK(self.getrlimits(ec).size() == rr_resource_count());
        rs::command described("true", ec);
        described.arg(std::string_view("argument"), ec);
        described.env("NAME", "value", ec);
#ifdef __cpp_exceptions
        try {
            (void)rs::getrlimit(rs::resource(99));
        } catch (const rs::error &) {
        }
#endif
    };
    for (int i = 0; i < 10000; i++)
        round();
    const std::uint64_t before = self.read_usage(ec).rss_bytes;
    for (int i = 0; i < 100000; i++)
        round();
    CHECK(before > 0 && self.read_usage(ec).rss_bytes < before + (400 << 10));
}

int main() {
    RUN(the_caller_itself);
    RUN(a_child_by_number);
    RUN(a_set_that_is_refused_changes_nothing_and_says_where);
    RUN(room_that_is_too_small);
    RUN(a_verdict_says_what_and_why);
    RUN(no_process_is_not_the_caller);
    RUN(the_process_behind_a_pidfd);
    RUN(handles_are_closed_once);
    RUN(a_hundred_thousand_calls_leave_nothing);
#ifdef __cpp_exceptions
    RUN(errors_by_exception);
#endif
    return report();
}
