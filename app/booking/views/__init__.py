"""The endpoints of booking."""

from app.booking.views import decisions, demand, feeds, lists, moving, request, schedule, settings
from app.booking.views.blueprint import blueprint

__all__ = ["blueprint", "decisions", "demand", "feeds", "lists", "moving", "request", "schedule", "settings"]
