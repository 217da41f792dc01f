"""What features declare reaches people: the menu in its order and for whom, and further checks of a booking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

import pytest
from flask import Flask

from app.access import Role
from app.accounts.models import User
from app.booking.services.check import BookingRequest
from app.booking.services.move import NewTime, preview_move
from app.booking.services.preview import preview
from app.features import FEATURES
from app.infra.feature import Feature, install, installed
from app.infra.transactions import transaction
from app.kernel.errors import Refusal
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.organisations import member
from tests.factories.signing_in import signed_in_english
from tests.integration.booking.test_request import book, refused

HOUR = timedelta(hours=1)
SHOWN = ("Find", "Mine", "Organisation", "Operator", "Administration")


def menu_of(app: Flask, who: User) -> list[str]:
    page = signed_in_english(app, who).get("/").text
    return re.findall(r'class="dropdown-item[^"]*" href="([^"]+)"', page)


def test_entries_of_one_menu_stand_together_in_the_order_shown() -> None:
    install(FEATURES)
    menus = [str(menu) for menu, _entries in groupby(installed().menu, key=lambda entry: entry.menu._args[0])]
    assert menus == list(SHOWN)
    places = [entry.place for entry in installed().menu]
    assert len(set(places)) == len(places)


def test_what_only_providers_need_is_shown_to_them_alone(app: Flask, cast: Cast) -> None:
    assert "/manage/instruments" in menu_of(app, cast.administrator)
    with transaction():
        member(cast.colleague, cast.firm, Role.ADMINISTRATOR)  # may all that a provider's may, of nothing
    assert "/manage/instruments" not in menu_of(app, cast.colleague)


@pytest.fixture
def closed_by_a_feature(app: Flask) -> Iterator[None]:
    """A feature above booking that refuses whatever is asked for."""
    install((*FEATURES, Feature("test", checks=(lambda *_asked: [Refusal("training-missing")],))))
    yield
    install(FEATURES)


def test_a_check_of_a_higher_feature_refuses_booking_preview_and_move(
    cast: Cast, now: datetime, request: pytest.FixtureRequest
) -> None:
    booking = book(cast, now)
    request.getfixturevalue("closed_by_a_feature")
    start, actor = now + 60 * HOUR, acting(cast.researcher)
    wanted = BookingRequest(cast.microscope.public_id, cast.firm.public_id, start, start + HOUR, "x")
    seen = (
        preview(wanted, actor=actor, now=now),
        preview_move(booking.public_id, NewTime(start, start + HOUR), actor=actor, now=now),
    )
    assert [[refusal.code for refusal in one.refusals] for one in seen] == [["training-missing"]] * 2
    assert refused(cast, now, hours=60) == ["training-missing"]
