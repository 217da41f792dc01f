"""Asking for, approving, moving and cancelling time: what this feature declares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.booking import api, labels, listeners, messages, permissions, views
from app.booking.actions import BookingAction, CalendarAction, OccupationAction, OpeningAction
from app.booking.events import (
    BookingCancelled,
    BookingDecided,
    BookingMissed,
    BookingMoved,
    BookingPlaced,
    GuestInvited,
    GuestLeft,
)
from app.catalogue.events import PlacesChanging
from app.catalogue.permissions import InstrumentPermission
from app.infra.feature import Feature
from app.organisations.permissions import PlatformPermission
from app.web.menu import MINE, OPERATOR, ORGANISATION, Entry

FEATURE = Feature(
    name="booking",
    blueprints=(
        views.blueprint,
        api.api,
    ),
    policy=permissions.POLICY,
    view=permissions.VIEW,
    actions=(
        OpeningAction,
        CalendarAction,
        BookingAction,
        OccupationAction,
    ),
    labels=labels,
    menu=(
        Entry(MINE, _l("Bookings"), "booking.bookings", "calendar-event", 40),
        Entry(MINE, _l("Approvals"), "booking.approvals", "checklist", 50, of_providers=True),
        Entry(MINE, _l("Day timeline"), "booking.schedule", "timeline", 60, of_providers=True),
        Entry(
            ORGANISATION,
            _l("Demand not met"),
            "booking.demand",
            "flag",
            130,
            InstrumentPermission.CHANGE,
            of_providers=True,
        ),
        Entry(OPERATOR, _l("Demand not met"), "booking.demand", "flag", 160, PlatformPermission.VIEW),
    ),
    excused={
        "booking.schedule_feed": "read by the day timeline",
    },
    tabs=((_l("Opening hours and rules"), "booking.settings"),),
    listeners=(
        (PlacesChanging, listeners.keep_used_places),
        (BookingPlaced, messages.ask_the_staff),
        (BookingDecided, messages.tell_the_decision),
        (BookingCancelled, messages.tell_the_other_side),
        (BookingMoved, messages.tell_the_new_time),
        (BookingMissed, messages.tell_who_did_not_come),
        (GuestInvited, messages.tell_the_guest),
        (GuestLeft, messages.tell_who_need_not_come),
    ),
)
