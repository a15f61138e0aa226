# frozen_string_literal: true

require "helper"

class LeakTest < RResourceTest
  # In all 100,000 calls. In each round the smallest piece of memory that malloc gives, 32 bytes, would show if each
  # call left one; and of starting programs as many as a test has time for, of whose descriptors and children one would
  # show.
  ROUNDS = 4
  CALLS = 25_000
  PROGRAMS = 500
  TOLERATED_KIB = 400

  def assert_nothing_left(calls = CALLS, &call)
    calls.times(&call)
    opened = descriptors
    memory = Array.new(ROUNDS) do
      calls.times(&call)
      resident
    end
    assert_operator descriptors, :<=, opened
    # What leaks grows in every round; what Ruby takes for itself does not.
    grown = memory.each_cons(2).map { |former, latter| latter - former }
    assert_operator grown.min, :<=, TOLERATED_KIB
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
    100.times { GC.start if descriptors > opened }
    assert_operator descriptors, :<, opened + 50
  end

  # Not only when the collector comes by.
  def test_descriptors_are_closed_at_once
    uncollected do
      opened = descriptors
      20.times { RResource.run("true", out: File::NULL) }
      20.times { RResource::Process.open(&:pid) }
      assert_equal opened, descriptors
    end
  end

  def test_programs
    assert_nothing_left(PROGRAMS) { RResource.spawn("true").tap { |child| child.process(&:pid) }.wait }
    assert_raises(Errno::ECHILD) { Process.wait(-1, Process::WNOHANG) }
  end
end
