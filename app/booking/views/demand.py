"""Demand not met: every request that was refused, so that provider and district see what is missing."""

from __future__ import annotations

from datetime import timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.booking import queries
from app.booking.models import UnmetDemand
from app.booking.permissions import DemandPermission
from app.booking.queries.demand import Client
from app.booking.rules.demand import reasons
from app.booking.rules.refusals import NO_DEMAND, RefusalCode
from app.booking.views.blueprint import blueprint
from app.catalogue.models import Instrument
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

SPANS = {"30": _l("the last 30 days"), "90": _l("the last 90 days"), "365": _l("the last 365 days")}


def _wished(row: UnmetDemand) -> Period | None:
    return Period(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else None


def _length(row: UnmetDemand) -> timedelta | None:
    wished = _wished(row)
    return wished.length if wished else None


def _reasons() -> list[tuple[str, str]]:
    """Every reason that demand can have; the others are refusals of something else."""
    return [(code, words) for code, words in choices(RefusalCode) if code not in NO_DEMAND]


LIST = Listing(
    columns=(
        Column("at", _l("Asked"), lambda r: r[0].at, UnmetDemand.at),
        Column("instrument", _l("Instrument"), lambda r: named(r[1]), ByName(Instrument), lambda r: _address(r[1])),
        Column("provider", _l("Provider"), lambda r: named(r[2]), ByName(Organisation)),
        Column("client", _l("Client"), lambda r: named(r[3]), ByName(Client)),
        Column("wished", _l("Time wished for"), lambda r: _wished(r[0]), UnmetDemand.starts_at),
        Column("hours", _l("Hours wished for"), lambda r: _length(r[0]), figure="hours"),
        Column("reasons", _l("Reason"), lambda r: reasons(r[0].codes)),
        Column("source", _l("Asked through"), lambda r: r[0].source, UnmetDemand.source),
    ),
    search=lambda words: contains(words, *both_names(Instrument), *both_names(Organisation), *both_names(Client)),
    filters=(
        Filter("reason", _l("Reason"), _reasons, queries.refused_for),
        Filter(
            "span",
            _l("When asked"),
            lambda: [(days, str(words)) for days, words in SPANS.items()],
            lambda v: UnmetDemand.at >= now() - timedelta(days=int(v)),
        ),
    ),
    order=(UnmetDemand.at.desc(), UnmetDemand.id.desc()),
    empty=Empty(
        _l("No wish has been refused yet."),
        _l("Whenever a booking is refused, declined or left undecided, the wish is kept here with its reasons."),
    ),
    file_name="demand-not-met",
)


def _address(row: Instrument) -> str:
    return url_for("portal.instrument", instrument=row.public_id)


@blueprint.get("/demand", permission=DemandPermission.VIEW)
def demand() -> ResponseReturnValue:
    page = LIST.page(request.args)
    by_reason = queries.demand_by_reason(current_actor(), *page.conditions)
    return LIST.answer(queries.demand_visible(current_actor()), "booking/demand.html", by_reason=by_reason)
