"""What would come of a wish: the same rules and price as booking it, without a lock and without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.booking import queries
from app.booking.rules.refusals import period_wanted, refusals
from app.booking.services import checks
from app.booking.services.request import (
    BookingRequest,
    Offer,
    client_for,
    load_facts,
    quote_or_refusal,
    request_refusals,
)
from app.kernel.errors import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Preview:
    """The offer at this moment, and every rule that would say no."""

    offer: Offer | None
    refusals: Sequence[Refusal]


def preview(request: BookingRequest, *, actor: Actor, now: datetime) -> Preview:
    client = client_for(request.client, actor=actor)
    found = queries.find_context(request.instrument, actor=actor)
    try:
        wanted = period_wanted(request.starts_at, request.ends_at)
    except Refused as refused:
        return Preview(None, refused.refusals)
    offer, unpriced = quote_or_refusal(wanted, found, client)
    said_no = [*refusals(load_facts(wanted, found, client, now=now)), *unpriced]
    said_no += request_refusals(request, found.instrument, client, actor=actor)
    said_no += checks.refusals(found, client, wanted, actor=actor, now=now)
    return Preview(offer, said_no)
