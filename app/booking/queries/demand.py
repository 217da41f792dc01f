"""Demand that was not met: the requests refused, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.access import Actor, scope
from app.booking.models import UnmetDemand
from app.booking.permissions import DemandPermission
from app.booking.rules.demand import count_by_reason
from app.booking.rules.refusals import RefusalCode
from app.catalogue.models import Instrument
from app.infra.db import session
from app.organisations.models import Organisation

Client = aliased(Organisation, name="demand_client")


def demand_visible(actor: Actor) -> Select[Any, Any, Any, Any]:
    """(request, instrument, provider, client or None) that the actor may know of."""
    return (
        select(UnmetDemand, Instrument, Organisation, Client)
        .join(Instrument, UnmetDemand.instrument_id == Instrument.id)
        .join(Organisation, UnmetDemand.provider_id == Organisation.id)
        .outerjoin(Client, UnmetDemand.client_id == Client.id)
        .where(scope(actor, DemandPermission.VIEW, UnmetDemand))
    )


def refused_for(reason: str) -> ColumnElement[bool]:
    """Codes are kept as a JSON list of words."""
    return type_coerce(UnmetDemand.codes, Text).contains(f'"{reason}"', autoescape=True)


def demand_by_reason(actor: Actor, *narrowed: Any) -> Sequence[tuple[RefusalCode | str, int]]:
    """(reason, requests) of what the actor may know of, narrowed as a list is."""
    counted = (
        demand_visible(actor)
        .where(*narrowed)
        .with_only_columns(UnmetDemand.codes, func.count())
        .group_by(UnmetDemand.codes)
    )
    return count_by_reason((codes, number) for codes, number in session.execute(counted))
