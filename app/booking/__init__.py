"""Asking for, approving, moving and cancelling time on instruments."""

from app.booking import listeners, messages

__all__ = ["listeners", "messages"]
