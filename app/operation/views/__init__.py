"""The doors of the operation room."""

from app.operation.views import health, overview
from app.operation.views.room import room

__all__ = ["health", "overview", "room"]
