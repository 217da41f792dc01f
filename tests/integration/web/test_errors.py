"""What goes wrong is told in the reader's language, inside the shell, with its number and nothing of the inside."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.infra.db import session
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token

MISSING = "UPDATE users SET password_hash = NULL"
IMPOSSIBLE = "UPDATE users SET email = NULL, mobile = NULL"
TAKEN = "UPDATE users SET email = 'one@example.org'"


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "页面不存在"), ("en", "There is no such page")])
def test_errors_speak_the_readers_language_inside_the_shell(client: FlaskClient, language: str, words: str) -> None:
    client.set_cookie("language", language)
    answer = client.get("/no-such-page")
    assert (answer.status_code, words in answer.text) == (404, True)
    assert answer.headers["X-Request-Id"] in answer.text
    assert "<footer" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/instruments", "/absent"])
def test_a_foreign_host_name_is_refused_and_never_written_into_a_page(
    app: Flask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["localhost"])
    answer = app.test_client().get(path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unexpected_error_tells_its_number_and_nothing_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "web.accessibility", lambda: 1 / 0)
    answer = app.test_client().get("/accessibility")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivision" not in answer.text
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", None)
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/accessibility")


@pytest.mark.parametrize(("statement", "status"), [(MISSING, 500), (IMPOSSIBLE, 500), (TAKEN, 409)])
def test_somebody_was_quicker_only_where_another_row_stands_in_the_way(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, statement: str, status: int
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    key = csrf_token(client := app.test_client())
    monkeypatch.setitem(app.view_functions, "web.theme", lambda: session.execute(text(statement)))
    assert client.post("/theme", data={"csrf_token": key, "theme": "dark"}).status_code == status


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_database_that_is_away_is_told_with_when_to_come_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, ConnectionError("the server is gone"))

    monkeypatch.setitem(app.view_functions, "web.accessibility", away)
    answer = app.test_client().get("/accessibility", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, accept, "60")
    assert answer.headers["X-Request-Id"] in answer.text
    assert "the server is gone" not in answer.text
