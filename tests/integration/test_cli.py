"""The commands of an operator, with their exit codes."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.accounts.models import ApiToken, User
from app.accounts.queries import hashed
from app.infra.db import session
from app.kernel.civil import civil_day
from app.organisations import queries
from tests.conftest import Clock
from tests.factories.organisations import uscc
from tests.factories.pages import send

PASSWORD = "correct horse battery staple"


def run(app: Flask, *words: str) -> Result:
    session.rollback()
    return app.test_cli_runner().invoke(args=list(words), env={"NEW_PASSWORD": PASSWORD})


def test_the_first_operator_is_set_up_at_the_shell(app: Flask, clock: Clock) -> None:
    code = uscc()
    assert run(app, "users", "create", "Wang", "wang@example.org").exit_code == 0
    assert (
        run(
            app, "organisations", "found", "Operator", "--kind=enterprise", "--role=operator", f"--uscc={code}"
        ).exit_code
        == 0
    )
    assert run(app, "organisations", "appoint", code, "wang@example.org", "operator").exit_code == 0
    client = app.test_client()
    assert send(client, "/sign-in", address="wang@example.org", password=PASSWORD).status_code == 302
    assert send(client, "/consent", agree="y").status_code == 302
    assert client.get("/applications").status_code == 200
    operator = queries.by_code(code)
    assert operator is not None
    assert civil_day(clock()) == queries.names_of(operator.id)[0].valid_from


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("users", "create", "Wang", "no address"), "e-mail address"),
        (
            ("organisations", "found", "X", "--kind=enterprise", "--role=client", "--uscc=91110114MA0000010A"),
            "last character",
        ),
        (("organisations", "appoint", "91110114MA0000010A", "x@example.org", "operator"), "no account"),
        (("tokens", "create", "nobody@example.org", "x", "--scope=booking:read"), "no account"),
    ],
)
def test_a_refusal_is_told_and_ends_with_2(app: Flask, words: tuple[str, ...], told: str) -> None:
    result = run(app, *words)
    assert (result.exit_code, told in result.output) == (2, True), result.output


def test_an_address_belongs_to_one_person(app: Flask) -> None:
    assert run(app, "users", "create", "Wang", "wang@example.org").exit_code == 0
    again = run(app, "users", "create", "Other", " Wang@Example.org ")
    assert (again.exit_code, "already has an account" in again.output) == (2, True), again.output
    assert session.scalars(select(User.name)).all() == ["Wang"]


def test_a_token_is_printed_once_and_stored_hashed(app: Flask) -> None:
    run(app, "users", "create", "Wang", "wang@example.org")
    result = run(app, "tokens", "create", "wang@example.org", "sync", "--scope=booking:read", "--scope=instrument:read")
    row = session.scalars(select(ApiToken)).one()
    assert row.token_hash == hashed(result.output.strip())
    assert row.scopes == ["booking:read", "instrument:read"]
    assert run(app, "tokens", "create", "wang@example.org", "sync", "--scope=booking:read", "--days=366").exit_code == 2
