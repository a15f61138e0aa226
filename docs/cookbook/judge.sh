#!/bin/sh
# Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
# of output, and has to print what is expected.
#
#     judge INPUT EXPECTED program arguments...
input=$1 expected=$2
shift 2
folder=$(mktemp -d)
rresource run -l cpu=1:2 -l as=256M -l fsize=1M -l core=0 -t 3s -o "$folder/report" -- "$@" \
    <"$input" >"$folder/output"
status=$?
limit=$(sed -n 's/^limit  *\([A-Z]*\)=.*/\1/p' "$folder/report")
case $status,$limit in
124,* | *,CPU) verdict="time limit exceeded" ;;
*,FSIZE) verdict="output limit exceeded" ;;
0,) if cmp -s "$folder/output" "$expected"; then verdict=accepted; else verdict="wrong answer"; fi ;;
*) verdict="runtime error" ;;
esac
echo "$verdict ($(sed -n 's/^wall  *//p' "$folder/report"), $(sed -n 's/^peak memory  *//p' "$folder/report"))"
rm -rf "$folder"
