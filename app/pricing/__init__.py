"""Dated price lists and quotes: what would this cost, and why."""
