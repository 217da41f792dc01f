"""Pages of the service ledger."""

from app.ledger.views import checks, history, records
from app.ledger.views.blueprint import blueprint

__all__ = ["blueprint", "checks", "history", "records"]
