"""Words of booking: states, kinds, and every refusal with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.web.labels.badge import Badge

LABELS: Mapping[str, Mapping[str, LazyString]] = {
    "OpeningAction": {
        "opening.changed": _l("Changed opening hours"),
    },
    "CalendarAction": {
        "calendar.joined": _l("Made an instrument a component of another"),
        "calendar.left": _l("Gave a component a calendar of its own"),
    },
    "BookingAction": {
        "booking.requested": _l("Asked for a booking"),
        "booking.confirmed": _l("Confirmed a booking"),
        "booking.declined": _l("Declined a booking"),
        "booking.moved": _l("Moved a booking"),
        "booking.cancelled": _l("Cancelled a booking"),
        "booking.expired": _l("A booking expired"),
        "booking.guest-invited": _l("Invited a colleague to a booking"),
        "booking.guest-removed": _l("Took back an invitation to a booking"),
        "booking.started": _l("Started using"),
        "booking.stopped": _l("Stopped using"),
        "booking.no-show": _l("A booking was missed"),
        "booking.completed": _l("Confirmed completion"),
    },
    "OccupationAction": {
        "occupation.created": _l("Blocked time"),
        "occupation.removed": _l("Freed time"),
    },
    "BookingState": {
        "requested": _l("Waits for approval"),
        "confirmed": _l("Confirmed"),
        "declined": _l("Declined"),
        "cancelled": _l("Cancelled"),
        "expired": _l("Expired undecided"),
        "started": _l("In use"),
        "ended": _l("Ended, to be confirmed by the client"),
        "completed": _l("Completed"),
        "no_show": _l("Not shown up"),
    },
    "BookingMove": {
        "approve": _l("Approve"),
        "decline": _l("Decline"),
        "cancel": _l("Cancel"),
        "expire": _l("Let expire"),
        "start": _l("Start"),
        "stop": _l("Stop"),
        "complete": _l("Confirm completion"),
        "miss": _l("Mark as not shown up"),
        "reschedule": _l("Move"),
    },
    "RefusalCode": {
        "slot-taken": _l("Time taken"),
        "outside-opening-hours": _l("Outside opening hours"),
        "instrument-in-maintenance": _l("Out of service"),
        "not-open-for-booking": _l("Not open for booking"),
        "too-soon": _l("Too short notice"),
        "too-far": _l("Too far ahead"),
        "too-short": _l("Shorter than allowed"),
        "too-long": _l("Longer than allowed"),
        "off-grid": _l("Not on the grid"),
        "in-the-past": _l("In the past"),
        "ends-before-start": _l("End before start"),
        "too-late-to-move": _l("Too late to move"),
        "mode-not-offered": _l("Way of working not offered"),
        "no-price": _l("No price listed"),
        "not-shared-with-you": _l("Not shared with the client"),
        "organisation-not-verified": _l("Client not verified"),
        "suspended": _l("Bookings suspended"),
        "declined": _l("Declined by the staff"),
        "undecided": _l("Left undecided"),
        "too-late-to-cancel": _l("Too late to cancel"),
        "already-asked": _l("Asked already"),
    },
    "Source": {"web": _l("Web page"), "api": _l("API"), "cli": _l("Command"), "import": _l("Import")},
    "OccupationKind": {
        "booking": _l("Booking"),
        "staff": _l("Staff use"),
        "maintenance": _l("Maintenance"),
        "hold": _l("Hold"),
    },
}

BADGES: Mapping[str, Mapping[str, Badge]] = {
    "BookingState": {
        "requested": Badge("yellow", "hourglass"),
        "confirmed": Badge("blue", "circle-check"),
        "declined": Badge("red", "circle-x"),
        "cancelled": Badge("grey", "calendar-x"),
        "expired": Badge("grey", "clock-pause"),
        "started": Badge("green", "player-play"),
        "ended": Badge("yellow", "clipboard-check"),
        "completed": Badge("green", "checks"),
        "no_show": Badge("red", "user-off"),
    },
}

REFUSALS: Mapping[str, LazyString] = {
    "ends-before-start": _l("The end must lie after the start; please choose a later end."),
    "period-too-long": _l("At most %(days)s days can be asked for at once; please choose an earlier end."),
    "not-open-for-booking": _l("This instrument is not open for booking at present; please choose another."),
    "not-shared-with-you": _l("This instrument is not shared with your organisation; please choose another."),
    "organisation-not-verified": _l(
        "Your organisation is not verified yet; bookings open once the operator has done so."
    ),
    "instrument-in-maintenance": _l("The instrument is out of service; please choose another time or instrument."),
    "suspended": _l("Your bookings are suspended until %(until)s; you can appeal to the provider."),
    "in-the-past": _l("This time has passed. Next free: %(next_free)s."),
    "too-soon": _l("Bookings are made at least %(lead_minutes)s ahead. Next free: %(next_free)s."),
    "too-far": _l("Bookings open %(horizon_days)s days ahead; the latest possible end is %(latest)s."),
    "too-short": _l("You asked for %(asked_minutes)s; the shortest booking is %(limit_minutes)s."),
    "too-long": _l("You asked for %(asked_minutes)s; the longest booking is %(limit_minutes)s."),
    "off-grid": _l("Times lie on a grid of %(grid_minutes)s; the nearest period is %(starts_at)s to %(ends_at)s."),
    "outside-opening-hours": _l("The instrument is closed during this time. Open on this day: %(open)s."),
    "no-such-place": _l("There is no place %(asked)s; this instrument has %(places)s."),
    "no-such-composite": _l("It cannot be a component of this one; choose another that is no component itself."),
    "place-is-a-component": _l("Place %(asked)s is another component already; choose another place."),
    "places-of-a-component": _l("A component is one place of its composite; give it a calendar of its own first."),
    "places-in-use": _l("Time is held beyond %(places)s places; wait until it has passed, or cancel it."),
    "time-still-held": _l("Time is held or asked for; wait until it has passed, or cancel it."),
    "slot-taken": _l("This time is taken. Next free: %(next_free)s."),
    "too-late-to-cancel": _l(
        "Cancelling was possible until %(until)s, %(hours)s hours before the start; please ask the staff."
    ),
    "too-late-to-move": _l(
        "Moving was possible until %(until)s, %(hours)s hours before the start; please ask the staff."
    ),
    "wrong-state": _l("This is no longer possible: the booking has moved on. Look at its present state."),
    "no-price": _l("No price is listed here for clients of the class “%(client_class)s”; please ask the provider."),
    "already-asked": _l(
        "You have asked for this time already (%(number)s); wait for the answer or cancel that request."
    ),
    "mode-not-offered": _l("This way of working is not offered here; please choose another."),
    "reason-missing": _l("Please give a reason; the other side will read it."),
    "asked-time-passed": _l("The time asked for has passed; decline the request, or move it to a later time."),
    "same-time": _l("This is its present time; choose another."),
    "rules-contradict": _l("The grid must divide the day, and the shortest booking must not be above the longest."),
    "own-case": _l("Nobody decides about their own request; please ask another manager."),
    "not-a-colleague": _l("Only members of the client organisation can be invited."),
}
