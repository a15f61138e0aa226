# A separate Debian root, for tools that need other compilers or another Debian: sourced by check-targets and
# deb. A script that sources it runs in three stages, each of which starts the next:
#
# prepare_root and run_inside   outside: makes the root where it is not there yet --mount: mount_and_enter
# in new namespaces: mounts and changes root --inside                      in the root: /source is the project,
# /cache the cache
#
# The root stays in a cache, so that only the first run is long. Nothing stays mounted, however it ends:
# all mounts are in namespaces, which the kernel removes.
#
#   RRESOURCE_CACHE   the folder of the cache: ${XDG_CACHE_HOME:-~/.cache}/rresource
#   RRESOURCE_MIRROR  the Debian mirror, if it is not the one that apt uses
#
# shellcheck shell=bash

readonly SUITE=trixie
readonly PACKAGES=(
    binutils ca-certificates cargo gcc libc6-dev make musl-tools pkgconf qemu-user rust-src rustc
    gcc-aarch64-linux-gnu libc6-dev-arm64-cross
    gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
    gcc-i686-linux-gnu libc6-dev-i386-cross
    gcc-riscv64-linux-gnu libc6-dev-riscv64-cross
    gcc-s390x-linux-gnu libc6-dev-s390x-cross
    # For the Debian packages: what builds and checks them, and whose programs use them.
    build-essential cmake debhelper golang-go librust-libc-dev lintian man-db python3 ruby ruby-ffi
    # For other kernels: the machines to boot them in, and what makes their first file system.
    cpio qemu-system-arm qemu-system-riscv qemu-system-s390x qemu-system-x86
)

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
self=tools/$(basename "$0")
readonly source self

die() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

say() {
    printf '%s\n' "$*"
}

# ---- Outside -------------------------------------------------------------------------------------

prepare_root() {
    cache=${RRESOURCE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rresource}
    mkdir -p "$cache"
    cache=$(cd "$cache" && pwd)
    root=$cache/$SUITE
    [[ $(uname -m) == x86_64 ]] || die "an x86-64 processor is required: programs that are not emulated run on it"
    find_namespaces
    one_at_a_time
    leave_nothing_behind
    make_root
}

# Root may mount; others may in a user namespace, where the system allows it. The tests change users,
# so the namespace had better have some.
find_namespaces() {
    local user
    for user in '' '--user --map-root-user --map-auto' '--user --map-root-user'; do
        [[ $user || $EUID == 0 ]] || continue
        # shellcheck disable=SC2206  # one word for each option
        namespaces=(unshare $user --mount --pid --fork --kill-child)
        "${namespaces[@]}" true 2>/dev/null && return
    done
    die "mount and chroot are not permitted: run it as root, or where \`unshare --user --map-root-user\` works"
}

one_at_a_time() {
    exec {lock}>"$cache/lock"
    flock --nonblock "$lock" && return
    say "Another run is using $cache; waiting for it."
    until flock --nonblock "$lock"; do
        sleep 1
    done
}

leave_nothing_behind() {
    inner=
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
}

# With the first process of the namespaces everything in them ends, and their mounts.
clean_up() {
    if [[ $inner ]]; then
        kill -KILL "$inner" || true
        wait "$inner" 2>/dev/null || true
    fi
    rm -rf "$cache"/*.partial
}

# A directory of the cache is there whole or not at all, and made again when what it is made of changes.
make_directory() {
    local directory=$1 made_of=$2 fill=$3
    [[ -f $directory/.made-of && $(<"$directory/.made-of") == "$made_of" ]] && return
    rm -rf "$directory.partial"
    mkdir "$directory.partial"
    "$fill" "$directory.partial"
    printf '%s\n' "$made_of" >"$directory.partial/.made-of"
    rm -rf "$directory"
    mv "$directory.partial" "$directory"
}

make_root() {
    make_directory "$root" "$SUITE ${PACKAGES[*]} $(declare -f fill_root)" fill_root
}

fill_root() {
    local root=$1 mirror
    need_mmdebstrap
    mirror=${RRESOURCE_MIRROR:-$(debian_mirror)}
    [[ $mirror ]] || die "apt knows no Debian mirror here: run apt-get update, or set RRESOURCE_MIRROR"
    say "Making a Debian $SUITE root in $cache: some minutes, once."
    mmdebstrap --variant=minbase --include="${PACKAGES[*]}" --skip=output/dev "$SUITE" - "$mirror" |
        "${namespaces[@]}" tar --extract --no-same-owner --directory "$root" ||
        die "the root could not be made"
    mkdir -p "$root"/{cache,dev,proc,source,tmp}
    # i686 programs run by themselves: their loader and libraries, where they look for them.
    ln -s /usr/i686-linux-gnu/lib/ld-linux.so.2 "$root/usr/lib/ld-linux.so.2"
    say /usr/i686-linux-gnu/lib >"$root/etc/ld.so.conf.d/i686-linux-gnu.conf"
    "${namespaces[@]}" chroot "$root" /usr/sbin/ldconfig
    # musl has no headers of the kernel.
    ln -s ../linux ../asm-generic ../x86_64-linux-gnu/asm "$root/usr/include/x86_64-linux-musl/"
}

need_mmdebstrap() {
    command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: install it with \`make deps FOR=debian\`"
}

# shellcheck disable=SC2016  # the dollars are apt's
debian_mirror() {
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
        awk -F'|' '$1 == "Debian" && $2 == "Debian" && !found++ { print $3 }'
}

# In the background, since a shell hears no signal while it waits for a program in the foreground.
run_inside() {
    local status=0
    "${namespaces[@]}" "$source/$self" --mount "$cache" &
    inner=$!
    wait "$inner" || status=$?
    inner=
    return "$status"
}

# ---- In the namespaces, on the way into the root -------------------------------------------------

mount_and_enter() {
    local cache=$1 root=${2-$1/$SUITE}
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mount --bind "$source" "$root/source"
    mount --bind "$cache" "$root/cache"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C.UTF-8 \
        "/source/$self" --inside
}

# The same root, for what installs packages: changes stay in memory, and end with the namespaces.
changeable() {
    local root=$1/$SUITE memory=$1/$SUITE/tmp
    mount -t tmpfs tmpfs "$memory"
    mkdir "$memory"/{changes,work,root}
    mount -t overlay -o "lowerdir=$root,upperdir=$memory/changes,workdir=$memory/work" overlay "$memory/root"
    say "$memory/root"
}
