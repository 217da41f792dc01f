"""The rows behind each figure of a result: what each adds, what they come to, and what the indicator makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.evaluation import queries
from app.evaluation.labels import PAPERS
from app.evaluation.permissions import ResultPermission
from app.evaluation.queries import judged
from app.evaluation.queries.judged import Judged
from app.evaluation.rules.indicators import IndicatorCode
from app.evaluation.rules.indicators.completeness import DEFAULT, EVIDENCE
from app.evaluation.rules.indicators.satisfaction import BEST
from app.evaluation.views.blueprint import blueprint
from app.evaluation.views.results import ROWS, about, part_shown
from app.evaluation.views.scoreboard import stamps
from app.kernel.money import Money
from app.ledger.rules.exclusions import Measure, Reason
from app.web.current import current_actor
from app.web.formats import hours, number, yuan
from app.web.i18n import named
from app.web.labels import choices, label
from app.web.listing import Column, Empty, Filter, Listing
from app.web.listing_rows import RowsListing

KINDS = (*(m.value for m in Measure), IndicatorCode.SATISFACTION.value, IndicatorCode.COMPLETENESS.value)
Settings = Mapping[str, Any]


def rows_listing(kind: str, settings: Settings) -> Listing:
    own, filters = _own_columns(kind, settings)
    return RowsListing(
        columns=(
            Column("number", _l("Record number"), lambda r: r.number, lambda r: r.number, _record),
            Column("ended", _l("Ended"), lambda r: r.ended, lambda r: (r.ended, r.number)),
            Column("instrument", _l("Instrument"), lambda r: named(r.instrument), _by_name("instrument")),
            Column("client", _l("Client"), lambda r: named(r.client), _by_name("client")),
            Column("charged", _l("Charged (yuan)"), lambda r: Money(r.facts.charged), _by_charge, figure="yuan"),
            *own,
        ),
        search=lambda asked: lambda r: all(w in _words(r) for w in asked.casefold().split()),
        filters=filters,
        empty=Empty(_l("No record concerns this year yet.")),
        file_name=f"records-{kind}",
    )


def _own_columns(kind: str, settings: Settings) -> tuple[tuple[Column, ...], tuple[Filter, ...]]:
    if kind == IndicatorCode.COMPLETENESS:
        return _papers(settings), (Filter("counts", _l("Evidence complete"), _yes_or_no, _complete(settings)),)
    leading = (Column("with", _l("Counted with"), lambda r: r.leader, link=_leader),) if kind == Measure.COUNT else ()
    value = _rating() if kind == IndicatorCode.SATISFACTION else _value(Measure(kind))
    columns = (
        Column("evidence", _l("Evidence"), lambda r: r.facts.evidence),
        Column("counts", _l("Counts"), lambda r: r.verdict.counts, lambda r: (r.verdict.counts, r.number)),
        value,
        Column("reasons", _l("Why not"), lambda r: list(r.verdict.reasons)),
        *leading,
        Column("missing", _l("Still missing"), lambda r: list(r.verdict.missing)),
    )
    return columns, (
        Filter("counts", _l("Counts"), _yes_or_no, lambda chosen: lambda row: row.verdict.counts == (chosen == "1")),
        Filter("reason", _l("Why not"), lambda: choices(Reason), _with_reason),
    )


def _yes_or_no() -> list[tuple[str, str]]:
    return [("1", _("yes")), ("0", _("no"))]


def _words(row: Judged) -> str:
    return " ".join((row.number, *row.instrument, *row.client)).casefold()


def _by_name(party: str) -> Callable[[Judged], tuple[str, str]]:
    return lambda row: (named(getattr(row, party)), row.number)


def _by_charge(row: Judged) -> tuple[int, str]:
    return row.facts.charged, row.number


def _record(row: Judged) -> str:
    return url_for("ledger.show", record=row.facts.key)


def _leader(row: Judged) -> str | None:
    """The record that stands for the whole of a split order."""
    key = row.verdict.counted_with
    return url_for("ledger.show", record=key) if key else None


def _value(measure: Measure) -> Column:
    if measure is Measure.INCOME:
        return Column("value", _l("Adds (yuan)"), lambda r: Money(r.verdict.value), _by_value, figure="yuan")
    if measure is Measure.HOURS:
        return Column("value", _l("Adds (hours)"), lambda r: r.verdict.value * 60, _by_value, figure="hours")
    return Column("value", _l("Adds"), lambda r: r.verdict.value, _by_value, figure="number")


def _by_value(row: Judged) -> tuple[int, str]:
    return row.verdict.value, row.number


def _rating() -> Column:
    return Column(
        "rating", _l("Rating"), lambda r: r.facts.rating, lambda r: (r.facts.rating or 0, r.number), figure="number"
    )


def _with_reason(chosen: str) -> Callable[[Judged], bool]:
    return lambda row: Reason(chosen) in row.verdict.reasons


def _asked(settings: Settings) -> Sequence[str]:
    return settings.get("required", DEFAULT)


def _present(row: Judged, settings: Settings) -> int:
    return sum(EVIDENCE[name](row.facts) for name in _asked(settings))


def _papers(settings: Settings) -> tuple[Column, ...]:
    def there(name: str) -> Callable[[Judged], bool]:
        return lambda row: EVIDENCE[name](row.facts)

    papers = tuple(Column(name, PAPERS[name], there(name)) for name in _asked(settings))
    return (*papers, Column("value", _l("Adds"), lambda r: _present(r, settings), figure="number"))


def _complete(settings: Settings) -> Callable[[str], Callable[[Judged], bool]]:
    return lambda chosen: lambda row: (_present(row, settings) == len(_asked(settings))) == (chosen == "1")


def told(kind: str, rows: Sequence[Judged], settings: Settings) -> list[tuple[str, str]]:
    """How many rows there are to it, and what they come to."""
    if kind == IndicatorCode.COMPLETENESS:
        there, of = sum(_present(row, settings) for row in rows), len(rows) * len(_asked(settings))
        return [(_("External services"), number(len(rows))), (_("Evidence present"), f"{number(there)} / {number(of)}")]
    counted = [row for row in rows if row.verdict.counts]
    if kind == IndicatorCode.SATISFACTION:
        stars = [row.facts.rating for row in counted if row.facts.rating is not None]
        come_to = f"{number(sum(stars))} / {number(BEST * len(stars))}"
        return [(_("Counted services that were rated"), number(len(stars))), (_("Sum of the ratings"), come_to)]
    adding = sum(row.verdict.value for row in rows)
    return [(_("Rows that count"), number(len(counted))), (_("They add up to"), _sum(Measure(kind), adding))]


def _sum(measure: Measure, adding: int) -> str:
    match measure:
        case Measure.INCOME:
            return _("%(amount)s yuan", amount=yuan(Money(adding)))
        case Measure.HOURS:
            return _("%(hours)s hours", hours=hours(adding * 60))
        case _:
            return number(adding)


@blueprint.get(
    "/evaluation/results/<uuid:result>/<any(count, income, clients, hours, satisfaction, completeness):kind>",
    permission=ResultPermission.VIEW,
)
def records(result: object, kind: str) -> ResponseReturnValue:
    row = queries.find_result(str(result), actor=current_actor())
    found, _organisation, _unit, computation, round_, scheme = row
    year = judged.year_of(found, computation, round_, scheme)
    part = next((part_shown(p) for p in found.parts if ROWS[IndicatorCode(p["code"])] == kind), None)
    settings = _settings(scheme.document, part)
    rows = _rows(kind, year, round_.year)
    page = {
        "kind": kind,
        "name_of_rows": _name(kind),
        "kinds": [(one, _name(one)) for one in KINDS],
        "part": part,
        "told": told(kind, rows, settings),
        "clients": judged.by_client(rows) if kind in (Measure.COUNT, Measure.CLIENTS) else [],
        "ceiling": settings.get("per_client_ceiling"),
        "floor": Money(settings["floor_fen"]) if "floor_fen" in settings else None,
    }
    listing = replace(rows_listing(kind, settings), stamps=stamps(round_, scheme, computation))
    return listing.answer(rows, "evaluation/records.html", **about(row), **page)


def _name(kind: str) -> Any:
    return label(Measure(kind)) if kind in set(Measure) else label(IndicatorCode(kind))


def _rows(kind: str, year: judged.Year, number: int) -> list[Judged]:
    if kind == IndicatorCode.COMPLETENESS:
        return judged.external(year, number)
    return judged.rows(year, Measure.COUNT if kind == IndicatorCode.SATISFACTION else Measure(kind))


def _settings(document: Mapping[str, Any], part: Mapping[str, Any] | None) -> Settings:
    """What the scheme set for the indicator that these rows are of."""
    found: Iterator[Settings] = (
        i.get("settings", {}) for i in document["indicators"] if part and i["code"] == part["code"]
    )
    return next(found, {})
