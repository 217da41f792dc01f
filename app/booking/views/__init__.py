"""The doors of booking."""

from app.booking.views import decisions, feeds, lists, request, schedule, settings
from app.booking.views.room import room

__all__ = ["decisions", "feeds", "lists", "request", "room", "schedule", "settings"]
