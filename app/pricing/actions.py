"""What the audit records of pricing."""

from __future__ import annotations

from app.audit.actions import Action


class PriceAction(Action):
    LISTED = "price.listed"
    WITHDRAWN = "price.withdrawn"
