# frozen_string_literal: true

require "minitest/autorun"
require "rbconfig"
require "timeout"
require "rresource"

# What the tests share.
class RResourceTest < Minitest::Test
  # More open files than any system allows: nr_open ends at 2^31.
  TOO_MANY = 1 << 40
  LIBRARY = File.expand_path("../lib", __dir__)

  def skip(reason)
    puts "skip #{self.class.name}##{name}: #{reason}"
    super
  end

  # The output of a separate Ruby, for code that lowers limits, which cannot be raised again.
  def alone(script)
    output = IO.popen([RbConfig.ruby, "-w", "-I#{LIBRARY}", "-rrresource", "-e", script], err: %i[child out], &:read)
    assert $?.success?, output
    output.chomp
  end

  # A process that does nothing until the block is over.
  def sleeper
    IO.popen("cat", "r+") do |cat|
      cat.puts
      cat.gets # It has been loaded.
      yield cat.pid
    ensure
      Process.kill(:KILL, cat.pid)
    end
  end

  # What other tests have forgotten is closed before the block, and nothing is within it.
  def uncollected
    GC.start
    GC.disable
    yield
  ensure
    GC.enable
  end

  def descriptors
    Dir.children("/proc/self/fd").size
  end

  # The resident set in KiB, collected garbage apart.
  def resident
    3.times { GC.start }
    File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i
  end
end
