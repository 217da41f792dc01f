"""Listing instruments, changing them, and bringing whole lists in."""
