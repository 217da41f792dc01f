"""Finding: two-character Chinese terms, synonyms, Latin, mixed; facets; a bounded number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.catalogue import queries
from app.catalogue.models import Instrument, InstrumentState
from app.catalogue.services.instruments import index
from app.infra.db import db, session
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.instruments import instrument

NAMES = ("扫描电子显微镜", "液相色谱质谱联用仪", "核磁共振波谱仪", "X射线衍射仪", "离心机", "Confocal microscope")


@pytest.fixture
def found(cast: Cast) -> None:
    with transaction():
        for name in NAMES:
            index(instrument(cast.university, name, modes=["self-operated"], town="沙河镇"), {})
        for state in (InstrumentState.DRAFT, InstrumentState.HIDDEN):
            index(instrument(cast.university, f"{NAMES[0]}样机", state=state), {})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("质谱", {NAMES[1]}),
        ("电镜", {NAMES[0]}),
        ("SEM", {NAMES[0]}),
        ("XRD", {NAMES[3]}),
        ("confoc", {NAMES[5]}),
        ("核磁 波谱", {NAMES[2]}),
        ("x射线", {NAMES[3]}),
        ("%", set()),
        ("'; DROP TABLE instruments", set()),
    ],
)
def test_words_find_what_they_mean(found: None, words: str, names: set[str]) -> None:
    hits = session.scalars(
        select(Instrument.name).where(queries.matching(words), Instrument.state == InstrumentState.LISTED)
    )
    assert set(hits) == names


def test_visitors_see_what_is_on_show_and_nothing_else(found: None, client: FlaskClient) -> None:
    page = client.get("/").text
    assert NAMES[0] in page
    assert "样机" not in page


def test_facets_narrow(found: None, client: FlaskClient) -> None:
    assert NAMES[4] in client.get("/?town=沙河镇&mode=self-operated").text
    assert NAMES[4] not in client.get("/?mode=remote").text


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_list_asks_the_same_few_questions_whatever_its_length(app: Flask, cast: Cast, client: FlaskClient) -> None:
    client.get("/")
    with counted() as few:
        client.get("/")
    with transaction():
        for number in range(60):
            instrument(cast.university, f"仪器{number}")
    with counted() as many:
        client.get("/")
    assert len(few) == len(many) <= 12
