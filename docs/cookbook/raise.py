"""Raises the soft limit on open files to 4096, or as close to it as this process may."""
import rresource

print(f"{rresource.raise_limit('NOFILE', 4096).soft} files")
