# frozen_string_literal: true

require "io/nonblock"
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
    # Starts a command. Whoever is interrupted meanwhile has got the child all the same.
    # @yieldparam [Child]
    def self.start(command)
      place = FFI::MemoryPointer.new(:pointer)
      Thread.handle_interrupt(Object => :never) do
        Native.check(Native.rr_command_spawn(command, place, nil))
      ensure # What a signal raises, nothing holds back.
        pointer = place.read_pointer
        yield new(FFI::AutoPointer.new(pointer, Native.method(:rr_child_free))) unless pointer.null?
      end
    end

    # @return [Integer] its number; once it was waited for, another process may have it
    attr_reader :pid

    # @private
    def initialize(handle)
      @handle = Native::Handle.new(handle) # closed once it was waited for
      @pid = Native.rr_child_pid(handle)
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
      @handle.use { |handle| @outcome ||= Outcome.read { |memory| Native.rr_child_wait(handle, 0, memory) } }
      return unless @outcome

      @descriptor&.close # which wakes the other waits
      @handle.close
    end

    def with_handle
      @handle.use { |handle| yield(handle || raise(Native.failure(Errno::ESRCH::Errno))) }
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
      environment&.each { |name, value| call(:rr_command_set_env, text(name), value && text(value)) }
      call(:rr_command_set_directory, File.path(chdir)) if chdir
      lead(pgroup, session)
      call(:rr_command_no_launcher) if direct
      limits.each { |resource, value| limit(resource, value) }
      # Those to another descriptor of the child's last, for it may be redirected itself.
      redirections.partition { |_, value| !childs?(value) }.each do |part|
        part.each { |keys, value| redirect(keys.is_a?(Array) ? keys : [keys], value) }
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
      call(:rr_command_set_arg0, text(name)) if name
      arguments.each { |argument| call(:rr_command_add_arg, text(argument)) }
    end

    def lead(pgroup, session)
      raise ArgumentError, "pgroup is true or false, not #{pgroup.inspect}" unless [true, false, nil].include?(pgroup)

      call(:rr_command_new_group) if pgroup
      call(:rr_command_new_session) if session
    end

    def limit(resource, value)
      id = Resources.id(resource)
      limits = Resources.packed(Resources.limits(id, value) { Limits.get(id) })
      Native.check(Native.rr_command_set_limit(@handle, id, limits), resource)
    end

    def redirect(keys, value)
      numbers = keys.map { |key| number(key) }
      source = source(value, numbers)
      numbers.each { |number| call(:rr_command_dup2, source, number) }
      numbers.each { |number| given[number] = source }
      # Ruby's pipes do not block, which few programs expect of their standard streams.
      IO.for_fd(source, autoclose: false).nonblock = false if numbers.any? { |number| number <= 2 }
    end

    # What the child's descriptors are in the caller, so far.
    def given
      @given ||= Hash.new { |_, number| number }
    end

    def source(value, numbers)
      if childs?(value) then given[number(value.last)]
      elsif value.is_a?(Array) then opened(*value)
      elsif path?(value) then opened(value, numbers.all? { |number| [1, 2].include?(number) } ? "w" : "r")
      else number(value)
      end
    end

    def path?(value)
      value.is_a?(String) || value.respond_to?(:to_path) && !value.respond_to?(:to_io)
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
      String.try_convert(value) or
        raise TypeError, "no implicit conversion of #{value.nil? ? "nil" : value.class} into String"
    end
  end
  private_constant :Command

  class << self
    # Starts a program under limits, as a child of this process.
    #
    #     child = RResource.spawn("prog", "arg", limits: { nofile: 64, cpu: [1, 2], as: "512M" })
    #     child.wait.usage.peak_rss
    #
    # No shell reads what is given: `"prog arg"` is the name of a program with a blank in it. Other threads stand still
    # while it starts, as in `Process.spawn`. Where an exception from outside, as of Timeout, comes before the child is
    # returned, the program is killed.
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
      start(*words, **options) { |child| child }
    end

    # Runs a program under limits and waits for it. Whatever interrupts that kills the program.
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
      start(*words, **options) do |child|
        child.wait(timeout: timeout) || finish(child).tap { |outcome| outcome.timed_out = outcome.termsig == KILL }
      end
    end

    # Runs a program as {run} does and collects what it writes to its standard output.
    #
    # @param words (see spawn)
    # @param options (see run)
    # @return [(String, Outcome)] the text in the default external encoding
    # @raise (see spawn)
    def capture(*words, **options)
      reader, writer = IO.pipe
      output = String.new
      collector = Thread.new { reader.wait_readable while collect(reader, output, 65_536) }
      outcome = run(*words, **options, out: writer)
      writer.close
      if outcome.timed_out?
        # A descendant that goes on may hold the pipe, and write without end: what is in it now, and no more.
        collector.kill.join
        collect(reader, output, PIPE_CAPACITY)
      end
      collector.join
      [output.force_encoding(Encoding.default_external), outcome]
    ensure
      collector&.kill
      [reader, writer].each { |io| io&.close }
    end

    private

    KILL = Signal.list.fetch("KILL")
    # The most that Linux gives a pipe by itself: 16 pages of 64 KiB.
    PIPE_CAPACITY = 1 << 20
    private_constant :KILL, :PIPE_CAPACITY

    # Starts a program and answers what the block does with its child. Where that is nothing, or the caller is
    # interrupted, the program is ended: nobody would have the child.
    def start(*words, **options)
      child = answer = nil
      Command.open(*words, **options) { |command| Child.start(command) { |started| child = started } }
      answer = yield child
    ensure
      Thread.handle_interrupt(Object => :never) do
        finish(child) if child && !answer
      rescue SystemCallError
        nil # what ended the block says more
      end
    end

    # Kills a child, and tells how it ended.
    def finish(child)
      begin
        child.kill(:KILL)
      rescue Errno::ESRCH
        nil # it was waited for, and the wait tells by whom
      end
      child.wait
    end

    # Takes what a pipe holds, so many bytes at most; nil at its end. Whoever is killed has kept what was read.
    def collect(reader, output, size)
      Thread.handle_interrupt(Object => :never) do
        part = reader.read_nonblock(size, exception: false)
        output << part if part.is_a?(String)
        part
      end
    end
  end
end
