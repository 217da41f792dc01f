"""Names in two languages: lists are ordered by the names they show, found by both; messages follow the reader."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.booking.services import approval
from app.infra.db import session
from app.infra.outbox import OutboxMessage
from app.infra.transactions import transaction
from app.web.i18n import CHINESE, COOKIE, ENGLISH
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.instruments import instrument, price
from tests.integration.booking.test_request import book

BODIES = {"乙大学": ("yi daxue", "Aardvark University"), "甲大学": ("jia daxue", "zebra University")}


@pytest.fixture
def bodies(cast: Cast) -> Cast:
    """Two universities whose Chinese names sort the other way round than their English ones."""
    with transaction():
        for body, (name, (key, english)) in zip((cast.university, cast.other_university), BODIES.items(), strict=True):
            row = session.merge(body)
            row.name, row.sort_key, row.name_en = name, key, english
    return cast


def listed(app: Flask, language: str, query: str) -> list[str]:
    client = app.test_client()
    client.set_cookie(COOKIE, language)
    page = client.get(f"/institutions?{query}").text
    names = [name for pair in BODIES.items() for name in (pair[0], pair[1][1])]
    return re.findall("|".join(names), page)


@pytest.mark.parametrize("query", ["", "sort=name&dir=asc"])
def test_a_list_is_in_the_order_of_the_names_it_shows(app: Flask, bodies: Cast, query: str) -> None:
    assert listed(app, CHINESE, query) == ["甲大学", "乙大学"]
    assert listed(app, ENGLISH, query) == ["Aardvark University", "zebra University"]
    assert listed(app, ENGLISH, "sort=name&dir=desc") == ["zebra University", "Aardvark University"]


def test_either_name_is_found_on_either_page(app: Flask, bodies: Cast) -> None:
    assert listed(app, ENGLISH, "q=甲大") == ["zebra University"]
    assert listed(app, CHINESE, "q=zebra") == ["甲大学"]


def test_a_message_names_things_in_the_language_of_its_reader(cast: Cast, now: datetime) -> None:
    with transaction():
        careful = instrument(cast.university, "电镜", cast.manager, needs_approval=True, name_en="Microscope")
        price(careful, 100)
        for who, language in ((cast.manager, "zh_CN"), (cast.researcher, "en")):
            session.merge(who).language = language
    booking = book(cast, now, instrument=careful.public_id)
    with transaction():
        approval.approve(booking.public_id, actor=acting(cast.manager), now=now)
    asked, approved = session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id))
    assert "电镜" in asked
    assert "Microscope" in approved
