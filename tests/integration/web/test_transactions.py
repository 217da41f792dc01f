"""The transaction at the edge: what is not answered with success leaves nothing, and is not told twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError, StatementError

from app import audit
from app.accounts.actions import UserAction
from app.accounts.models import ApiToken, User
from app.audit.models import AuditEntry
from app.billing.models import Charge
from app.booking.models import Occupation, UnmetDemand
from app.booking.services import request
from app.catalogue.models import Instrument
from app.infra.db import session
from app.infra.idempotency import IdempotencyKey
from app.infra.transactions import after_transaction, commit_first, transaction, without_transaction
from app.kernel.civil import civil_day, iso
from app.web.formats import wall
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer
from tests.integration.accounts.test_parallel_guesses import AT_ONCE, together
from tests.integration.booking.test_request import HOUR, book
from tests.integration.usage.test_service import use


def test_a_refused_page_takes_back_what_was_written_before_the_refusal(app: Flask, cast: Cast, now: datetime) -> None:
    """Declining gives the time back and only then sees that the booking is confirmed already."""
    booking = book(cast, now)
    path = f"/bookings/{booking.public_id}/decline"
    assert send(signed_in(app, cast.manager), path, reason="Not today").status_code == 422
    assert session.scalars(select(Occupation.active)).all() == [True]


class Deadlock(Exception):
    sqlstate = "40P01"


def test_a_wish_is_kept_once_however_often_the_database_asks_again(
    client: FlaskClient, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep: Callable[..., None] = request.record_unmet_demand
    tries: list[int] = []

    def interrupted(*given: Any, **more: Any) -> None:
        keep(*given, **more)
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("", {}, Deadlock())

    monkeypatch.setattr(request, "record_unmet_demand", interrupted)
    span = {"starts_at": iso(now - HOUR), "ends_at": iso(now + HOUR)}
    wish = {"instrument": cast.microscope.public_id, "client": cast.firm.public_id, **span}
    answer = client.post("/api/v1/bookings", json=wish, headers=bearer(cast.researcher, now=now))
    assert (answer.status_code, len(tries)) == (422, 3)
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 1


@pytest.mark.parametrize(("fault", "tries"), [(Deadlock, 4), (Exception, 1)])
def test_a_database_that_never_lets_through_is_told_and_leaves_nothing(
    *,
    client: FlaskClient,
    cast: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
    tries: int,
) -> None:
    asked: list[str] = []

    def interrupted(*_given: Any, **_more: Any) -> None:
        asked.append("once more")
        raise OperationalError("", {}, fault())

    monkeypatch.setattr(request, "record_unmet_demand", interrupted)
    span = {"starts_at": iso(now - HOUR), "ends_at": iso(now + HOUR)}
    wish = {"instrument": cast.microscope.public_id, "client": cast.firm.public_id, **span}
    answer = client.post("/api/v1/bookings", json=wish, headers=bearer(cast.researcher, now=now))
    assert (answer.status_code, len(asked)) == (503, tries)
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 0


def test_marks_at_the_same_moment_do_not_pass_the_charge_together(app: Flask, cast: Cast, now: datetime) -> None:
    day = civil_day(use(cast, book(cast, now)))
    app.extensions["clock"].move(hours=48)
    name, charge = app.config["SESSION_COOKIE_NAME"], session.scalars(select(Charge.public_id)).one()
    cookie = signed_in(app, cast.finance).get_cookie(name)
    assert cookie

    def mark(client: FlaskClient) -> int:
        client.set_cookie(name, cookie.value)
        return send(client, f"/charges/{charge}", kind="received", amount="800", on=day, document="1").status_code

    session.remove()
    assert together(app, mark) == {302: 1, 422: AT_ONCE - 1}


def test_a_form_that_arrives_many_times_at_once_takes_effect_once(app: Flask, cast: Cast) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = signed_in(app, cast.researcher).get_cookie(name)
    assert cookie

    def make(client: FlaskClient) -> int:
        client.set_cookie(name, cookie.value)
        said = {"name": "Notebook", "scopes": "booking:read", "days": "30", "idempotency_key": "one key"}
        return send(client, "/account/tokens", **said).status_code

    session.remove()
    assert together(app, make) == {302: AT_ONCE}
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 1
    assert audit.verify() is None


def test_a_question_that_arrives_many_times_at_once_is_answered_alike(app: Flask, cast: Cast, now: datetime) -> None:
    headers = {**bearer(cast.researcher, now=now), "Idempotency-Key": "one key"}
    start = now + 24 * HOUR
    wish = {"instrument": cast.microscope.public_id, "client": cast.firm.public_id}
    wish |= {"starts_at": iso(start), "ends_at": iso(start + HOUR)}

    def ask(client: FlaskClient) -> int:
        return client.post("/api/v1/quotes", json=wish, headers=headers).status_code

    session.remove()
    assert together(app, ask) == {200: AT_ONCE}
    assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1


def test_a_wish_that_arrives_many_times_at_once_is_granted_to_all_and_kept_once(
    app: Flask, cast: Cast, now: datetime
) -> None:
    """Nobody is told that the time is taken by the very booking that was asked for."""
    headers = {**bearer(cast.researcher, now=now), "Idempotency-Key": "one key"}
    start, told = now + 24 * HOUR, set()
    wish = {"instrument": cast.microscope.public_id, "client": cast.firm.public_id, "description": "Fracture surface"}
    wish |= {"starts_at": iso(start), "ends_at": iso(start + HOUR)}

    def ask(client: FlaskClient) -> int:
        answer = client.post("/api/v1/bookings", json=wish, headers=headers)
        told.add((answer.get_json().get("id"), answer.headers.get("Location")))
        return answer.status_code

    session.remove()
    assert together(app, ask) == {201: AT_ONCE}
    assert (len(told), session.scalar(select(func.count()).select_from(Occupation))) == (1, 1)
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 0


def test_a_booking_form_that_arrives_many_times_at_once_leads_to_one_booking(
    app: Flask, cast: Cast, now: datetime
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    cookie, path = signed_in(app, cast.researcher).get_cookie(name), f"/instruments/{cast.microscope.public_id}/book"
    assert cookie
    start, led = now + 24 * HOUR, set()
    wish = {
        "client": cast.firm.public_id,
        "purpose": "research",
        "description": "Fracture",
        "idempotency_key": "one key",
    }
    wish |= {"starts_at": wall(start), "ends_at": wall(start + HOUR)}

    def book_it(client: FlaskClient) -> int:
        client.set_cookie(name, cookie.value)
        answer = send(client, path, **wish)
        led.add(answer.location)
        return answer.status_code

    session.remove()
    assert together(app, book_it) == {302: AT_ONCE}
    assert (len(led), session.scalar(select(func.count()).select_from(Occupation))) == (1, 1)
    assert session.scalar(select(func.count()).select_from(UnmetDemand)) == 0


def test_what_cannot_be_remembered_takes_no_effect(
    app: Flask, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another constraint than that of the key is no sign of an earlier answer, but a defect."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def spoil(_mapper: object, _connection: object, row: IdempotencyKey) -> None:
        row.route = None  # type: ignore[assignment]

    headers = {**bearer(cast.administrator, now=now), "Idempotency-Key": "one key"}
    draft = {"provider": cast.university.public_id, "inner_id": "A-1", "name": "电镜"}
    client, known = signed_in(app, cast.researcher), session.scalar(select(func.count()).select_from(ApiToken))
    event.listen(IdempotencyKey, "before_insert", spoil)
    try:
        page = send(client, "/account/tokens", name="Notebook", scopes="booking:read", days="30")
        program = client.post("/api/v1/instruments", json=draft, headers=headers)
    finally:
        event.remove(IdempotencyKey, "before_insert", spoil)
    assert (page.status_code, program.status_code) == (500, 500)
    assert session.scalar(select(func.count()).select_from(ApiToken)) == known
    assert session.scalar(select(func.count()).where(Instrument.inner_id == "A-1")) == 0


def test_what_breaks_beforehand_leaves_nothing_of_itself(cast: Cast) -> None:
    """Whoever goes on after it would keep half of it."""
    change = update(User).where(User.id == cast.researcher.id).values(name="Half")

    def half() -> None:
        session.execute(change)
        raise OSError("no disk")

    with transaction():
        with pytest.raises(OSError, match="no disk"):
            commit_first(half)
        session.execute(update(User).where(User.id == cast.colleague.id).values(name="Whole"))
    names = select(User.name).where(User.id.in_([cast.researcher.id, cast.colleague.id])).order_by(User.id)
    assert session.scalars(names).all() == ["researcher", "Whole"]


def test_surviving_is_promised_only_around_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="needs a transaction around it"):
        after_transaction(lambda: None)


@pytest.mark.parametrize("odd", [{"microsecond": 1}, {"year": 1989}, {"year": 2101}])
def test_a_time_that_the_engines_would_not_give_back_alike_is_not_stored(
    cast: Cast, now: datetime, odd: dict[str, Any]
) -> None:
    change = update(User).where(User.id == cast.researcher.id).values(created_at=now.replace(**odd))
    with pytest.raises(StatementError, match="whole seconds between 1990 and 2100"), transaction():
        session.execute(change)


def test_what_comes_beforehand_never_loses_what_was_written(cast: Cast, now: datetime) -> None:
    """It begins by rolling back; flushed rows would be lost without a word."""
    change = update(User).where(User.id == cast.researcher.id).values(name="Renamed")
    with transaction():
        session.execute(change)
        with pytest.raises(RuntimeError, match="before anything is written"):
            commit_first(lambda: None)
        without_transaction(lambda: None)
    assert session.scalar(select(User.name).where(User.id == cast.researcher.id)) == "Renamed"
    with transaction():
        cast.colleague.name = "Flushed"
        session.flush()
        without_transaction(lambda: None)
    with transaction():
        audit.record(UserAction.CHANGED, cast.colleague, actor=acting(cast.colleague), now=now)
        without_transaction(lambda: None)
    assert session.scalars(select(AuditEntry.action)).all() == ["user.changed"]
    session.expire_all()
    assert cast.colleague.name == "Flushed"
