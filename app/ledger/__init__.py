"""The append-only service ledger."""

from app.ledger import listeners

__all__ = ["listeners"]
