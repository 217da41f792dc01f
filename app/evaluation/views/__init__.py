"""Pages of the yearly evaluation."""

from app.evaluation.views import results, rows, scoreboard
from app.evaluation.views.blueprint import blueprint

__all__ = ["blueprint", "results", "rows", "scoreboard"]
