"""Values, targets and weights as they are written on the pages of the evaluation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.evaluation.models import Scheme
from app.evaluation.rules.indicators import INDICATORS, IndicatorCode, Method
from app.evaluation.rules.schemes import ANY_GROUP
from app.kernel.money import half_up
from app.web.formats import number, percent
from app.web.i18n import chinese


def group_name(scheme: Scheme, key: str) -> str:
    found: dict[str, Any] = next((g for g in scheme.document.get("groups", ()) if g["key"] == key), {})
    return str(found.get("title" if chinese() else "title_en") or (_("All others") if key == ANY_GROUP else key))


def plain(figure: str | Decimal) -> str:
    return f"{Decimal(figure).normalize():f}"


def amount(code: IndicatorCode, value: str | Decimal) -> str:
    """A value or target with its unit: ten thousand yuan, a share, or a plain number."""
    exact = Decimal(value)
    if INDICATORS[code].method is Method.SHARE:
        return percent(exact)
    if code is IndicatorCode.SERVICE_INCOME:
        return _("%(amount)s × 10,000 yuan", amount=number(half_up(exact, Decimal("0.01"))))
    return number(half_up(exact))
