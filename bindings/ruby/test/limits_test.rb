# frozen_string_literal: true

require "helper"

class LimitsTest < RResourceTest
  def test_every_limit_is_that_of_process
    RResource.getrlimits.each do |name, limits|
      id = RResource.const_get("RLIMIT_#{name}")
      theirs = Process.getrlimit(id)
      assert_equal theirs, limits, name
      [name, name.to_s, name.downcase, "RLIMIT_#{name}", "Limit#{name}", id].each do |said|
        assert_equal theirs, RResource.getrlimit(said), said
        assert_equal theirs, RResource.prlimit(0, said), said
      end
    end
    assert_equal 16, RResource.getrlimits.size
    assert_equal Process::RLIM_INFINITY, RResource::RLIM_INFINITY
    assert_equal Process::RLIMIT_NOFILE, RResource::RLIMIT_NOFILE
  end

  def test_a_resource_is_described
    assert_equal RResource::Resource.new(id: 7, name: :NOFILE, summary: "open file descriptors", unit: :count,
                                         scope: :process, enforced: true), RResource.resource("nofile")
    refute RResource.resource(:RSS).enforced
    assert_equal RResource.getrlimits.keys, RResource.resources.map(&:name)
    assert_raises(Errno::EINVAL) { RResource.resource(99) }
    assert_raises(ArgumentError) { RResource.resource(:NOPE) }
  end

  # The same class of error as Process raises.
  def test_wrong_resources
    object = Object.new
    [nil, [], {}, object, "NOPE", :NOPE, "NOFILE\0", "", 99, -1, 2**31 - 1, 2**40, -2**40, 2**80].each do |wrong|
      expected = assert_raises(StandardError) { Process.getrlimit(wrong) }.class
      { getrlimit: [], setrlimit: [1], used: [], raise_rlimit: [1] }.each do |method, rest|
        assert_raises(expected, "#{method} #{wrong.inspect}") { RResource.public_send(method, wrong, *rest) }
      end
      assert_raises(expected, wrong.inspect) { RResource.setrlimits(wrong => 1) }
      assert_raises(expected, wrong.inspect) { RResource.prlimit(0, wrong) }
    end
  end

  def test_wrong_values
    [nil, {}, Object.new, "8X", :NOPE, "", "5\0", 2**80, -2**64].each do |wrong|
      expected = assert_raises(StandardError) { Process.setrlimit(:CORE, wrong, wrong) }.class
      assert_raises(expected, wrong.inspect) { RResource.setrlimits(CORE: [wrong, wrong]) }
      assert_raises(expected, wrong.inspect) { RResource.setrlimit(:CORE, wrong, wrong) } unless wrong.nil?
    end
    assert_raises(TypeError) { RResource.setrlimit(:CORE, nil) }
    assert_raises(ArgumentError) { RResource.setrlimits(CORE: [1]) }
    assert_raises(ArgumentError) { RResource.setrlimit(:CORE, [1, 2, 3]) }
    assert_raises(RangeError) { RResource.setrlimit(:CORE, "99999999999999999999") }
    assert_raises(Errno::EINVAL) { RResource.setrlimit(:CORE, 2, 1) }
    assert_raises(Errno::EPERM) { RResource.setrlimit(:NOFILE, 0, TOO_MANY) }
    [-1, 2**31 - 1].each { |pid| assert_raises(Errno::ESRCH) { RResource.prlimit(pid, :CORE) } }
    assert_raises(RangeError) { RResource.prlimit(2**32, :CORE) }
    assert_raises(TypeError) { RResource.prlimit(nil, :CORE) }
    assert_raises(Errno::ENOTSUP) { RResource.used(:FSIZE) }
  end

  def test_an_error_says_what_to_do
    error = assert_raises(Errno::EPERM) { RResource.setrlimit(:NOFILE, 0, TOO_MANY) }
    assert_match(/\AOperation not permitted - NOFILE: The hard limit is above the system's maximum/, error.message)
    error = assert_raises(Errno::EPERM) { RResource.setrlimits(nofile: [0, TOO_MANY]) }
    assert_match(/\AOperation not permitted - NOFILE: The hard limit is above the system's maximum/, error.message)
    error = assert_raises(Errno::EINVAL) { RResource.setrlimit(:CORE, 2, 1) }
    assert_equal "Invalid argument - CORE: The soft limit is above the hard limit.", error.message
    error = assert_raises(Errno::ESRCH) { RResource.prlimit(-1, :CORE) }
    assert_equal "No such process - CORE: it has ended or never existed", error.message
    error = assert_raises(ArgumentError) { RResource.parse_rlimit(:NOFILE, "12X") }
    assert_equal "invalid resource value: 12X for NOFILE", error.message
  end

  # Objects that claim to be an Integer or a Hash, and are not.
  def test_wrong_conversions
    liar = Object.new
    def liar.to_int = "1"
    [-> { RResource.setrlimit(:CORE, liar) }, -> { RResource.getrlimit(liar) }, -> { RResource.setrlimits(7) },
     -> { RResource.setrlimits(nil) }, -> { RResource.usage(:cpu).since(7) }].each do |call|
      assert_raises(TypeError, &call)
    end
  end

  def test_limits_are_set
    assert_equal <<~TEXT.chomp, alone(<<~RUBY)
      [5, 10]
      [7, 9]
      [4, 9]
      [9, 9]
      [8, 8]
      [64, 100]
      [3145728, 4194304]
      [5, 10] [5, 10]
    TEXT
      def core = p(Process.getrlimit(:CORE))
      RResource.setrlimit(:CORE, 5, 10); core
      RResource.setrlimit("core", "7:9"); core
      RResource.prlimit(Process.pid, Process::RLIMIT_CORE, 4, "hard"); core
      RResource.setrlimit(:CORE, "hard:"); core
      RResource.setrlimits(core: 8, nofile: [64, 100], fsize: %w[3M 4M]); core
      p Process.getrlimit(:NOFILE), Process.getrlimit(:FSIZE)
      RResource.setrlimit(:NPROC, 5, 10)
      puts "\#{RResource.getrlimit(:NPROC)} \#{Process.getrlimit(:NPROC)}"
    RUBY
  end

  def test_the_soft_limit_is_raised
    assert_equal "[30, 100]\n[30, 100]\n[100, 100]", alone(<<~RUBY)
      RResource.setrlimit(:NOFILE, 20, 100)
      p RResource.raise_rlimit(:NOFILE, 30), RResource.raise_rlimit(:NOFILE, 5), RResource.raise_rlimit(:NOFILE)
    RUBY
  end

  def test_many_are_set_whole_or_not_at_all
    before = RResource.getrlimits
    error = assert_raises(Errno::EPERM) { RResource.setrlimits(core: [0, :INFINITY], nofile: [0, TOO_MANY]) }
    assert_match(/NOFILE/, error.message)
    assert_equal before, RResource.getrlimits
    assert_raises(Errno::EINVAL) { RResource.setrlimits(NOFILE: "20:", RLIMIT_NOFILE: "20:") }
    assert_nil RResource.setrlimits({})
  end

  def test_a_verdict_explains
    assert RResource.check_rlimit(:CORE, 0, 0).ok?
    verdict = RResource.check_rlimit(:NOFILE, 0, TOO_MANY)
    assert_equal [Errno::EPERM, :above_system_maximum, false], [verdict.error, verdict.reason, verdict.ok?]
    refute_empty verdict.text
    assert_equal :soft_above_hard, RResource.check_rlimit(:CORE, 2, 1).reason
    assert_equal [Errno::EINVAL, :unknown_resource], RResource.check_rlimit(99, 1).to_a.first(2)
    assert_raises(ArgumentError) { RResource.check_rlimit(:NOPE, 1) }
  end

  def test_use_is_counted
    uncollected do
      before = RResource.used(:NOFILE)
      File.open("/") { assert_equal before + 1, RResource.used(:NOFILE) }
    end
  end

  def test_text
    { [:AS, "8M"] => [8 << 20, 8 << 20], [:NOFILE, "4:unlimited"] => [4, RResource::RLIM_INFINITY],
      [:CPU, "1h30min"] => [5400, 5400] }.each do |(resource, text), limits|
      assert_equal limits, RResource.parse_rlimit(resource, text)
      assert_equal text, RResource.format_rlimit(resource, *limits)
    end
    assert_equal [20, 4096], RResource.parse_rlimit(:NOFILE, "20:", [10, 4096])
    assert_equal [20, Process.getrlimit(:NOFILE).last], RResource.parse_rlimit(:NOFILE, "20:")
    assert_equal Encoding::UTF_8, RResource.format_rlimit(:AS, 1).encoding
    ["", "x", "5:4", "5\0"].each { |wrong| assert_raises(ArgumentError) { RResource.parse_rlimit(:NOFILE, wrong) } }
    assert_raises(RangeError) { RResource.parse_rlimit(:NOFILE, "9" * 20) }
    assert_raises(Errno::EINVAL) { RResource.parse_rlimit(99, "1") }
    assert_raises(Errno::EINVAL) { RResource.format_rlimit(:CORE, 2, 1) }
  end

  def test_a_library_that_is_not_there_is_named
    command = [RbConfig.ruby, "-I#{LIBRARY}", "-rrresource", "-e", ""]
    text = IO.popen({ "RRESOURCE_LIBRARY" => "/nowhere/librresource.so" }, command, err: %i[child out], &:read)
    refute $?.success?
    assert_match(%r{LoadError}, text)
    assert_match(%r{the library rresource cannot be loaded: .*/nowhere/librresource.so.*RRESOURCE_LIBRARY}, text)
    maps = 'RResource.getrlimit(:CPU); puts File.read("/proc/self/maps")[/\\S*librresource\\S*/]'
    path = alone(maps)
    named = IO.popen({ "RRESOURCE_LIBRARY" => path, "LD_LIBRARY_PATH" => nil }, [*command[0..-2], maps], &:read)
    assert_equal path, named.chomp
  end
end
