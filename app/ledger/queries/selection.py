"""Which records a round reads: those that concern its year, with all the members of their jobs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from app.catalogue.models import ImportRun, ImportState
from app.kernel import civil
from app.ledger.models import RecordEntry, ServiceRecord
from app.ledger.rules.jobs import LONGEST_CLOSURE

_REACH = LONGEST_CLOSURE + timedelta(days=2)


@dataclass(frozen=True, slots=True)
class FactsQuery:
    """Records that concern a civil year, as the ledger stood before an instant; all providers, or some of them.

    `since` is the as-of of the first round that took records: what was entered from then on may change what
    it took. None where nothing was taken yet.
    """

    year: int
    as_of: datetime
    since: datetime | None = None
    provider_ids: Collection[int] | None = None

    def records(self) -> ColumnElement[bool]:
        record = ServiceRecord
        orders = select(record.order_number).where(
            or_(self._ended(), self._earlier()), record.order_number.is_not(None)
        )
        wanted = or_(self._ended(), record.id.in_(select(self._linked().c.id)), record.order_number.in_(orders))
        return and_(wanted, self._there(record))

    def ended(self) -> ColumnElement[bool]:
        """Those of services that ended in the year, and those that money of the year concerns."""
        return and_(or_(self._ended(), self._earlier()), self._there(ServiceRecord))

    def _ended(self) -> ColumnElement[bool]:
        ends = civil.year(self.year)
        return and_(ServiceRecord.ends_at >= ends.start, ServiceRecord.ends_at < ends.end)

    def _earlier(self) -> ColumnElement[bool]:
        """Ended before the year, and with an entry of the year, one newer than what was taken, or newly entered."""
        record, entry = ServiceRecord, RecordEntry
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        moved = select(entry.record_id).where(entry.on.between(first, last), entry.entered_at < self.as_of)
        found: list[ColumnElement[bool]] = [record.id.in_(moved)]
        if self.since is not None:
            arrived = select(ImportRun.id).where(ImportRun.completed_at >= self.since)
            new = select(entry.record_id).where(entry.on <= last, entry.entered_at >= self.since)
            found += [record.id.in_(new), record.entered_at >= self.since, record.import_run_id.in_(arrived)]
        return and_(record.ends_at < civil.year(self.year).start, or_(*found))

    def _edges(self) -> ColumnElement[bool]:
        """Of the year's own records those that may continue a job of the year before, or be continued after it."""
        record, ends = ServiceRecord, civil.year(self.year)
        first = and_(self._ended(), record.starts_at < ends.start + _REACH)
        last = and_(self._ended(), record.ends_at >= ends.end - _REACH)
        over = and_(record.starts_at < ends.end, record.ends_at >= ends.end)
        return or_(first, last, over)

    def _linked(self) -> CTE:
        """What changed or lies at the edges, and whatever is linked to it from member to member."""
        record = ServiceRecord
        seeds = or_(self._edges(), self._earlier())
        start = select(*_columns(record)).where(seeds, record.order_number.is_(None), self._there(record))
        job = start.cte("job", recursive=True)
        other: Any = aliased(ServiceRecord)
        return job.union(
            select(*_columns(other))
            .join(job, _one_job(other, job))
            .where(other.order_number.is_(None), self._there(other))
        )

    def _there(self, record: Any) -> ColumnElement[bool]:
        complete = select(ImportRun.id).where(
            ImportRun.state == ImportState.COMPLETE, ImportRun.completed_at < self.as_of
        )
        arrived = or_(record.import_run_id.is_(None), record.import_run_id.in_(complete))
        there = and_(record.entered_at < self.as_of, arrived)
        return there if self.provider_ids is None else and_(there, record.provider_id.in_(sorted(self.provider_ids)))


def _columns(record: Any) -> tuple[Any, ...]:
    job = (record.id, record.instrument_id, record.user_id, record.user_label, record.purpose)
    return (*job, record.starts_at, record.ends_at, record.linked_until)


def _one_job(record: Any, job: CTE) -> ColumnElement[bool]:
    """The same user, instrument and purpose, and the later one begins while the earlier one still reaches."""
    same = [getattr(record, name).is_not_distinct_from(job.c[name]) for name in ("user_id", "user_label", "purpose")]
    after = and_(record.ends_at >= job.c.ends_at, record.starts_at <= job.c.linked_until)
    before = and_(record.ends_at <= job.c.ends_at, job.c.starts_at <= record.linked_until)
    return and_(record.instrument_id == job.c.instrument_id, *same, or_(after, before))


def providers_outside_units(query: FactsQuery) -> Select[int]:
    """Row ids of the bodies with records of no evaluation unit: these are scored under the body itself."""
    outside = ServiceRecord.evaluation_unit_id.is_(None)
    return select(ServiceRecord.provider_id).where(query.ended(), outside).distinct()
