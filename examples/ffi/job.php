<?php
// Raises the limit on open files, runs a program under limits, and shows what it used. PHP with the extension FFI.
// php -d ffi.enable=true job.php rresource.ffi.h librresource.so.0
$rr = FFI::cdef(file_get_contents($argv[1]), $argv[2]);

function check(int $error): void
{
    global $rr;
    if ($error !== 0) exit($rr->rr_strerror($error) . "\n");
}
[$value, $files, $limits] = [$rr->new("int64_t"), $rr->new("rr_rlimit"), $rr->new("rr_rlimit")];
check($rr->rr_constant("RLIMIT_NOFILE", FFI::addr($value)));
$nofile = $value->cdata;
check($rr->rr_rlimit_raise($nofile, 4096, FFI::addr($files)));
check($rr->rr_rlimit_parse($nofile, "64", FFI::addr($limits)));

[$command, $child, $outcome] = [$rr->new("rr_command *"), $rr->new("rr_child *"), $rr->new("rr_outcome")];
check($rr->rr_command_new("sort", FFI::addr($command)));
check($rr->rr_command_add_arg($command, "--output=/dev/null"));
check($rr->rr_command_add_arg($command, "/etc/passwd"));
check($rr->rr_command_set_limit($command, $nofile, FFI::addr($limits)));
check($rr->rr_command_spawn($command, FFI::addr($child), null));
check($rr->rr_child_wait($child, -1, FFI::addr($outcome)));
$rr->rr_child_free($child);
$rr->rr_command_free($command);
echo "{$files->rlim_cur} files here; exit code {$outcome->exit_code}: {$outcome->usage->cpu_ns} ns of processor time, ",
    "{$outcome->usage->peak_rss_bytes} bytes of memory\n";
