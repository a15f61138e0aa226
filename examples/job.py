# Raises the limit on open files, runs a program under limits, and shows what it used.
import rresource

files = rresource.raise_limit("NOFILE", 4096).soft
job = rresource.run(["sort", "--output=/dev/null", "/etc/passwd"], limits={"CPU": (1, 2), "NOFILE": 64})
used = job.usage
print(f"{files} files here; {job}: {used.cpu_ns} ns of processor time, {used.peak_rss_bytes} bytes of memory")
