"""One unit's result, down to the rows that counted and those that did not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import Permission
from app.evaluation import queries
from app.evaluation.models import Result, Round
from app.evaluation.queries import judged
from app.evaluation.queries.judged import Judged
from app.evaluation.rules.indicators import INDICATORS, IndicatorCode, Method
from app.evaluation.views.room import room
from app.evaluation.views.scoreboard import grade, group_name, result_address, title, two_places, unit_name
from app.kernel.money import Money, half_up
from app.ledger.rules.exclusions import Measure, Reason
from app.web.current import current_actor
from app.web.formats import number, percent
from app.web.listing import Column, Empty, Filter, Listing
from app.web.listing_rows import RowsListing
from app.web.words import choices, label
from app.web.words.evaluation import NOTES

MEASURES = {
    IndicatorCode.SERVICE_COUNT: Measure.COUNT,
    IndicatorCode.SERVICE_INCOME: Measure.INCOME,
    IndicatorCode.CLIENT_COUNT: Measure.CLIENTS,
    IndicatorCode.SATISFACTION: Measure.COUNT,
    IndicatorCode.COMPLETENESS: Measure.COUNT,
}

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


def rows_listing(measure: Measure) -> Listing:
    words: tuple[Column, ...] = (
        Column("number", _l("Record number"), lambda r: r.number, lambda r: r.number, _record),
        Column("ended", _l("Ended"), lambda r: r.ended, lambda r: (r.ended, r.number)),
        Column("instrument", _l("Instrument"), lambda r: r.instrument, lambda r: (r.instrument, r.number)),
        Column("client", _l("Client"), lambda r: r.client, lambda r: (r.client, r.number)),
        Column("charged", _l("Charged (yuan)"), lambda r: Money(r.facts.charged), _by_charge, figure="yuan"),
        Column("evidence", _l("Evidence"), lambda r: r.facts.evidence),
        Column("counts", _l("Counts"), lambda r: r.verdict.counts, lambda r: (r.verdict.counts, r.number)),
        _value(measure),
        Column("reasons", _l("Why not"), lambda r: list(r.verdict.reasons)),
        Column("missing", _l("Still missing"), lambda r: list(r.verdict.missing)),
    )
    return RowsListing(
        columns=words,
        search=lambda asked: (
            lambda r: all(w in f"{r.number} {r.instrument} {r.client}".casefold() for w in asked.casefold().split())
        ),
        filters=(
            Filter("counts", _l("Counts"), lambda: [("1", _("yes")), ("0", _("no"))], _counting),
            Filter("reason", _l("Why not"), lambda: choices(Reason), _with_reason),
        ),
        empty=Empty(_l("No record concerns this year yet.")),
        file_name=f"records-{measure.value}",
    )


def _by_charge(row: Judged) -> tuple[int, str]:
    return row.facts.charged, row.number


def _record(row: Judged) -> str:
    return url_for("ledger.show", record=row.facts.key)


def _value(measure: Measure) -> Column:
    if measure is Measure.INCOME:
        return Column("value", _l("Adds (yuan)"), lambda r: Money(r.verdict.value), _by_value, figure="yuan")
    if measure is Measure.HOURS:
        return Column("value", _l("Adds (hours)"), lambda r: r.verdict.value * 60, _by_value, figure="hours")
    return Column("value", _l("Adds"), lambda r: r.verdict.value, _by_value, figure="number")


def _by_value(row: Judged) -> tuple[int, str]:
    return row.verdict.value, row.number


def _counting(chosen: str) -> Callable[[Judged], bool]:
    return lambda row: row.verdict.counts == (chosen == "1")


def _with_reason(chosen: str) -> Callable[[Judged], bool]:
    return lambda row: Reason(chosen) in row.verdict.reasons


@room.get("/evaluation/own", permission=Permission.RESULT_VIEW)
def own() -> ResponseReturnValue:
    return OWN.answer(queries.results_visible(current_actor()), "evaluation/own.html")


@room.get("/evaluation/results/<uuid:result>", permission=Permission.RESULT_VIEW)
def result(result: object) -> ResponseReturnValue:
    row = queries.find_result(str(result), actor=current_actor())
    found, _organisation, _unit, computation, round_, scheme = row
    rows = judged.year_of(found, computation, round_, scheme).judged
    return render_template(
        "evaluation/result.html",
        parts=[_part(part) for part in found.parts],
        missing=judged.missing(rows),
        tallies={measure: judged.tally(rows, measure) for measure in Measure},
        **_about(row),
    )


def _about(row: Any) -> dict[str, Any]:
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


def _part(part: dict[str, Any]) -> dict[str, Any]:
    code = IndicatorCode(part["code"])
    return {
        **part,
        "label": label(code),
        "measure": MEASURES[code],
        "value": amount(code, part["value"]),
        "target": "" if part["target"] is None else amount(code, part["target"]),
        "points": two_places(part["points"]),
        "note": NOTES.get(part["note"] or "", ""),
    }


def amount(code: IndicatorCode, value: str) -> str:
    """A value or target with its unit: ten thousand yuan, a share, or a plain number."""
    exact = Decimal(value)
    if INDICATORS[code].method is Method.SHARE:
        return percent(exact)
    if code is IndicatorCode.SERVICE_INCOME:
        return _("%(amount)s × 10,000 yuan", amount=number(half_up(exact, Decimal("0.01"))))
    return number(half_up(exact))


@room.get(
    "/evaluation/results/<uuid:result>/<any(count, income, clients, hours):measure>", permission=Permission.RESULT_VIEW
)
def records(result: object, measure: str) -> ResponseReturnValue:
    row = queries.find_result(str(result), actor=current_actor())
    found, _organisation, _unit, computation, round_, scheme = row
    under = Measure(measure)
    rows = judged.rows(judged.year_of(found, computation, round_, scheme), under)
    about = {**_about(row), "measure": under, "measures": list(Measure)}
    return rows_listing(under).answer(rows, "evaluation/records.html", **about)
