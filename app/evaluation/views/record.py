"""What each round makes of a record, on the page of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from app.access.authority import may
from app.evaluation.permissions import ResultPermission
from app.evaluation.queries import drilldown
from app.evaluation.rules.rows import reasons_of
from app.evaluation.views.scoreboard import title
from app.kernel.money import Money
from app.ledger.models import ServiceRecord
from app.ledger.rules.exclusions import Measure, Reason
from app.web.cells import display
from app.web.current import current_actor
from app.web.labels import label


@dataclass(frozen=True, slots=True)
class VerdictLine:
    measure: str
    counts: bool
    adds: str
    reasons: Sequence[Reason]


def panel(record: ServiceRecord) -> str:
    """Nothing for those who may not see the result it is part of, or where no round has looked at it yet."""
    rows = [r for r in drilldown.verdicts_of(record) if may(current_actor(), ResultPermission.VIEW, r.Result)]
    if not rows:
        return ""
    return render_template("evaluation/record.html", rounds=[(row, title(row.Scheme), _lines(row)) for row in rows])


def _lines(row: Any) -> list[VerdictLine]:
    verdict = row.RecordVerdict
    return [
        VerdictLine(
            label(measure),
            getattr(verdict, f"{measure}_counts"),
            _adds(measure, getattr(verdict, f"{measure}_value")),
            reasons_of(verdict.reasons, measure),
        )
        for measure in Measure
    ]


def _adds(measure: Measure, value: int) -> str:
    if measure is Measure.INCOME:
        return display(Money(value), "yuan")
    return display(value * 60, "hours") if measure is Measure.HOURS else display(value, "number")
