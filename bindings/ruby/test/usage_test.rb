# frozen_string_literal: true

require "helper"

class UsageTest < RResourceTest
  def spin(seconds)
    limit = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) + seconds
    nil while Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) < limit
  end

  def test_rusage_is_that_of_the_system
    spin 0.02
    before = Process.clock_gettime(:GETRUSAGE_BASED_CLOCK_PROCESS_CPUTIME_ID)
    usage = RResource.getrusage
    after = Process.clock_gettime(:GETRUSAGE_BASED_CLOCK_PROCESS_CPUTIME_ID)
    assert_includes (before - 1e-6)..(after + 1e-6), usage.utime + usage.stime
    assert_operator usage.maxrss, :>, 1000
    assert_operator usage.minflt, :>, 0
    assert_equal 16, usage.to_a.size
  end

  def test_whose
    [:SELF, "CHILDREN", :both, "RUSAGE_THREAD", 0, -1].each { |who| assert RResource.getrusage(who) }
    assert_raises(Errno::EINVAL) { RResource.getrusage(7) }
    assert_raises(ArgumentError) { RResource.getrusage(:NOPE) }
    assert_raises(TypeError) { RResource.getrusage(nil) }
  end

  def test_usage_of_this_process
    # Without the descriptor that the count opens.
    uncollected { assert_equal descriptors - 1, RResource.usage.open_files }
    start = RResource.usage
    assert_equal start.members - [:peak_is_bound], start.known
    assert_operator start.peak_rss, :>=, start.rss
    spin 0.03
    used = RResource.usage.since(start)
    assert_operator used.cpu, :>=, 0.03
    assert_operator used.cpu, :<, 5
    assert_operator used.rss, :>, 0
    assert_raises(Errno::ERANGE) { start.since(RResource.usage) }
  end

  def test_what_is_not_wanted_is_not_known
    usage = RResource.usage(:cpu)
    assert_includes usage.known, :cpu
    assert_nil usage.open_files
    assert_raises(ArgumentError) { RResource.usage(:nope) }
    assert_nil RResource.usage(:cpu).since(RResource.usage(:rss)).cpu
  end

  def test_a_record_in_seconds_and_bytes
    record = RResource::Rusage.new(2.000003, 1.0, 5, *Array.new(13, 0))
    record.inblock = 2
    usage = record.usage
    assert_equal [2.000003, 3.000003, 5 * 1024, 1024], [usage.user, usage.cpu, usage.peak_rss, usage.read_bytes]
    assert usage.peak_is_bound
    assert_nil usage.rss
    record.minflt = -1
    assert_raises(Errno::EINVAL) { record.usage }
  end

  def test_the_peak_can_be_forgotten
    peaks = alone(<<~RUBY)
      memory = "x" * (64 << 20)
      before = RResource.usage(:peak_rss).peak_rss
      memory.clear
      begin
        RResource.reset_peak
        puts before, RResource.usage(:peak_rss).peak_rss
      rescue Errno::ENOTSUP
        puts 0
      end
    RUBY
    before, after = peaks.lines.map(&:to_i)
    skip "this kernel was built without it" if before.zero?
    assert_operator after + (32 << 20), :<, before
  end

  def test_wait4
    waited = RResource.wait4(Process.spawn("exit 3"))
    assert_equal [3, nil], [waited.exitstatus, waited.termsig]
    assert_operator waited.rusage.minflt, :>, 0
    assert_equal 15, RResource.wait4(Process.spawn("kill -TERM $$")).termsig
    sleeper { |pid| assert_nil RResource.wait4(pid, Process::WNOHANG) }
    assert_raises(Errno::ECHILD) { RResource.wait4(2**31 - 1) }
    assert_raises(Errno::EINVAL) { RResource.wait4(-1, 1 << 20) }
  end

  def test_other_threads_run_while_one_waits
    sleeper do |pid|
      waiter = Thread.new { RResource.wait4(pid) }
      Thread.pass until waiter.stop?
      assert_nil waiter.join(0.05)
      assert_raises(Timeout::Error) { Timeout.timeout(0.05) { RResource.wait4(pid) } }
      waiter.kill
      assert waiter.join(60), "a wait that cannot be interrupted"
    end
  end
end
