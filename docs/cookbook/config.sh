#!/bin/sh
# Sets the limits of this shell that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment.
set -eu
# shellcheck disable=SC2046 # one word for each line
rresource set $$ $(sed 's/[# ].*//' "$1") | sed 's/: \([^,]*\),.*/=\1/'
