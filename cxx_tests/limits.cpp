// Resources, limits, their text and scoped_limit.
#include "check.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

namespace rs = rresource;
using rs::resources::core;
using rs::resources::nofile;

// The types have no more members than in C, and functions that report by a code do not throw.
static_assert(sizeof(rs::resource) == sizeof(int) && std::is_trivially_copyable_v<rs::resource>);
static_assert(sizeof(rs::limits) == sizeof(rr_rlimit) && std::is_trivially_copyable_v<rs::limits>);
static_assert(rs::limits{1, 2} == rs::limits{1, 2} && rs::limits{1, 2} != rs::limits{1, 3});
static_assert(nofile == rs::resource(RR_RLIMIT_NOFILE) && nofile != core && core < nofile);
static_assert(!std::is_convertible_v<int, rs::resource>, "a number becomes a resource only on purpose");
static_assert(!std::is_copy_constructible_v<rs::scoped_limit> && std::is_nothrow_move_constructible_v<rs::scoped_limit>);
static_assert(!std::is_move_assignable_v<rs::scoped_limit>);
static_assert(noexcept(rs::getrlimit(nofile, std::declval<std::error_code &>())));
static_assert(noexcept(rs::setrlimit(nofile, {1, 2}, std::declval<std::error_code &>())));
static_assert(noexcept(rs::parse_limits(nofile, "", {}, std::declval<std::error_code &>())));

// Not inlined, because g++ would then report that free does not match operator new.
[[gnu::noinline]] void *operator new(std::size_t size) {
    allocations++;
    if (void *memory = std::malloc(size))
        return memory;
    std::abort();
}
[[gnu::noinline]] void operator delete(void *memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

static rs::resource unknown(9999);

static rs::limits present(rs::resource which) {
    std::error_code ec;
    const rs::limits found = rs::getrlimit(which, ec);
    CHECK(!ec);
    return found;
}

static void resources_by_name_and_number() {
    std::error_code ec(1, std::generic_category());
    CHECK(rs::resource::by_name("LimitNOFILE", ec) == nofile);
    CHECK(!ec);
    CHECK_TEXT(nofile.name(), "NOFILE");
    CHECK_TEXT(nofile.summary(), "open file descriptors");
    CHECK_EQ(nofile.describe(ec).unit, RR_UNIT_COUNT);
    CHECK(!ec);
    CHECK(!unknown.name() && !unknown.summary());
    CHECK_EQ(error_of([](std::error_code &error) { unknown.describe(error); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &error) { (void)rs::resource::by_name("NOFILES", error); }), ENOENT);
    CHECK_EQ(error_of([](std::error_code &error) { (void)rs::resource::by_name(nullptr, error); }), EFAULT);
}

static void every_resource_of_the_system_in_order() {
    std::size_t index = 0;
    for (rs::resource each : rs::all_resources()) {
        rr_resource expected;
        CHECK_EQ(rr_resource_at(index++, &expected), 0);
        CHECK_EQ(each.id(), expected.id);
    }
    CHECK_EQ(index, rr_resource_count());
    const rs::all_resources all;
    CHECK_EQ(std::count(all.begin(), all.end(), nofile), 1);
}

static void every_limit_agrees_with_the_system() {
    for (rs::resource each : rs::all_resources()) {
        struct rlimit expected;
        CHECK_EQ(getrlimit(static_cast<__rlimit_resource>(each.id()), &expected), 0);
        CHECK(present(each) == rs::limits(expected.rlim_cur, expected.rlim_max));
    }
}

static void errors_by_code() {
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::getrlimit(nofile, ec); }), 0);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::getrlimit(unknown, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { rs::setrlimit(nofile, {2, 1}, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::prlimit(-1, nofile, ec); }), ESRCH);
    CHECK_EQ(error_of([](std::error_code &ec) { rs::raise_limit(unknown, 1, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::scoped_limit(unknown, 1, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::scoped_limit::raised(unknown, 1, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::parse_limits(nofile, "many", {}, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::format_limits(nofile, {2, 1}, ec); }), EINVAL);
    for (const char *malformed : {"", "soon", "-1s"})
        CHECK_EQ(error_of([&](std::error_code &ec) { (void)rs::parse_duration(malformed, ec); }), EINVAL);
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::parse_duration("9223372036854775808ns", ec); }), ERANGE);
}

