"""Dated price lists, and what a use would cost."""
