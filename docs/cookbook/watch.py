"""Watches a process until it ends, and reports each limit of which it uses 80% or more, once."""
import select
import sys

import rresource

reported = set()
with rresource.Process(int(sys.argv[1])) as process:
    while process.is_alive():
        for name, limits in process.getrlimits().items():
            resource = rresource.resource(name)
            if name in reported or limits.soft == rresource.INFINITY or resource.unit == rresource.Unit.PRIORITY:
                continue
            used = process.used(name)
            if used and resource.enforced and used >= 0.8 * limits.soft:
                print(f"{name}: {100 * used / limits.soft if limits.soft else 100:.0f}%", flush=True)
                reported.add(name)
        select.select([process], [], [], 0.1)
print("ended")
