"""Append-only, hash-chained record of every act."""

from app.audit.actions import Action
from app.audit.services import Subject, changes, record, verify

__all__ = ["Action", "Subject", "changes", "record", "verify"]
