"""What may be typed in to book, decide and block time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.booking.models import Direction, OccupationKind
from app.catalogue.models import ServiceMode
from app.organisations.models import Organisation
from app.web.fields import EnumField, LongText, ShanghaiDateTimeField, Text, required
from app.web.forms import Form


class BookingForm(Form):
    """A wish for time; the calendar fills both times, and they can be typed as well."""

    starts_at = ShanghaiDateTimeField(_l("From"), [required()])
    ends_at = ShanghaiDateTimeField(_l("Until"), [required()])
    client = SelectField(_l("On behalf of"), [required()])
    mode = EnumField(_l("Way of working"), kind=ServiceMode)
    direction = EnumField(_l("Purpose of use"), [required()], kind=Direction, default=Direction.RESEARCH)
    purpose = LongText(_l("What is to be done"), [required()], longest=500)

    def offer(self, clients: Sequence[Organisation], modes: Sequence[str]) -> None:
        """Offer what this person may choose; a single choice is made already."""
        self.client.choices = [(row.public_id, row.name) for row in clients]
        self.mode.members = [ServiceMode(value) for value in modes]
        if len(modes) == 1 and self.mode.data is None:
            self.mode.data = self.mode.members[0]


class ReasonForm(Form):
    reason = Text(_l("Reason"), longest=300)


class GuestForm(Form):
    colleague = SelectField(_l("Colleague"), [required()])

    def offer(self, colleagues: Mapping[int, str]) -> None:
        self.colleague.choices = [("", _("Please choose")), *((str(key), name) for key, name in colleagues.items())]


class BlockForm(Form):
    """The crew's own time."""

    instrument = SelectField(_l("Instrument"), [required()])
    starts_at = ShanghaiDateTimeField(_l("From"), [required()])
    ends_at = ShanghaiDateTimeField(_l("Until"), [required()])
    kind = EnumField(
        _l("For"), [required()], kind=OccupationKind, members=(OccupationKind.MAINTENANCE, OccupationKind.CREW)
    )
    note = Text(_l("Note"), longest=200)

    def offer(self, instruments: Sequence[Any]) -> None:
        self.instrument.choices = [(row.public_id, row.name) for row in instruments]
