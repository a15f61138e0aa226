# Raises the limit on open files, runs a program under limits, and shows what it used. Perl with FFI::Platypus.
# perl job.pl librresource.so.0
use strict;
use warnings;
use FFI::Platypus 1.00;

my $rr = FFI::Platypus->new(api => 1, lib => shift);
my $strerror = $rr->function(rr_strerror => ['int'] => 'string');

sub call {
    my ($name, $types, @arguments) = @_;
    my $error = $rr->function($name => $types => 'int')->call(@arguments);
    die $strerror->call($error), "\n" if $error;
}
sub constant { call(rr_constant => ['string', 'sint64*'], shift, \my $value); return $value }

my $nofile = constant('RLIMIT_NOFILE');
my ($files, $limits) = ("\0" x 16, "\0" x 16);    # rr_rlimit: the soft and the hard limit
call(rr_rlimit_raise => ['int', 'uint64', 'string'], $nofile, 4096, $files);
call(rr_rlimit_parse => ['int', 'string', 'string'], $nofile, '64', $limits);

call(rr_command_new => ['string', 'opaque*'], 'sort', \my $command);
call(rr_command_add_arg => ['opaque', 'string'], $command, $_) for '--output=/dev/null', '/etc/passwd';
call(rr_command_set_limit => ['opaque', 'int', 'string'], $command, $nofile, $limits);
call(rr_command_spawn => ['opaque', 'opaque*', 'opaque'], $command, \my $child, undef);
my $outcome = "\0" x constant('SIZEOF_OUTCOME');
call(rr_child_wait => ['opaque', 'sint64', 'string'], $child, -1, $outcome);
$rr->function($_->[0] => ['opaque'] => 'void')->call($_->[1])
    for [rr_child_free => $child], [rr_command_free => $command];
my $usage = constant('OFFSETOF_OUTCOME_USAGE');
my ($cpu, $peak) = map { unpack '@' . ($usage + constant("OFFSETOF_USAGE_$_")) . 'Q', $outcome } 'CPU_NS', 'PEAK_RSS_BYTES';
printf "%d files here; exit code %d: %d ns of processor time, %d bytes of memory\n", unpack('Q', $files),
    unpack('l', $outcome), $cpu, $peak;
