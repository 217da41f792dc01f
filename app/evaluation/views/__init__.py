"""Pages of the yearly evaluation."""

from app.evaluation.views import results, rows, scoreboard
from app.evaluation.views.room import room

__all__ = ["results", "room", "rows", "scoreboard"]
