"""Dated price lists, and what a use would cost."""

from app.pricing import listeners

__all__ = ["listeners"]
