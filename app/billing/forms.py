"""What the provider's finance may type in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.billing.rules import MarkKind
from app.web.choice_fields import EnumField
from app.web.fields import BIGGEST_AMOUNT, DateField, MoneyField, Text, required
from app.web.forms import Form


class MarkForm(Form):
    kind = EnumField(_l("What happened"), [required()], kind=MarkKind)
    amount = MoneyField(_l("Amount (yuan)"), [required()], least=-BIGGEST_AMOUNT)
    on = DateField(_l("On"), [required()])
    document = Text(_l("Invoice number or bank reference"), [required()], longest=100)
    reason = Text(_l("Reason, where the money came before the service or is marked late"), longest=200)
