"""What the audit records of evaluation."""

from __future__ import annotations

from app.audit.actions import Action


class SchemeAction(Action):
    PUBLISHED = "scheme.published"


class RoundAction(Action):
    OPENED = "round.opened"
    COMPUTED = "round.computed"
    CLOSED = "round.closed"
    FINALISED = "round.finalised"
