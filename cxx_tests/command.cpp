// Programs started under limits, and what they used.
#include "check.hpp"

#include <chrono>
#include <dirent.h>
#include <filesystem>
#include <sys/wait.h>
#include <thread>
#include <type_traits>

namespace rs = rresource;
using rs::resources::cpu;
using rs::resources::nofile;
using std::chrono::milliseconds;
using std::chrono::seconds;

static_assert(!std::is_copy_constructible_v<rs::command> && std::is_nothrow_move_constructible_v<rs::command>);
static_assert(!std::is_copy_constructible_v<rs::child> && std::is_nothrow_move_constructible_v<rs::child>);
static_assert(sizeof(rs::outcome) == sizeof(rr_outcome) && std::is_trivially_copyable_v<rs::outcome>);

// Only calls that throw can be chained: a chain would lose an error code.
static_assert(std::is_void_v<decltype(std::declval<rs::command &>().new_group(std::declval<std::error_code &>()))>);

/// Describes a command; every part has to be accepted.
template <class... Parts> static void describe(rs::command &command, Parts &&...parts) {
    const auto accepted = [&](auto &&part) {
        std::error_code ec;
        part(command, ec);
        CHECK(!ec);
    };
    (accepted(parts), ...);
}
static auto with_arg(const char *text) { return [=](auto &command, auto &ec) { command.arg(text, ec); }; }
static auto with_env(const char *name, const char *value) {
    return [=](auto &command, auto &ec) { command.env(name, value, ec); };
}
static auto with_limit(rs::resource which, rs::limits wanted) {
    return [=](auto &command, auto &ec) { command.limit(which, wanted, ec); };
}
constexpr auto in_group = [](auto &command, auto &ec) { command.new_group(ec); };

/// A shell that runs a script.
template <class... Parts> static rs::command shell(const char *script, Parts &&...parts) {
    std::error_code ec;
    rs::command made("/bin/sh", ec);
    CHECK(!ec);
    describe(made, with_arg("-c"), with_arg(script), parts...);
    return made;
}

static rs::outcome ended(const rs::command &command) {
    std::error_code ec;
    rs::child child = command.spawn(ec);
    CHECK(!ec && child);
    const rs::outcome outcome = child.wait(ec);
    CHECK(!ec);
    return outcome;
}

