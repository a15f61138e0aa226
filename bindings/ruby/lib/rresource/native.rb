# frozen_string_literal: true

require "ffi"

module RResource
  # The C functions. Structs are binary strings for `String#unpack`: each has one layout everywhere.
  # @private
  module Native
    extend FFI::Library
    # The gem of a platform has the library inside.
    inside = File.join(__dir__, "librresource.so.0")
    library = ENV.fetch("RRESOURCE_LIBRARY") { File.exist?(inside) ? inside : "librresource.so.0" }
    begin
      ffi_lib library
    rescue LoadError => error
      raise LoadError, "the library rresource cannot be loaded: #{error.message.lines.first.to_s.strip}; install the gem for " \
                       "this platform, which contains it, or install the library where the dynamic linker looks, or " \
                       "name its file in the environment variable RRESOURCE_LIBRARY"
    end

    # Memory for the call to write is a binary String. Ruby moves none while a call has it, for these
    # calls keep the interpreter's lock.
    OUT = :buffer_out
    IN = :buffer_in
    INOUT = :buffer_inout

    attach_function :rr_version_string, [], :string
    attach_function :rr_strerror, [:int], :string
    attach_function :rr_constant, [:string, OUT], :int

    attach_function :rr_resource_count, [], :size_t
    attach_function :rr_resource_at, [:size_t, OUT], :int
    attach_function :rr_resource_by_name, [:string, OUT], :int
    attach_function :rr_resource_name, [:int], :string
    attach_function :rr_resource_summary, [:int], :string

    attach_function :rr_getrlimit, [:int, OUT], :int
    attach_function :rr_setrlimit, [:int, IN], :int
    attach_function :rr_prlimit, [:int32, :int, IN, OUT], :int
    attach_function :rr_rlimits_get, [:pointer, OUT, :size_t, OUT], :int
    attach_function :rr_rlimits_set, [:pointer, IN, :size_t, INOUT], :int
    attach_function :rr_rlimit_raise, [:int, :uint64, OUT], :int
    attach_function :rr_rlimit_check, [:pointer, :int, IN, OUT], :int
    attach_function :rr_reason_text, [:int], :string
    attach_function :rr_rlimit_used, [:pointer, :int, OUT], :int
    attach_function :rr_rlimit_parse, [:int, :string, INOUT], :int
    attach_function :rr_rlimit_format, [:int, IN, OUT, :size_t], :int
    attach_function :rr_duration_parse, [:string, OUT], :int

    attach_function :rr_rusage_field_count, [], :size_t
    attach_function :rr_rusage_field_name, [:size_t], :string
    attach_function :rr_usage_field_count, [], :size_t
    attach_function :rr_usage_field_name, [:size_t], :string
    attach_function :rr_usage_field_group, [:size_t], :uint64
    attach_function :rr_getrusage, [:int, OUT], :int
    attach_function :rr_wait_status, [:int32, OUT, OUT], :int
    attach_function :rr_usage_read, [:pointer, :uint64, OUT], :int
    attach_function :rr_usage_from_rusage, [IN, OUT], :int
    attach_function :rr_usage_since, [IN, IN, OUT], :int
    attach_function :rr_usage_reset_peak, [:pointer], :int
    attach_function :rr_bounds_read, [:pointer, :int, OUT, :size_t, OUT], :int
    attach_function :rr_bound_effective, [:pointer, :int, OUT, OUT], :int
    attach_function :rr_bound_format, [IN, :int, OUT, :size_t], :int
    # `blocking` releases the interpreter's lock; the memory for such a call is not Ruby's.
    attach_function :rr_wait4, [:int32, :int, :pointer, :pointer, :pointer], :int, blocking: true

    attach_function :rr_process_open, [:int32, :pointer], :int
    attach_function :rr_process_from_fd, [:int, :pointer], :int
    attach_function :rr_process_close, [:pointer], :void
    attach_function :rr_process_pid, [:pointer], :int32
    attach_function :rr_process_fd, [:pointer], :int
    attach_function :rr_process_check, [:pointer], :int

    attach_function :rr_command_new, [:string, :pointer], :int
    attach_function :rr_command_free, [:pointer], :void
    attach_function :rr_command_add_arg, [:pointer, :string], :int
    attach_function :rr_command_set_arg0, [:pointer, :string], :int
    attach_function :rr_command_set_env, [:pointer, :string, :string], :int
    attach_function :rr_command_clear_env, [:pointer], :int
    attach_function :rr_command_set_directory, [:pointer, :string], :int
    attach_function :rr_command_dup2, [:pointer, :int, :int], :int
    attach_function :rr_command_set_limit, [:pointer, :int, IN], :int
    attach_function :rr_command_close_from, [:pointer, :int], :int
    attach_function :rr_command_set_umask, [:pointer, :uint32], :int
    attach_function :rr_command_set_credentials, [:pointer, :uint32, :uint32, IN, :size_t], :int
    attach_function :rr_command_new_group, [:pointer], :int
    attach_function :rr_command_new_session, [:pointer], :int
    attach_function :rr_command_no_launcher, [:pointer], :int
    # Not `blocking`: it reads the environment, which another thread's `ENV[]=` would move meanwhile.
    attach_function :rr_command_spawn, [:pointer, :pointer, OUT], :int
    attach_function :rr_step_text, [:int], :string

    attach_function :rr_child_pid, [:pointer], :int32
    attach_function :rr_child_fd, [:pointer], :int
    attach_function :rr_child_process, [:pointer, :pointer], :int
    attach_function :rr_child_kill, [:pointer, :int], :int
    attach_function :rr_child_wait, [:pointer, :int64, :pointer], :int
    attach_function :rr_child_free, [:pointer], :void

    RLIMIT = "Q2" # soft, hard
    RLIMIT_SIZE = 16
    RLIMIT_ENTRY = "l2Q2" # resource, reserved, soft, hard
    RLIMIT_ENTRY_SIZE = 24
    RESOURCE = "l3L" # id, unit, scope, flags
    RESOURCE_SIZE = 16
    VERDICT = "l2Q3" # error, reason, ceiling, and reserved
    VERDICT_SIZE = 32
    FAILURE = "l2" # step, detail
    FAILURE_SIZE = 8
    RUSAGE = "q18" # two times of seconds and microseconds, 14 numbers
    RUSAGE_SIZE = 144
    USAGE = "Q32" # known, 16 fields, reserved
    USAGE_SIZE = 256
    BOUND = "l2L2Q4" # source, detail, flags, reserved, limit, used, reclaimable, room, and reserved
    BOUND_SIZE = 80

    module_function

    # @return [String] memory for so many bytes
    def memory(size)
      "\0" * size
    end

    # Raises what a function of the library answered, unless it is 0.
    def check(code, context = nil)
      raise failure(code, context) unless code.zero?
    end

    # @return [SystemCallError] the error of the class `Errno::...`, whose message Ruby begins with the system's words:
    #   after these come the context and the library's words, where they say more
    def failure(code, context = nil, text = rr_strerror(code))
      text = text.sub(/\A#{Regexp.escape(SystemCallError.new(code).message)}(: )?/i, "")
      said = [context, text].map(&:to_s).reject(&:empty?).join(": ")
      said.empty? ? SystemCallError.new(code) : SystemCallError.new(said, code)
    end

    # @return [FFI::AutoPointer] the handle that a function writes, released by another one at the latest
    #   when it is collected
    def handle(release)
      place = FFI::MemoryPointer.new(:pointer)
      check(yield(place))
      FFI::AutoPointer.new(place.read_pointer, method(release))
    end

    # @return [Integer] a constant of the header
    def constant(name)
      value = memory(8)
      check(rr_constant(name, value), name)
      value.unpack1("q")
    end

    # @return [Hash{Symbol => Integer}] the fields of a usage in their order, each with the bit of its group. Ruby's names
    #   have no units, except of what was read and written.
    def usage_fields
      Array.new(rr_usage_field_count) do |index|
        name = rr_usage_field_name(index).sub(/_ns\z|(?<!\Aread|\Awritten)_bytes\z/, "")
        [name.to_sym, rr_usage_field_group(index)]
      end.to_h.freeze
    end

    # @param duration [Numeric, String, nil] seconds, or a duration as text, such as "200ms"
    # @return [Numeric, nil] seconds
    # @raise [ArgumentError] the text is no duration
    # @raise [RangeError] it exceeds 584 years
    def seconds(duration)
      text = String.try_convert(duration) or return duration
      nanoseconds = memory(8)
      # A NUL would end the text early for the library.
      code = text.include?("\0") ? Errno::EINVAL::Errno : rr_duration_parse(text, nanoseconds)
      case code
      when Errno::EINVAL::Errno
        raise ArgumentError, "malformed duration: #{text.inspect}; expected one such as 200ms, 1h30min or 90 (seconds)"
      when Errno::ERANGE::Errno then raise RangeError, "the duration #{text} exceeds 584 years"
      end
      check(code)
      nanoseconds.unpack1("Q") / 1e9
    end

    # A handle that any thread may use and close, and a trap handler too: the C functions want one thread at a time,
    # and none once it is closed.
    class Handle
      def initialize(pointer)
        @pointer = pointer
        @lock = Mutex.new
      end

      # @yieldparam [FFI::AutoPointer, nil] nil once it is closed
      def use
        return yield @pointer if @lock.owned?

        @lock.synchronize { yield @pointer }
      rescue ThreadError # a trap handler may not lock, but a thread that it starts may
        Thread.new { @lock.synchronize { yield @pointer } }.tap { |thread| thread.report_on_exception = false }.value
      end

      # A second time it does nothing.
      def close
        in_use = @lock.owned? # by what a trap handler has interrupted
        use do |pointer|
          @pointer = nil
          pointer&.free unless in_use # else when it is collected
        end
      end

      def closed?
        @pointer.nil?
      end
    end
  end
  private_constant :Native
end
