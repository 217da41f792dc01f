"""The list of rows behind a figure: its columns and filters follow from the indicator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from app.catalogue.models import Instrument
from app.evaluation.labels import PAPERS
from app.evaluation.models import RecordVerdict
from app.evaluation.queries.drilldown import counts, once, value
from app.evaluation.rules.indicators import INDICATORS, Population, RowColumn
from app.evaluation.rules.indicators.indicator import COMMON
from app.evaluation.rules.rows import missing, reasons_of, unmarked
from app.evaluation.rules.schemes import Scheme as Rules
from app.evaluation.rules.schemes import WeightedIndicator
from app.evaluation.views.figures import indicator_name
from app.kernel.money import Money
from app.ledger.models import ServiceRecord
from app.ledger.rules.exclusions import Measure, Reason
from app.organisations.models import Organisation
from app.web.i18n import named
from app.web.labels import choices, label
from app.web.listing import ByName, Column, Empty, Filter, Listing, both_names, contains

V = RecordVerdict


@dataclass(frozen=True, slots=True)
class RowsView:
    """One page of rows: those of an indicator of the scheme, or of a measure that no indicator of it reads."""

    key: str
    name: str
    measure: Measure
    columns: tuple[RowColumn, ...]
    population: Population
    weighted: WeightedIndicator | None

    @property
    def required(self) -> tuple[str, ...]:
        """The papers that the scheme asks for, on a page that shows papers."""
        return getattr(self.weighted.settings, "required", ()) if self.weighted else ()


def views_of(rules: Rules | None) -> dict[str, RowsView]:
    """By key: the indicators of the scheme; each measure is the indicator that adds it up, or has a page of its own."""
    found: dict[str, RowsView] = {}
    for weighted in rules.indicators if rules else ():
        kind = INDICATORS[weighted.code]
        name = indicator_name(kind.code)
        found[kind.code] = RowsView(kind.code, name, kind.measure, kind.columns, kind.population, weighted)
    plain = {view.measure: view for view in reversed(found.values()) if RowColumn.ADDS in view.columns}
    for measure in Measure:
        if measure in plain:
            found[measure.value] = plain[measure]
            continue
        columns = (*COMMON, RowColumn.COUNTED_WITH) if measure is Measure.COUNT else COMMON
        found[measure.value] = RowsView(measure, label(measure), measure, columns, Population.CONCERNED, None)
    return found


def rows_listing(view: RowsView) -> Listing:
    own = [column for name in view.columns for column in _COLUMNS[name](view)]
    return Listing(
        columns=(
            Column(
                "number", _l("Record number"), lambda r: r.ServiceRecord.source_key, ServiceRecord.source_key, _record
            ),
            Column("ended", _l("Ended"), lambda r: r.RecordVerdict.ended_at, V.ended_at),
            Column("instrument", _l("Instrument"), lambda r: named(r.Instrument), ByName(Instrument)),
            Column("client", _l("Client"), lambda r: named(r.Organisation), ByName(Organisation)),
            Column("charged", _l("Charged (yuan)"), lambda r: r.RecordVerdict.charged, V.charged, figure="yuan"),
            *own,
        ),
        search=lambda words: contains(
            words, ServiceRecord.source_key, *both_names(Instrument), *both_names(Organisation)
        ),
        filters=_filters(view),
        order=(V.ended_at.desc(), V.id.desc()),
        empty=Empty(_l("No such row concerns this year.")),
        file_name=f"records-{view.key}",
    )


def _filters(view: RowsView) -> tuple[Filter, ...]:
    whole = _complete(view) if RowColumn.PAPERS in view.columns else counts(view.measure)
    title = _l("Evidence complete") if RowColumn.PAPERS in view.columns else _l("Counts")
    found = (Filter("counts", title, _yes_or_no, lambda chosen: whole if chosen == "1" else ~whole),)
    if RowColumn.REASONS in view.columns:
        reason = Filter("reason", _l("Why not"), lambda: choices(Reason), lambda chosen: _with_reason(view, chosen))
        return (*found, reason)
    return found


def _yes_or_no() -> list[tuple[str, str]]:
    return [("1", _("yes")), ("0", _("no"))]


def _with_reason(view: RowsView, chosen: str) -> ColumnElement[bool]:
    return V.reasons.contains(f"|{view.measure}:{chosen}|", autoescape=True)


def _has(paper: str) -> ColumnElement[bool]:
    return V.papers.contains(f"|{paper}|", autoescape=True)


def present(view: RowsView) -> ColumnElement[int]:
    first, *rest = (once(_has(paper)) for paper in view.required)
    return sum(rest, first)


def _complete(view: RowsView) -> ColumnElement[bool]:
    return present(view) == len(view.required)


def _record(row: Any) -> str:
    return url_for("ledger.show", record=row.RecordVerdict.record_key)


def _leader(row: Any) -> str | None:
    """The record that stands for the whole of a split order."""
    key = row.RecordVerdict.counted_with
    return url_for("ledger.show", record=key) if key else None


def _adds(view: RowsView) -> Column:
    name, column = f"{view.measure}_value", value(view.measure)
    head, figure, written = {
        Measure.INCOME: (_l("Adds (yuan)"), "yuan", Money),
        Measure.HOURS: (_l("Adds (hours)"), "hours", lambda minutes: minutes * 60),
    }.get(view.measure, (_l("Adds"), "number", int))
    return Column("value", head, lambda r: written(getattr(r.RecordVerdict, name)), column, figure=figure)


def _papers(view: RowsView) -> list[Column]:
    def there(name: str) -> Callable[[Any], bool]:
        return lambda row: name in unmarked(row.RecordVerdict.papers)

    papers = [Column(name, PAPERS[name], there(name)) for name in view.required]
    adds = Column("value", _l("Adds"), lambda r: sum(there(name)(r) for name in view.required), figure="number")
    return [*papers, adds]


def _reasons(view: RowsView) -> Callable[[Any], list[Reason]]:
    return lambda row: reasons_of(row.RecordVerdict.reasons, view.measure)


_COLUMNS: Mapping[RowColumn, Callable[[RowsView], list[Column]]] = {
    RowColumn.PAID_ON: lambda _v: [
        Column("paid_on", label(RowColumn.PAID_ON), lambda r: r.RecordVerdict.paid_on, V.paid_on)
    ],
    RowColumn.INVOICES: lambda _v: [Column("invoices", label(RowColumn.INVOICES), lambda r: r.invoices or "")],
    RowColumn.EVIDENCE: lambda _v: [Column("evidence", label(RowColumn.EVIDENCE), lambda r: r.RecordVerdict.evidence)],
    RowColumn.COUNTS: lambda v: [
        Column("counts", label(RowColumn.COUNTS), lambda r: getattr(r.RecordVerdict, f"{v.measure}_counts"))
    ],
    RowColumn.ADDS: lambda v: [_adds(v)],
    RowColumn.RATING: lambda _v: [
        Column("rating", label(RowColumn.RATING), lambda r: r.RecordVerdict.rating, V.rating, figure="number")
    ],
    RowColumn.PAPERS: _papers,
    RowColumn.REASONS: lambda v: [Column("reasons", label(RowColumn.REASONS), _reasons(v))],
    RowColumn.COUNTED_WITH: lambda _v: [
        Column("with", label(RowColumn.COUNTED_WITH), lambda r: r.leader or "", link=_leader)
    ],
    RowColumn.MISSING: lambda v: [Column("missing", label(RowColumn.MISSING), lambda r: missing(_reasons(v)(r)))],
}
