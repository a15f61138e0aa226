# frozen_string_literal: true

require "helper"
require "fcntl"
require "open3"
require "pathname"
require "tempfile"
require "tmpdir"

class CommandTest < RResourceTest
  def sh(script, **options)
    RResource.run("sh", "-c", script, **options)
  end

  # What a program that has to succeed writes.
  def output(*words, **options)
    text, outcome = RResource.capture(*words, **options)
    assert outcome.success?, "#{outcome}: #{text}"
    text
  end

  def test_the_outcome_says_how_it_ended
    { "exit 0" => ["exit 0", true, 0, nil], "exit 3" => ["exit 3", false, 3, nil],
      "kill -TERM $$" => ["SIGTERM", false, nil, 15] }.each do |script, expected|
      outcome = sh(script)
      assert_equal expected, [outcome.to_s, outcome.success?, outcome.exitstatus, outcome.termsig]
      assert_operator outcome.wall, :>, 0
      assert_operator outcome.rusage.minflt, :>, 0
      assert_operator outcome.usage.peak_rss, :>, 0
      refute outcome.timed_out? || outcome.core_dumped?
      assert_nil outcome.limit
    end
  end

  def test_a_limit_that_ended_it_is_named
    outcome = sh("while :; do :; done", limits: { cpu: [1, 2] })
    assert_equal [:CPU, Signal.list["XCPU"], "SIGXCPU (limit CPU)"], [outcome.limit, outcome.termsig, outcome.to_s]
    assert_includes 0.5..2.0, outcome.usage.cpu
  end

  def test_the_out_of_memory_killer
    assert_equal %i[no no], ["exit 3", "kill -TERM $$"].map { |script| sh(script).oom }
    assert_includes RResource::Outcome::OOM.values, sh("kill -KILL $$").oom
    native = RResource.const_get(:Native)
    place = native.constant("RR_OFFSETOF_OUTCOME_OOM")
    RResource::Outcome::OOM.each do |number, name| # no program can be made to run out of memory here
      read = RResource::Outcome.read do |memory|
        memory.put_int32(place, number)
        0
      end
      assert_equal name, read.oom
    end
  end

  # A record of peak memory goes over to a child from a larger parent: see the header.
  def test_the_peak_is_the_programs_own
    held = "x" * (256 << 20)
    usage = RResource.run("true").usage
    skip "the launcher cannot run here" if usage.peak_is_bound
    assert_operator usage.peak_rss, :<, held.bytesize / 8
  end

  def test_what_the_program_gets
    text = output({ "NAME" => "a=b", "HOME" => nil }, %w[sh me], "-c",
                  'echo "$0 $1 $NAME ${HOME-none}"; pwd; ulimit -Sn; ulimit -Hn; ulimit -c; ulimit -v',
                  "one", "two words", chdir: "/usr", limits: { nofile: [50, 60], "RLIMIT_CORE" => 0, as: "1G" })
    assert_equal "one two words a=b none\n/usr\n50\n60\n0\n#{1 << 20}\n", text
    assert_equal "A=B\n", output({ "A" => "B" }, "/usr/bin/env", unsetenv_others: true)
    assert_match(/\Ame\0-c\0/, output(%w[sh me], "-c", "cat /proc/$$/cmdline; :"))
  end

  def test_timeouts_as_text
    assert_predicate RResource.run("sleep", "1000", timeout: "0.1s50ms"), :timed_out?
    assert_equal ["", true], RResource.capture("sleep", "1000", timeout: "10ms").then { |text, end_| [text, end_.timed_out?] }
    assert_predicate RResource.run("true", timeout: "1h30min"), :success?
    child = RResource.spawn("sleep", "1000")
    assert_nil child.wait(timeout: "1ms")
    ["", "soon", "-1s", "1s\0"].each do |malformed|
      error = assert_raises(ArgumentError) { child.wait(timeout: malformed) }
      assert_match(/malformed duration/, error.message)
    end
    assert_raises(RangeError) { child.wait(timeout: "99999999999999h") }
    Dir.mktmpdir do |folder|
      assert_raises(ArgumentError) { RResource.run("touch", "#{folder}/started", timeout: "soon") }
      sleep 0.1
      assert_empty Dir.children(folder)
    end
  ensure
    child&.kill(:KILL)
    child&.wait
  end

  def test_limits_of_the_caller_stay
    before = RResource.getrlimits
    RResource.run("true", limits: { nofile: "20:", core: 0 })
    assert_equal before, RResource.getrlimits
  end

  def test_redirections
    Tempfile.create do |file|
      RResource.run("sh", "-c", "echo out; echo err >&2", out: file.path, err: %i[child out])
      assert_equal "out\nerr\n", File.read(file.path)
      File.open(file.path, "a") do |open|
        RResource.run("sh", "-c", "echo more >&3; echo four >&4", 3 => open, 4 => open.fileno)
      end
      assert_equal "out\nerr\nmore\nfour\n", File.read(file.path)
      assert_equal "out\n", output("head", "-n1", in: file.path)
      RResource.run("sh", "-c", "echo a; echo b >&2", %i[out err] => [file.path, "w"])
      assert_equal "a\nb\n", File.read(file.path)
    end
    assert_equal "", output("cat", in: File::NULL)
    assert_equal "err\n", output("sh", "-c", "echo err >&2", err: %i[child out])
  end

  # Which are written and which are read, and how they block.
  def test_redirections_are_those_of_process
    Tempfile.create do |file|
      [0, 1, 2, 3, :in, :out, :err, $stderr, [3, 4], [1, 3], [3, 1], [1, 2], %i[out err]].each do |target|
        kept = [Process, RResource].map do |starter|
          File.write(file.path, "kept")
          started = starter.spawn("true", target => file.path)
          starter == Process ? Process.wait(started) : started.wait
          File.read(file.path)
        end
        assert_equal(*kept, target.inspect)
      end
      File.write(file.path, "read")
      assert_equal "readread", output("sh", "-c", "cat <&3; cat <&4", 3 => file.path, 4 => Pathname(file.path))
    end
    assert_equal 1_000_000, output("head", "-c", "1000000", "/dev/zero").size
    IO.pipe do |reader, writer|
      child = RResource.spawn("cat", in: reader)
      assert_nil child.wait(timeout: 0.05)
      writer.close
      assert child.wait.success?
    end
  end

  def test_text_has_the_external_encoding
    assert_equal Encoding.default_external, output("echo", "\u00e9").encoding
  end

  # As Process.spawn does it.
  def test_umask_and_other_descriptors
    script = "umask; ls /proc/self/fd"
    inherited = IO.for_fd(IO.pipe.last.fcntl(Fcntl::F_DUPFD, 40), autoclose: true)
    inherited.close_on_exec = false
    [{}, { umask: 0o27 }, { close_others: true }, { close_others: false, umask: 0 }].each do |options|
      ours = RResource.capture("sh", "-c", script, **options).first
      theirs = Open3.capture2("sh", "-c", script, **options).first
      assert_equal theirs, ours, options.inspect
      assert_equal !options[:close_others], ours.lines.map(&:to_i).include?(inherited.fileno), options.inspect
    end
    assert_raises(TypeError) { RResource.spawn("true", umask: "022") }
    assert_raises(Errno::EBADF) { RResource.spawn("true", close_others: true, 9 => 10_000) }
  ensure
    inherited&.close
  end

  def test_user_and_groups
    skip "needs root to become another user" unless Process.uid.zero?
    { { user: 65_534 } => "65534:0", { user: "nobody", group: "nogroup" } => "65534:65534",
      { group: 7, groups: [8, "nogroup"] } => "0:7 8 65534", { groups: [] } => "0:0" }.each do |options, expected|
      shown = RResource.capture("sh", "-c", "echo $(id -u):$(id -g) $(id -G)", **options).first
      uid_gid, *groups = shown.split
      assert_equal expected.split.first, uid_gid, options.inspect
      assert_equal expected.split.drop(1).sort, (groups - [uid_gid.split(":").last]).sort, options.inspect if options[:groups]
    end
    assert_raises(ArgumentError) { RResource.spawn("true", user: "no such user") }
    assert_raises(TypeError) { RResource.spawn("true", user: Object.new) }
    pid = fork do
      Process::Sys.setuid(65_534)
      RResource.spawn("true", user: 0)
    rescue Errno::EPERM
      exit!(3)
    end
    Process.wait(pid)
    assert_equal 3, $?.exitstatus
  end

  def test_wrong_commands
    { ["no-such-program"] => Errno::ENOENT, ["/etc/passwd"] => Errno::EACCES, ["true", nil] => TypeError,
      [nil] => TypeError, [:true] => TypeError, ["true", 1] => TypeError, ["tr\0ue"] => ArgumentError,
      [] => ArgumentError, [{}] => ArgumentError, [{ "A=" => "B" }, "true"] => ArgumentError,
      [{ "" => "B" }, "true"] => ArgumentError, [%w[true a b]] => ArgumentError, [["true"]] => ArgumentError,
      [{ 1 => "B" }, "true"] => TypeError, [{ "A" => 1 }, "true"] => TypeError }.each do |words, error|
      assert_raises(error, words.inspect) { RResource.spawn(*words) }
    end
    { limits: { nope: 1 }, nope: 1, chdir: "\0", pgroup: 7, out: Object.new, in: [:child, :nope], rlimit_nope: 1,
      new_pgroup: true, err: [:child, :out], 3 => [:child, 3] }.each do |name, value|
      assert_raises(ArgumentError, name) { RResource.spawn("true", name => value) }
    end
    { { core: [2, 1] } => Errno::EINVAL, { 99 => 1 } => Errno::EINVAL, { nofile: TOO_MANY } => Errno::EPERM,
      { core: nil } => TypeError }.each do |limits, error|
      assert_raises(error, limits.inspect) { RResource.spawn("true", limits: limits) }
    end
    assert_raises(Errno::ENOENT) { RResource.spawn("true", chdir: "/no/such/folder") }
    assert_raises(Errno::ENOENT) { RResource.spawn("true", in: "/no/such/file") }
    assert_raises(Errno::EBADF) { RResource.spawn("true", out: -1) }
    assert_raises(IOError) { RResource.spawn("true", out: File.open("/").tap(&:close)) }
    liar = Object.new
    def liar.to_io = 5
    [{ out: liar }, { limits: 5 }, { limits: nil }].each do |options|
      assert_raises(TypeError, options.inspect) { RResource.spawn("true", **options) }
    end
    assert_raises(RangeError) { RResource.spawn("true", 2**32 => 1) }
    assert_raises(Errno::ECHILD) { Process.wait(-1, Process::WNOHANG) }
  end

  def refused_with(*words, **options)
    RResource.spawn(*words, **options)
    flunk "it was started"
  rescue SystemCallError => error
    error.message
  end

  # Whatever cannot be started is named, as `Process.spawn` does for the program and the directory.
  def test_a_start_that_failed_says_on_what
    [[["no-such-program"], {}], [["/no/such/program"], {}], [["/etc/passwd"], {}], [["true"], { chdir: "/no/such" }],
     [["true"], { chdir: "/etc/passwd" }], [[%w[/no/such name]], {}]].each do |words, options|
      theirs = assert_raises(SystemCallError) { Process.spawn(*words, **options) }
      assert_equal theirs.message, refused_with(*words, **options)
    end
    assert_match(/\AOperation not permitted - NOFILE: .*system's maximum/,
                 refused_with("true", limits: { core: 0, nofile: TOO_MANY }, chdir: "/"))
    assert_equal "Bad file descriptor - 77 as the program's 1", refused_with("true", out: 77)
    assert_equal "Bad file descriptor - -1 as the program's 1", refused_with("true", out: -1)
  end

  # The same exception for the same redirections, whatever the order.
  def test_redirections_to_the_childs_own
    Tempfile.create do |file|
      [{ 4 => file.path, 3 => [:child, 4], out: [:child, 3] }, { out: [:child, 3], 3 => [:child, 4], 4 => file.path },
       { 3 => [:child, 4], 4 => file.path, out: [:child, 3] }].each do |options|
        kept = [Process, RResource].map do |starter|
          File.write(file.path, "")
          started = starter.spawn("sh", "-c", "echo to the file", **options.transform_values(&:dup).merge(4 => [file.path, "w"]))
          starter == Process ? Process.wait(started) : started.wait
          File.read(file.path)
        end
        assert_equal ["to the file\n"] * 2, kept, options.inspect
      end
    end
    [{ in: %i[child out], out: %i[child in] }, { 3 => [:child, 3] }, { 3 => [:child, 4], 4 => [:child, 5], 5 => [:child, 3] },
     { err: %i[child out] }, { 1 => 2, out: 2 }, { %i[out err] => 1, 2 => 1 }].each do |options|
      [Process, RResource].each { |starter| assert_raises(ArgumentError, options.inspect) { starter.spawn("true", **options) } }
    end
  end

  def test_what_was_written_before_comes_first
    assert_equal "before\nfrom the program\nafter", alone(<<~'RUBY')
      $stdout.sync = false
      puts "before"
      RResource.run("echo", "from the program")
      puts "after"
    RUBY
  end

  # A signal that comes while a FIFO waits for its reader is handled, and it waits on.
  def test_a_signal_does_not_end_the_opening_of_a_fifo
    Dir.mktmpdir do |folder|
      File.mkfifo("#{folder}/fifo")
      assert_equal "3 signals, exit 0", alone(<<~RUBY)
        signals = 0
        trap(:USR1) { signals += 1 }
        helper = fork do
          3.times { sleep 0.2; Process.kill(:USR1, Process.ppid) }
          sleep 0.2
          File.read("#{folder}/fifo")
        end
        begin
          outcome = RResource.run("echo", "text", out: "#{folder}/fifo")
        rescue SystemCallError
          Process.kill(:KILL, helper)
          raise
        end
        Process.wait(helper)
        print signals, " signals, ", outcome
      RUBY
    end
  end

  def test_the_keywords_of_process
    [{ rlimit_nofile: [50, 60] }, { rlimit_nofile: 55 }, { rlimit_core: [0] }, { pgroup: true }, { pgroup: 0 },
     { pgroup: nil }, { unsetenv_others: true }].each do |options|
      script = "ulimit -Sn; ulimit -Hn; ulimit -Sc; echo ${HOME-none}; test $(ps -o pgid= -p $$) = $$ && echo leads"
      theirs = IO.pipe do |reader, writer|
        Process.wait(Process.spawn("sh", "-c", script, out: writer, **options))
        writer.close
        reader.read
      end
      assert_equal theirs, RResource.capture("sh", "-c", script, **options).first, options.inspect
    end
  end

  def test_input_and_both_outputs
    assert_equal "b\na\n", output("tac", stdin_data: "a\nb\n")
    assert_equal "", output("cat", stdin_data: "")
    big = "x" * 3_000_000
    assert_equal big, output("cat", stdin_data: big)
    assert RResource.capture("true", stdin_data: big).last.success?
    assert_equal "out\nerr\n", RResource.capture2e("sh", "-c", "echo out; echo err >&2").first
    assert_equal %W[out\n err\n], RResource.capture3("sh", "-c", "echo out; echo err >&2").first(2)
    assert_equal Encoding::BINARY, RResource.capture("echo", binmode: true).first.encoding
    { out: File::NULL }.each { |key, value| assert_raises(ArgumentError) { RResource.capture("true", key => value) } }
    assert_raises(ArgumentError) { RResource.capture("true", stdin_data: "", in: File::NULL) }
  end

  def test_another_end_can_be_an_exception
    assert RResource.run("true", exception: true).success?
    { "exit 3" => "Command failed with exit 3: sh", "kill -9 $$" => "Command failed with SIGKILL: sh" }.each do |script, said|
      error = assert_raises(RResource::CommandFailed) { sh(script, exception: true) }
      assert_equal said, error.message
      refute error.outcome.success?
    end
    assert_raises(RResource::CommandFailed) { RResource.capture("false", exception: true) }
  end

  # The program ends at once, and what it has started holds its output for much longer.
  def test_a_deadline_bounds_reading
    before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    text, outcome = RResource.capture("sh", "-c", "echo written; sleep 15 & exit 3", timeout: 1)
    assert_operator Process.clock_gettime(Process::CLOCK_MONOTONIC) - before, :<, 10
    assert_equal ["written\n", "exit 3", true], [text, outcome.to_s, outcome.timed_out?]
    output = RResource.capture("sh", "-c", "sleep 100 & echo $!", timeout: 1, pgroup: true).first
    state = -> { File.read("/proc/#{output.to_i}/stat")[/\) (.)/, 1] }
    100.times { sleep 0.05 if state.call != "Z" }
    assert_equal "Z", state.call
  rescue Errno::ENOENT
    nil # it was killed with its group, and waited for
  end

  def test_a_child_that_runs
    child = RResource.spawn("sleep", "1000", limits: { core: [3, 4] })
    child.process do |process|
      assert_equal [child.pid, [3, 4]], [process.pid, process.getrlimits[:CORE]]
    end
    assert_nil child.wait(timeout: 0.02)
    assert_nil child.wait(timeout: 0)
    assert_raises(ArgumentError) { child.kill(:NOPE) }
    assert_raises(Errno::EINVAL) { child.kill(1000) }
    waiters = Array.new(4) { Thread.new { child.wait } }
    Thread.pass until waiters.all?(&:stop?)
    child.kill
    assert_equal ["SIGTERM"], waiters.map { |waiter| waiter.value.to_s }.uniq
    assert_raises(Errno::ESRCH) { child.kill("KILL") }
    assert_raises(Errno::ESRCH) { child.process }
  end

  def test_its_time_is_limited
    outcome = sh("sleep 1000", timeout: 0.1, pgroup: true)
    assert_equal [true, "SIGKILL"], [outcome.timed_out?, outcome.to_s]
    assert_operator outcome.wall, :>=, 0.1
  end

  # In a separate Ruby, the time of a child is over after the program has closed its descriptor 3, and not before.
  def when_ready(script, before = nil)
    alone(<<~RUBY)
      ready, written = IO.pipe
      OPTIONS = { timeout: 1000, 3 => written }
      RResource::Child.prepend(Module.new do
        define_method(:wait) do |timeout: nil|
          next super() unless timeout

          #{before}
          written.close
          ready.read
          nil
        end
      end)
      #{script}
    RUBY
  end

  # Its time is longer each time, until it has written by then.
  def cut(script)
    [0.2, 2, 20].each do |timeout|
      text, outcome = RResource.capture("sh", "-c", script, timeout: timeout)
      assert_equal ["SIGKILL", true], [outcome.to_s, outcome.timed_out?]
      return text unless text.empty?
    end
    flunk "nothing was written"
  end

  def test_what_was_written_in_time_is_kept
    assert_equal "x" * 60_000, cut("head -c 60000 /dev/zero | tr '\\0' x | dd bs=60000 iflag=fullblock status=none; exec sleep 100")
  end

  def test_a_descendant_may_write_on
    assert_match(/\A(y\n)+y?\z/, cut("timeout 60 yes & exec sleep 100"))
  end

  def test_who_ends_by_itself_was_not_killed
    assert_equal "exit 3 false", when_ready(<<~'RUBY')
      RResource::Child.prepend(Module.new do
        def kill(*)
          sleep 0.01 until File.read("/proc/#{pid}/stat").include?(") Z ")
          super
        end
      end)
      outcome = RResource.run("sh", "-c", "exit 3", **OPTIONS)
      puts "#{outcome} #{outcome.timed_out?}"
    RUBY
  end

  def test_an_exception_leaves_no_child_behind
    1.upto(40) do |tenths|
      seconds = tenths / 10_000.0
      assert_raises(Timeout::Error) { Timeout.timeout(seconds) { RResource.run("sleep", "1000") } }
      running = Thread.new { RResource.run("sleep", "1000") }
      sleep seconds
      running.kill.join
    end
    assert_raises(Errno::ECHILD) { Process.wait(-1, Process::WNOHANG) }
  end

  # Nothing holds back what a signal raises.
  def test_a_signal_leaves_no_child_behind
    assert_equal "Interrupt Errno::ECHILD", alone(<<~'RUBY')
      RResource.send(:const_get, :Native).singleton_class.prepend(Module.new do
        def rr_command_spawn(*)
          super.tap { Process.kill(:INT, Process.pid) }
        end
      end)
      begin
        RResource.spawn("sleep", "1000", %i[out err] => File::NULL)
      rescue Interrupt => raised
        print raised.class, " "
      end
      begin
        Process.wait(-1, Process::WNOHANG)
      rescue SystemCallError => error
        puts error.class
      end
    RUBY
  end

  def test_the_error_of_a_wait_goes_through
    assert_equal "Errno::ECHILD", alone(<<~'RUBY')
      RResource::Child.prepend(Module.new do
        def wait(**)
          Process.wait(pid) # someone else
          raise Errno::ECHILD
        end
      end)
      begin
        RResource.run("true")
      rescue SystemCallError => error
        puts error.class
      end
    RUBY
  end

  # It might change the environment that the program gets.
  def test_no_other_thread_runs_while_a_program_is_started
    native, command = %i[Native Command].map { |name| RResource.send(:const_get, name) }
    place = nil
    runs = meanwhile = 0
    other = Thread.new { loop { place&.read_pointer&.null? ? meanwhile += 1 : runs += 1 } }
    Thread.pass until runs.positive?
    command.open("true") do |prepared|
      10.times do
        child = FFI::MemoryPointer.new(:pointer)
        place = child # From here to the call nothing gives the other thread a turn.
        native.rr_command_spawn(prepared.handle, child, nil)
        Process.wait(native.rr_child_pid(child.read_pointer))
        native.rr_child_free(child.read_pointer)
      end
    end
    assert_equal 0, meanwhile
  ensure
    other&.kill
  end

  def test_a_trap_handler_may_kill
    child = RResource.spawn("sleep", "1000")
    before = trap(:USR1) { child.kill(:TERM) }
    Thread.new { Process.kill(:USR1, Process.pid) }
    assert_equal "SIGTERM", child.wait.to_s
  ensure
    trap(:USR1, before)
  end

  # As on a kernel without pidfds.
  def test_a_wait_without_a_descriptor
    child = RResource.spawn("sleep", "1000")
    child.define_singleton_method(:descriptor) { nil }
    assert_nil child.wait(timeout: 0.12)
    Thread.new do
      sleep 0.1
      child.kill
    end
    assert_equal "SIGTERM", child.wait.to_s
  end

  def test_groups_and_sessions
    [{ pgroup: true }, { session: true, no_launcher: true }].each do |options|
      child = RResource.spawn("sleep", "1000", **options)
      assert_equal child.pid, Process.getpgid(child.pid)
      child.kill(:KILL)
      assert_equal 9, child.wait.termsig
    end
  end

  # From 6.15 on Linux keeps how it ended for whoever has a pidfd.
  def test_someone_else_waited
    child = RResource.spawn("true")
    Process.wait(child.pid)
    begin
      outcome = child.wait
      assert outcome.success?
      assert_nil outcome.usage.cpu
    rescue SystemCallError => error
      assert_instance_of Errno::ECHILD, error
    end
  end
end
