# frozen_string_literal: true

require_relative "rresource/version"
require_relative "rresource/native"
require_relative "rresource/resources"
require_relative "rresource/limits"
require_relative "rresource/usage"
require_relative "rresource/bounds"
require_relative "rresource/process"
require_relative "rresource/command"

# Measures and limits what a program uses, the same on every Unix, over the C library librresource.so.0.
#
# An error of the system is an `Errno::...` whose message has what to do; a wrong name is an ArgumentError and
# a wrong type a TypeError, as from the methods of `Process`. Other threads run while a call waits.
module RResource
end
