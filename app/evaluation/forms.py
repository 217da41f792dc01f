"""What is said when a round is closed or made final."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from app.web.fields import LongText, required
from app.web.forms import Form


class CloseForm(Form):
    reason = LongText(_l("Why the round is closed"), [required()])


class FinalForm(Form):
    """`computation` is the one that the person looked at: figures computed since are refused."""

    computation = HiddenField()
    reason = LongText(_l("Reason, with the minutes of the meeting that decided"), [required()])
    sure = BooleanField(_l("I know that nothing undoes this"), [required()])
