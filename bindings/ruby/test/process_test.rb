# frozen_string_literal: true

require "helper"

class ProcessTest < RResourceTest
  def test_another_process
    sleeper do |pid|
      RResource::Process.open(pid) do |process|
        assert_equal pid, process.pid
        assert process.alive?
        assert_nil process.setrlimits(core: [7, 9], nofile: 64)
        assert_equal [7, 9], process.getrlimits[:CORE]
        assert_equal [7, 9], RResource.prlimit(pid, :CORE, 1, 9)
        process.setrlimits(core: "5:")
        assert_equal [5, 9], RResource.prlimit(pid, :CORE)
        assert_equal Dir.children("/proc/#{pid}/fd").size, process.used(:NOFILE)
        assert_equal :soft_above_hard, process.check_rlimit(:CORE, 2, 1).reason
        usage = process.usage
        assert_equal 1, usage.threads
        assert_operator usage.rss, :>, 0
        assert_nil usage.voluntary_switches, "the kernel does not report them for another process"
      end
    end
  end

  def test_a_process_that_has_ended
    process = nil
    sleeper { |pid| process = RResource::Process.open(pid) }
    refute process.alive?
    { getrlimits: [], setrlimits: [{ core: 0 }], used: [:NOFILE], check_rlimit: [:CORE, 1], usage: [],
      reset_peak: [] }.each do |method, arguments|
      assert_raises(Errno::ESRCH, method) { process.public_send(method, *arguments) }
    end
    process.close
  end

  def test_no_such_process
    assert_raises(Errno::ESRCH) { RResource::Process.open(2**31 - 1) }
    assert_raises(Errno::EINVAL) { RResource::Process.open(-1) }
    assert_raises(RangeError) { RResource::Process.open(2**32) }
    assert_raises(TypeError) { RResource::Process.open("1") }
    File.open("/") { |file| assert_raises(Errno::EBADF) { RResource::Process.from_fd(file) } }
    assert_raises(Errno::EBADF) { RResource::Process.from_fd(-1) }
    assert_raises(NoMethodError) { RResource::Process.new }
  end

  def test_a_closed_handle
    process = RResource::Process.open
    refute process.closed?
    2.times { assert_nil process.close }
    assert process.closed?
    assert_equal Process.pid, process.pid
    { alive?: [], getrlimits: [], setrlimits: [{}], used: [:NOFILE], check_rlimit: [:CORE, 1], usage: [],
      reset_peak: [] }.each do |method, arguments|
      assert_raises(IOError, method) { process.public_send(method, *arguments) }
    end
  end

  # The name of a resource, before which something comes: between the handle and the call.
  def nofile_after
    Object.new.tap { |name| name.define_singleton_method(:to_str) { "NOFILE".tap { yield } } }
  end

  def test_whoever_uses_a_handle_keeps_it
    sleeper do |pid|
      process = RResource::Process.open(pid)
      closing = nil
      open_files = process.used(nofile_after { (closing = Thread.new { process.close }).join(0.05) })
      assert_equal Dir.children("/proc/#{pid}/fd").size, open_files
      closing.join
      assert process.closed?

      process = RResource::Process.open(pid)
      before = trap(:USR1) { process.close }
      assert_equal open_files, process.used(nofile_after { Process.kill(:USR1, Process.pid) })
      assert process.closed?
    ensure
      trap(:USR1, before)
    end
  end

  def test_a_block_closes_whatever_happens
    kept = nil
    assert_raises(KeyError) do
      RResource::Process.open do |process|
        kept = process
        raise KeyError
      end
    end
    assert kept.closed?
  end
end
