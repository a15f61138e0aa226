# frozen_string_literal: true

module RResource
  # The version of this gem, and of the C library that it was made with.
  VERSION = "0.1.0"
end
