"""The invented story, whatever day it is told: its size, its proportions, its awkward cases, and that it adds up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import audit
from app.booking.models import Booking, UnmetDemand
from app.booking.rules.states import BookingState
from app.catalogue.models import PublicHoliday
from app.demo import load as story
from app.evaluation import queries
from app.evaluation.models import Result
from app.evaluation.queries.verification import differences
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.civil import civil_day, civil_year
from app.ledger.models import ServiceRecord
from app.organisations.models import AdmittedRole, Organisation, OrganisationRole, RelatedParty

DAYS = [
    datetime(2026, 12, 31, 16, 30, tzinfo=UTC),  # half past midnight on New Year's Day in Beijing
    *(
        pytest.param(day, marks=pytest.mark.slow)
        for day in (datetime(2028, 2, 29, 1, tzinfo=UTC), datetime(2027, 8, 1, 12, tzinfo=UTC))
    ),
]


@pytest.mark.parametrize("now", DAYS, ids=["new-year", "leap-day", "summer"])
def test_the_story_can_be_told_on_any_day(app: Flask, now: datetime) -> None:
    with transaction():
        counts = story.load(now=now)
        story.evaluate(now=now)
    assert story.loaded()
    assert counts["instruments"] >= 60
    assert 5_300 < counts["bookings"] < 6_500  # fewer where the story spans more public holidays
    assert set(session.scalars(select(AdmittedRole.role))) == set(OrganisationRole)
    kinds = {"university", "research-institute", "medical", "central-enterprise", "small-enterprise", "start-up-team"}
    assert kinds <= {kind.value for kind in session.scalars(select(Organisation.kind))}
    assert session.scalar(select(func.count()).select_from(RelatedParty)) == 1
    first, last = session.execute(select(func.min(Booking.starts_at), func.max(Booking.starts_at))).one()
    assert (now - first > timedelta(weeks=77), last > now) == (True, True)
    _is_believable(now)
    _is_awkward()
    _adds_up(now)


def _is_believable(now: datetime) -> None:
    """Somewhat less than a fifth of the hours are for others, and the last quarter is the fullest (domain.md §5)."""
    minutes, quarters = Counter[bool](), Counter[int]()
    for record in session.scalars(select(ServiceRecord)):
        minutes[record.internal] += record.effective_minutes
        if civil_year(record.ends_at) == civil_year(now) - 1:
            quarters[(record.ends_at.month + 2) // 3] += record.effective_minutes
    days_off = set(session.scalars(select(PublicHoliday.day).where(PublicHoliday.off)))
    assert date(2026, 10, 1) in days_off
    assert {civil_day(start) for start in session.scalars(select(Booking.starts_at))} & days_off == set()
    assert 0.12 < minutes[False] / minutes.total() < 0.22
    assert quarters.most_common(1)[0][0] == 4


def _is_awkward() -> None:
    states = set(session.scalars(select(Booking.state)))
    S = BookingState  # noqa: N806 - a short name for a row
    assert {S.REQUESTED, S.CONFIRMED, S.DECLINED, S.CANCELLED, S.NO_SHOW, S.ENDED, S.COMPLETED} <= states
    reasons = {code for codes in session.scalars(select(UnmetDemand.codes)) for code in codes}
    assert {"slot-taken", "outside-opening-hours"} <= reasons


def _adds_up(now: datetime) -> None:
    assert audit.verify() is None
    years = {}
    for round_, scheme, computation in session.execute(queries.rounds()).all():
        assert differences(computation) == []
        assert (round_.trial, "[Demonstration]" in scheme.title_en) == (False, True)
        scores = session.scalars(select(Result.score).where(Result.computation_id == computation.id)).all()
        years[round_.year] = scores
    this = civil_year(now)  # of which New Year's Day has nothing to score yet
    assert {year: len(scores) for year, scores in years.items()} == {this - 1: 9, this: 9}
    assert len(set(years[this - 1])) == 9, "no two alike"
