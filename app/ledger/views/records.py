"""The service ledger: records, and what later facts say of each."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.access.authority import may
from app.booking.models import Booking
from app.booking.rules.purposes import Purpose
from app.catalogue.models import Instrument
from app.infra.feature import installed
from app.kernel.period import Period
from app.ledger import queries
from app.ledger.models import ServiceRecord
from app.ledger.permissions import RecordPermission
from app.ledger.queries import Client, Provider
from app.ledger.rules.facts import EvidenceGrade
from app.ledger.views.blueprint import blueprint
from app.web.current import current_actor
from app.web.forms import Form
from app.web.i18n import named
from app.web.labels import choices
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

LIST = Listing(
    columns=(
        Column(
            "key", _l("Record number"), lambda r: r[0].source_key, ServiceRecord.source_key, lambda r: _address(r[0])
        ),
        Column("instrument", _l("Instrument"), lambda r: named(r[1]), ByName(Instrument)),
        Column("provider", _l("Provider"), lambda r: named(r[3]), ByName(Provider)),
        Column("client", _l("Client"), lambda r: named(r[2]), ByName(Client)),
        Column("used", _l("Used"), lambda r: Period(r[0].starts_at, r[0].ends_at), ServiceRecord.ends_at),
        Column(
            "hours",
            _l("Effective hours"),
            lambda r: r[0].effective_minutes * 60,
            ServiceRecord.effective_minutes,
            figure="hours",
        ),
        Column("charged", _l("Charged (yuan)"), lambda r: r[0].charged, ServiceRecord.charged, figure="yuan"),
        Column("evidence", _l("Evidence"), lambda r: r[4], queries.evidence_now()),
    ),
    search=lambda words: contains(words, ServiceRecord.source_key, *both_names(Instrument), *both_names(Client)),
    filters=(
        Filter(
            "evidence",
            _l("Evidence"),
            lambda: choices(EvidenceGrade),
            lambda v: queries.evidence_now() == EvidenceGrade(v),
        ),
    ),
    order=(ServiceRecord.ends_at.desc(), ServiceRecord.id.desc()),
    empty=Empty(
        _l("There are no service records yet."),
        _l("A record is written when a use has ended, or when past use is brought in."),
    ),
    file_name="service-records",
)


def _address(record: ServiceRecord) -> str:
    return url_for("ledger.show", record=record.public_id)


@blueprint.get("/records", permission=RecordPermission.VIEW)
def records() -> ResponseReturnValue:
    return LIST.answer(queries.records_visible(current_actor()), "ledger/list.html")


@blueprint.get("/records/<uuid:record>", permission=RecordPermission.VIEW)
def show(record: object) -> ResponseReturnValue:
    row = queries.find_record(str(record), actor=current_actor())
    used = Period(row[0].starts_at, row[0].ends_at)
    booked = Period(row[0].booked_from, row[0].booked_until) if row[0].booked_from else None
    user, unit = queries.user_and_unit(row[0])
    return render_template(
        "ledger/show.html",
        row=row,
        user=user,
        unit=unit,
        entries=queries.entries_of(row[0]),
        used=used,
        booked=booked,
        purpose=Purpose(row[0].purpose or Purpose.OTHER),
        booking=queries.booking_of(row[0]),
        panels=[panel(row[0]) for panel in installed().record_panels],
    )


def panel(booking: Booking, _refused: Form | None) -> str:
    """The record a use has left, for those who may read it."""
    record = queries.record_of(booking.id)
    if record is None or not may(current_actor(), RecordPermission.VIEW, record):
        return ""
    return render_template("ledger/panel.html", record=record)
