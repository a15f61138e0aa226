# Downloads Debian's kernels, and what programs need to run under them, into the cache: sourced by
# check-kernels. It is mmdebstrap's own apt that downloads; this machine's sources stay as they are.
#
# shellcheck shell=bash

# With the libraries that they depend on.
readonly USERLAND=(coreutils dash grep libc6 mount util-linux)

# Files of packages that a virtual machine does not need.
readonly LEFT_OUT=(
    './boot/System.map*' './etc/*' './usr/share/*' './var/*' './usr/lib/udev/*' './lib/udev/*' './usr/lib/systemd/*'
    './lib/systemd/*' './lib/modules/*' './usr/lib/modules/*/kernel' './usr/lib/linux-image-*' './usr/lib/firmware/*'
)

# Afterwards $fetched has the kernels that exist. A missing kernel is a failure or, if it is to be a skip, moves from
# $names to $missing.
fetch_kernels() {
    local name suite architecture package target cc
    fetched=() missing=()
    for name in "${names[@]}"; do
        describe "$name"
        if (fetch_kernel); then
            fetched+=("$name")
        else
            missing+=("$name")
            results=$found/results/$name
            failure "the kernel could not be downloaded"
        fi
    done
    [[ $missing_is == skip ]] || missing=()
    ((${#missing[@]} == 0)) || names=("${fetched[@]}")
}

fetch_kernel() {
    local made_of="$suite $architecture $package ${USERLAND[*]} $(declare -f fill_kernel)"
    # The newest kernel changes: it is looked up once a month.
    [[ $suite != sid ]] || made_of+=" $(date +%Y-%m)"
    make_directory "$cache/kernels/$name" "$made_of" fill_kernel
}

# Without the links for /bin and the like, which are in a separate package.
fill_kernel() {
    local directory=$1 mirror include
    need_mmdebstrap
    mirror=${RRESOURCE_MIRROR:-$(debian_mirror)}
    printf -v include '%s,' "${USERLAND[@]}"
    say "Downloading the kernel $name."
    # The mirror may be some days behind.
    mmdebstrap --quiet --variant=extract --architectures="$architecture" \
        --aptopt='Acquire::Check-Valid-Until "false"' --include="$include$package" "$suite" - "$mirror" |
        "${namespaces[@]}" tar --extract --no-same-owner --directory "$directory" "${LEFT_OUT[@]/#/--exclude=}" \
            --transform='s,^\./\(bin\|sbin\|lib[0-9a-z]*\)/,./usr/\1/,' || die "the kernel $name could not be downloaded"
    mv "$(find "$directory" -type f -name 'vmlinu*')" "$directory/kernel"
}
