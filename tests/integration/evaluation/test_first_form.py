"""Rounds that were final before anything was stored of what they took: filled by the upgrade, or named by it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.evaluation.models import Computation, Round, Scheme
from app.evaluation.queries.first_form import compute_first
from app.evaluation.queries.verification import differences
from app.evaluation.rules.states import RoundState
from app.evaluation.services import acts
from app.infra.db import session
from app.infra.transactions import transaction
from app.ledger.rules.entries import EntryKind
from app.organisations.models import Organisation
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.records import entry, record, settled
from tests.integration.evaluation.test_takings import SHELL, add, compute, figures, open_year, stored
from tests.unit.rounds import SEED

BEFORE = "0013_secrets"
AS_OF = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)


def basis(cast: Cast) -> dict[str, Any]:
    """As form 1 kept it: (id, key, legal person, counts) of every body, and relations."""
    rows = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return {
        "units": [[cast.university.public_id, "university", 0]],
        "cut_offs": {"2026": "2027-03-31"},
        "bodies": [[row.id, row.public_id, row.id, True] for row in rows],
        "relations": [[cast.university.id, cast.other_firm.id, "2026-01-05", None]],
    }


@pytest.fixture
def first(scheme: Scheme) -> Scheme:
    """The edition of then."""
    data = json.loads(SEED.read_text(encoding="utf-8"))
    values = {name: getattr(scheme, name) for name in ("title", "title_en", "source", "suggested", "published_on")}
    with transaction():
        row = Scheme(
            **values, code="then", edition=1, valid_from=date(2026, 4, 21), document=data["document"], digest="x"
        )
        session.add(row)
    return row


def final_of_then(cast: Cast, scheme: Scheme, **changes: Any) -> Round:
    """A round of 2026 as the platform made it final under form 1."""
    with transaction():
        round_ = Round(scheme_id=scheme.id, year=2026, cut_off=date(2027, 3, 31), trial=False)
        session.add(round_)
        session.flush()
        for state in (RoundState.OPEN, RoundState.PROVISIONAL):
            acts.take(round_, state, actor=SHELL, now=AS_OF)
        values = {"as_of": AS_OF, "form": 1, "records": 0, "verdicts": 0, "basis": basis(cast)}
        draft = Computation(round_id=round_.id, input_digest="", result_digest="", **values)
        again = compute_first(draft, round_, scheme)
        digests = {"input_digest": again.input_digest, "result_digest": again.result_digest} | changes
        made = Computation(round_id=round_.id, **values, **digests)
        session.add(made)
        session.flush()
        acts.take(round_, RoundState.FINAL, actor=acting(cast.officer), now=AS_OF, computation=made)
    return round_


def comes_out(computation: Computation) -> bool:
    """What was computed; rows, audit and what the round took are not part of this story."""
    return not [one for one in differences(computation) if one.subject == "computation"]


@pytest.fixture
def year(cast: Cast) -> dict[str, str]:
    with transaction():
        full = settled(cast.microscope, cast.firm)
        related = settled(cast.microscope, cast.other_firm, ends_at=datetime(2026, 7, 2, 3, tzinfo=UTC))
        unpaid = record(cast.microscope, cast.firm, ends_at=datetime(2026, 8, 2, 3, tzinfo=UTC))
        entry(unpaid, EntryKind.CONFIRMED, rating=5)
        owed = record(cast.microscope, cast.firm, ends_at=datetime(2026, 9, 2, 3, tzinfo=UTC))
        entry(owed, EntryKind.CONFIRMED, rating=5)
        add(owed, EntryKind.RECEIVED, 1000, date(2027, 2, 1))
        return {
            "full": full.public_id,
            "related": related.public_id,
            "unpaid": unpaid.public_id,
            "owed": owed.public_id,
        }


def test_what_final_rounds_took_is_filled_by_computing_them_again(
    app: Flask, cast: Cast, first: Scheme, year: dict[str, str], now: datetime
) -> None:
    round_ = final_of_then(cast, first)
    (computation,) = session.scalars(select(Computation))
    assert comes_out(computation)
    session.remove()
    downgrade(revision=BEFORE)
    upgrade()
    found = {key: stored(round_)[year[key]] for key in year}
    assert {key: (count, income, outcome.value) for key, (count, income, _clients, outcome) in found.items()} == {
        "full": (1, 1000_00, "counted"),
        "related": (0, 0, "excluded"),
        "unpaid": (0, 0, "waiting"),
        "owed": (1, 0, "counted"),
    }
    assert session.scalars(select(Computation.form)).all() == [1]
    assert comes_out(session.scalars(select(Computation)).one())


def test_the_year_after_takes_the_income_that_form_1_had_left_to_it_and_nothing_twice(
    app: Flask, cast: Cast, first: Scheme, year: dict[str, str], now: datetime
) -> None:
    final_of_then(cast, first)
    session.remove()
    downgrade(revision=BEFORE)
    upgrade()
    following = open_year(session.merge(first), 2027, now)
    assert figures(compute(following, datetime(2028, 1, 5, tzinfo=UTC))) == {
        "service-count": "0", "service-income": "0.1", "client-count": "0",
    }  # fmt: skip


def test_a_final_round_that_comes_out_otherwise_stops_the_upgrade_by_name(
    app: Flask, cast: Cast, first: Scheme, year: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    final_of_then(cast, first, result_digest="0" * 64)
    (computation,) = session.scalars(select(Computation.public_id))
    session.remove()
    downgrade(revision=BEFORE)
    with pytest.raises(SystemExit):
        upgrade()
    session.remove()
    named = caplog.text
    assert "do not come out" in named
    assert computation in named
    assert "year 2026" in named
    assert session.scalar(text("SELECT version_num FROM alembic_version")) == BEFORE
    session.remove()


def test_computations_of_today_keep_the_schema_they_need(app: Flask, cast: Cast, running: Round, now: datetime) -> None:
    compute(running, now)
    session.remove()
    with pytest.raises(SystemExit):
        downgrade(revision=BEFORE)
