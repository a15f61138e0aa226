// Usage of processes, as durations.
#include "check.hpp"

#include <type_traits>

namespace rs = rresource;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

static_assert(sizeof(rs::usage) == sizeof(rr_usage) && std::is_trivially_copyable_v<rs::usage>);
static_assert(sizeof(rs::rusage) == sizeof(rr_rusage) && std::is_trivially_copyable_v<rs::rusage>);
static_assert(!rs::usage().knows(RR_USAGE_CPU) && !rs::usage().cpu_time(), "nothing is known of nothing");

static void times_of_the_systems_record() {
    std::error_code ec;
    spin(0.05);
    const rs::rusage told = rs::getrusage(rs::who::self, ec);
    CHECK(!ec);
    CHECK_EQ(told.user_time().count(), told.ru_utime.tv_sec * 1000000 + told.ru_utime.tv_usec);
    CHECK_EQ(told.system_time().count(), told.ru_stime.tv_sec * 1000000 + told.ru_stime.tv_usec);
    const microseconds cpu = told.user_time() + told.system_time();
    CHECK(cpu >= milliseconds(40) && cpu < std::chrono::seconds(60));
    CHECK_EQ(error_of([](std::error_code &error) { (void)rs::getrusage(static_cast<rs::who>(7), error); }), EINVAL);
}

static void a_child_that_is_waited_for() {
    std::error_code ec;
    const pid_t child = fork();
    if (child == 0) {
        spin(0.05);
        _exit(7);
    }
    const rs::waited found = rs::wait4(child, 0, ec);
    CHECK(!ec && found.pid == child);
    std::int32_t exit_code, signal;
    CHECK_EQ(rr_wait_status(found.status, &exit_code, &signal), 0);
    CHECK_EQ(exit_code, 7);
    CHECK(found.used.user_time() + found.used.system_time() >= milliseconds(40));
    CHECK_EQ(error_of([](std::error_code &error) { rs::wait4(getpid(), 0, error); }), ECHILD);
}

static void of_the_caller() {
    std::error_code ec;
    rs::process self;
    const rs::usage start = self.read_usage(ec);
    CHECK(!ec && start.knows(RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_PEAK_RSS));
    CHECK(start.cpu_time() && *start.cpu_time() == nanoseconds(start.cpu_ns));
    CHECK(start.user_time() && start.user_time()->count() == static_cast<std::int64_t>(start.user_ns));
    CHECK(start.system_time() && start.system_time()->count() == static_cast<std::int64_t>(start.system_ns));
    CHECK(start.wall_time() && start.wall_time()->count() == static_cast<std::int64_t>(start.wall_ns));
    spin(0.05);
    const rs::usage end = self.read_usage(RR_USAGE_CPU, ec);
    CHECK(!ec && end.knows(RR_USAGE_CPU));
    const rs::usage difference = rs::usage_since(start, end, ec);
    CHECK(!ec);
    CHECK(difference.cpu_time() && *difference.cpu_time() == *end.cpu_time() - *start.cpu_time());
    CHECK(*difference.cpu_time() >= milliseconds(40));
}

static void what_is_not_known_is_not_there() {
    std::error_code ec;
    const rs::usage told = rs::usage_from(rs::getrusage(rs::who::self, ec), ec);
    CHECK(!ec && told.cpu_time());
    CHECK(!told.wall_time() && !told.knows(RR_USAGE_WALL));
    CHECK(!told.knows(RR_USAGE_CPU | RR_USAGE_WALL));
    rs::process nobody(nullptr);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)nobody.read_usage(error); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &error) { nobody.reset_peak(error); }), EINVAL);
}

static void with_a_peak_begun_anew() {
    std::error_code ec;
    rs::process self;
    const std::size_t size = 64 << 20;
    volatile char *memory = static_cast<char *>(std::malloc(size));
    for (std::size_t at = 0; at < size; at += 4096)
        memory[at] = 1;
    std::free(const_cast<char *>(memory));
    CHECK(self.read_usage(RR_USAGE_PEAK_RSS, ec).peak_rss_bytes >= size);
    self.reset_peak(ec);
    CHECK(!ec);
    CHECK(self.read_usage(RR_USAGE_PEAK_RSS, ec).peak_rss_bytes < size);
}
static void a_peak_is_begun_anew() { in_child(with_a_peak_begun_anew); }

#ifdef __cpp_exceptions
static void errors_by_exception() {
    rs::process self, nobody(nullptr);
    CHECK_EQ(thrown_by("rr_getrusage", [] { (void)rs::getrusage(static_cast<rs::who>(7)); }), EINVAL);
    CHECK_EQ(thrown_by("rr_wait4", [] { rs::wait4(getpid(), 0); }), ECHILD);
    CHECK_EQ(thrown_by("rr_usage_read", [&] { (void)nobody.read_usage(); }), EINVAL);
    CHECK_EQ(thrown_by("rr_usage_reset_peak", [&] { nobody.reset_peak(); }), EINVAL);
    const rs::usage before = rs::usage_from(rs::getrusage(rs::who::self));
    CHECK(rs::usage_since(before, self.read_usage()).cpu_time());
}
#endif

int main() {
    RUN(times_of_the_systems_record);
    RUN(a_child_that_is_waited_for);
    RUN(of_the_caller);
    RUN(what_is_not_known_is_not_there);
    RUN(a_peak_is_begun_anew);
#ifdef __cpp_exceptions
    RUN(errors_by_exception);
#endif
    return report();
}
