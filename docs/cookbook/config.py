"""Sets the limits that a configuration file lists, all or none. A line is NAME=VALUE; # begins a comment."""
import sys

import rresource

limits = {}
with open(sys.argv[1]) as file:
    for line in file:
        line = line.split("#")[0].strip()
        if line:
            name, _, value = line.partition("=")
            limits[name.upper()] = value
try:
    rresource.setrlimits(limits)
except (ValueError, OSError) as error:
    sys.exit(f"{sys.argv[1]}: {error}")
for name in limits:
    print(f"{name}={rresource.format_limits(name, rresource.getrlimit(name))}")
