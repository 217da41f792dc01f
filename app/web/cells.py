"""A value of a list as it is shown on a page and as it is written to a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.kernel.canonical import decimal_text
from app.kernel.civil import local
from app.kernel.money import Money, half_up
from app.kernel.period import Period
from app.web import formats
from app.web.labels import label

# The full-width ones start a formula where Excel speaks Chinese or Japanese.
FORMULA_LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def display(value: Any, figure: str = "") -> str:
    """Text for the page."""
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case int() | timedelta() if figure == "hours":
            return formats.hours(value)
        case StrEnum():
            return label(value)
        case Money():
            return {"yuan": formats.yuan, "wan": formats.wan}.get(figure, formats.money)(value)
        case datetime():
            return formats.moment(value)
        case date():
            return value.isoformat()
        case Period():
            return formats.span(value)
        case list() | tuple():
            return _(", ").join(display(part, figure) for part in value)
    return _numbers(figure)(value) if isinstance(value, int | Decimal) else str(value)


def _numbers(figure: str) -> Callable[[Any], str]:
    return formats.change if figure == "change" else formats.number


def written(value: Any, figure: str = "") -> str | int | Decimal | None:
    """What stands in a CSV or XLSX cell: figures as numbers, text that no program takes for a formula."""
    match value:
        case None:
            return None
        case Money() if figure == "wan":
            return Decimal(decimal_text(half_up(Decimal(value.fen) / 1_000_000, Decimal("0.000001"))))
        case Money():
            return value.in_yuan()
        case timedelta():
            return half_up(Decimal(int(value.total_seconds())) / 3600, Decimal("0.01"))
        case int() if figure == "hours" and not isinstance(value, bool):
            return half_up(Decimal(value) / 3600, Decimal("0.01"))
        case datetime():
            return local(value).strftime("%Y-%m-%d %H:%M:%S")
        case Decimal():
            return value
        case int() if not isinstance(value, bool):
            return value
    return neutral(display(value))


def neutral(text: str) -> str:
    """Spreadsheets run text that starts like a formula; an apostrophe in front keeps it text."""
    return f"'{text}" if text.startswith(FORMULA_LEADS) else text
