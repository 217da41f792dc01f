"""Where higher features (billing limits, training) join the refusals of a booking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.access import Actor
from app.booking.queries import InstrumentContext
from app.infra.feature import installed
from app.kernel.errors import Refusal
from app.kernel.period import Period
from app.organisations.models import Organisation

Check = Callable[[InstrumentContext, Organisation, Period, Actor, datetime], list[Refusal]]


def refusals(
    found: InstrumentContext, client: Organisation, wanted: Period, *, actor: Actor, now: datetime
) -> list[Refusal]:
    return [refusal for check in installed().checks for refusal in check(found, client, wanted, actor, now)]
