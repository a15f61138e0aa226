# frozen_string_literal: true

require "io/wait" # IO#wait_readable before Ruby 3.2

module RResource
  # How a program ended and what it truly used.
  #
  # * `exitstatus` 0 to 255; nil when a signal ended it
  # * `termsig` the signal's number; nil when it exited
  # * `core_dumped` whether a core was dumped
  # * `limit` the resource whose limit ended it, like `:CPU`; nil where that is not known
  # * `wall` seconds from its start to its end
  # * `rusage` a {Rusage} of it and the descendants that it waited for
  # * `usage` the same as a {Usage}, with its true peak where that is known
  # * `timed_out` whether {RResource.run} killed it because its time was over
  Outcome = Struct.new(:exitstatus, :termsig, :core_dumped, :limit, :wall, :rusage, :usage, :timed_out,
                       keyword_init: true)

  class Outcome
    # @private
    FORMAT = "l4Q#{Native::RUSAGE}#{Native::USAGE}"
    # @private
    SIZE = 488
    private_constant :FORMAT, :SIZE

    # @private
    # @yieldparam [FFI::MemoryPointer] memory for an rr_outcome
    # @yieldreturn [Integer] what rr_child_wait returned
    # @return [Outcome, nil] nil when the program still runs
    def self.read
      memory = FFI::MemoryPointer.new(SIZE)
      code = yield memory
      return if code == Errno::ETIMEDOUT::Errno

      Native.check(code)
      exit_code, signal, core_dumped, limit, wall, *numbers = memory.read_bytes(SIZE).unpack(FORMAT)
      new(exitstatus: exit_code.negative? ? nil : exit_code, termsig: signal.nonzero?,
          core_dumped: core_dumped.positive?, limit: limit.negative? ? nil : Resources.name(limit), wall: wall / 1e9,
          rusage: Rusage.from_numbers(numbers.shift(18)), usage: Usage.from_numbers(numbers), timed_out: false)
    end

    # @return [Boolean] whether it exited with 0
    def success?
      exitstatus == 0
    end

    # @return [Boolean] whether a signal ended it
    def signaled?
      !termsig.nil?
    end

    alias core_dumped? core_dumped
    alias timed_out? timed_out

    # @return [String] like "exit 1" or "SIGXCPU (limit CPU)"
    def to_s
      text = signaled? ? "SIG#{Signal.signame(termsig) || termsig}" : "exit #{exitstatus}"
      text += " (core dumped)" if core_dumped?
      text += " (limit #{limit})" if limit
      text
    end
  end

  # A program that was started. Whoever starts one waits for it: until then it stays behind as a zombie when it
  # ends.
  class Child
    # Where no descriptor tells of the end: how often a wait looks, in seconds.
    SLICE = 0.01
    private_constant :SLICE
    private_class_method :new

    # @private
    def self.from_handle(handle)
      new(handle)
    end

    # @return [Integer] its number; once it was waited for, another process may have it
    attr_reader :pid

    # @private
    def initialize(handle)
      @handle = handle # nil once it was waited for
      @pid = Native.rr_child_pid(handle)
      @lock = Mutex.new
      @outcome = nil
    end

    # Waits until it has ended; more than once, and in several threads, too. Other threads run meanwhile.
    #
    # @param timeout [Numeric, nil] seconds to wait at most
    # @return [Outcome, nil] nil when it still runs after that time
    # @raise [Errno::ECHILD] someone else has waited for it
    def wait(timeout: nil)
      limit = timeout && (now + timeout)
      until @outcome
        left = limit && [limit - now, 0].max
        reap if ended?(left)
        break if left == 0
      end
      @outcome
    end

    # Sends a signal to it, and to its process group where it leads one.
    #
    # @param signal [Symbol, String, Integer] as for `Process.kill`
    # @return [nil]
    # @raise [Errno::ESRCH] it was waited for
    # @raise [ArgumentError] there is no signal of that name
    def kill(signal = :TERM)
      number = Command.signal_number(signal)
      with_handle { |handle| Native.check(Native.rr_child_kill(handle, number)) }
    end

    # Opens it as a process, to read its usage and limits meanwhile; with a block, closes that handle afterwards
    # and answers what the block does.
    #
    # @return [Process]
    # @raise [Errno::ESRCH] it was waited for
    def process(&block)
      opened = with_handle do |handle|
        Native.handle(:rr_process_close) { |place| Native.rr_child_process(handle, place) }
      end
      Process.from_handle(opened, &block)
    end

    private

    # Waits in the ways that Ruby can interrupt and its schedulers know; true when it is worth a look.
    def ended?(left)
      return descriptor.wait_readable(left) if descriptor

      sleep([left || SLICE, SLICE].min)
    rescue IOError, Errno::ESRCH
      raise unless @outcome # another thread was faster
    end

    # A copy of the handle's descriptor: whoever waits for that when another thread closes it is woken by an
    # IOError.
    def descriptor
      @descriptor ||= with_handle do |handle|
        fd = Native.rr_child_fd(handle)
        IO.for_fd(fd, autoclose: false).dup unless fd.negative?
      end
    end

    def reap
      locked do
        next if @outcome || !(outcome = Outcome.read { |memory| Native.rr_child_wait(@handle, 0, memory) })

        @outcome = outcome # before other waits are woken
        @descriptor&.close
        @handle.free
        @handle = nil
      end
    end

    def with_handle
      locked { yield(@handle || raise(Native.failure(Errno::ESRCH::Errno))) }
    end

    # A trap handler may not lock, but a thread that it starts may.
    def locked(&block)
      return yield if @lock.owned?

      @lock.synchronize(&block)
    rescue ThreadError
      Thread.new { @lock.synchronize(&block) }.tap { |thread| thread.report_on_exception = false }.value
    end

    def now
      ::Process.clock_gettime(::Process::CLOCK_MONOTONIC)
    end
  end

  # A program and how it is to be started, as {RResource.spawn} takes it.
  # @private
  class Command
    REDIRECTED = { in: 0, out: 1, err: 2 }.freeze

    def self.signal_number(signal)
      name = signal.is_a?(Symbol) ? signal.to_s : String.try_convert(signal)
      return signal unless name

      Signal.list.fetch(name.delete_prefix("SIG")) { raise ArgumentError, "unsupported signal: SIG#{name}" }
    end

    # @yieldparam [FFI::Pointer] a handle that is good within the block
    def self.open(...)
      command = new(...)
      yield command.handle
    ensure
      command&.close
    end

    attr_reader :handle

    def initialize(*words, limits: {}, chdir: nil, pgroup: false, session: false, direct: false,
                   unsetenv_others: false, **redirections)
      environment = Hash.try_convert(words.first)
      words.shift if environment
      raise ArgumentError, "no program" if words.empty?

      @opened = []
      begin_with(*words)
      call(:rr_command_clear_env) if unsetenv_others
      environment&.each { |name, value| call(:rr_command_env, text(name), value && text(value)) }
      call(:rr_command_directory, File.path(chdir)) if chdir
      lead(pgroup, session)
      call(:rr_command_direct) if direct
      limits.each { |resource, value| limit(resource, value) }
      # Those to another descriptor of the child's last, for it may be redirected itself.
      redirections.partition { |_, value| !childs?(value) }.each do |part|
        part.each { |keys, value| redirect(Array(keys), value) }
      end
    rescue StandardError
      close
      raise
    end

    def close
      @opened&.each(&:close)
      @handle&.free
    end

    private

    def call(function, *arguments)
      Native.check(Native.public_send(function, @handle, *arguments))
    end

    def begin_with(program, *arguments)
      program, name = Array.try_convert(program) || program
      @handle = Native.handle(:rr_command_free) { |place| Native.rr_command_new(text(program), place) }
      call(:rr_command_arg0, text(name)) if name
      arguments.each { |argument| call(:rr_command_arg, text(argument)) }
    end

    def lead(pgroup, session)
      raise ArgumentError, "pgroup is true or false, not #{pgroup.inspect}" unless [true, false, nil].include?(pgroup)

      call(:rr_command_group) if pgroup
      call(:rr_command_session) if session
    end

    def limit(resource, value)
      id = Resources.id(resource)
      limits = Resources.packed(Resources.limits(id, value) { Limits.get(id) })
      Native.check(Native.rr_command_limit(@handle, id, limits), resource)
    end

    def redirect(keys, value)
      numbers = keys.map { |key| number(key) }
      source = source(value, numbers.first)
      numbers.each { |number| call(:rr_command_fd, number, source) }
      numbers.each { |number| given[number] = source }
    end

    # What the child's descriptors are in the caller, so far.
    def given
      @given ||= Hash.new { |_, number| number }
    end

    def source(value, key)
      case value
      when String then opened(value, key.zero? ? "r" : "w")
      when Array then childs?(value) ? given[number(value.last)] : opened(*value)
      else
        value.respond_to?(:to_path) && !value.respond_to?(:to_io) ? opened(value.to_path, key.zero? ? "r" : "w") : number(value)
      end
    end

    def childs?(value)
      value.is_a?(Array) && value.size == 2 && value.first == :child
    end

    def opened(path, mode = "r", permissions = 0o644)
      @opened << File.open(path, mode, permissions)
      @opened.last.fileno
    end

    def number(descriptor)
      case descriptor
      when Integer then descriptor
      when Symbol
        REDIRECTED.fetch(descriptor) { raise ArgumentError, "wrong exec option symbol: #{descriptor}" }
      else
        raise ArgumentError, "wrong exec redirect action" unless descriptor.respond_to?(:to_io)

        descriptor.to_io.fileno
      end
    end

    def text(value)
      String.try_convert(value) or raise TypeError, "no implicit conversion of #{value.nil? ? "nil" : value.class} into String"
    end
  end
  private_constant :Command

  class << self
    # Starts a program under limits, as a child of this process.
    #
    #     child = RResource.spawn("prog", "arg", limits: { nofile: 64, cpu: [1, 2], as: "512M" })
    #     child.wait.usage.peak_rss
    #
    # No shell reads what is given: `"prog arg"` is the name of a program with a blank in it.
    #
    # @overload spawn([environment,] program, *arguments, **options)
    #   @param environment [Hash{String => String, nil}] variables to set, or with nil to remove
    #   @param program [String, (String, String)] a path, or a name to be looked for in the program's own PATH; with
    #     the name by which it is to know itself
    #   @param arguments [Array<String>]
    #   @param limits [Hash] from a resource to a value for both halves or `[soft, hard]`, as for {setrlimits}
    #   @param chdir [String] its working directory, from which a relative path of the program counts too
    #   @param pgroup [Boolean] it leads a process group of its own, which {Child#kill} then reaches as a whole
    #   @param session [Boolean] it leads a session of its own
    #   @param unsetenv_others [Boolean] it has no variables but those of `environment`
    #   @param direct [Boolean] started without the library's launcher: its peak may then be only a bound
    #   @param redirections as for `Process.spawn`: `out: "file"`, `err: %i[child out]`, `in: io`, `3 => 5`,
    #     `%i[out err] => ["file", "a"]`
    # @return [Child] which runs
    # @raise [Errno::ENOENT, Errno::EACCES, Errno::ENOEXEC] there is no such program, or it cannot be run
    # @raise [Errno::EPERM] a hard limit would rise and the caller may not raise it
    # @raise [Errno::EINVAL] this system has no resource of that number, or a soft limit is above the hard one
    # @raise [ArgumentError] no such name, value or option
    # @raise [TypeError] a word is no String
    def spawn(*words, **options)
      handle = Command.open(*words, **options) do |command|
        Native.handle(:rr_child_free) { |place| Native.rr_command_spawn(command, place) }
      end
      Child.from_handle(handle)
    end

    # Runs a program under limits and waits for it.
    #
    #     outcome = RResource.run("make", limits: { cpu: 60 }, timeout: 300)
    #     puts "#{outcome}: #{outcome.usage.cpu} s, #{outcome.usage.peak_rss} bytes"
    #
    # @param words (see spawn)
    # @param timeout [Numeric, nil] seconds after which it is killed, with its group where it leads one
    # @param options (see spawn)
    # @return [Outcome]
    # @raise (see spawn)
    def run(*words, timeout: nil, **options)
      child = spawn(*words, **options)
      outcome = child.wait(timeout: timeout) || finish(child)
    ensure
      finish(child) if child && !outcome # an exception goes through: nothing stays behind
    end

    # Runs a program as {run} does and collects what it writes to its standard output.
    #
    # @param words (see spawn)
    # @param options (see run)
    # @return [(String, Outcome)]
    # @raise (see spawn)
    def capture(*words, **options)
      reader, writer = IO.pipe
      output = +""
      collector = Thread.new { collect(reader, output) }
      outcome = run(*words, **options, out: writer)
      writer.close
      # A descendant that goes on may hold the pipe: when the time is over, nobody reads on.
      outcome.timed_out? ? collector.join(0.1) : collector.join
      [output, outcome]
    ensure
      collector&.kill
      [reader, writer].each { |io| io&.close }
    end

    private

    def finish(child)
      child.kill(:KILL)
      child.wait.tap { |outcome| outcome.timed_out = true }
    end

    def collect(reader, output)
      loop { output << reader.readpartial(65_536) }
    rescue EOFError
      output
    end
  end
end
