"""The public doors: find, and one instrument."""

from app.portal.views import find, instrument
from app.portal.views.room import room

__all__ = ["find", "instrument", "room"]