static int open_descriptors() {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void how_it_ended() {
    const rs::outcome good = ended(shell("exit 0"));
    CHECK(good.success() && !good.limit_reached());
    const rs::outcome bad = ended(shell("exit 7"));
    CHECK(!bad.success());
    CHECK_EQ(bad.exit_code, 7);
    const rs::outcome killed = ended(shell("kill -TERM $$"));
    CHECK(!killed.success());
    CHECK_EQ(killed.signal, SIGTERM);
    const rs::outcome none;
    CHECK(!none.success() && !none.limit_reached());
}

static void its_limits_arguments_and_environment() {
    std::error_code ec;
    rs::command command =
        shell("test $(ulimit -Sn).$(ulimit -Hn) = 32.64 && test $0.$1 = a.b && test $X = y && test -z $HOME && test $(pwd) = /",
              with_arg("a"), with_arg("b"), [](auto &made, auto &error) { made.clear_env(error); }, with_env("X", "y"),
              with_env("Z", "z"), with_env("Z", nullptr), with_limit(nofile, {32, 64}),
              [](auto &made, auto &error) { made.directory("/", error); });
    CHECK(ended(command).success());
    const rs::limits own = rs::getrlimit(nofile, ec);
    CHECK(own.rlim_cur != 32 || own.rlim_max != 64);
}

static void its_name_and_descriptors() {
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    std::error_code ec;
    rs::command named("/bin/sh", ec);
    describe(named, [](auto &made, auto &error) { made.arg0("other", error); }, with_arg("-c"), with_arg("echo $0 >&5"),
             [&](auto &made, auto &error) { made.dup2(ends[1], 5, error); });
    CHECK(ended(named).success());
    close(ends[1]);
    char text[16] = "";
    CHECK_EQ(read(ends[0], text, sizeof text - 1), 6);
    CHECK_TEXT(text, "other\n");
    close(ends[0]);
}

static void what_it_used() {
    std::error_code ec;
    rs::child child = shell("i=0; while test $i -lt 20000; do i=$((i+1)); done").spawn(ec);
    const rs::outcome outcome = child.wait(ec);
    CHECK(!ec && outcome.success());
    const rs::usage used = outcome.used();
    CHECK(used.cpu_time() && *used.cpu_time() > milliseconds(1) && *used.cpu_time() < seconds(60));
    CHECK(outcome.wall_time() >= milliseconds(1) && outcome.wall_time() < seconds(600));
    CHECK(used.knows(RR_USAGE_PEAK_RSS) && used.peak_rss_bytes > 0);
    CHECK(child.wait(ec).exit_code == 0 && !ec); // the same once more
}

static void the_limit_that_ended_it() {
    const rs::outcome outcome = ended(shell("while :; do :; done", with_limit(cpu, {1, 1})));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK(outcome.limit_reached() == cpu);
}

static void waiting_for_some_time() {
    std::error_code ec;
    rs::child child = shell("sleep 60", in_group).spawn(ec);
    CHECK(!ec);
    CHECK(!child.wait_for(milliseconds(20), ec) && !ec);
    CHECK(!child.wait_for(seconds(0), ec) && !ec);
    CHECK(!child.wait_for(seconds(-5), ec) && !ec); // no time does not mean no timeout
    CHECK(!child.wait_for(std::chrono::duration<double>(0.001), ec) && !ec);
    child.kill(SIGKILL, ec);
    CHECK(!ec);
    const auto outcome = child.wait_for(std::chrono::hours::max(), ec);
    CHECK(!ec && outcome && outcome->signal == SIGKILL);
    child.kill(SIGKILL, ec);
    CHECK_EQ(ec.value(), ESRCH);
}

static void killed_from_another_thread() {
    std::error_code ec;
    rs::child child = shell("sleep 60", [](auto &made, auto &error) { made.new_session(error); }).spawn(ec);
    std::thread killer([&child] {
        std::error_code error;
        std::this_thread::sleep_for(milliseconds(20));
        child.kill(SIGTERM, error);
        CHECK(!error);
    });
    CHECK_EQ(child.wait(ec).signal, SIGTERM);
    killer.join();
}

static void a_handle_on_it_meanwhile() {
    std::error_code ec;
    rs::child child = shell("sleep 60", in_group, with_limit(nofile, {20, 30})).spawn(ec);
    rs::process process = child.process(ec);
    CHECK(!ec && process.alive());
    CHECK_EQ(process.pid(), child.pid());
    CHECK(rs::prlimit(child.pid(), nofile, ec) == rs::limits(20, 30));
    CHECK(process.read_usage(ec).knows(RR_USAGE_RSS) && !ec);
    child.kill(SIGKILL, ec);
    child.wait(ec);
    CHECK(!process.alive());
}

static void errors_by_code() {
    CHECK_EQ(error_of([](std::error_code &ec) { (void)rs::command("/no/such/program", ec).spawn(ec); }), ENOENT);
    CHECK_EQ(error_of([](std::error_code &ec) { rs::command(nullptr, ec); }), EFAULT);
    std::error_code none;
    rs::command command("true", none);
    CHECK_EQ(error_of([&](std::error_code &ec) { command.env("A=B", "", ec); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &ec) { command.limit(nofile, {2, 1}, ec); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &ec) { command.dup2(0, -1, ec); }), EBADF);
    command.no_launcher(none);
    CHECK(!none && ended(command).success());
    rs::command moved = std::move(command);
    CHECK_EQ(error_of([&](std::error_code &ec) { (void)command.spawn(ec); }), EFAULT);
    CHECK(ended(moved).success());
    rs::child nobody;
    CHECK(!nobody);
    CHECK_EQ(nobody.pid(), -1);
    CHECK_EQ(nobody.fd(), -1);
    CHECK_EQ(error_of([&](std::error_code &ec) { nobody.wait(ec); }), EFAULT);
    CHECK_EQ(error_of([&](std::error_code &ec) { CHECK(!nobody.wait_for(seconds(1), ec)); }), EFAULT);
    CHECK_EQ(error_of([&](std::error_code &ec) { nobody.kill(SIGTERM, ec); }), EFAULT);
    CHECK_EQ(error_of([&](std::error_code &ec) { CHECK(!nobody.process(ec)); }), EFAULT);
}

#ifdef __cpp_exceptions
static void errors_by_exception() {
    CHECK_EQ(thrown_by("rr_command_new", [] { rs::command(nullptr); }), EFAULT);
    CHECK_EQ(thrown_by("rr_command_spawn", [] { (void)rs::command("/no/such/program").spawn(); }), ENOENT);
    CHECK_EQ(thrown_by("rr_command_set_limit", [] { rs::command("true").limit(nofile, {2, 1}); }), EINVAL);
    CHECK_EQ(thrown_by("rr_command_set_env", [] { rs::command("true").env("A=B", ""); }), EINVAL);
    CHECK_EQ(thrown_by("rr_command_dup2", [] { rs::command("true").dup2(0, -1); }), EBADF);
    CHECK_EQ(thrown_by("rr_command_add_arg", [] { rs::command("true").arg(nullptr); }), EFAULT);
    CHECK_EQ(thrown_by("rr_command_set_arg0", [] { rs::command("true").arg0(nullptr); }), EFAULT);
    CHECK_EQ(thrown_by("rr_command_set_directory", [] { rs::command("true").directory(nullptr); }), EFAULT);
    rs::child nobody;
    CHECK_EQ(thrown_by("rr_child_wait", [&] { nobody.wait(); }), EFAULT);
    CHECK_EQ(thrown_by("rr_child_wait", [&] { nobody.wait_for(seconds(1)); }), EFAULT);
    CHECK_EQ(thrown_by("rr_child_kill", [&] { nobody.kill(SIGTERM); }), EFAULT);
    CHECK_EQ(thrown_by("rr_child_process", [&] { (void)nobody.process(); }), EFAULT);
}

template <class Call> static std::string text_of(Call &&call) {
    try {
        call();
    } catch (const rs::error &error) {
        return error.what();
    }
    return "nothing was thrown";
}

static void texts_name_what_failed_once() {
    const auto start = [](rs::command made) {
        return text_of([&] { (void)made.spawn(); });
    };
    const std::string missing = rr_strerror(ENOENT);
    CHECK(start(rs::command("nonesuch")) == "rr_command_spawn: nonesuch: " + missing);
    const std::string elsewhere = start(rs::command("true").directory("/nope"));
    CHECK(elsewhere.find("/nope: " + missing) != std::string::npos);
    CHECK(text_of([] { (void)rs::parse_limits(nofile, "12X", {}); }) ==
          std::string("rr_rlimit_parse: \"12X\" for NOFILE: ") + rr_strerror(EINVAL));
    CHECK(text_of([] { rs::setrlimit(nofile, {2, 1}); }) ==
          std::string("rr_setrlimit: NOFILE: ") + rr_reason_text(RR_REASON_SOFT_ABOVE_HARD));
    try {
        (void)rs::command("nonesuch").spawn();
        CHECK(false);
    } catch (const rs::start_error &error) {
        CHECK(error.where().step == RR_STEP_EXEC || error.where().step == RR_STEP_START);
        CHECK(error.code() == std::errc::no_such_file_or_directory);
    }
}

static void a_chain_keeps_its_value_category() {
    auto kept = rs::command("sh").arg("-c").arg(std::string("exit 4")); // a temporary is moved from
    static_assert(std::is_same_v<decltype(kept), rs::command>);
    rs::command &same = kept.env("A", "b").new_group();
    CHECK(&same == &kept);
    CHECK_EQ(kept.spawn().wait().exit_code, 4);
}

static void every_kind_of_text() {
    const std::string whole = "test \"$1\" = path -a \"$2\" = view";
    const std::string_view view = std::string_view("viewport").substr(0, 4);
    const auto made = rs::command(std::filesystem::path("/bin/sh")).arg("-c").arg(whole).arg("name")
                          .arg(std::filesystem::path("path")).arg(view).directory(std::filesystem::path("/"));
    CHECK(made.spawn().wait().success());
    CHECK_EQ(thrown_by("rr_command_add_arg", [] { rs::command("true").arg(std::string("a\0b", 3)); }), EINVAL);
    CHECK_EQ(thrown_by("rr_command_add_arg", [] { rs::command("true").arg(std::string_view("a\0b", 3)); }), EINVAL);
    CHECK(rs::parse_limits(nofile, whole.substr(0, 0) + "64:128", {}) == rs::limits(64, 128));
}

static void in_one_expression() {
    const rs::outcome outcome = rs::command("sh").arg("-c").arg("test $(ulimit -Sn) = 64 -a $X = y -a -z \"$HOME\"")
                                    .clear_env().env("X", "y").directory("/").dup2(0, 7).arg0("shell").new_group().new_session()
                                    .no_launcher().limit(nofile, {64, 64}).spawn().wait();
    CHECK(outcome.success());
}
#endif

static void a_dropped_child_is_ended_and_waited_for() {
    std::int32_t pid = 0;
    {
        std::error_code ec;
        const rs::child dropped = shell("sleep 100").spawn(ec);
        pid = dropped.pid();
        CHECK(!ec && pid > 0);
    }
    CHECK(kill(pid, 0) == -1 && errno == ESRCH);
    CHECK(waitpid(pid, nullptr, WNOHANG) == -1 && errno == ECHILD);
    std::error_code ec;
    rs::child kept = shell("exit 5").spawn(ec);
    pid = kept.detach();
    int status = 0;
    CHECK(!kept && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
}

static void nothing_is_left_open() {
    const int before = open_descriptors();
    std::error_code ec;
    for (int i = 0; i < 50; i++) {
        rs::child first = rs::command("true", ec).spawn(ec);
        rs::child second = rs::command("true", ec).spawn(ec);
        first.wait(ec);
        first = std::move(second);
        first.wait(ec);
        CHECK(!ec);
        rs::command written("true", ec);
        (void)written.capture(seconds(20), ec);
        CHECK(!ec);
    }
    CHECK_EQ(open_descriptors(), before);
}

static void what_it_wrote() {
    std::error_code ec;
    rs::command both = shell("echo out; echo err >&2; head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; exit 3");
    for (int i = 0; i < 2; i++) { // the second time as the first
        const rs::captured written = both.capture(seconds(20), ec);
        CHECK(!ec && written.ended.exit_code == 3 && !written.timed_out);
        CHECK(written.output.size() == 300004 && written.output.compare(0, 5, std::string("out\n\0", 5)) == 0);
        CHECK(written.errors.size() == 300004 && written.errors.compare(0, 5, std::string("err\n\0", 5)) == 0);
    }
    rs::command afterwards = shell("test /proc/self/fd/1 -ef /proc/$PPID/fd/1");
    CHECK(afterwards.capture(seconds(20), ec).ended.exit_code == 1);
    CHECK(ended(afterwards).success()); // with the caller's descriptors again
    rs::command unlimited = shell("echo later");
    CHECK(unlimited.capture(std::chrono::nanoseconds::max(), ec).output == "later\n" && !ec);
}

/// Its output is held open by a descendant, which writes for ever: the deadline holds nevertheless.
static void what_it_wrote_until_its_time_was_over() {
    std::error_code ec;
    const auto begin = std::chrono::steady_clock::now();
    rs::command alone = shell("echo first; timeout 30 yes & exec sleep 100");
    const rs::captured cut = alone.capture(milliseconds(200), ec);
    CHECK(!ec && cut.timed_out && cut.ended.signal == SIGKILL && cut.output.find("first\n") != cut.output.npos);
    rs::command idle = shell("sleep 30 & exit 4");
    const rs::captured ended = idle.capture(milliseconds(200), ec);
    CHECK(!ec && !ended.timed_out && ended.ended.exit_code == 4);
    rs::command group = shell("sleep 30 & sleep 100", in_group);
    CHECK(group.capture(milliseconds(200), ec).timed_out && !ec);
    CHECK(group.capture(milliseconds(-1), ec).timed_out && !ec);
    CHECK(std::chrono::steady_clock::now() - begin < seconds(20));
    rs::command none("/none", ec);
    rs::failure failed;
    CHECK_EQ(error_of([&](std::error_code &error) { none.capture(seconds(1), error, &failed); }), ENOENT);
    CHECK_EQ(failed.step, RR_STEP_EXEC);
#ifdef __cpp_exceptions
    CHECK_EQ(thrown_by("rr_command_spawn", [] { rs::command("/none").capture(); }), ENOENT);
    CHECK(rs::command("echo").arg("chained").capture().output == "chained\n");
#endif
}

static void its_mask_descriptors_and_user() {
    std::error_code ec;
    rs::command shown = shell("umask; test -e /proc/self/fd/40 && echo open; id -u; id -g");
    const int high = fcntl(0, F_DUPFD, 40);
    CHECK(high == 40);
    shown.umask(027, ec);
    CHECK(!ec && shown.capture(seconds(20), ec).output.find("0027\nopen\n") == 0);
    shown.close_from(3, ec);
    CHECK(!ec && shown.capture(seconds(20), ec).output.find("open") == std::string::npos);
    close(high);
    if (geteuid() == 0) {
        shown.credentials(65534, 65533, {7}, ec);
        CHECK(!ec && shown.capture(seconds(20), ec).output == "0027\n65534\n65533\n");
    }
    CHECK_EQ(error_of([&](std::error_code &error) { shown.umask(01000, error); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &error) { shown.close_from(-1, error); }), EBADF);
    CHECK_EQ(error_of([&](std::error_code &error) { shown.cgroup(-1, error); }), EBADF);
    CHECK_EQ(error_of([&](std::error_code &error) { shown.credentials(UINT32_MAX, 0, {}, error); }), EINVAL);
}

static void a_tree() {
    std::error_code ec;
    rs::command orphan = shell("(setsid sleep 100 &) & wait; exit 3");
    orphan.tree(RR_TREE_SUPERVISOR, ec);
    CHECK(!ec);
    rs::child child = orphan.spawn(ec);
    CHECK(!ec);
    CHECK_EQ(error_of([&](std::error_code &error) { (void)child.tree(error); }), EAGAIN);
    CHECK(child.wait(ec).exit_code == 3 && !ec);
    const rs::tree tree = child.tree(ec);
    CHECK(!ec && tree.mechanism == RR_TREE_SUPERVISOR && tree.limit == -1 && tree.used().knows(RR_USAGE_CPU));
    CHECK_EQ(error_of([&](std::error_code &error) { orphan.tree(0, error); }), EINVAL);
    CHECK_EQ(error_of([&](std::error_code &error) { orphan.tree_limit(99, 1, error); }), EINVAL);
}

#ifdef __cpp_lib_expected
static void results_as_expected() {
    const auto limits = rs::expect([](auto &ec) { return rs::getrlimit(nofile, ec); });
    CHECK(limits && limits->rlim_cur > 0);
    CHECK(rs::expect([&](auto &ec) { rs::setrlimit(nofile, *limits, ec); }).has_value());
    const auto refused = rs::expect([](auto &ec) { return rs::getrlimit(rs::resource(99), ec); });
    CHECK(!refused && refused.error().value() == EINVAL);
    CHECK(!rs::expect([](auto &ec) { rs::setrlimit(nofile, {5, 4}, ec); }));
    const auto child = rs::expect([](auto &ec) { return rs::command("true", ec).spawn(ec); }); // what can be moved only
    CHECK(child.has_value());
}
#endif

int main() {
    RUN(how_it_ended);
    RUN(its_limits_arguments_and_environment);
    RUN(its_name_and_descriptors);
    RUN(what_it_used);
    RUN(the_limit_that_ended_it);
    RUN(waiting_for_some_time);
    RUN(killed_from_another_thread);
    RUN(a_handle_on_it_meanwhile);
    RUN(errors_by_code);
#ifdef __cpp_exceptions
    RUN(errors_by_exception);
    RUN(texts_name_what_failed_once);
    RUN(a_chain_keeps_its_value_category);
    RUN(every_kind_of_text);
    RUN(in_one_expression);
#endif
    RUN(a_dropped_child_is_ended_and_waited_for);
    RUN(its_mask_descriptors_and_user);
    RUN(a_tree);
    RUN(what_it_wrote);
    RUN(what_it_wrote_until_its_time_was_over);
#ifdef __cpp_lib_expected
    RUN(results_as_expected);
#endif
    RUN(nothing_is_left_open);
    return report();
}
