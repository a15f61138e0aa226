# A virtual machine: its first file system, its processor, and its log. Sourced by check-kernels.
# Callers set what describes the kernel, and $programs, $log and $results.
#
# shellcheck shell=bash

# The limit on the machine's processor time, which does not depend on other load, and the limit on elapsed time, which
# ends a machine that hangs.
readonly PROCESSOR_SECONDS=600 CLOCK_SECONDS=3600

# What the tests start.
readonly TOOLS=(
    cat chmod chown cp cut date dd dash echo env false grep head id ln ls mkdir mount mv nproc printf prlimit readlink rm
    rmdir seq setpriv sleep sort stat tail timeout touch tr true umount uname unshare wc yes
)

boot() {
    local qemu console scratch append
    scratch=$(mktemp -d)
    fill_file_system "$scratch/root"
    (cd "$scratch/root" && find . -print0 | cpio --quiet --null --create --format=newc --owner=0:0) >"$scratch/initrd"
    "processor_$architecture"
    # On a busy host the timer's interrupts come too late for the test that old kernels make of them.
    append="console=$console panic=-1 loglevel=1 no_timer_check"
    set -o pipefail
    local TIMEFORMAT='== processor %0U %0S'
    time timeout --kill-after=5 "$CLOCK_SECONDS" prlimit --cpu="$PROCESSOR_SECONDS" nice \
        "${qemu[@]}" -accel tcg -smp 1 -m 2048 -nodefaults -no-user-config -display none -no-reboot \
        -kernel "/cache/kernels/$name/kernel" -initrd "$scratch/initrd" -append "$append" | sed --unbuffered 's/\r$//'
}

processor_amd64() {
    qemu=(qemu-system-x86_64 -serial stdio)
    console=ttyS0
}

processor_i386() {
    qemu=(qemu-system-i386 -serial stdio)
    console=ttyS0
}

processor_arm64() {
    qemu=(qemu-system-aarch64 -M "virt,gic-version=3" -cpu cortex-a57 -serial stdio)
    console=ttyAMA0
}

processor_armhf() {
    qemu=(qemu-system-arm -M "virt,highmem=off" -cpu cortex-a15 -serial stdio)
    console=ttyAMA0
}

processor_riscv64() {
    qemu=(qemu-system-riscv64 -M virt -serial stdio)
    console=ttyS0
}

processor_s390x() {
    qemu=(qemu-system-s390x -M s390-ccw-virtio -chardev "stdio,id=c" -device "sclpconsole,chardev=c")
    console=ttysclp0
}

# All kernels of a target could share one, except that the tools need a libc that the kernel supports.
fill_file_system() {
    local root=$1 from=/cache/kernels/$name directory
    mkdir -p "$root"/{dev,proc,sys,tmp,tests,root,usr/bin} "$root/sys/fs"
    for directory in bin sbin; do
        ln -s usr/bin "$root/$directory"
    done
    for directory in lib lib64; do
        mkdir "$root/usr/$directory"
        ln -s "usr/$directory" "$root/$directory"
    done
    copy_tools
    ln -s dash "$root/usr/bin/sh"
    cp "$programs"/* "$root/tests/"
    printf '%s\n' "$PRIVILEGE_MATTERS" >"$root/ordinary"
    install -m 755 tools/kernels/init "$root/init"
}

# With the loader, and the libraries that they are linked to, directly or indirectly.
copy_tools() {
    local queue=("${TOOLS[@]/#/$from/usr/bin/}") file copy
    while ((${#queue[@]})); do
        file=${queue[0]} queue=("${queue[@]:1}")
        copy=$root${file#"$from"}
        [[ ! -e $copy ]] || continue
        mkdir -p "${copy%/*}"
        cp --dereference "$file" "$copy"
        mapfile -t -O "${#queue[@]}" queue < <(linked_to "$file")
    done
    file=$(readelf --program-headers --wide "$from/usr/bin/dash" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
    cp --dereference "$(library "${file##*/}")" "$root$file"
}

linked_to() {
    local name
    readelf --dynamic --wide "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r name; do
        library "$name"
    done
}

# Not by the links in other places, which are absolute: they would lead to this root's own.
library() {
    find "$from"/usr/lib/*-linux-gnu* -name "$1" -print -quit
}

# The first failure of each test; the log has the others. A program that prints no counts, or whose status
# contradicts them, has failed.
read_log() {
    awk '
        function lacks(what) { print "fail " user " " program ": " what; failed++ }
        function close_program(status) {
            if (!counted) lacks("printed no counts and ended with status " status)
            else if (status != 0 && failed == 0) lacks("ended with status " status)
            print "count", passed, failed, skipped
            print "program", user, program, passed, failed, skipped
            program = ""
        }
        $1 == "==" && $2 == "kernel" { print "kernel", $3 }
        $1 == "==" && $2 == "begin" { user = $3; program = $4; passed = failed = skipped = counted = 0 }
        program && /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
            counted = 1; passed = $1; failed = $3; skipped = $5
        }
        program && $1 == "skip" { print }
        program && $1 == "FAILED" && !seen[user, program, $2]++ { sub(/^FAILED/, "fail " user " " program ":"); print }
        program && $1 == "==" && $2 == "status" { close_program($3) }
        $1 == "==" && $2 == "end" { ended = 1 }
        $1 == "==" && $2 == "processor" { print "processor", $3 + $4 }
        END {
            if (program) { counted = 0; close_program("unknown") }
            if (ended) print "end"
        }' "$log" >>"$results"
}
