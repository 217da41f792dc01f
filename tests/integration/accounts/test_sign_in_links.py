"""Wrong passwords of a stranger leave the owner two ways in; guessing from many places is stopped all the same."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import User, UserState
from app.accounts.rules import limits
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from tests.conftest import Clock
from tests.factories.pages import csrf_token, send
from tests.integration.accounts.test_entry import NEW, PASSWORD, sign_up

STRANGER = "203.0.113.9"


def tries(app: Flask, password: str, place: str) -> TestResponse:
    client = app.test_client()
    fields = {"csrf_token": csrf_token(client), "address": NEW["address"], "password": password}
    return client.post("/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": place})


def link() -> str:
    session.rollback()
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    found = re.search(r"/one-time-link/[\w-]+", message.whole(message.body) if message else "")
    assert found
    return found[0]


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    answers = [tries(app, "wrong", STRANGER).status_code for _ in range(limits.SIGN_IN_PLACE.most + 1)]
    assert answers == [422] * limits.SIGN_IN_PLACE.most + [429]
    assert tries(app, PASSWORD, STRANGER).status_code == 429
    assert tries(app, PASSWORD, "198.51.100.1").status_code == 302


def test_guesses_from_many_places_are_one_guessing(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    heard = [tries(app, "wrong", f"203.0.113.{n}").status_code for n in range(limits.SIGN_IN_ACCOUNT.most)]
    assert set(heard) == {422}
    assert tries(app, PASSWORD, "203.0.113.200").status_code == 429
    own = app.test_client()
    assert send(own, "/one-time-link", address=NEW["address"]).location == "/one-time-link"
    assert send(own, link()).location == "/desk"
    assert "Li Hua" in own.get("/account").text


def test_a_link_signs_in_once_and_only_when_it_is_pressed(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    send(app.test_client(), "/one-time-link", address=NEW["address"])
    address, scanner, owner = link(), app.test_client(), app.test_client()
    assert "Li Hua" in scanner.get(address).text
    assert scanner.get("/account").status_code == 302, "looking at the page signs nobody in"
    assert owner.post(address).status_code == 400, "no other site presses it"
    assert send(owner, address).location == "/desk"
    assert send(app.test_client(), address).status_code == 404


def test_a_link_ends_with_its_hour_and_with_the_account(app: Flask, client: FlaskClient, clock: Clock) -> None:
    sign_up(client)
    send(app.test_client(), "/one-time-link", address=NEW["address"])
    with transaction():
        session.scalars(select(User)).one().state = UserState.SUSPENDED
    assert app.test_client().get(link()).status_code == 404
    with transaction():
        session.scalars(select(User)).one().state = UserState.ACTIVE
    assert app.test_client().get(link()).status_code == 200
    clock.move(seconds=limits.LINK_LIFE.total_seconds())
    assert send(app.test_client(), link()).status_code == 404


def test_who_is_suspended_is_answered_alike_and_sent_nothing(app: Flask, client: FlaskClient) -> None:
    sign_up(client)
    with transaction():
        session.scalars(select(User)).one().state = UserState.SUSPENDED
    before = session.scalar(select(func.count()).select_from(OutboxMessage))
    answer = send(app.test_client(), "/one-time-link", address=NEW["address"])
    assert (answer.status_code, answer.location) == (302, "/one-time-link")
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before


def test_who_has_no_account_is_answered_alike_and_sent_nothing(app: Flask) -> None:
    client = app.test_client()
    answer = send(client, "/one-time-link", address="nobody@example.org")
    assert (answer.status_code, answer.location) == (302, "/one-time-link")
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_who_uses_the_limit_up_has_sent_the_owner_links_that_work(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    sign_up(client)
    answers = []
    for _ in range(limits.LINK_ACCOUNT.most + 1):
        answers.append(send(app.test_client(), "/one-time-link", address=NEW["address"]).status_code)
        clock.move(minutes=1)
    assert answers == [302] * limits.LINK_ACCOUNT.most + [429]
    assert send(app.test_client(), link()).location == "/desk"


@pytest.mark.parametrize("place", ["203.0.113.9", "198.51.100.1"])
def test_without_the_place_anybody_would_lock_the_owner_out(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Negative control: counted by account alone, five wrong tries shut every place."""
    sign_up(client)
    monkeypatch.setattr("app.accounts.services.authentication._place", lambda address, actor: address.text)
    for _ in range(limits.SIGN_IN_PLACE.most):
        tries(app, "wrong", STRANGER)
    assert tries(app, PASSWORD, place).status_code == 429
