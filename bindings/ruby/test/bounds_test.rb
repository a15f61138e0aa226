# frozen_string_literal: true

require "helper"

class BoundsTest < RResourceTest
  KINDS = %i[memory swap cpu tasks files].freeze

  def test_the_tightest_comes_first
    KINDS.each do |kind|
      bounds = RResource.bounds(kind)
      assert_equal bounds.map(&:limit).sort, bounds.map(&:limit)
      bounds.each do |bound|
        assert_equal kind, bound.kind
        assert_equal bound.text, bound.to_s
        assert_equal bound.source == :rlimit, !bound.resource.nil?
        next assert_nil(bound.room) unless bound.used

        assert_equal [0, bound.limit - bound.used + bound.reclaimable].max, bound.room
      end
    end
  end

  def test_what_limits_most
    KINDS.each do |kind|
      limit, = RResource.effective_bound(kind)
      assert_equal RResource.bounds(kind).reject { |bound| bound.source == :cgroup_high }.first.limit, limit.limit
    end
    limit, room = RResource.effective_bound(:cpu)
    assert_equal limit, room
  end

  def test_the_machine
    machine = RResource.bounds(:cpu).find { |bound| bound.source == :machine }
    assert_equal File.readlines("/proc/stat").grep(/\Acpu\d/).size, machine.processors
    assert_raises(ArgumentError) { RResource.bounds(:memory).first.processors }
  end

  def test_another_process
    reader, writer = IO.pipe
    child = fork do
      Process.setrlimit(:NOFILE, 77, 77)
      writer.write("x")
      sleep
    end
    reader.read(1)
    RResource::Process.open(child) do |process|
      limit, room = process.effective_bound(:files)
      assert_equal [:rlimit, :NOFILE, 77], [limit.source, limit.resource, limit.limit]
      assert_match(/\Aopen files: 77 \(RLIMIT_NOFILE\)/, limit.to_s)
      assert_operator room.limit, :<=, limit.limit if room.source == :rlimit
      assert_includes process.bounds(:files).map(&:limit), 77
      Process.kill(:KILL, child)
      Process.wait(child)
      assert_raises(Errno::ESRCH) { process.bounds(:memory) }
      assert_raises(Errno::ESRCH) { process.effective_bound(:memory) }
    end
  end

  def test_what_is_refused
    error = assert_raises(ArgumentError) { RResource.bounds(:nonsense) }
    assert_includes error.message, ":memory, :swap, :cpu, :tasks, :files"
    assert_raises(ArgumentError) { RResource.effective_bound("memory") }
  end
end
