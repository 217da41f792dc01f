"""What services cost, and what was invoiced and received."""

from app.billing import listeners

__all__ = ["listeners"]
