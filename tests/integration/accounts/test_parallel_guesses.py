"""Guesses that come at the same moment are counted as if they came in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import OneTimeCode
from app.accounts.rules import limits
from app.infra.db import session
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send

AT_ONCE = 16


def together(app: Flask, act: Callable[[FlaskClient], int]) -> Counter[int]:
    """What so many browsers are answered that knock at once."""
    start = Barrier(AT_ONCE)

    def one() -> int:
        with app.app_context():
            client = app.test_client()
            csrf_token(client)
            start.wait(20)
            status = act(client)
            session.remove()
            return status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(done.result(60) for done in [pool.submit(one) for _ in range(AT_ONCE)])


def test_no_more_passwords_are_heard_than_in_a_row(app: Flask, cast: Cast) -> None:
    def guess(client: FlaskClient) -> int:
        return send(client, "/sign-in", address="researcher@example.org", password="wrong").status_code

    session.remove()
    heard = limits.SIGN_IN_PLACE.most
    assert together(app, guess) == {422: heard, 429: AT_ONCE - heard}


def test_no_more_codes_are_sent_than_in_a_row(app: Flask, cast: Cast) -> None:
    def ask(client: FlaskClient) -> int:
        return send(client, "/forgot-password", address="researcher@example.org").status_code

    session.remove()
    sent = limits.CODE_ACCOUNT.most
    assert together(app, ask) == {302: sent, 429: AT_ONCE - sent}


def test_no_more_codes_are_compared_than_in_a_row(app: Flask, cast: Cast, client: FlaskClient) -> None:
    send(client, "/forgot-password", address="researcher@example.org")
    with client.session_transaction() as kept:
        waiting = kept["waiting_address"]

    def guess(other: FlaskClient) -> int:
        with other.session_transaction() as cookie:
            cookie["waiting_address"] = waiting
        return send(other, "/reset-password", code="no code", password="a wholly new secret").status_code

    session.remove()
    assert together(app, guess) == {422: AT_ONCE}
    assert session.query(OneTimeCode).one().tries == limits.CODE_TRIES
