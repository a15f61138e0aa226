# frozen_string_literal: true

module RResource
  # The predicted result of setting a limit.
  #
  # * `error` the class of what {RResource.setrlimit} would raise, such as `Errno::EPERM`; nil when it would
  #   be accepted
  # * `reason` `:none`, `:soft_above_hard`, `:hard_needs_privilege`, `:above_system_maximum`,
  #   `:not_your_process`, `:unknown_resource` or `:not_representable`
  # * `text` the reason as an English sentence, for a log
  # * `ceiling` the highest hard limit that would be accepted
  Verdict = Struct.new(:error, :reason, :text, :ceiling, keyword_init: true) do
    # @return [Boolean] whether the limit would be accepted
    def ok?
      error.nil?
    end
  end

  # Shared by the caller, whose handle is nil, and other processes.
  # @private
  module Limits
    REASONS = %w[NONE SOFT_ABOVE_HARD HARD_NEEDS_PRIVILEGE ABOVE_SYSTEM_MAXIMUM NOT_YOUR_PROCESS
                 UNKNOWN_RESOURCE UNKNOWN NOT_REPRESENTABLE].to_h do |name|
      [Native.constant("RR_REASON_#{name}"), name.downcase.to_sym]
    end.freeze
    TEXT_SIZE = Native.constant("RR_RLIMIT_TEXT_SIZE")

    module_function

    def get(id)
      limits = Native.memory(Native::RLIMIT_SIZE)
      Native.check(Native.rr_getrlimit(id, limits))
      limits.unpack(Native::RLIMIT)
    end

    def all(handle)
      capacity = Resources::ALL.size
      entries = Native.memory(capacity * Native::RLIMIT_ENTRY_SIZE)
      count = Native.memory(8)
      Native.check(Native.rr_rlimits_get(handle, entries, capacity, count))
      entries.unpack(Native::RLIMIT_ENTRY * count.unpack1("J")).each_slice(4).to_h do |id, _, soft, hard|
        [Resources.name(id), [soft, hard]]
      end
    end

    def set_all(handle, wanted)
      present = nil
      entries = Resources.hash(wanted).map do |name, value|
        id = Resources.id(name)
        [id, 0, *Resources.limits(id, value) { (present ||= all(handle)).fetch(Resources.name(id)) }]
      end
      packed = entries.map { |entry| entry.pack(Native::RLIMIT_ENTRY) }.join
      failed = [entries.size].pack("J")
      code = Native.rr_rlimits_set(handle, packed, entries.size, failed)
      return if code.zero?

      id, _, *refused = entries[failed.unpack1("J")]
      raise id ? refusal(code, handle, id, refused) : Native.failure(code)
    end

    # @return [SystemCallError] for refused limits: it names the resource and, if known, the reason
    def refusal(code, handle, id, limits)
      error, reason = limits && verdict(handle, id, limits)
      text = error == code ? Native.rr_reason_text(reason) : Native.rr_strerror(code)
      Native.failure(code, Resources.name(id), text)
    end

    def refused?(handle, id, limits)
      error, = verdict(handle, id, limits)
      !error.zero?
    end

    # @return [(Integer, Integer, Integer)] the error, the reason and the ceiling
    def verdict(handle, id, limits)
      verdict = Native.memory(Native::VERDICT_SIZE)
      code = Native.rr_rlimit_check(handle, id, Resources.packed(limits), verdict)
      code.zero? ? verdict.unpack(Native::VERDICT) : [code, nil, 0]
    end

    def used(handle, resource)
      used = Native.memory(8)
      Native.check(Native.rr_rlimit_used(handle, Resources.id(resource), used), resource)
      used.unpack1("Q")
    end

    def check(handle, resource, soft, hard)
      id = Resources.id(resource)
      wanted = Resources.limits(id, [soft, hard]) { all(handle).fetch(Resources.name(id)) }
      verdict = Native.memory(Native::VERDICT_SIZE)
      Native.check(Native.rr_rlimit_check(handle, id, Resources.packed(wanted), verdict))
      error, reason, ceiling = verdict.unpack(Native::VERDICT)
      Verdict.new(error: error.zero? ? nil : Native.failure(error).class, reason: REASONS[reason],
                  text: Native.rr_reason_text(reason), ceiling: ceiling)
    end
  end
  private_constant :Limits

  class << self
    # Reads the limits of this process for one resource.
    #
    # @param resource [Symbol, String, Integer] like `:NOFILE`, `"RLIMIT_NOFILE"` or `RResource::RLIMIT_NOFILE`, as
    #   for `Process.getrlimit`; lower case too
    # @return [(Integer, Integer)] the soft and the hard limit, in the resource's unit
    # @raise [ArgumentError] this system has no resource of that name
    # @raise [Errno::EINVAL] or number
    # @see https://man7.org/linux/man-pages/man2/getrlimit.2.html getrlimit(2)
    def getrlimit(resource)
      Limits.get(Resources.id(resource))
    end

    # Sets the limits of this process for one resource; programs that it starts inherit them. A hard limit
    # that was lowered cannot be raised again without privilege.
    #
    # @param resource (see getrlimit)
    # @param soft [Integer, Symbol, String] a number in the resource's unit, `:INFINITY`, or a text that
    #   {parse_rlimit} reads, such as `"8M"`
    # @param hard the same; left out, the hard limit is set as the soft one
    # @return [nil]
    # @raise [ArgumentError] no such name or value
    # @raise [Errno::EINVAL] no such number, or the soft limit is above the hard one
    # @raise [Errno::EPERM] the hard limit would rise and the caller may not raise it, or NOFILE is above the
    #   system's maximum
    def setrlimit(resource, soft, hard = nil)
      id = Resources.id(resource)
      limits = Resources.limits(id, hard.nil? ? soft : [soft, hard]) { Limits.get(id) }
      code = Native.rr_setrlimit(id, Resources.packed(limits))
      raise Limits.refusal(code, nil, id, limits) unless code.zero?
    end

    # Reads the limits of a process, and sets new ones if given: atomically on Linux.
    #
    # @param pid [Integer] the process; 0 is the caller
    # @param resource (see getrlimit)
    # @param soft (see setrlimit)
    # @param hard (see setrlimit)
    # @return [(Integer, Integer)] the limits before
    # @raise [Errno::ESRCH] there is no such process
    # @raise [Errno::EPERM] as {setrlimit}, or the process is another user's
    # @raise (see setrlimit)
    def prlimit(pid, resource, soft = nil, hard = nil)
      id = Resources.id(resource)
      unless soft.nil?
        wanted = Resources.limits(id, hard.nil? ? soft : [soft, hard]) { prlimit(pid, id) }
        wanted = Resources.packed(wanted)
      end
      old = Native.memory(Native::RLIMIT_SIZE)
      Native.check(Native.rr_prlimit(pid, id, wanted, old), Resources.name(id))
      old.unpack(Native::RLIMIT)
    end

    # Reads the limits of this process for every resource.
    # @return [Hash{Symbol => (Integer, Integer)}] like `{CPU: [soft, hard], ...}`
    def getrlimits
      Limits.all(nil)
    end

    # Sets many limits of this process: all of them, or none.
    #
    #     RResource.setrlimits(nofile: 64, cpu: [1, 2], as: "512M")
    #
    # @param limits [Hash] from a resource to a value for both halves or `[soft, hard]`, as {setrlimit} takes them
    # @return [nil]
    # @raise [Errno::EPERM] as {setrlimit}; the message names the refused one
    # @raise [Errno::ENOTRECOVERABLE] one was refused, and the previous ones could not be restored
    # @raise (see setrlimit)
    def setrlimits(limits)
      Limits.set_all(nil, limits)
    end

    # Raises the soft limit of this process as near to a value as possible, and never lowers it.
    #
    # @param resource (see getrlimit)
    # @param wanted (see setrlimit) ; as much as there is when left out
    # @return [(Integer, Integer)] the limits that are now in force
    # @raise (see getrlimit)
    def raise_rlimit(resource, wanted = :INFINITY)
      id = Resources.id(resource)
      soft, = Resources.limits(id, wanted) { Limits.get(id) }
      limits = Native.memory(Native::RLIMIT_SIZE)
      Native.check(Native.rr_rlimit_raise(id, soft, limits), Resources.name(id))
      limits.unpack(Native::RLIMIT)
    end

    # Predicts what {setrlimit} would return, and why. An unknown number of a resource is a
    # verdict too. A security module or a sandbox may still refuse what this accepts.
    #
    # @param resource (see getrlimit)
    # @param soft (see setrlimit)
    # @param hard (see setrlimit)
    # @return [Verdict]
    # @raise [ArgumentError] no such name or value
    def check_rlimit(resource, soft, hard = soft)
      Limits.check(nil, resource, soft, hard)
    end

    # Returns the current usage of a limit by this process: the number that the kernel compares with the limit.
    #
    # @param resource (see getrlimit)
    # @return [Integer] in the resource's unit
    # @raise [Errno::ENOTSUP] the system does not report it, such as for FSIZE and CORE on Linux
    # @raise (see getrlimit)
    def used(resource)
      Limits.used(nil, resource)
    end

    # Parses limits as written in configuration files and on command lines: `"1024"`, `"8M"`,
    # `"4:unlimited"`, `"1h30min"`.
    #
    # @param resource (see getrlimit)
    # @param text [String] one value for both halves, or `"soft:hard"`
    # @param present [(Integer, Integer)] what `"soft:"`, `":hard"` and `"hard"` leave as it is; the limits of this
    #   process when left out
    # @return [(Integer, Integer)] the soft and the hard limit
    # @raise [ArgumentError] malformed limit
    # @raise [RangeError] a number is too large
    def parse_rlimit(resource, text, present = nil)
      id = Resources.id(resource)
      raise Native.failure(Errno::EINVAL::Errno, resource) unless Resources::NAMES.key?(id)

      Resources.parsed(id, String(text)) { present || Limits.get(id) }
    end

    # Formats limits as text that {parse_rlimit} parses to the same numbers.
    #
    # @param resource (see getrlimit)
    # @param soft (see setrlimit)
    # @param hard (see setrlimit)
    # @return [String] like `"8M"` or `"4:unlimited"`
    # @raise [Errno::EINVAL] no such number, or the soft limit is above the hard one
    def format_rlimit(resource, soft, hard = soft)
      id = Resources.id(resource)
      limits = Resources.limits(id, [soft, hard]) { Limits.get(id) }
      text = Native.memory(Limits::TEXT_SIZE)
      Native.check(Native.rr_rlimit_format(id, Resources.packed(limits), text, text.bytesize))
      text.unpack1("Z*").force_encoding(Encoding::UTF_8)
    end

    # @return [String] the version of the loaded C library, like "0.1.0"
    def library_version
      Native.rr_version_string
    end
  end
end
