# frozen_string_literal: true

require "helper"

class LeakTest < RResourceTest
  # Enough that the smallest piece of memory that malloc gives, 32 bytes, would show if each call left one; and of
  # starting programs as many as a test has time for, of whose descriptors and children one would show.
  CALLS = 100_000
  PROGRAMS = 2_000
  TOLERATED_KIB = 2048

  def assert_nothing_left(calls = CALLS, &call)
    (calls / 5).times(&call)
    opened = descriptors
    memory = resident
    calls.times(&call)
    grown = resident - memory
    assert_operator descriptors, :<=, opened
    assert_operator grown, :<=, TOLERATED_KIB
  end

  def test_limits
    assert_nothing_left { RResource.getrlimit(:NOFILE) }
    assert_nothing_left { RResource.setrlimit(:CORE, "0:") }
    assert_nothing_left { RResource.prlimit(0, :CORE) }
    assert_nothing_left { RResource.parse_rlimit(:CPU, "1h") }
    assert_nothing_left { RResource.format_rlimit(:CPU, 60) }
  end

  def test_refusals
    assert_nothing_left do
      RResource.setrlimit(:CORE, 2, 1)
    rescue Errno::EINVAL
      nil
    end
    assert_nothing_left do
      RResource.spawn("true", "one", limits: { core: [2, 1] })
    rescue Errno::EINVAL
      nil
    end
  end

  def test_usage
    assert_nothing_left { RResource.getrusage(:BOTH) }
    assert_nothing_left { RResource.usage(:cpu) }
  end

  def test_handles
    sleeper { |pid| assert_nothing_left { RResource::Process.open(pid) { |process| process.used(:NOFILE) } } }
  end

  def test_forgotten_handles
    opened = descriptors
    200.times { RResource::Process.open(Process.ppid) }
    10.times { GC.start }
    assert_operator descriptors, :<, opened + 50
  end

  # Not only when the collector comes by.
  def test_descriptors_are_closed_at_once
    opened = descriptors
    GC.disable
    20.times { RResource.run("true", out: File::NULL) }
    20.times { RResource::Process.open(&:pid) }
    assert_equal opened, descriptors
  ensure
    GC.enable
  end

  def test_programs
    assert_nothing_left(PROGRAMS) { RResource.spawn("true").tap { |child| child.process(&:pid) }.wait }
    assert_raises(Errno::ECHILD) { Process.wait(-1, Process::WNOHANG) }
  end
end
