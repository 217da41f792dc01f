"""Who is asked to confirm a use that somebody else ended."""

from __future__ import annotations

from app.booking.messages import client_side, tell_others
from app.notifications.texts import Notice
from app.usage.services import UseEnded


def ask_to_confirm(ended: UseEnded) -> None:
    """Internal use closes by itself."""
    if not ended.internal:
        tell_others(client_side(ended), Notice.SERVICE_ENDED, ended)
