# Downloads Debian's kernels, and what programs need to run under them, into the cache: sourced by
# check-kernels. It is mmdebstrap's own apt that downloads; this machine's sources stay as they are.
#
# shellcheck shell=bash

# With the libraries that they depend on.
readonly USERLAND=(coreutils dash grep libc6 mount util-linux)

# What packages bring and a virtual machine has no use for.
readonly LEFT_OUT=(
    './boot/System.map*' './etc/*' './usr/share/*' './var/*' './usr/lib/udev/*' './lib/udev/*' './usr/lib/systemd/*'
    './lib/systemd/*' './lib/modules/*' './usr/lib/modules/*/kernel' './usr/lib/linux-image-*' './usr/lib/firmware/*'
)

# Those that are there afterwards are in $fetched. One that is not failed, or where that is to be a skip is in
# $missing, and no more in $names.
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
    ((${#fetched[@]})) || die "no kernel could be downloaded"
}

fetch_kernel() {
    local made_of="$suite $architecture $package ${USERLAND[*]} $(declare -f fill_kernel)"
    # What is newest changes: asked for once a month.
    [[ $suite != sid ]] || made_of+=" $(date +%Y-%m)"
    make_directory "$cache/kernels/$name" "$made_of" fill_kernel
}

# Without the links for /bin and the like that a package of their own brings.
fill_kernel() {
    local directory=$1 mirror include
    need_mmdebstrap
    mirror=${RRESOURCE_MIRROR:-$(debian_mirror)}
    printf -v include '%s,' "${USERLAND[@]}"
    say "Downloading the kernel $name."
    # The mirror may be a copy of former days.
    mmdebstrap --quiet --variant=extract --architectures="$architecture" \
        --aptopt='Acquire::Check-Valid-Until "false"' --include="$include$package" "$suite" - "$mirror" |
        "${namespaces[@]}" tar --extract --no-same-owner --directory "$directory" "${LEFT_OUT[@]/#/--exclude=}" \
            --transform='s,^\./\(bin\|sbin\|lib[0-9a-z]*\)/,./usr/\1/,' || die "the kernel $name could not be downloaded"
    mv "$(find "$directory" -type f -name 'vmlinu*')" "$directory/kernel"
}
