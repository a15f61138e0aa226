# frozen_string_literal: true

module RResource
  # One thing that bounds a process.
  #
  # * `kind` `:memory`, `:swap`, `:cpu`, `:tasks` or `:files`
  # * `source` `:rlimit`, `:cgroup`, `:cgroup_high` (which slows down only), `:affinity`, `:cpuset`, `:machine` or `:sysctl`
  # * `resource` the name of the limit, for `:rlimit`, such as `:NOFILE`
  # * `level` levels from the process's own control group up to the one that binds, -1 for a hidden one; nil if none does
  # * `limit` bytes, tasks or descriptors; for `:cpu` nanoseconds of processor time per second
  # * `used`, `reclaimable`, `room` what counts against it, what the kernel can take back of that, and what is left; nil
  #   if that is unknown
  # * `shared` true if other processes use it up too
  # * `address_space` true if it counts address space, which can be reserved without using memory
  # * `partial` true if control groups that may bind more tightly are hidden from the caller
  # * `text` a line for a log, as `to_s`: "memory: 100 MiB (memory.max, own control group), 39 MiB left"
  Bound = Struct.new(:kind, :source, :resource, :level, :limit, :used, :reclaimable, :room, :shared, :address_space,
                     :partial, :text, keyword_init: true)

  class Bound
    # @private
    KINDS = %i[memory swap cpu tasks files].to_h { |kind| [kind, Native.constant("RR_BOUND_#{kind.upcase}")] }.freeze
    # @private
    SOURCES = %i[rlimit cgroup cgroup_high affinity cpuset machine sysctl].to_h do |source|
      [Native.constant("RR_SOURCE_#{source.upcase}"), source]
    end.freeze
    # @private
    IN_GROUPS = %i[cgroup cgroup_high cpuset].freeze
    # @private
    FLAGS = %w[USED_KNOWN SHARED ADDRESS_SPACE PARTIAL].to_h { |flag| [flag, Native.constant("RR_BOUND_#{flag}")] }.freeze
    # @private
    CAPACITY = Native.constant("RR_BOUND_CAPACITY")
    # @private
    TEXT_SIZE = Native.constant("RR_BOUND_TEXT_SIZE")
    private_constant :KINDS, :SOURCES, :IN_GROUPS, :FLAGS, :CAPACITY, :TEXT_SIZE

    class << self
      # @private
      def read(handle, kind)
        number = number_of(kind)
        bounds = Native.memory(Native::BOUND_SIZE * CAPACITY)
        count = Native.memory(FFI.type_size(:size_t))
        Native.check(Native.rr_bounds_read(handle, number, bounds, CAPACITY, count), kind)
        Array.new(count.unpack1("J")) do |i|
          from_bytes(kind, number, bounds.byteslice(i * Native::BOUND_SIZE, Native::BOUND_SIZE))
        end
      end

      # @private
      def effective(handle, kind)
        number = number_of(kind)
        limit = Native.memory(Native::BOUND_SIZE)
        room = Native.memory(Native::BOUND_SIZE)
        Native.check(Native.rr_bound_effective(handle, number, limit, room), kind)
        [from_bytes(kind, number, limit), from_bytes(kind, number, room)]
      end

      private

      def number_of(kind)
        KINDS.fetch(kind) do
          raise ArgumentError, "unknown kind #{kind.inspect}: there are #{KINDS.keys.map(&:inspect).join(", ")}"
        end
      end

      def from_bytes(kind, number, bytes)
        source, detail, flags, _, limit, *amounts = bytes.unpack(Native::BOUND)
        source = SOURCES.fetch(source)
        known, shared, address_space, partial = FLAGS.values.map { |flag| (flags & flag).positive? }
        used, reclaimable, room = known ? amounts : []
        new(kind: kind, source: source, resource: (Native.rr_resource_name(detail).to_sym if source == :rlimit),
            level: (detail if IN_GROUPS.include?(source)), limit: limit, used: used, reclaimable: reclaimable,
            room: room, shared: shared, address_space: address_space, partial: partial, text: text(number, bytes))
      end

      def text(number, bytes)
        line = Native.memory(TEXT_SIZE)
        Native.check(Native.rr_bound_format(bytes, number, line, TEXT_SIZE))
        line.unpack1("Z*")
      end
    end

    # @return [Float] the limit of a bound of `:cpu` in processors, such as 1.5
    # @raise [ArgumentError] it is of another kind
    def processors
      raise ArgumentError, "a bound of #{kind} is not in processors" unless kind == :cpu

      limit / 1e9
    end

    # @return [String] the line for a log
    def to_s
      text
    end
  end

  class << self
    # Returns the bounds of one kind of this process, the tightest limit first.
    #
    # @param kind [Symbol] `:memory`, `:swap`, `:cpu`, `:tasks` or `:files`
    # @return [Array<Bound>]
    # @raise [ArgumentError] no such kind
    # @raise [Errno::ENOTSUP] nothing of this kind can be read on this system
    def bounds(kind)
      Bound.read(nil, kind)
    end

    # Finds what limits this process most.
    #
    # @param kind (see #bounds)
    # @return [(Bound, Bound)] the one with the smallest limit, and the one with the least room, which is the first again
    #   if no usage is known
    # @raise (see #bounds)
    def effective_bound(kind)
      Bound.effective(nil, kind)
    end
  end
end
