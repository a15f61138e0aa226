# frozen_string_literal: true

module RResource
  # What the system can limit.
  #
  # * `id` the system's own number
  # * `name` a Symbol like `:NOFILE`
  # * `summary` a few words, like "open file descriptors"
  # * `unit` what its numbers count: `:bytes`, `:seconds`, `:microseconds`, `:count` or `:priority`
  # * `scope` whose usage counts: `:process`, `:user`, `:thread` or `:file`
  # * `enforced` false if the kernel stores the limit but does not enforce it
  Resource = Struct.new(:id, :name, :summary, :unit, :scope, :enforced, keyword_init: true)

  # Conversions of resources and values of limits.
  # @private
  module Resources
    UNITS = %w[BYTES SECONDS MICROSECONDS COUNT PRIORITY].to_h do |name|
      [Native.constant("RR_UNIT_#{name}"), name.downcase.to_sym]
    end.freeze
    SCOPES = %w[PROCESS USER THREAD FILE].to_h do |name|
      [Native.constant("RR_SCOPE_#{name}"), name.downcase.to_sym]
    end.freeze
    UNENFORCED = Native.constant("RR_RESOURCE_UNENFORCED")
    # The names of values that `Process.setrlimit` has.
    VALUES = %w[INFINITY SAVED_MAX SAVED_CUR].to_h do |name|
      [name, Native.constant("RR_RLIM_#{name}") & 0xFFFF_FFFF_FFFF_FFFF]
    end.freeze

    ALL = Array.new(Native.rr_resource_count) do |index|
      found = Native.memory(Native::RESOURCE_SIZE)
      Native.check(Native.rr_resource_at(index, found))
      id, unit, scope, flags = found.unpack(Native::RESOURCE)
      Resource.new(
        id: id, name: Native.rr_resource_name(id).to_sym, summary: Native.rr_resource_summary(id),
        unit: UNITS.fetch(unit), scope: SCOPES.fetch(scope), enforced: (flags & UNENFORCED).zero?
      ).freeze
    end.freeze
    NAMES = ALL.to_h { |resource| [resource.id, resource.name] }.freeze
    IDS = NAMES.invert.freeze

    module_function

    # @return [Integer] the number of a resource, in the forms of `Process.getrlimit`; another number than
    #   the system's is the library's to refuse
    def id(resource)
      return IDS[resource] || by_name(resource.to_s, resource) if resource.is_a?(Symbol)

      name = String.try_convert(resource)
      name ? by_name(name, resource) : integer(resource, 31)
    end

    # @return [Integer] one that fits into so many bits, which `Array#pack` would cut silently: a negative number
    #   means the large one with the same bits, so that -1 is infinity on Linux, as with `Process`
    def integer(value, bits)
      number = value.is_a?(Integer) ? value : converted(value)
      length = number.bit_length
      raise RangeError, "integer #{number} is out of range" if length > bits || (length == 64 && number.negative?)

      number
    end

    def converted(value)
      unless value.respond_to?(:to_int)
        raise TypeError, "no implicit conversion of #{value.nil? ? "nil" : value.class} into Integer"
      end

      number = value.to_int
      return number if number.is_a?(Integer)

      raise TypeError, "can't convert #{value.class} to Integer (#{value.class}#to_int gives #{number.class})"
    end

    # @return [Hash] limits by resource
    def hash(limits)
      Hash.try_convert(limits) or raise TypeError, "no implicit conversion of #{limits.class} into Hash"
    end

    # @return [Symbol, Integer] its name; its number where this system has no such resource
    def name(id)
      NAMES.fetch(id, id)
    end

    # @return [(Integer, Integer)] the soft and the hard limit
    # @param value a number, a name as `Process.setrlimit` takes it, a text for both halves, or an Array of
    #   two of them
    # @yieldreturn [(Integer, Integer)] the current limits, which a text may leave unchanged in part
    def limits(id, value, &present)
      case value
      when Array
        raise ArgumentError, "a limit is a value or [soft, hard], not #{value.inspect}" unless value.size == 2

        [half(id, value[0], 0, &present), half(id, value[1], 1, &present)]
      when Symbol, String then VALUES[value.to_s]&.then { |number| [number, number] } || parsed(id, value, &present)
      else [integer(value, 64)] * 2
      end
    end

    def half(id, value, index, &present)
      value.is_a?(Symbol) || value.is_a?(String) ? limits(id, value, &present)[index] : integer(value, 64)
    end

    # @return [String] the limits as the C functions take them
    def packed(limits)
      limits.pack(Native::RLIMIT)
    end

    def by_name(name, said)
      raise ArgumentError, "string contains null byte" if name.include?("\0")

      found = Native.memory(Native::RESOURCE_SIZE)
      raise ArgumentError, "invalid resource name: #{said}" unless Native.rr_resource_by_name(name, found).zero?

      found.unpack1(Native::RESOURCE)
    end

    def parsed(id, value)
      text = value.to_s
      raise ArgumentError, "string contains null byte" if text.include?("\0")

      limits = packed(yield)
      case Native.rr_rlimit_parse(id, text, limits)
      when 0 then limits.unpack(Native::RLIMIT)
      when Errno::ERANGE::Errno then raise RangeError, "resource value out of range: #{value} for #{name(id)}"
      else raise ArgumentError, "invalid resource value: #{value} for #{name(id)}"
      end
    end
  end
  private_constant :Resources

  # Means no limit; the largest value of a limit.
  RLIM_INFINITY = Resources::VALUES.fetch("INFINITY")

  Resources::ALL.each { |resource| const_set(:"RLIMIT_#{resource.name}", resource.id) }

  class << self
    # Everything that can be limited on this system.
    # @return [Array<Resource>] in the order of their numbers
    def resources
      Resources::ALL
    end

    # @param name [Symbol, String, Integer] as for {getrlimit}
    # @return [Resource] its description
    # @raise [ArgumentError] this system has no resource of that name
    # @raise [Errno::EINVAL] or number
    def resource(name)
      id = Resources.id(name)
      resources.find { |resource| resource.id == id } or raise Native.failure(Errno::EINVAL::Errno, name)
    end
  end
end
