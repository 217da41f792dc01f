"""What would come of a wish: the same rules and price as booking it, without a lock and without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor
from app.booking import queries
from app.booking.rules.refusals import period_wanted, refusals
from app.booking.services import sources
from app.booking.services.request import Offer, Wish, client_for, gather, offered, unfitting
from app.kernel.errors import Refusal, Refused


@dataclass(frozen=True, slots=True)
class Preview:
    """The offer at this moment, and every rule that would say no."""

    offer: Offer | None
    refusals: Sequence[Refusal]


def preview(wish: Wish, *, actor: Actor, now: datetime) -> Preview:
    client = client_for(wish.client, actor=actor)
    found = queries.find_bench(wish.instrument, actor=actor)
    try:
        wanted = period_wanted(wish.starts_at, wish.ends_at)
    except Refused as refused:
        return Preview(None, refused.refusals)
    offer, unpriced = offered(wanted, found, client)
    said_no = [*refusals(gather(wanted, found, client, now=now)), *unpriced]
    said_no += unfitting(wish, found.instrument, client, actor=actor)
    said_no += sources.refusals(found, client, wanted, actor=actor, now=now)
    return Preview(offer, said_no)
