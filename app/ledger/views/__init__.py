"""Pages of the service ledger."""

from app.ledger.views import checks, history, records
from app.ledger.views.room import room

__all__ = ["checks", "history", "records", "room"]
