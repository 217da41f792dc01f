"""Rows for tests, written straight to the database."""
