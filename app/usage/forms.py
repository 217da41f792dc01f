"""What may be typed in about a use."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.web.fields import LongText, ShanghaiDateTimeField, required
from app.web.forms import Form


class RunForm(Form):
    """Start needs nothing; stop may name an earlier end."""

    ended_at = ShanghaiDateTimeField(_l("Ended at (empty: now)"))


class ConfirmForm(Form):
    rating = RadioField(
        _l("How satisfied are you?"),
        [required()],
        coerce=int,
        choices=lambda: [
            (5, _l("5 – very satisfied")),
            (4, _l("4 – satisfied")),
            (3, _l("3 – it was all right")),
            (2, _l("2 – not satisfied")),
            (1, _l("1 – very dissatisfied")),
        ],
        validate_choice=True,
    )
    comment = LongText(_l("Comment"), longest=500)
