"""The world of the access tests: one object of every kind, and everybody signed in."""

from tests.access.conftest import scene

__all__ = ["scene"]
