"""Append-only, hash-chained record of every act."""

from app.audit.actions import Action
from app.audit.services import Subject, broken_seal, changes, head, record, seal, seals, verify

__all__ = ["Action", "Subject", "broken_seal", "changes", "head", "record", "seal", "seals", "verify"]