#ifdef __cpp_exceptions
static void errors_by_exception() {
    CHECK_EQ(thrown_by("rr_getrlimit", [] { (void)rs::getrlimit(nofile); }), 0);
    CHECK_EQ(thrown_by("rr_getrlimit", [] { (void)rs::getrlimit(unknown); }), EINVAL);
    CHECK_EQ(thrown_by("rr_setrlimit", [] { rs::setrlimit(nofile, {2, 1}); }), EINVAL);
    CHECK_EQ(thrown_by("rr_prlimit", [] { (void)rs::prlimit(-1, nofile); }), ESRCH);
    CHECK_EQ(thrown_by("rr_rlimit_raise", [] { rs::raise_limit(unknown, 1); }), EINVAL);
    CHECK_EQ(thrown_by("rr_setrlimit", [] { (void)rs::scoped_limit(unknown, 1); }), EINVAL);
    CHECK_EQ(thrown_by("rr_rlimit_raise", [] { (void)rs::scoped_limit::raised(unknown, 1); }), EINVAL);
    CHECK_EQ(thrown_by("rr_rlimit_parse", [] { (void)rs::parse_limits(nofile, "many", {}); }), EINVAL);
    CHECK_EQ(thrown_by("rr_duration_parse", [] { (void)rs::parse_duration("soon"); }), EINVAL);
    CHECK_EQ(thrown_by("rr_rlimit_format", [] { (void)rs::format_limits(nofile, {2, 1}); }), EINVAL);
    CHECK_EQ(thrown_by("rr_resource_by_name", [] { (void)rs::resource::by_name("NOFILES"); }), ENOENT);
    CHECK_EQ(thrown_by("rr_resource_by_id", [] { unknown.describe(); }), EINVAL);
}

static void a_scope_that_is_left_by_an_exception_restores() {
    const rs::limits before = present(nofile);
    try {
        rs::scoped_limit fewer(nofile, before.rlim_cur - 1);
        CHECK_EQ(present(nofile).rlim_cur, before.rlim_cur - 1);
        throw std::runtime_error("leaving");
    } catch (const std::runtime_error &) {
    }
    CHECK(present(nofile) == before);
}
#endif

static void lowered() {
    const rs::limits before = present(core);
    std::error_code ec;
    rs::setrlimit(core, {0, before.rlim_max}, ec);
    CHECK(!ec);
    CHECK_EQ(present(core).rlim_cur, 0);
    const rs::limits former = rs::prlimit(0, core, before, ec);
    CHECK(!ec && former == rs::limits(0, before.rlim_max));
    CHECK(rs::prlimit(0, core, ec) == before && !ec);
}
static void setrlimit_and_prlimit_set() { in_child(lowered); }

static void raised() {
    std::error_code ec;
    const rs::limits before = present(nofile);
    rs::setrlimit(nofile, {before.rlim_max / 2, before.rlim_max}, ec);
    {
        rs::scoped_limit more = rs::scoped_limit::raised(nofile, rs::unlimited, ec);
        CHECK(!ec);
        CHECK_EQ(present(nofile).rlim_cur, before.rlim_max);
        CHECK_EQ(more.former().rlim_cur, before.rlim_max / 2);
    }
    CHECK_EQ(present(nofile).rlim_cur, before.rlim_max / 2);
    CHECK_EQ(rs::raise_limit(nofile, rs::unlimited, ec).rlim_cur, before.rlim_max);
    CHECK_EQ(present(nofile).rlim_cur, before.rlim_max);
}
static void raising_goes_as_far_as_it_may() { in_child(raised); }

static void a_scope_sets_and_restores_the_soft_limit() {
    const rs::limits before = present(nofile);
    std::error_code ec;
    {
        rs::scoped_limit fewer(nofile, 20, ec);
        CHECK(!ec && fewer.former() == before);
        CHECK(present(nofile) == rs::limits(20, before.rlim_max));
        rs::scoped_limit fewest(nofile, 10, ec);
        CHECK_EQ(present(nofile).rlim_cur, 10);
    }
    CHECK(present(nofile) == before);
}

static void a_scope_that_failed_restores_nothing() {
    const rs::limits before = present(nofile);
    std::error_code ec;
    {
        rs::scoped_limit too_many(nofile, before.rlim_max + 1, ec);
        CHECK_EQ(ec.value(), EINVAL);
        rs::setrlimit(nofile, {20, before.rlim_max}, ec);
    }
    CHECK_EQ(present(nofile).rlim_cur, 20);
    rs::setrlimit(nofile, before, ec);
}

