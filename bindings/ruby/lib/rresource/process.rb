# frozen_string_literal: true

module RResource
  # A handle on a process. It means this process for as long as it is open, whoever has its number later: what
  # is read through it never comes from another one.
  #
  #     RResource::Process.open(pid) { |process| process.usage(:rss).rss }
  #
  # On Linux it holds a descriptor, until it is closed or collected. Many threads may use it; once one has closed it,
  # its methods raise an IOError.
  class Process
    # Opens a process by its number; with a block, closes it afterwards and answers what the block does.
    #
    # @param pid [Integer] the process; 0 is the caller
    # @return [Process]
    # @raise [Errno::ESRCH] there is no such process
    # @raise [Errno::EINVAL] the number is negative, or a thread's that leads no process
    # @see https://man7.org/linux/man-pages/man2/pidfd_open.2.html pidfd_open(2)
    def self.open(pid = 0, &block)
      from_handle(Native.handle(:rr_process_close) { |place| Native.rr_process_open(pid, place) }, &block)
    end

    # Opens the process behind a pidfd, which is copied and stays the caller's.
    #
    # @param pidfd [IO, Integer]
    # @return [Process]
    # @raise [Errno::EBADF] it is no pidfd
    # @raise [Errno::ESRCH] its process has been waited for
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

    # @return [Integer] its number; once it has ended and been waited for, another process may have it
    attr_reader :pid

    # @private
    def initialize(handle)
      @handle = Native::Handle.new(handle)
      @pid = Native.rr_process_pid(handle)
    end

    # @return [Boolean] whether it still runs; a zombie does not
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

    # @return [Verdict] what setting one of its limits would come to, as {RResource.check_rlimit}
    # @raise [Errno::ESRCH] it has ended
    def check_rlimit(resource, soft, hard = soft)
      with_handle { |handle| Limits.check(handle, resource, soft, hard) }
    end

    # @return [Integer] how much of a limit it uses now, as {RResource.used}
    # @raise [Errno::ESRCH] it has ended
    # @raise [Errno::EACCES] the system keeps it from the caller
    def used(resource)
      with_handle { |handle| Limits.used(handle, resource) }
    end

    # @return [Usage] what it uses and has used, as {RResource.usage}; a zombie's too
    # @raise [Errno::ESRCH] it has ended and been waited for
    def usage(*groups)
      with_handle { |handle| Usage.read(handle, groups) }
    end

    # @return [Array<Bound>] everything that bounds it in one respect, as {RResource.bounds}
    # @raise [Errno::ESRCH] it has ended
    def bounds(kind)
      with_handle { |handle| Bound.read(handle, kind) }
    end

    # @return [(Bound, Bound)] what limits it most, as {RResource.effective_bound}
    # @raise [Errno::ESRCH] it has ended
    def effective_bound(kind)
      with_handle { |handle| Bound.effective(handle, kind) }
    end

    # Forgets the peak of its resident set, as {RResource.reset_peak}.
    # @return [nil]
    # @raise [Errno::ESRCH] it has ended
    # @raise [Errno::EACCES] it is not the caller's to change
    def reset_peak
      with_handle { |handle| Native.check(Native.rr_usage_reset_peak(handle)) }
    end

    # Closes the handle; the process goes on. A second time it does nothing.
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
