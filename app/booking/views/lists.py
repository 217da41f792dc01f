"""My bookings, and the one page that tells a booking's life."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.access import SIGNED_IN
from app.booking import queries
from app.booking.forms import GuestForm, ReasonForm
from app.booking.models import Booking, BookingStep
from app.booking.permissions import BookingPermission
from app.booking.rules.states import BookingState
from app.booking.views.blueprint import blueprint
from app.catalogue.models import Instrument
from app.infra.feature import installed
from app.kernel.period import Period
from app.organisations.models import Organisation
from app.web.current import current_actor, now
from app.web.forms import Form
from app.web.i18n import named
from app.web.labels import choices, label
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

WHOSE = {"mine": _l("Mine"), "coming": _l("Still to come")}


def _whose(value: str) -> object:
    return Booking.user_id == current_actor().user_id if value == "mine" else Booking.ends_at > now()


LIST = Listing(
    columns=(
        Column("number", _l("Number"), lambda r: r[0].number, Booking.number, lambda r: _address(r[0]), "code"),
        Column("instrument", _l("Instrument"), lambda r: named(r[1]), ByName(Instrument)),
        Column("time", _l("Time"), lambda r: Period(r[0].starts_at, r[0].ends_at), Booking.starts_at),
        Column("client", _l("Client"), lambda r: named(r[2]), ByName(Organisation)),
        Column("state", _l("State"), lambda r: r[0].state, Booking.state),
        Column("quoted", _l("Quoted (yuan)"), lambda r: r[0].quoted, Booking.quoted, figure="yuan"),
    ),
    search=lambda words: contains(
        words,
        Booking.number,
        *both_names(Instrument),
        *both_names(Organisation),
        Booking.description,
    ),
    filters=(
        Filter("whose", _l("Which"), lambda: [(k, str(v)) for k, v in WHOSE.items()], _whose),
        Filter("state", _l("State"), lambda: choices(BookingState), lambda v: Booking.state == BookingState(v)),
    ),
    order=(Booking.starts_at.desc(), Booking.id.desc()),
    empty=Empty(
        _l("There are no bookings yet."),
        _l("Find an instrument and choose a free time."),
        lambda: url_for("portal.find"),
        _l("Find an instrument"),
    ),
    file_name="bookings",
)


def _address(booking: Booking) -> str:
    return url_for("booking.show", booking=booking.public_id)


@blueprint.get("/bookings", permission=SIGNED_IN)
def bookings() -> ResponseReturnValue:
    """Every booking the reader may see; for most people their own."""
    return LIST.answer(queries.bookings_visible(current_actor()), "booking/list.html")


@blueprint.get("/bookings/<uuid:booking>", permission=BookingPermission.VIEW)
def show(booking: object) -> ResponseReturnValue:
    return page(str(booking))


_STEP_ICONS = {
    BookingState.CONFIRMED: "circle-check",
    BookingState.DECLINED: "circle-x",
    BookingState.CANCELLED: "calendar-x",
    BookingState.STARTED: "player-play",
    BookingState.ENDED: "player-stop",
    BookingState.COMPLETED: "checks",
}


def _life(row: Booking, details: queries.BookingDetails) -> list[tuple[datetime, str, str | None, str]]:
    """The timeline of the page: asked, then every step."""
    first = (row.created_at, _("Booked or requested"), details.names.get(row.user_id), "calendar-plus")
    return [first, *(_step(step, details) for step in details.life)]


def _step(step: BookingStep, details: queries.BookingDetails) -> tuple[datetime, str, str | None, str]:
    words = f"{label(step.state)} – {step.note}" if step.note else label(step.state)
    who = details.names.get(step.user_id) if step.user_id is not None else None
    return step.at, words, who, _STEP_ICONS.get(step.state, "point")


def page(public_id: str, refused: Form | None = None) -> ResponseReturnValue:
    """The booking with whatever form has just been refused."""
    reason = refused if isinstance(refused, ReasonForm) else ReasonForm(formdata=None)
    guest = refused if isinstance(refused, GuestForm) else GuestForm(formdata=None)
    row = queries.find_booking(public_id, actor=current_actor())
    details = queries.booking_details(row, now=now())
    guest.offer({key: name for key, name in details.colleagues.items() if key not in {row.user_id, *details.guests}})
    context = {
        "booking": row,
        "details": details,
        "refused": refused,
        "reason": reason,
        "guest": guest,
        "life": _life(row, details),
        "period": Period(row.starts_at, row.ends_at),
        "panels": [Markup(panel(row, refused)) for panel in installed().panels],  # noqa: S704  rendered by the features
    }
    return render_template("booking/show.html", **context), refused.status if refused else 200


@blueprint.get("/approvals", permission=BookingPermission.DECIDE)
def approvals() -> ResponseReturnValue:
    """Requests that wait for the reader's decision, oldest first, to be decided in place."""
    waiting = queries.waiting_for(current_actor())
    return APPROVALS.answer(waiting, "booking/approvals.html", reason=ReasonForm())


APPROVALS = Listing(
    columns=(
        Column("asked", _l("Asked"), lambda r: r[0].created_at, Booking.created_at),
        *LIST.columns[:4],
        LIST.columns[5],
        Column("description", _l("What is to be done"), lambda r: r[0].description),
    ),
    order=(Booking.created_at, Booking.id),
    empty=Empty(_l("Nothing waits for your decision."), _l("Requests appear here as soon as they are sent.")),
    file_name="approvals",
)
