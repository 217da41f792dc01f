"""The doors of booking."""

from app.booking.views import decisions, demand, feeds, lists, moving, request, schedule, settings
from app.booking.views.room import room

__all__ = ["decisions", "demand", "feeds", "lists", "moving", "request", "room", "schedule", "settings"]
