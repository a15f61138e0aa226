#!/bin/sh
# Makes the source archive that is released: the project with the crate libc, which the Makefile makes
# cargo use. The archive is reproducible: its time is SOURCE_DATE_EPOCH, or that of the last commit.
#
#   dist.sh VERSION FOLDER   writes FOLDER/rresource-VERSION.tar.xz
set -eu
umask 022

version=$1 folder=$2
name=rresource-$version
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

rm -rf "$folder/dist"
mkdir -p "$folder/dist/$name"
sh tools/files.sh . | tar --create --file - --null --files-from - | tar --extract --file - --directory "$folder/dist/$name"
# Its output is the text for a .cargo/config.toml, which the tests must not have: their crates are not in the archive.
"${CARGO:-cargo}" vendor --quiet --locked --manifest-path Cargo.toml "$folder/dist/$name/vendor" >/dev/null
tar --create --xz --file "$folder/$name.tar.xz" --directory "$folder/dist" --sort=name --owner=0 --group=0 \
    --numeric-owner --mode=u+rwX,go=rX --mtime="@$time" "$name"
rm -rf "$folder/dist"
echo "$folder/$name.tar.xz"
