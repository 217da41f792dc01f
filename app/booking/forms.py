"""What may be typed in to book, decide and block time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from app.booking.models import OccupationKind
from app.booking.rules.opening import Hours, hours_text, parse_hours
from app.booking.rules.purposes import Purpose
from app.catalogue.models import ServiceMode
from app.organisations.models import Organisation
from app.web.choice_fields import EnumField
from app.web.fields import DateField, LongText, Parsed, ShanghaiDateTimeField, Text, WholeNumberField, required
from app.web.forms import Form
from app.web.i18n import by_name, named, named_choices


class BookingForm(Form):
    """A request for time; the calendar fills both times, and they can be typed as well."""

    starts_at = ShanghaiDateTimeField(_l("Starts at"), [required()])
    ends_at = ShanghaiDateTimeField(_l("Ends at"), [required()])
    client = SelectField(_l("On behalf of"), [required()])
    mode = EnumField(_l("Way of working"), kind=ServiceMode)
    purpose = EnumField(
        _l("Purpose of use"),
        [required()],
        kind=Purpose,
        default=Purpose.RESEARCH,
        description=_l("Declared truthfully: some purposes do not count in the yearly evaluation."),
    )
    description = LongText(_l("What is to be done"), [required()], longest=500)

    def offer(self, clients: Sequence[Organisation], modes: Sequence[str]) -> None:
        """Offer what this person may choose; a single choice is made already."""
        self.client.choices = named_choices(clients)
        self.mode.offer([ServiceMode(value) for value in modes])
        if len(modes) == 1 and self.mode.data is None:
            self.mode.data = ServiceMode(modes[0])


class ReasonForm(Form):
    reason = Text(_l("Reason"), longest=300)


class MoveForm(Form):
    starts_at = ShanghaiDateTimeField(_l("Starts at"), [required()])
    ends_at = ShanghaiDateTimeField(_l("Ends at"), [required()])
    reason = Text(_l("Reason"), longest=300)


class GuestForm(Form):
    colleague = SelectField(_l("Colleague"), [required()])

    def offer(self, colleagues: Mapping[int, str]) -> None:
        self.colleague.choices = [("", _("Please choose")), *((str(key), name) for key, name in colleagues.items())]


class BlockForm(Form):
    """The staff's own time."""

    instrument = SelectField(_l("Instrument"), [required()])
    starts_at = ShanghaiDateTimeField(_l("Starts at"), [required()])
    ends_at = ShanghaiDateTimeField(_l("Ends at"), [required()])
    kind = EnumField(
        _l("For"), [required()], kind=OccupationKind, members=(OccupationKind.MAINTENANCE, OccupationKind.STAFF)
    )
    note = Text(_l("Note"), longest=200)

    def offer(self, instruments: Sequence[Any]) -> None:
        self.instrument.choices = named_choices(instruments)


class HoursField(Parsed):
    """Opening hours of one day, such as 08:00-12:00, 14:00-18:00; empty means closed."""

    fault = _l("Write hours like 08:00-12:00, 14:00-18:00; leave it empty when closed.")

    def parse(self, typed: str) -> Hours:
        return parse_hours(typed)

    def show(self, value: Hours) -> str:
        return hours_text(value)


class SettingsForm(Form):
    """The ordinary week and the booking rules of one instrument."""

    day_0 = HoursField(_l("Monday"))
    day_1 = HoursField(_l("Tuesday"))
    day_2 = HoursField(_l("Wednesday"))
    day_3 = HoursField(_l("Thursday"))
    day_4 = HoursField(_l("Friday"))
    day_5 = HoursField(_l("Saturday"))
    day_6 = HoursField(_l("Sunday"))
    closed_on_holidays = BooleanField(_l("Closed on public holidays, open on make-up working days"))
    grid_minutes = WholeNumberField(_l("Grid (minutes)"), [required()], least=1, most=1440)
    min_minutes = WholeNumberField(_l("Shortest booking (minutes)"), [required()], least=1, most=10_080)
    max_minutes = WholeNumberField(_l("Longest booking (minutes)"), [required()], least=1, most=44_640)
    lead_minutes = WholeNumberField(_l("Lead time (minutes)"), [required()], least=0, most=44_640)
    horizon_days = WholeNumberField(_l("Days ahead"), [required()], least=1, most=730)
    cancel_hours = WholeNumberField(_l("Free cancellation until (hours before)"), [required()], least=0, most=720)
    early_start_minutes = WholeNumberField(_l("May start early by (minutes)"), [required()], least=0, most=240)
    late_start_minutes = WholeNumberField(_l("Counts as missed after (minutes)"), [required()], least=1, most=1440)
    buffer_before_minutes = WholeNumberField(_l("Buffer before (minutes)"), [required()], least=0, most=1440)
    buffer_after_minutes = WholeNumberField(_l("Buffer after (minutes)"), [required()], least=0, most=1440)
    needs_approval = BooleanField(_l("Bookings need approval"))
    pending_blocks = BooleanField(_l("A waiting request already blocks its time"))

    @property
    def week(self) -> list[Hours]:
        return [self[f"day_{n}"].data or () for n in range(7)]


class ComponentForm(Form):
    """Of which instrument this one is a component, and at which of its places."""

    composite = SelectField(_l("Component of"), [required()])
    place = WholeNumberField(_l("Place"), [required()], least=1, most=200)

    def offer(self, instruments: Sequence[Any]) -> None:
        shown = [(row.public_id, f"{named(row)} ({row.places})") for row in by_name(instruments)]
        self.composite.choices = [("", _("Please choose")), *shown]


class ExceptionForm(Form):
    day = DateField(_l("Day"), [required()])
    hours = HoursField(_l("Hours on this day (empty: closed)"))
    reason = Text(_l("Reason"), longest=100)
