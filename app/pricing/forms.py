"""A new price for one class of client."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.kernel.money import ZERO
from app.pricing.rules import ClientClass
from app.web.choice_fields import EnumField
from app.web.fields import DateField, MoneyField, Text, WholeNumberField, required
from app.web.forms import Form


class PriceForm(Form):
    client_class = EnumField(_l("Client class"), [required()], kind=ClientClass)
    hourly = MoneyField(_l("Price an hour (yuan)"), [required()])
    start_up = MoneyField(_l("Start-up fee (yuan)"), default=ZERO)
    minimum = MoneyField(_l("Minimum charge (yuan)"), default=ZERO)
    free_minutes = WholeNumberField(_l("Free minutes"), least=0, most=1440, default=0)
    unit_minutes = WholeNumberField(_l("Billing unit (minutes)"), [required()], least=1, most=1440, default=1)
    valid_from = DateField(_l("In force from"), [required()])
    basis = Text(_l("Basis of approval"), longest=120)
