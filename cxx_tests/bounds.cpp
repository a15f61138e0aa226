// The bounds of a process.
#include "check.hpp"

#include <type_traits>

namespace rs = rresource;
using rs::bound_kind;

static_assert(std::is_trivially_copyable_v<rs::bound> && std::is_base_of_v<rr_bound, rs::bound>);

static const bound_kind KINDS[] = {bound_kind::memory, bound_kind::swap, bound_kind::cpu, bound_kind::tasks,
                                   bound_kind::files};

static void the_same_as_in_c() {
    rs::process self;
    for (bound_kind kind : KINDS) {
        std::error_code ec;
        rr_bound found[RR_BOUND_CAPACITY], limit, room;
        std::size_t count = 0;
        const std::vector<rs::bound> bounds = self.bounds(kind, ec);
        CHECK(!ec);
        CHECK_EQ(rr_bounds_read(nullptr, static_cast<int>(kind), found, RR_BOUND_CAPACITY, &count), 0);
        CHECK_EQ(bounds.size(), count);
        for (std::size_t i = 0; i < count && i < bounds.size(); i++)
            CHECK(bounds[i].kind == kind && bounds[i].limit == found[i].limit && bounds[i].source == found[i].source);
        const rs::effective_bounds effective = self.effective_bound(kind, ec);
        CHECK(!ec);
        CHECK_EQ(rr_bound_effective(nullptr, static_cast<int>(kind), &limit, &room), 0);
        CHECK_EQ(effective.limit.limit, limit.limit);
        CHECK_EQ(effective.room.limit, room.limit);
        CHECK(effective.room.left().has_value() == effective.room.has(RR_BOUND_USED_KNOWN));
        CHECK(*effective.limit.text().c_str() != 0);
    }
}

static void as_text() {
    rr_bound quota = {};
    quota.source = RR_SOURCE_CGROUP;
    quota.limit = 1500000000;
    const rs::bound bound(bound_kind::cpu, quota);
    CHECK(bound.processors() == 1.5 && !bound.left());
    CHECK_TEXT(bound.text().c_str(), "processors: 1.5 (cpu.max, own control group)");
    CHECK_TEXT(rs::bound().text().c_str(), "");
}

static void what_is_refused() {
    const bound_kind unknown = static_cast<bound_kind>(99);
    rs::process self, none(nullptr);
    CHECK_EQ(error_of([&](std::error_code &ec) { (void)self.bounds(unknown, ec); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &ec) { (void)self.effective_bound(unknown, ec); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &ec) { (void)none.bounds(bound_kind::memory, ec); }), EINVAL);
#ifdef __cpp_exceptions
    CHECK_EQ(thrown_by("rr_bounds_read", [&] { (void)self.bounds(unknown); }), EINVAL);
    CHECK_EQ(thrown_by("rr_bound_effective", [&] { (void)self.effective_bound(unknown); }), EINVAL);
    CHECK(self.bounds(bound_kind::cpu).size() > 0 && self.effective_bound(bound_kind::cpu).limit.limit > 0);
#endif
}

int main() {
    RUN(the_same_as_in_c);
    RUN(as_text);
    RUN(what_is_refused);
    return report();
}
