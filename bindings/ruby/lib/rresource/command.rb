# frozen_string_literal: true

require "io/nonblock"
require "io/wait" # IO#wait_readable before Ruby 3.2

module RResource
  # How a program ended and what it used.
  #
  # * `exitstatus` 0 to 255; nil when a signal ended it
  # * `termsig` the signal's number; nil when it exited
  # * `core_dumped` whether a core was dumped
  # * `limit` the resource whose limit ended it, like `:CPU`; nil if unknown
  # * `wall` seconds from its start to its end
  # * `rusage` a {Rusage} of it and the descendants that it waited for
  # * `usage` the same as a {Usage}, with its own peak if known
  # * `oom` whether the out-of-memory killer ended it: one of {Outcome::OOM}, `:no` to `:unknown`
  # * `timed_out` whether {RResource.run} killed it because its time was over, or {RResource.capture} stopped reading
  Outcome = Struct.new(:exitstatus, :termsig, :core_dumped, :limit, :wall, :rusage, :usage, :oom, :timed_out,
                       keyword_init: true)

  class Outcome
    # @private
    FORMAT = "l4Q#{Native::RUSAGE}#{Native::USAGE}l"
    # @private
    SIZE = 488
    private_constant :FORMAT, :SIZE
    # What `oom` can be, by the library's numbers.
    #
    # * `:no` the out-of-memory killer did not end the program
    # * `:possible` SIGKILL ended it, and the system's count of out-of-memory kills rose while it ran
    # * `:yes` its control group recorded the kill
    # * `:unknown` SIGKILL ended it, and the system does not report why
    OOM = %i[no possible yes unknown].to_h { |name| [Native.constant("RR_OOM_#{name.upcase}"), name] }.freeze

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
          rusage: Rusage.from_numbers(numbers.shift(18)), usage: Usage.from_numbers(numbers.shift(32)),
          oom: OOM.fetch(numbers.first), timed_out: false)
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

  # Raised by {RResource.run} and {RResource.capture} with `exception: true` if a program did not exit with 0.
  class CommandFailed < RuntimeError
    # @return [Outcome]
    attr_reader :outcome

    # @private
    def initialize(outcome, words)
      @outcome = outcome
      super("Command failed with #{outcome}: #{words.find { |word| !Hash.try_convert(word) }}")
    end
  end

  # A started program. The caller has to wait for it: until then it remains as a zombie after its end.
  class Child
    # The interval of polling in seconds, if no descriptor reports the end.
    SLICE = 0.01
    private_constant :SLICE
    private_class_method :new

    # @private
    # Starts a command. The child is passed on even if the caller is interrupted meanwhile.
    # @yieldparam [Child]
    def self.start(command)
      place = FFI::MemoryPointer.new(:pointer)
      failure = Native.memory(Native::FAILURE_SIZE)
      # As `Process.spawn` does: the output of this process precedes that of the program.
      [$stdout, $stderr].each { |io| io.flush if io.respond_to?(:flush) }
      Thread.handle_interrupt(Object => :never) do
        code = Native.rr_command_spawn(command.handle, place, failure)
        raise command.refusal(code, *failure.unpack(Native::FAILURE)) unless code.zero?
      ensure # What a signal raises, nothing holds back.
        pointer = place.read_pointer
        yield new(FFI::AutoPointer.new(pointer, Native.method(:rr_child_free))) unless pointer.null?
      end
    end

    # @return [Integer] its PID, which may be reused after it was waited for
    attr_reader :pid

    # @private
    def initialize(handle)
      @handle = Native::Handle.new(handle) # closed once it was waited for
      @pid = Native.rr_child_pid(handle)
      @outcome = nil
    end

    # Waits until it has ended. It can be called again, and by several threads. Other threads run meanwhile.
    #
    # @param timeout [Numeric, String, nil] how long to wait at most: seconds, or text such as `"200ms"`
    # @return [Outcome, nil] nil when it still runs after that time
    # @raise [Errno::ECHILD] it was already reaped elsewhere
    def wait(timeout: nil)
      timeout = Native.seconds(timeout)
      limit = timeout && (now + timeout)
      until @outcome
        left = limit && [limit - now, 0].max
        reap if ended?(left)
        break if left == 0
      end
      @outcome
    end

    # Sends a signal to it, and to its process group if it leads one.
    #
    # @param signal [Symbol, String, Integer] as for `Process.kill`
    # @return [nil]
    # @raise [Errno::ESRCH] it was waited for
    # @raise [ArgumentError] there is no signal of that name
    def kill(signal = :TERM)
      number = Command.signal_number(signal)
      with_handle { |handle| Native.check(Native.rr_child_kill(handle, number)) }
    end

    # Opens it as a process, to read its usage and limits while it runs; with a block, closes that handle afterwards
    # and returns the block's value.
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

    # Waits by methods that Ruby can interrupt and its schedulers support; true if it may have ended.
    def ended?(left)
      return descriptor.wait_readable(left) if descriptor

      sleep([left || SLICE, SLICE].min)
    rescue IOError, Errno::ESRCH
      raise unless @outcome # another thread was faster
    end

    # A copy of the handle's descriptor: a thread that waits for it when another one closes it is woken by an
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

  # A program and how to start it, from the arguments of {RResource.spawn}.
  # @private
  class Command
    REDIRECTED = { in: 0, out: 1, err: 2 }.freeze

    def self.signal_number(signal)
      name = signal.is_a?(Symbol) ? signal.to_s : String.try_convert(signal)
      return signal unless name

      Signal.list.fetch(name.delete_prefix("SIG")) { raise ArgumentError, "unsupported signal: SIG#{name}" }
    end

    # @yieldparam [Command] whose handle is valid within the block
    def self.open(...)
      command = new(...)
      yield command
    ensure
      command&.close
    end

    attr_reader :handle

    def initialize(*words, limits: {}, chdir: nil, umask: nil, pgroup: nil, session: false, no_launcher: false,
                   unsetenv_others: false, close_others: false, user: nil, group: nil, groups: nil, **others)
      environment = Hash.try_convert(words.first)
      words.shift if environment
      raise ArgumentError, "no program" if words.empty?

      @opened = []
      @limits = {}
      begin_with(*words)
      call(:rr_command_clear_env) if unsetenv_others
      environment&.each { |name, value| variable(name, value) }
      call(:rr_command_set_directory, @directory = File.path(chdir)) if chdir
      call(:rr_command_set_umask, Resources.integer(umask, 31) & 0o777) if umask
      call(:rr_command_close_from, 3) if close_others
      become(user, group, groups) if user || group || groups
      lead(pgroup, session)
      call(:rr_command_no_launcher) if no_launcher
      Resources.hash(limits).each { |resource, value| limit(resource, value) }
      rlimits, redirections = others.partition { |key, _| key.is_a?(Symbol) && key.start_with?("rlimit_") }
      rlimits.each { |key, value| limit(rlimit_named(key), value.is_a?(Array) && value.size == 1 ? value.first : value) }
      redirect(redirections)
    rescue StandardError
      close
      raise
    end

    def close
      @opened&.each(&:close)
      @handle&.free
    end

    # @return [SystemCallError] for a failed start: it names what the step failed on, as `Process.spawn` does
    def refusal(code, step, detail)
      step, detail = likely_step(code) if step == STEPS[:START]
      case step
      when STEPS[:LIMIT] then Limits.refusal(code, nil, detail, @limits[detail])
      when STEPS[:DESCRIPTOR] then SystemCallError.new("#{@given.fetch(detail, detail)} as the program's #{detail}", code)
      when STEPS[:DIRECTORY] then SystemCallError.new(@directory, code)
      when STEPS[:EXEC] then SystemCallError.new(@program, code)
      else Native.failure(code, Native.rr_step_text(step))
      end
    end

    private

    STEPS = %i[DESCRIPTOR DIRECTORY LIMIT EXEC START].to_h { |name| [name, Native.constant("RR_STEP_#{name}")] }.freeze
    # Errors of execve(2) and, of the other steps, only of the change of directory.
    OF_EXECUTION = [Errno::ENOENT, Errno::EACCES, Errno::ENOEXEC, Errno::ENOTDIR, Errno::ELOOP, Errno::ENAMETOOLONG,
                    Errno::E2BIG].map { |error| error::Errno }.freeze
    private_constant :STEPS, :OF_EXECUTION

    # The step that would fail with this error now, for systems that do not report the failed step.
    def likely_step(code)
      refused = code == Errno::EPERM::Errno && @limits.find { |id, limits| Limits.refused?(nil, id, limits) }
      return [STEPS[:LIMIT], refused.first] if refused

      closed = code == Errno::EBADF::Errno && @given.find { |_, source| !open?(source) }
      return [STEPS[:DESCRIPTOR], closed.first] if closed
      return [STEPS[:DIRECTORY], 0] if @directory && !File.directory?(@directory)

      [STEPS[OF_EXECUTION.include?(code) ? :EXEC : :START], 0]
    end

    def open?(descriptor)
      IO.for_fd(descriptor, autoclose: false) && true
    rescue SystemCallError
      false
    end

    def call(function, *arguments)
      Native.check(Native.public_send(function, @handle, *arguments))
    end

    def begin_with(program, *arguments)
      if (pair = Array.try_convert(program))
        raise ArgumentError, "wrong first argument" unless pair.size == 2

        program, name = pair
      end
      @program = text(program)
      @handle = Native.handle(:rr_command_free) { |place| Native.rr_command_new(@program, place) }
      call(:rr_command_set_arg0, text(name)) if pair
      arguments.each { |argument| call(:rr_command_add_arg, text(argument)) }
    end

    def variable(name, value)
      name = text(name)
      raise ArgumentError, "environment name contains a equal : #{name}" if name.include?("=")
      raise ArgumentError, "environment name is empty" if name.empty?

      call(:rr_command_set_env, name, value && text(value))
    end

    # The library sets all of them: what is not given is the caller's.
    def become(user, group, groups)
      user = ::Process::UID.from_name(user) if user.is_a?(String)
      group, *groups_by_number = [group, *groups].map do |each|
        each.is_a?(String) ? ::Process::GID.from_name(each) : each && Resources.integer(each, 32)
      end
      groups_by_number = ::Process.groups unless groups
      call(:rr_command_set_credentials, user ? Resources.integer(user, 32) : ::Process.euid, group || ::Process.egid,
           groups_by_number.pack("L*"), groups_by_number.size)
    end

    # 0 is a new group too, as for `Process.spawn`, whose other groups there are not.
    def lead(pgroup, session)
      unless [true, false, nil, 0].include?(pgroup)
        raise ArgumentError, "pgroup is true, 0, false or nil, not #{pgroup.inspect}"
      end

      call(:rr_command_new_group) if pgroup
      call(:rr_command_new_session) if session
    end

    # @return [String] the resource of a keyword like `rlimit_cpu`
    def rlimit_named(key)
      name = key.to_s.delete_prefix("rlimit_")
      Resources::IDS.key?(name.upcase.to_sym) ? name : raise(ArgumentError, "wrong exec option symbol: #{key}")
    end

    def limit(resource, value)
      id = Resources.id(resource)
      limits = Resources.limits(id, value) { Limits.get(id) }
      code = Native.rr_command_set_limit(@handle, id, Resources.packed(limits))
      raise Limits.refusal(code, nil, id, limits) unless code.zero?

      @limits[id] = limits
    end

    # Those to another descriptor of the child's mean what that one is at the end, in whatever order they are given.
    def redirect(redirections)
      @given = {}
      childs = {}
      redirections.each do |keys, value|
        numbers = (keys.is_a?(Array) ? keys : [keys]).map { |key| number(key) }
        numbers.each do |number|
          raise ArgumentError, "fd #{number} specified twice" if @given.key?(number) || childs.key?(number)

          childs?(value) ? childs[number] = number(value.last) : @given[number] = nil
        end
        next if childs?(value)

        source = source(value, numbers)
        numbers.each { |number| @given[number] = source }
      end
      childs.each_key { |number| @given[number] = end_of_chain(number, childs) }
      @given.each { |number, source| give(number, source) }
    end

    def end_of_chain(number, childs)
      seen = [number]
      while childs.key?(number)
        number = childs[number]
        raise ArgumentError, "cyclic child fd redirection from #{number}" if seen.include?(number)

        seen << number
      end
      @given.fetch(number) { raise ArgumentError, "child fd #{number} is not redirected" }
    end

    def give(number, source)
      code = Native.rr_command_dup2(@handle, source, number)
      raise SystemCallError.new("#{source} as the program's #{number}", code) unless code.zero?

      # Ruby's pipes do not block, which few programs expect of their standard streams.
      IO.for_fd(source, autoclose: false).nonblock = false if number <= 2 && open?(source)
    end

    # @return [Integer] the caller's descriptor, one for all of the numbers
    def source(value, numbers)
      if value.is_a?(Array) then opened(*value)
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
    rescue Errno::EINTR # a signal while it waits for the other end of a FIFO
      retry
    end

    def number(descriptor)
      case descriptor
      when Integer then Resources.integer(descriptor, 31)
      when Symbol
        REDIRECTED.fetch(descriptor) { raise ArgumentError, "wrong exec option symbol: #{descriptor}" }
      else
        io = IO.try_convert(descriptor) or raise ArgumentError, "wrong exec redirect action"
        io.fileno
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
    #   @param limits [Hash] from a resource to a value for both limits or `[soft, hard]`, as for {setrlimits}
    #   @param chdir [String] its working directory, from which a relative path of the program counts too
    #   @param rlimit_cpu as for `Process.spawn`, and so for every other resource: `rlimit_nofile: [64, 128]`
    #   @param pgroup [true, 0] it leads a new process group, which {Child#kill} then signals as a whole
    #   @param session [Boolean] it leads a new session
    #   @param umask [Integer] its file mode creation mask
    #   @param close_others [Boolean] it gets no descriptors above 2 but those of the redirections; else it inherits those
    #     that are not close-on-exec
    #   @param user [Integer, String] the user that it runs as, by number or name, which needs privilege
    #   @param group [Integer, String] its group
    #   @param groups [Array<Integer, String>] its supplementary groups
    #   @param unsetenv_others [Boolean] it has only the variables of `environment`
    #   @param no_launcher [Boolean] started without the library's launcher: its peak may then be only a bound
    #   @param redirections as for `Process.spawn`: `out: "file"`, `err: %i[child out]`, `in: io`, `3 => 5`,
    #     `%i[out err] => ["file", "a"]`
    # @return [Child] which runs
    # @raise [Errno::ENOENT, Errno::EACCES, Errno::ENOEXEC] there is no such program, or it cannot be run; or there is no
    #   such directory: the message ends with its name
    # @raise [Errno::EPERM] a hard limit would rise and the caller may not raise it: the message names the resource
    # @raise [Errno::EBADF] a descriptor is not open: the message names it
    # @raise [Errno::EINVAL] this system has no resource of that number, or a soft limit is above the hard one
    # @raise [ArgumentError] no such name, value or option
    # @raise [TypeError] a word is no String
    def spawn(*words, **options)
      start(*words, **options) { |child| child }
    end

    # Runs a program under limits and waits for it. The program is killed if the wait is interrupted.
    #
    #     outcome = RResource.run("make", limits: { cpu: 60 }, timeout: 300)
    #     puts "#{outcome}: #{outcome.usage.cpu} s, #{outcome.usage.peak_rss} bytes"
    #
    # @param words (see spawn)
    # @param timeout [Numeric, String, nil] seconds, or text such as `"1h30min"`, after which it is killed, with its process group if it leads one
    # @param exception [Boolean] whether another end than exit 0 raises, as for `system`
    # @param options (see spawn)
    # @return [Outcome]
    # @raise [CommandFailed] with `exception: true`
    # @raise (see spawn)
    def run(*words, timeout: nil, exception: false, **options)
      limit = deadline(timeout)
      outcome = start(*words, **options) { |child| ended_by(limit, child) }
      checked(outcome, words, exception)
    end

    # Runs a program as {run} does and collects its standard output, until no process has that open for writing or its
    # time is over.
    #
    #     text, outcome = RResource.capture("sort", stdin_data: "b\na\n", timeout: 10)
    #
    # @param words (see spawn)
    # @param stdin_data [String, nil] what it reads from its standard input
    # @param timeout (see run), for the program and for reading: later output of other processes is not
    #   waited for
    # @param binmode [Boolean] whether the text is binary, instead of in the default external encoding
    # @param options (see run)
    # @return [(String, Outcome)]
    # @raise (see run)
    def capture(*words, **options)
      collect(words, [:out], **options)
    end

    # Like {capture}, with its standard error in the same text, as `Open3.capture2e`.
    #
    # @param words (see spawn)
    # @param options (see capture)
    # @return [(String, Outcome)]
    # @raise (see run)
    def capture2e(*words, **options)
      collect(words, [%i[out err]], **options)
    end

    # Like {capture}, with its standard error as a separate text, as `Open3.capture3`.
    #
    # @param words (see spawn)
    # @param options (see capture)
    # @return [(String, String, Outcome)]
    # @raise (see run)
    def capture3(*words, **options)
      collect(words, %i[out err], **options)
    end

    private

    KILL = Signal.list.fetch("KILL")
    # The most that Linux gives a pipe by itself: 16 pages of 64 KiB.
    PIPE_CAPACITY = 1 << 20
    private_constant :KILL, :PIPE_CAPACITY

    # @return [Float, nil] when the time is over
    def deadline(timeout)
      timeout = Native.seconds(timeout)
      timeout && (::Process.clock_gettime(::Process::CLOCK_MONOTONIC) + timeout)
    end

    def left(limit)
      limit && [limit - ::Process.clock_gettime(::Process::CLOCK_MONOTONIC), 0].max
    end

    def ended_by(limit, child)
      child.wait(timeout: left(limit)) || finish(child).tap { |outcome| outcome.timed_out = outcome.termsig == KILL }
    end

    def checked(outcome, words, exception)
      raise CommandFailed.new(outcome, words) if exception && !outcome.success?

      outcome
    end

    # @param outputs [Array] which of the program's streams go into a text each
    def collect(words, outputs, stdin_data: nil, timeout: nil, exception: false, binmode: false, **options)
      limit = deadline(timeout)
      data = stdin_data && String(stdin_data).b
      pipes = outputs.to_h { |streams| [streams, IO.pipe(binmode: true)] }
      input = IO.pipe(binmode: true) if data
      texts = nil
      redirections = pipes.transform_values(&:last)
      redirections[:in] = input.first if input
      outcome = start(*words, **options, **given_once(options, redirections)) do |child|
        [*pipes.values.map(&:last), input&.first].compact.each(&:close)
        readers = pipes.values.map(&:first)
        in_time = exchange(texts = readers.to_h { |reader| [reader, String.new] }, input&.last, data, limit)
        # Killed before it is waited for: that reaches its group even where it has ended.
        in_time ? ended_by(limit, child) : finish(child).tap { |ended| take_rest(texts, ended) }
      end
      texts.each_value { |text| text.force_encoding(binmode ? Encoding::BINARY : Encoding.default_external) }
      [*texts.values, checked(outcome, words, exception)]
    ensure
      [*pipes&.values, input].compact.flatten.each(&:close)
    end

    # A stream that the caller redirects too would be redirected twice.
    def given_once(options, redirections)
      twice = redirections.keys.flatten & options.keys
      raise ArgumentError, "#{twice.first} is redirected to a pipe already" unless twice.empty?

      redirections
    end

    # Writes the data and reads the texts to their ends.
    # @return [Boolean] whether that was done in time
    def exchange(texts, writer, data, limit)
      readers = texts.keys
      until readers.empty? && writer.nil?
        readable, writable = IO.select(readers, [writer].compact, nil, left(limit))
        return false unless readable

        readable.each { |reader| readers.delete(reader) unless read_into(texts[reader], reader, 65_536) }
        writer = nil unless writable.empty? || feed(writer, data)
      end
      true
    end

    # @return [Boolean] whether there may be more to read
    def read_into(text, reader, size)
      part = reader.read_nonblock(size, exception: false)
      text << part if part.is_a?(String)
      !part.nil?
    end

    # @return [Boolean] whether there is more to write
    def feed(writer, data)
      written = data.empty? ? 0 : writer.write_nonblock(data, exception: false)
      data.slice!(0, written) if written.is_a?(Integer)
      writer.close if data.empty?
      !data.empty?
    rescue Errno::EPIPE # the program has stopped reading it
      writer.close
      false
    end

    # A descendant may hold a pipe and write without end: reads only what is in it now.
    def take_rest(texts, outcome)
      texts.each { |reader, text| read_into(text, reader, PIPE_CAPACITY) }
      outcome.timed_out = true
    end

    # Starts a program and returns the block's value for its child. If that is nil or false, or the caller is
    # interrupted, the program is killed, because the child would be lost.
    def start(*words, **options)
      child = result = nil
      Command.open(*words, **options) { |command| Child.start(command) { |started| child = started } }
      result = yield child
    ensure
      Thread.handle_interrupt(Object => :never) do
        finish(child) if child && !result
      rescue SystemCallError
        nil # the error that ended the block is more useful
      end
    end

    # Kills a child, and returns how it ended.
    def finish(child)
      begin
        child.kill(:KILL)
      rescue Errno::ESRCH
        nil # it was already waited for; the wait below returns the outcome or raises
      end
      child.wait
    end
  end
end
