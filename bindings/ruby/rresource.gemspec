# frozen_string_literal: true

require_relative "lib/rresource/version"

Gem::Specification.new do |gem|
  gem.name = "rresource"
  gem.version = RResource::VERSION
  gem.summary = "Measures and limits what a program uses"
  gem.description = "Limits of this process and of others, many at once and explained; usage, and how much of it " \
                    "is really known; programs started under limits, whose true cost comes back with their exit " \
                    "status. Over the C library librresource.so.0."
  gem.authors = ["The rresource authors"]
  gem.license = "MIT"
  gem.homepage = "https://github.com/rresource/rresource"
  gem.metadata = { "rubygems_mfa_required" => "true" }
  gem.required_ruby_version = ">= 3.0"
  gem.files = Dir.chdir(__dir__) { Dir["lib/**/*.rb", "lib/rresource/librresource.so.0"] + [".yardopts", "README.md"] }
  # `make gem` puts the library there for the gem of this platform.
  gem.platform = Gem::Platform.local if gem.files.any? { |file| file.end_with?(".so.0") }
  gem.add_dependency "ffi", "~> 1.15" # calls the C library
  gem.add_development_dependency "minitest", "~> 5.0" # the tests
end
