"""Odd and hostile input at every door."""
