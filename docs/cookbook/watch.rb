# Watches a process until it ends, and reports each limit of which it uses 80% or more, once.
require "rresource"

$stdout.sync = true
reported = []
RResource::Process.open(Integer(ARGV.fetch(0))) do |process|
  while process.alive?
    process.getrlimits.each do |name, (soft, _)|
      resource = RResource.resource(name)
      next if reported.include?(name) || soft == RResource::RLIM_INFINITY || resource.unit == :priority

      used = begin
        process.used(name)
      rescue Errno::ENOTSUP
        0 # the system does not report it
      end
      next unless used.positive? && resource.enforced && used >= 0.8 * soft

      puts "#{name}: #{(100.0 * used / soft).round}%"
      reported << name
    end
    sleep 0.1
  end
end
puts "ended"
