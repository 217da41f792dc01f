"""What the audit records of billing."""

from __future__ import annotations

from app.audit.actions import Action


class ChargeAction(Action):
    POSTED = "charge.posted"
    INVOICED = "charge.invoiced"
    RECEIVED = "charge.received"
