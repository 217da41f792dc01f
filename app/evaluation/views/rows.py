"""The rows behind each figure of a result: what each adds, what they come to, and what the indicator makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.evaluation import queries
from app.evaluation.models import RecordVerdict, Result
from app.evaluation.permissions import ResultPermission
from app.evaluation.queries import drilldown
from app.evaluation.queries.drilldown import counts, once, value
from app.evaluation.rules.indicators import RowColumn
from app.evaluation.rules.indicators.satisfaction import BEST
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.results import about, indicator_shown
from app.evaluation.views.row_columns import RowsView, present, rows_listing, views_of
from app.evaluation.views.rules import read_or_none
from app.evaluation.views.scoreboard import stamps
from app.kernel.errors import NotFound
from app.kernel.money import Money
from app.ledger.rules.exclusions import Measure
from app.web.current import current_actor
from app.web.formats import hours, number, yuan

V = RecordVerdict


def come_to(view: RowsView, result: Result) -> list[tuple[str, str]]:
    """How many rows there are to the figure, and what they come to."""
    every = once(V.id.is_not(None))
    if RowColumn.PAPERS in view.columns:
        found = drilldown.totals(result, view.population, {"rows": every, "present": present(view)})
        of = number(found["rows"] * len(view.required))
        there = f"{number(found['present'])} / {of}"
        return [(_("External services"), number(found["rows"])), (_("Evidence present"), there)]
    counted = counts(view.measure)
    if RowColumn.RATING in view.columns:
        rated = counted & V.rating.is_not(None)
        sums = {"rated": once(rated), "stars": once(rated) * V.rating}
        found = drilldown.totals(result, view.population, sums)
        come = f"{number(found['stars'])} / {number(BEST * found['rated'])}"
        return [(_("Counted services that were rated"), number(found["rated"])), (_("Sum of the ratings"), come)]
    found = drilldown.totals(result, view.population, {"counted": once(counted), "sum": value(view.measure)})
    return [(_("Rows that count"), number(found["counted"])), (_("They add up to"), _sum(view.measure, found["sum"]))]


def _sum(measure: Measure, adding: int) -> str:
    match measure:
        case Measure.INCOME:
            return _("%(amount)s yuan", amount=yuan(Money(adding)))
        case Measure.HOURS:
            return _("%(hours)s hours", hours=hours(adding * 60))
        case _:
            return number(adding)


@blueprint.get("/evaluation/results/<uuid:result>/<string:kind>", permission=ResultPermission.VIEW)
def records(result: object, kind: str) -> ResponseReturnValue:
    row = queries.find_result(str(result), actor=current_actor())
    views = views_of(read_or_none(row.Scheme))
    view = views.get(kind)
    if view is None:
        raise NotFound("rows")
    part = next((indicator_shown(p) for p in row.Result.parts if p["code"] == view.key), None)
    settings = view.weighted.settings if view.weighted else None
    floor, ceiling = getattr(settings, "floor_fen", 0), getattr(settings, "per_client_ceiling", None)
    page: dict[str, Any] = {
        "kind": view.key,
        "name_of_rows": view.name,
        "kinds": [(one.key, one.name) for one in {view.key: view for view in views.values()}.values()],
        "part": part,
        "come_to": come_to(view, row.Result),
        "clients": drilldown.by_client(row.Result, view.measure) if floor or ceiling else [],
        "ceiling": ceiling,
        "floor": Money(floor) if floor else None,
        "kept": drilldown.kept(row.Result),
    }
    listing = replace(rows_listing(view), stamps=stamps(row.Round, row.Scheme, row.Computation))
    return listing.answer(
        drilldown.rows(row.Result, view.population), "evaluation/records.html", 200, **about(row), **page
    )
