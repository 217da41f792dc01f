"""What would come of a request: the check of booking it, without a lock and without a trace."""

from __future__ import annotations

from datetime import datetime

from app.access import Actor
from app.booking import queries
from app.booking.services.check import BookingRequest, Checked, check
from app.booking.services.request import client_for


def preview(request: BookingRequest, *, actor: Actor, now: datetime) -> Checked:
    """Raises NotFound for an instrument or a client that the actor may not see."""
    client = client_for(request.client, actor=actor)
    found = queries.find_context(request.instrument, actor=actor)
    return check(request, found, client, actor=actor, now=now)
