"""Asking for, approving, moving and cancelling time on instruments."""

from app.booking import listeners

__all__ = ["listeners"]