static void a_scope_moves() {
    const rs::limits before = present(nofile);
    std::error_code ec;
    {
        rs::scoped_limit outer(nofile, 30, ec);
        {
            rs::scoped_limit inner = std::move(outer);
            CHECK_EQ(present(nofile).rlim_cur, 30);
        }
        CHECK(present(nofile) == before);
        const rs::limits later(20, before.rlim_max);
        rs::setrlimit(nofile, later, ec);
        outer.restore();
        CHECK(present(nofile) == later);
        rs::setrlimit(nofile, before, ec);
    }
    CHECK(present(nofile) == before);
}

static void released() {
    std::error_code ec;
    {
        rs::scoped_limit kept(nofile, 20, ec);
        kept.release();
    }
    CHECK_EQ(present(nofile).rlim_cur, 20);
    {
        rs::scoped_limit once(nofile, 10, ec);
        once.restore();
        CHECK_EQ(present(nofile).rlim_cur, 20);
        rs::setrlimit(nofile, {15, 40}, ec);
    }
    CHECK(present(nofile) == rs::limits(15, 40));
}
static void a_scope_can_be_kept_or_ended_early() { in_child(released); }

static void hard_limit_cut_meanwhile() {
    std::error_code ec;
    const rs::limits before = present(nofile);
    {
        rs::scoped_limit fewer(nofile, 20, ec);
        rs::setrlimit(nofile, {20, before.rlim_cur - 1}, ec);
        CHECK(!ec);
    }
    CHECK(present(nofile) == rs::limits(before.rlim_cur - 1, before.rlim_cur - 1));
}
static void a_scope_restores_as_far_as_the_hard_limit_allows() { in_child(hard_limit_cut_meanwhile); }

static void text_both_ways() {
    std::error_code ec;
    const rs::limits some = rs::parse_limits(nofile, "64:4K", {}, ec);
    CHECK(!ec && some == rs::limits(64, 4096));
    CHECK(rs::parse_limits(nofile, ":8", {4, 100}, ec) == rs::limits(4, 8));
    CHECK(rs::parse_limits(nofile, "hard", {4, 100}, ec) == rs::limits(100, 100));
    const rs::limit_text text = rs::format_limits(rs::resources::fsize, {8 << 20, rs::unlimited}, ec);
    CHECK(!ec);
    CHECK_TEXT(text.c_str(), "8M:unlimited");
    CHECK(rs::parse_duration("1h30min", ec) == std::chrono::minutes(90) && !ec);
    CHECK(rs::parse_duration(std::string("200ms"), ec) == std::chrono::milliseconds(200) && !ec);
    CHECK(rs::parse_duration("9223372036854775807ns", ec) == std::chrono::nanoseconds::max() && !ec);
    CHECK(std::string_view(text) == "8M:unlimited");
}

static void what_reports_by_code_does_not_allocate() {
    const int before = allocations;
    std::error_code ec;
    (void)rs::getrlimit(nofile, ec);
    (void)rs::getrlimit(unknown, ec);
    rs::setrlimit(nofile, {2, 1}, ec);
    (void)rs::resource::by_name("NOFILE", ec);
    (void)rs::format_limits(nofile, rs::parse_limits(nofile, "64:4K", {}, ec), ec);
    { rs::scoped_limit fewer(nofile, 20, ec); }
    CHECK_EQ(allocations, before);
    (void)std::string(100, 'x').size();
    CHECK(allocations > before);
}

int main() {
    RUN(resources_by_name_and_number);
    RUN(every_resource_of_the_system_in_order);
    RUN(every_limit_agrees_with_the_system);
    RUN(errors_by_code);
#ifdef __cpp_exceptions
    RUN(errors_by_exception);
    RUN(a_scope_that_is_left_by_an_exception_restores);
#endif
    RUN(setrlimit_and_prlimit_set);
    RUN(raising_goes_as_far_as_it_may);
    RUN(a_scope_sets_and_restores_the_soft_limit);
    RUN(a_scope_that_failed_restores_nothing);
    RUN(a_scope_moves);
    RUN(a_scope_can_be_kept_or_ended_early);
    RUN(a_scope_restores_as_far_as_the_hard_limit_allows);
    RUN(text_both_ways);
    RUN(what_reports_by_code_does_not_allocate);
    return report();
}
