"""Values, targets and weights as they are written on the pages of the evaluation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.evaluation.labels import INDICATORS as INDICATOR_NAMES
from app.evaluation.models import Scheme
from app.evaluation.rules.indicators import Unit
from app.evaluation.rules.schemes import ANY_GROUP
from app.kernel.money import half_up
from app.web.formats import number, percent
from app.web.i18n import chinese


def group_name(scheme: Scheme, key: str) -> str:
    found: dict[str, Any] = next((g for g in scheme.document.get("groups", ()) if g["key"] == key), {})
    return str(found.get("title" if chinese() else "title_en") or (_("All others") if key == ANY_GROUP else key))


def plain(figure: str | Decimal) -> str:
    return f"{Decimal(figure).normalize():f}"


def amount(unit: Unit, value: str | Decimal) -> str:
    """A value or target of an indicator, with its unit."""
    exact = Decimal(value)
    match unit:
        case Unit.SHARE:
            return percent(exact)
        case Unit.WAN_YUAN:
            return _("%(amount)s × 10,000 yuan", amount=number(half_up(exact, Decimal("0.01"))))
        case Unit.HOURS:
            return _("%(hours)s hours", hours=number(half_up(exact, Decimal("0.01"))))
        case Unit.NUMBER:
            return number(half_up(exact))


def indicator_name(code: str) -> str:
    return str(INDICATOR_NAMES.get(code, code))
