"""One unit's result, down to the rows that counted and those that did not."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.evaluation import queries
from app.evaluation.labels import NOTES
from app.evaluation.models import Result, Round
from app.evaluation.permissions import ResultPermission
from app.evaluation.queries import judged
from app.evaluation.rules.indicators import IndicatorCode
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.figures import amount, group_name, plain
from app.evaluation.views.rules import told
from app.evaluation.views.scoreboard import grade, result_address, title, two_places, unit_name
from app.ledger.rules.exclusions import Measure
from app.web.current import current_actor
from app.web.labels import label
from app.web.listing import Column, Empty, Listing

ROWS = {
    IndicatorCode.SERVICE_COUNT: Measure.COUNT.value,
    IndicatorCode.SERVICE_INCOME: Measure.INCOME.value,
    IndicatorCode.CLIENT_COUNT: Measure.CLIENTS.value,
    IndicatorCode.SATISFACTION: IndicatorCode.SATISFACTION.value,
    IndicatorCode.COMPLETENESS: IndicatorCode.COMPLETENESS.value,
}
"""Under which name the rows of an indicator are found."""

OWN = Listing(
    columns=(
        Column("year", _l("Year"), lambda r: str(r[4].year), Round.year, lambda r: result_address(r[0])),
        Column("unit", _l("Unit"), unit_name),
        Column("scheme", _l("Scheme"), lambda r: title(r[5])),
        Column("score", _l("Score"), lambda r: two_places(r[0].score), figure="number"),
        Column("grade", _l("Grade"), grade),
        Column("state", _l("State"), lambda r: r[4].state, Round.state),
        Column("as_of", _l("As of"), lambda r: r[3].as_of),
    ),
    order=(Round.year.desc(), Result.id),
    empty=Empty(_l("There is no result yet."), _l("It appears when the year's round has been computed.")),
    file_name="results",
)


@blueprint.get("/evaluation/own", permission=ResultPermission.VIEW)
def own() -> ResponseReturnValue:
    return OWN.answer(queries.results_visible(current_actor()), "evaluation/own.html")


@blueprint.get("/evaluation/results/<uuid:result>", permission=ResultPermission.VIEW)
def result(result: object) -> ResponseReturnValue:
    row = queries.find_result(str(result), actor=current_actor())
    found, _organisation, _unit, computation, round_, scheme = row
    rows = judged.year_of(found, computation, round_, scheme).judged
    return render_template(
        "evaluation/result.html",
        parts=[part_shown(part) for part in found.parts],
        missing=judged.missing(rows),
        tallies={measure: judged.tally(rows, measure) for measure in Measure},
        rules=told(scheme),
        **about(row),
    )


def about(row: Any) -> dict[str, Any]:
    found, _organisation, _unit, computation, round_, scheme = row
    return {
        "result": found,
        "computation": computation,
        "round": round_,
        "scheme": scheme,
        "title": title(scheme),
        "name": unit_name(row),
        "group": group_name(scheme, found.group),
        "grade": grade(row),
        "score": two_places(found.score),
    }


def part_shown(part: dict[str, Any]) -> dict[str, Any]:
    code = IndicatorCode(part["code"])
    return {
        **part,
        "label": label(code),
        "rows": ROWS[code],
        "value": amount(code, part["value"]),
        "target": "" if part["target"] is None else amount(code, part["target"]),
        "points": two_places(part["points"]),
        "arithmetic": arithmetic(part),
        "note": NOTES.get(part["note"] or "", ""),
    }


def arithmetic(part: dict[str, Any]) -> str:
    """How the points come from the value, with every place that was computed: 30 × min(1, 25 ÷ 60)."""
    value, weight = plain(part["value"]), plain(part["weight"])
    return f"{weight} × {value}" if part["target"] is None else f"{weight} × min(1, {value} ÷ {plain(part['target'])})"
