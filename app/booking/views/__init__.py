"""The doors of booking."""

from app.booking.views import decisions, demand, feeds, lists, request, schedule, settings
from app.booking.views.room import room

__all__ = ["decisions", "demand", "feeds", "lists", "request", "room", "schedule", "settings"]
