"""The public doors: find, and one instrument."""

from app.portal.views import desk, find, instrument
from app.portal.views.room import room

__all__ = ["desk", "find", "instrument", "room"]
