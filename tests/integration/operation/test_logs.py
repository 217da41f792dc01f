"""Logs are one JSON object a line, say what a person looks for, and never repeat a secret or an address."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.infra.db import session
from app.infra.logs import json_formatter, plain_formatter
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from tests.conftest import Clock
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.factories.tokens import bearer

MAIL, MOBILE = "canary@example.org", "13800138000"
PASSWORDS = ("quiet-otter-first-17", "quiet-otter-second-18", "quiet-otter-wrong-19")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root, handler = logging.getLogger(), logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def code() -> str:
    session.rollback()
    secret = session.scalars(select(OutboxMessage.secret).order_by(OutboxMessage.id.desc())).first()
    found = re.search(r"\d{6}", secret or "")
    assert found
    return found[0]


def test_no_secret_of_a_whole_life_of_an_account_is_logged(
    app: Flask, client: FlaskClient, clock: Clock, written: io.StringIO
) -> None:
    first, second, wrong = PASSWORDS
    send(client, "/sign-up", name="Canary Person", address=MAIL, password=first, agree="y")
    codes = [code()]
    send(client, "/verify", code=codes[0])
    send(client, "/sign-out")
    send(client, "/sign-in", address=MAIL, password=wrong)
    clock.move(hours=2)
    send(client, "/forgot-password", address=MAIL)
    codes.append(code())
    send(client, "/reset-password", code=codes[1], password=second)
    entered = send(client, "/sign-in?next=/account&token=canary-query", address=MAIL, password=second)
    assert entered.location == "/account"
    client.get("/account", headers={"Authorization": "Bearer isp_canary-bearer"})
    client.get("/api/v1/bookings", headers={"Authorization": "Bearer isp_canary-bearer"})
    log = written.getvalue()
    requests = [line for line in lines(written) if line["event"] == "request"]
    assert len(requests) == 9
    hidden = [MAIL, "Canary Person", "canary-query", "canary-bearer", *PASSWORDS, *codes]
    assert [canary for canary in hidden if canary in log] == []


def test_a_request_is_one_line_with_its_route_result_and_person(
    app: Flask, cast: Cast, clock: Clock, written: io.StringIO
) -> None:
    answer = signed_in(app, cast.researcher).get(f"/instruments/{cast.microscope.public_id}?q=what-i-search")
    line = next(line for line in lines(written) if line["event"] == "request")
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["status"], line["user_id"]) == ("GET", answer.status_code, cast.researcher.id)
    assert line["route"].startswith("/instruments/<uuid:")
    assert line["ms"] >= 0
    assert {"level", "logger", "timestamp"} <= set(line)


def test_a_real_token_is_not_logged(client: FlaskClient, cast: Cast, clock: Clock, written: io.StringIO) -> None:
    header = bearer(cast.researcher, now=clock())
    assert client.get("/api/v1/bookings", headers=header).status_code == 200
    assert header["Authorization"].split()[1] not in written.getvalue()
    assert lines(written)[-1]["user_id"] == cast.researcher.id


def test_an_error_of_the_database_does_not_repeat_the_row(app: Flask, cast: Cast, written: io.StringIO) -> None:
    twice = text("INSERT INTO users SELECT * FROM users WHERE email = :mail")
    try:
        with transaction():
            session.execute(twice, {"mail": cast.researcher.email})
    except IntegrityError:
        logging.getLogger("app.test").exception("kept")
    assert "IntegrityError" in written.getvalue()
    assert "example.org" not in written.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        f"sent to {MAIL}",
        f"called +86{MOBILE}",
        f"called {MOBILE}",
        "GET /x?token=canary-1&page=2",
        "password='canary-1'",
        "Authorization: Bearer canary-1",
        "redis://user:canary-1@host/0",
        "isp_canary-1",
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_any_text(written: io.StringIO, text: str) -> None:
    log = logging.getLogger("app.test")
    log.info(text)
    log.info("nested", extra={"facts": {"note": [text]}})
    assert not any(canary in written.getvalue() for canary in (MAIL, MOBILE, "canary-1"))


def test_names_of_secrets_hide_their_values_and_other_facts_stay(written: io.StringIO) -> None:
    logging.getLogger("app.test").info(
        "facts", extra={"password": "p", "csrf_token": "t", "email": "e", "period": "2026"}
    )
    line = lines(written)[0]
    assert (line["password"], line["csrf_token"], line["email"]) == ("[hidden]",) * 3
    assert line["period"] == "2026"


@pytest.mark.parametrize("formatter", [json_formatter, plain_formatter])
def test_a_line_break_stays_inside_its_line(formatter: Any) -> None:
    record = logging.LogRecord("app.test", logging.INFO, "", 0, "agent", None, None)
    record.agent = 'x\n{"event": "forged"}'
    assert "\n" not in formatter().format(record)
