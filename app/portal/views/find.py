"""Find: one field for words, facets, dates first; cards with price and next free time."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.access import PUBLIC
from app.catalogue import queries as catalogue
from app.catalogue.models import AssetKind, Instrument
from app.kernel import civil
from app.organisations.models import Organisation
from app.portal import queries
from app.portal.views import dates, facets
from app.portal.views.blueprint import blueprint
from app.web.current import current_actor, now
from app.web.i18n import named
from app.web.listing import ByName, Column, Empty, Filter


def _priced(value: str) -> Any:
    listed = Instrument.id.in_(select(queries.priced_on(civil.civil_day(now())).c.instrument_id))
    return listed if value == "hourly" else ~listed


LIST = dates.FreeListing(
    columns=(
        Column("name", _l("Name"), lambda r: named(r[0]), ByName(Instrument)),
        Column("provider", _l("Provider"), lambda r: named(r[1]), ByName(Organisation)),
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
        Filter("class", _l("Class"), facets.offered("class"), catalogue.in_class),
        Filter("provider", _l("Institution"), facets.offered("provider"), lambda v: Organisation.public_id == v),
        Filter("town", _l("Town"), facets.offered("town"), lambda v: Instrument.town == v),
        Filter("mode", _l("Way of working"), facets.offered("mode"), catalogue.worked_as),
        Filter("price", _l("How it is priced"), facets.offered("price"), _priced),
        Filter("worth", _l("Original value"), facets.offered("worth"), catalogue.worth_at_least),
        Filter("field", _l("Priority field"), facets.offered("field"), catalogue.of_field),
        Filter(
            "kind",
            _l("Instrument or facility"),
            facets.offered("kind"),
            lambda v: Instrument.asset_kind == AssetKind(v),
        ),
    ),
    order=(ByName(Instrument), Instrument.id),
    empty=Empty(_l("No instruments are shared yet."), _l("Institutions register theirs after signing in.")),
    file_name="instruments",
)


@blueprint.get("/", permission=PUBLIC)
def find() -> ResponseReturnValue:
    """The first page of everybody: search, facets, cards, and what the platform has done this year."""
    return LIST.answer(
        catalogue.visible(current_actor()),
        "portal/find.html",
        numbers=_numbers,
        prices=lambda rows: queries.lowest_prices([r[0].id for r in rows], civil.civil_day(now())),
        class_name=facets.class_names(),
        today=civil.civil_day(now()),
    )


def _numbers() -> tuple[int, int, int]:
    """(instruments on show, institutions that share them, services this year)."""
    year = civil.year(civil.civil_year(now()))
    return (*facets.on_show(), queries.services_between(year.start, year.end))
