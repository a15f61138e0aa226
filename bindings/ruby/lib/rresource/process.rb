# frozen_string_literal: true

module RResource
  # A handle for a process. It refers to this process as long as it is open, even if its PID is reused: values
  # read through it are never those of another process.
  #
  #     RResource::Process.open(pid) { |process| process.usage(:rss).rss }
  #
  # On Linux it uses a descriptor, until it is closed or collected. Many threads may use it; after one has closed it,
  # its methods raise an IOError.
  class Process
    # Opens a process by its PID; with a block, closes it afterwards and returns the block's value.
    #
    # @param pid [Integer] the process; 0 is the caller
    # @return [Process]
    # @raise [Errno::ESRCH] there is no such process
    # @raise [Errno::EINVAL] the PID is negative, or that of a thread that is not a thread-group leader
    # @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html pidfd_open(2)
    def self.open(pid = 0, &block)
      from_handle(Native.handle(:rr_process_close) { |place| Native.rr_process_open(pid, place) }, &block)
    end

    # Opens the process that a pidfd refers to. The pidfd is copied and stays the caller's.
    #
    # @param pidfd [IO, Integer]
    # @return [Process]
    # @raise [Errno::EBADF] it is not a pidfd
    # @raise [Errno::ESRCH] its process was reaped
    def self.from_fd(pidfd, &block)
      pidfd = pidfd.to_io.fileno if pidfd.respond_to?(:to_io)
      from_handle(Native.handle(:rr_process_close) { |place| Native.rr_process_from_fd(pidfd, place) }, &block)
    end

    # @private
    def self.from_handle(handle)
      process = new(handle)
      return process unless block_given?

      begin
        yield process
      ensure
        process.close
      end
    end

    private_class_method :new

    # @return [Integer] its PID, which may be reused after it was reaped
    attr_reader :pid

    # @private
    def initialize(handle)
      @handle = Native::Handle.new(handle)
      @pid = Native.rr_process_pid(handle)
    end

    # @return [Boolean] whether it is running; a zombie is not
    def alive?
      case code = with_handle { |handle| Native.rr_process_check(handle) }
      when Errno::ESRCH::Errno then false
      else Native.check(code) || true
      end
    end

    # @return [Hash{Symbol => (Integer, Integer)}] its limits, as {RResource.getrlimits}
    # @raise [Errno::ESRCH] it has ended and been waited for
    def getrlimits
      with_handle { |handle| Limits.all(handle) }
    end

    # Sets many of its limits: all of them, or none.
    # @param limits (see RResource.setrlimits)
    # @return [nil]
    # @raise [Errno::ESRCH] it has ended
    # @raise (see RResource.setrlimits)
    def setrlimits(limits)
      with_handle { |handle| Limits.set_all(handle, limits) }
    end

    # @return [Verdict] the predicted result of setting one of its limits, as {RResource.check_rlimit}
    # @raise [Errno::ESRCH] it has ended
    def check_rlimit(resource, soft, hard = soft)
      with_handle { |handle| Limits.check(handle, resource, soft, hard) }
    end

    # @return [Integer] its current usage of a limit, as {RResource.used}
    # @raise [Errno::ESRCH] it has ended
    # @raise [Errno::EACCES] the caller may not read it
    def used(resource)
      with_handle { |handle| Limits.used(handle, resource) }
    end

    # @return [Usage] its usage, as {RResource.usage}; also for a zombie
    # @raise [Errno::ESRCH] it has ended and been waited for
    def usage(*groups)
      with_handle { |handle| Usage.read(handle, groups) }
    end

    # @return [Array<Bound>] its bounds of one kind, as {RResource.bounds}
    # @raise [Errno::ESRCH] it has ended
    def bounds(kind)
      with_handle { |handle| Bound.read(handle, kind) }
    end

    # @return [(Bound, Bound)] what limits it most, as {RResource.effective_bound}
    # @raise [Errno::ESRCH] it has ended
    def effective_bound(kind)
      with_handle { |handle| Bound.effective(handle, kind) }
    end

    # Resets its peak resident set size, as {RResource.reset_peak}.
    # @return [nil]
    # @raise [Errno::ESRCH] it has ended
    # @raise [Errno::EACCES] the caller may not change it
    def reset_peak
      with_handle { |handle| Native.check(Native.rr_usage_reset_peak(handle)) }
    end

    # Closes the handle; the process continues. A second call does nothing.
    # @return [nil]
    def close
      @handle.close
    end

    # @return [Boolean] whether the handle is closed
    def closed?
      @handle.closed?
    end

    private

    def with_handle
      @handle.use { |handle| yield(handle || raise(IOError, "closed process")) }
    end
  end
end
