"""Whatever is typed at the shell, it answers in words and with an exit code, never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.catalogue.models import InstrumentClass, PublicHoliday
from app.evaluation.models import Round
from app.factory import create_app
from app.infra.db import session

PASSWORD = "correct horse battery staple"
LONE = "bad\udcff"  # what a byte that is no UTF-8 becomes in an argument


def run(app: Flask, *words: object) -> Result:
    session.rollback()
    return app.test_cli_runner().invoke(args=[str(word) for word in words], env={"NEW_PASSWORD": PASSWORD})


def rows(model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("users", "create", "", "li@example.org"), "one to 60 characters"),
        (("users", "create", LONE, "li@example.org"), "lone surrogates"),
        (("users", "create", "n" * 61, "li@example.org"), "one to 60 characters"),
        (("organisations", "found", " ", "--kind=enterprise", "--role=client"), "one to 200 characters"),
        (("tokens", "create", "li@example.org", "t", "--scope=booking:read", "--days=99999999999"), "1<=x<=365"),
        (("evaluation", "open", "--year=1"), "1990<=x<=2098"),
        (("evaluation", "open", "--year=9999"), "1990<=x<=2098"),
        (("evaluation", "open", "--year=2026", "--cut-off=9999-12-31"), "before 2100"),
        (("jobs", "once", "nonsense"), "is not one of"),
        (("import", "instruments", "/nonexistent.csv", "--provider=x", "--as=x"), "does not exist"),
    ],
)
def test_what_no_page_would_take_is_refused(app: Flask, words: tuple[str, ...], told: str) -> None:
    people, rounds = rows(User), rows(Round)
    done = run(app, *words)
    assert (done.exit_code, told in done.output) == (2, True), done.output
    assert (rows(User), rows(Round)) == (people, rounds)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", ""),
        ("heads.csv", "date,name,day_type\n"),
        ("kind.csv", "date,name,day_type\n2026-10-01,x,maybe\n"),
        ("far.csv", "date,name,day_type\n9999-12-31,x,off\n"),
        ("nameless.csv", "date,name,day_type\n2026-10-01,,off\n"),
        ("short.csv", "date,name,day_type\n2026-10-01\n"),
        ("list.json", "[1]"),
        ("word.json", '{"days": [{"date": "2026-10-01", "name": "x", "isOffDay": "no"}]}'),
        ("cut.json", '{"days": ['),
    ],
)
def test_a_notice_that_is_none_is_refused_whole(app: Flask, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    done = run(app, "holidays", tmp_path / name)
    assert (done.exit_code, name in done.output) == (2, True), done.output
    assert rows(PublicHoliday) == 0


@pytest.mark.parametrize("content", ["", "code,name\n", "code,name\n010199\n", "code,name\n010199,\n", "a,b\n1,2\n"])
def test_a_table_of_classes_that_is_none_is_refused_whole(app: Flask, tmp_path: Path, content: str) -> None:
    known = rows(InstrumentClass)
    (tmp_path / "classes.csv").write_text(content)
    done = run(app, "catalogue", "classes", tmp_path / "classes.csv")
    assert (done.exit_code, "classes.csv" in done.output) == (2, True), done.output
    assert rows(InstrumentClass) == known


@pytest.mark.parametrize("words", [("jobs", "list"), ("audit", "verify"), ("users", "suspend", "li@example.org")])
@pytest.mark.parametrize("url", ["sqlite:////nonexistent/platform.db", "sqlite://"])
def test_a_database_out_of_reach_or_not_migrated_is_told_in_words(words: tuple[str, ...], url: str) -> None:
    done = create_app("testing", SQLALCHEMY_DATABASE_URI=url).test_cli_runner().invoke(args=list(words))
    assert (done.exit_code, "the database says" in done.output) == (1, True), done.output


@pytest.mark.parametrize(
    ("words", "told"), [(("config", "check"), "- database-unreachable"), (("db", "upgrade"), "the database says")]
)
def test_a_server_out_of_reach_is_told_before_anything_is_there(words: tuple[str, ...], told: str) -> None:
    url = "postgresql+psycopg://nobody@/nowhere?host=/nonexistent"
    done = create_app("testing", SQLALCHEMY_DATABASE_URI=url).test_cli_runner().invoke(args=list(words))
    assert (done.exit_code, told in done.output) == (1, True), done.output
