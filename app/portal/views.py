"""Find and instrument pages: what an instrument does, costs, and when it is free."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.access import PUBLIC
from app.booking import queries as booking
from app.booking.rules.places import full_periods
from app.booking.rules.slots import SlotWish, next_free
from app.catalogue import queries as catalogue
from app.catalogue.models import AssetKind, Instrument, ServiceMode
from app.kernel import civil
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.portal import queries
from app.pricing import queries as pricing
from app.web.blueprint import Room
from app.web.current import current_actor, now
from app.web.i18n import chinese
from app.web.listing import Column, Empty, Filter, Listing
from app.web.words import choices

room = Room("portal", __name__)

SLOTS_SHOWN = 6
SLOTS_WITHIN = timedelta(days=14)


def _classes() -> list[tuple[str, str]]:
    return [(c, f"{name if chinese() else name_en} ({n})") for c, name, name_en, n in queries.class_facet()]


def _providers() -> list[tuple[str, str]]:
    return [(public_id, f"{name} ({number})") for public_id, name, number in queries.provider_facet()]


def _towns() -> list[tuple[str, str]]:
    return [(town, f"{town} ({number})") for town, number in queries.town_facet()]


LIST = Listing(
    columns=(
        Column("name", _l("Name"), lambda r: r[0].name, Instrument.sort_key, lambda r: _address(r[0])),
        Column("provider", _l("Provider"), lambda r: r[1].name, Organisation.sort_key),
        Column("class", _l("Class"), lambda r: r[0].class_code, Instrument.class_code),
        Column("maker", _l("Maker"), lambda r: r[0].maker),
        Column("model", _l("Model"), lambda r: r[0].model),
        Column(
            "value",
            _l("Original value (10,000 yuan)"),
            lambda r: r[0].original_value,
            Instrument.original_value,
            figure="wan",
        ),
        Column("town", _l("Town"), lambda r: r[0].town, Instrument.town),
        Column("added", _l("Registered"), lambda r: r[0].created_at, Instrument.created_at),
    ),
    search=catalogue.matching,
    filters=(
        Filter("class", _l("Class"), _classes, lambda v: catalogue.in_class(v[:2])),
        Filter("provider", _l("Institution"), _providers, lambda v: Organisation.public_id == v),
        Filter("town", _l("Town"), _towns, lambda v: Instrument.town == v),
        Filter("mode", _l("Way of working"), lambda: choices(ServiceMode), catalogue.worked_as),
        Filter(
            "kind",
            _l("Instrument or facility"),
            lambda: choices(AssetKind),
            lambda v: Instrument.asset_kind == AssetKind(v),
        ),
        Filter(
            "worth",
            _l("Original value"),
            lambda: [("300k", str(_l("300,000 yuan and more"))), ("500k", str(_l("500,000 yuan and more")))],
            catalogue.worth_at_least,
        ),
    ),
    order=(Instrument.sort_key, Instrument.id),
    empty=Empty(_l("No instruments are shared yet."), _l("Institutions register theirs after signing in.")),
    file_name="instruments",
)


def _address(row: Instrument) -> str:
    return url_for("portal.instrument", instrument=row.public_id)


@room.get("/", permission=PUBLIC)
def find() -> ResponseReturnValue:
    """The first page of everybody: search, facets, cards, and what the platform has done this year."""
    year = civil.year(civil.civil_year(now()))
    narrowed = any(request.args.values())
    shown = queries.numbers(year.start, year.end) if not narrowed else None
    return LIST.answer(
        catalogue.visible(current_actor()),
        "portal/find.html",
        numbers=shown,
        prices=lambda rows: queries.lowest_prices([r[0].id for r in rows], civil.civil_day(now())),
        class_name=_class_names(),
    )


def _class_names() -> dict[str, str]:
    return {c.code: c.name if chinese() else c.name_en for c in catalogue.classes()}


@room.get("/instruments/<uuid:instrument>", permission=PUBLIC)
def instrument(instrument: object) -> ResponseReturnValue:
    """What it does and cannot, what it costs, and its next free slots as buttons."""
    found = booking.find_bench(str(instrument), actor=current_actor())
    return render_template(
        "portal/instrument.html",
        found=found,
        prices=pricing.prices_on(found.instrument.id, civil.civil_day(now())),
        opening=booking.opening_shown(found.instrument),
        slots=_next_slots(found.instrument),
        class_name=_class_names(),
        modes=[ServiceMode(value) for value in found.instrument.modes],
        fields={f.code: f.name if chinese() else f.name_en for f in catalogue.priority_fields()},
    )


def _next_slots(row: Instrument) -> list[tuple[Period, str, str]]:
    """(period, start, end as the form takes them) of the next free slots of the shortest length."""
    start = now() + timedelta(minutes=row.lead_minutes)
    within = Period(start, start + min(SLOTS_WITHIN, timedelta(days=row.horizon_days)))
    busy = full_periods(booking.seated(booking.occupations_on(row.calendar_id, within)), row.places)
    minutes = max(row.min_minutes, min(60, row.max_minutes))
    wish = SlotWish(minutes, row.grid_minutes, row.buffer_before_minutes, row.buffer_after_minutes)
    free = next_free(wish, SLOTS_SHOWN, within=within, opening=booking.opening_of(row, within), busy=busy)
    return [(p, _wall(p.start), _wall(p.end)) for p in free]


def _wall(instant: datetime) -> str:
    return civil.local(instant).strftime("%Y-%m-%dT%H:%M")
