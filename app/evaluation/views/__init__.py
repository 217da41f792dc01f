"""Pages of the yearly evaluation."""

from app.evaluation.views import results, rounds, rows, scoreboard
from app.evaluation.views.blueprint import blueprint

__all__ = ["blueprint", "results", "rounds", "rows", "scoreboard"]
