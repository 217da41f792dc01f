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
from app.evaluation.queries import drilldown
from app.evaluation.rules.indicators import INDICATORS, Unit
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.figures import amount, group_name, indicator_name, plain
from app.evaluation.views.rules import rules_of
from app.evaluation.views.scoreboard import grade, result_address, title, two_places, unit_name
from app.web.current import current_actor
from app.web.listing import Column, Empty, Listing

OWN = Listing(
    columns=(
        Column("year", _l("Year"), lambda r: str(r.Round.year), Round.year, lambda r: result_address(r.Result)),
        Column("unit", _l("Unit"), unit_name),
        Column("scheme", _l("Scheme"), lambda r: title(r.Scheme)),
        Column("score", _l("Score"), lambda r: two_places(r.Result.score), figure="number"),
        Column("grade", _l("Grade"), grade),
        Column("state", _l("State"), lambda r: r.Round.state, Round.state),
        Column("trial", _l("Trial"), lambda r: r.Round.trial, Round.trial),
        Column("as_of", _l("As of"), lambda r: r.Computation.as_of),
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
    return render_template(
        "evaluation/result.html",
        parts=[indicator_shown(part) for part in row.Result.parts],
        missing=drilldown.lacking(row.Result),
        tallies=drilldown.tallies(row.Result),
        rules=rules_of(row.Scheme),
        **about(row),
    )


def about(row: Any) -> dict[str, Any]:
    return {
        "result": row.Result,
        "computation": row.Computation,
        "round": row.Round,
        "scheme": row.Scheme,
        "title": title(row.Scheme),
        "name": unit_name(row),
        "group": group_name(row.Scheme, row.Result.group),
        "grade": grade(row),
        "score": two_places(row.Result.score),
    }


def indicator_shown(part: dict[str, Any]) -> dict[str, Any]:
    """The stored line of one indicator in words; one that this version no longer knows keeps its code and numbers."""
    code = part["code"]
    unit = INDICATORS[code].unit if code in INDICATORS else Unit.NUMBER
    return {
        **part,
        "label": indicator_name(code),
        "value": amount(unit, part["value"]),
        "target": "" if part["target"] is None else amount(unit, part["target"]),
        "points": two_places(part["points"]),
        "arithmetic": arithmetic(part),
        "note": NOTES.get(part["note"] or "", ""),
    }


def arithmetic(part: dict[str, Any]) -> str:
    """How the points come from the value, with every place that was computed: 30 × min(1, 25 ÷ 60)."""
    value, weight = plain(part["value"]), plain(part["weight"])
    return f"{weight} × {value}" if part["target"] is None else f"{weight} × min(1, {value} ÷ {plain(part['target'])})"
