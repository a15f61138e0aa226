# frozen_string_literal: true

module RResource
  # Resource usage as the system reports it: times in seconds, the rest as in getrusage(2). A
  # field that the system does not maintain is 0. On Linux `maxrss` is in KiB, and it is inherited through
  # fork and exec, so that it may be an ancestor's. The fields are those of `struct rusage` without `ru_`: `utime`,
  # `stime`, `maxrss` and so on.
  Rusage = Struct.new(*Array.new(Native.rr_rusage_field_count) do |index|
    Native.rr_rusage_field_name(index).delete_prefix("ru_").to_sym
  end)

  class Rusage
    # @private
    def self.from_numbers(numbers)
      user, user_micro, system, system_micro, *rest = numbers
      new(user + user_micro / 1e6, system + system_micro / 1e6, *rest)
    end

    # @return [Usage] the same in seconds and bytes. The peak is then only a bound, because it may
    #   be inherited from an ancestor.
    # @raise [Errno::EINVAL] a field is negative
    def usage
      times = [utime, stime].flat_map { |seconds| (seconds * 1e6).round.divmod(1_000_000) }
      usage = Native.memory(Native::USAGE_SIZE)
      Native.check(Native.rr_usage_from_rusage([*times, *to_a.drop(2)].pack(Native::RUSAGE), usage))
      Usage.from_numbers(usage.unpack(Native::USAGE))
    end
  end

  # The resource usage of a process. Unknown values are nil, never 0.
  #
  # * `cpu`, `user`, `system` processor time in seconds: all of it, in user mode, in the kernel
  # * `wall` seconds since the process began
  # * `rss`, `peak_rss`, `virtual`, `swap` memory in bytes: resident, its peak, address space, swapped out
  # * `minor_faults`, `major_faults` page faults without and with input or output
  # * `read_bytes`, `written_bytes` from and to storage
  # * `voluntary_switches`, `involuntary_switches` context switches: it waited for something, or not
  # * `threads`, `open_files` how many there are
  # * `peak_is_bound` true if `peak_rss` is an upper bound: it may be that of the program that the process ran
  #   before exec, or of an ancestor
  Usage = Struct.new(*Native.usage_fields.keys, :peak_is_bound)

  class Usage
    # @private
    FIELD_BITS = Native.usage_fields
    # @private
    BITS = %i[cpu times wall rss peak_rss virtual swap faults io switches threads open_files].to_h do |group|
      [group, Native.constant("RR_USAGE_#{group.upcase}")]
    end.freeze
    # The fields of each group that is known as a whole.
    GROUPS = BITS.transform_values { |bit| FIELD_BITS.select { |_, group| group == bit }.keys }.freeze
    # @private
    SECONDS = %i[cpu user system wall].freeze
    # @private
    PEAK_IS_BOUND = Native.constant("RR_USAGE_PEAK_IS_BOUND")
    private_constant :BITS, :FIELD_BITS, :SECONDS, :PEAK_IS_BOUND

    # @private
    def self.from_numbers(numbers)
      known = numbers.first
      index = 0
      values = FIELD_BITS.map do |field, bit|
        index += 1
        next if (known & bit).zero?

        SECONDS.include?(field) ? numbers[index] / 1e9 : numbers[index]
      end
      new(*values, (known & PEAK_IS_BOUND).positive?)
    end

    # @private
    # @return [Integer] the bits of these groups, of all when none is named
    def self.bits(groups)
      return Native.constant("RR_USAGE_ALL") if groups.empty?

      groups.sum do |group|
        BITS.fetch(group) do
          raise ArgumentError, "unknown group #{group.inspect}: there are #{BITS.keys.map(&:inspect).join(", ")}"
        end
      end
    end

    # @private
    def self.read(handle, groups)
      usage = Native.memory(Native::USAGE_SIZE)
      Native.check(Native.rr_usage_read(handle, bits(groups.uniq), usage))
      from_numbers(usage.unpack(Native::USAGE))
    end

    # @return [Array<Symbol>] the fields that are known
    def known
      FIELD_BITS.keys.reject { |field| self[field].nil? }
    end

    # Returns the usage from an earlier reading of the same process to this one. Times, faults, bytes and context
    # switches are differences, if known in both; the other fields, for which a difference is meaningless, are
    # those of this one.
    #
    # @param start [Usage]
    # @return [Usage]
    # @raise [Errno::ERANGE] a counter is smaller in this one, for example because the two are of different
    #   processes
    def since(start)
      raise TypeError, "no implicit conversion of #{start.class} into #{Usage}" unless start.is_a?(Usage)

      difference = Native.memory(Native::USAGE_SIZE)
      Native.check(Native.rr_usage_since(start.packed, packed, difference))
      Usage.from_numbers(difference.unpack(Native::USAGE))
    end

    protected

    def packed
      bits = known.map { |field| FIELD_BITS.fetch(field) }.uniq.sum | (peak_is_bound ? PEAK_IS_BOUND : 0)
      values = FIELD_BITS.keys.map do |field|
        SECONDS.include?(field) ? (self[field].to_f * 1e9).round : self[field].to_i
      end
      [bits, *values, *Array.new(15, 0)].pack(Native::USAGE)
    end
  end

  # How a child that {RResource.wait4} waited for has ended.
  #
  # * `pid` its number
  # * `exitstatus` 0 to 255; nil when a signal ended it
  # * `termsig` the signal's number; nil when it exited
  # * `rusage` a {Rusage}, with the descendants that it waited for itself
  Waited = Struct.new(:pid, :exitstatus, :termsig, :rusage, keyword_init: true)

  class << self
    # Returns the usage of this process or its children.
    #
    # @param who [Symbol, String, Integer] `:SELF`, `:CHILDREN`, `:BOTH`, which works on every system, or `:THREAD`
    # @return [Rusage]
    # @raise [ArgumentError] no such name
    # @raise [Errno::EINVAL] or number
    # @see https://man7.org/linux/man-pages/man2/getrusage.2.html getrusage(2)
    def getrusage(who = :SELF)
      usage = Native.memory(Native::RUSAGE_SIZE)
      Native.check(Native.rr_getrusage(who_id(who), usage))
      Rusage.from_numbers(usage.unpack(Native::RUSAGE))
    end

    # Returns the usage of this process.
    #
    # @param groups [Array<Symbol>] keys of {Usage::GROUPS}: only they are paid for, and those that come with them
    #   for nothing are given too; every one when none is named
    # @return [Usage]
    # @raise [ArgumentError] no such group
    def usage(*groups)
      Usage.read(nil, groups)
    end

    # Resets the peak resident set size of this process to its current value.
    # @return [nil]
    # @raise [Errno::ENOTSUP] a system other than Linux
    def reset_peak
      Native.check(Native.rr_usage_reset_peak(nil))
    end

    # Waits for a child and returns its usage. Other threads run meanwhile.
    #
    # @param pid [Integer] a child; -1 any, as for `Process.wait`
    # @param flags [Integer] `Process::WNOHANG` or 0
    # @return [Waited, nil] nil when WNOHANG found none that had ended
    # @raise [Errno::ECHILD] there is no such child
    # @see https://man7.org/linux/man-pages/man2/wait4.2.html wait4(2)
    def wait4(pid, flags = 0)
      memory = FFI::MemoryPointer.new(8 + Native::RUSAGE_SIZE)
      begin
        code = Native.rr_wait4(pid, flags, memory, memory + 4, memory + 8)
      end while code == Errno::EINTR::Errno # what interrupted it, Ruby has dealt with on the way back
      Native.check(code)
      waited, status, *numbers = memory.read_bytes(memory.size).unpack("l2#{Native::RUSAGE}")
      waited.zero? ? nil : Waited.new(pid: waited, rusage: Rusage.from_numbers(numbers), **ending(status))
    end

    private

    WHO = %w[SELF CHILDREN BOTH THREAD].to_h { |name| [name, Native.constant("RR_RUSAGE_#{name}")] }.freeze
    private_constant :WHO

    def who_id(who)
      name = who.is_a?(Symbol) ? who.to_s : String.try_convert(who)
      return who unless name

      WHO.fetch(name.upcase.delete_prefix("RUSAGE_")) { raise ArgumentError, "invalid who: #{who}" }
    end

    def ending(status)
      exit_code = Native.memory(4)
      signal = Native.memory(4)
      Native.check(Native.rr_wait_status(status, exit_code, signal))
      exit_code = exit_code.unpack1("l")
      { exitstatus: exit_code.negative? ? nil : exit_code, termsig: signal.unpack1("l").nonzero? }
    end
  end
end
