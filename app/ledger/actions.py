"""What the audit records of ledger."""

from __future__ import annotations

from app.audit.actions import Action


class RecordAction(Action):
    POSTED = "record.posted"
    ENTRY_ADDED = "record.entry-added"


class HistoryAction(Action):
    ATTESTED = "history.attested"
    VERIFIED = "history.verified"
