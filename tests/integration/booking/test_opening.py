"""When an instrument can be booked: its week, days that differ, public holidays – and what of that makes no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.booking.models import Booking
from app.catalogue.models import OpeningSpan, PublicHoliday
from app.catalogue.rules.words import ShareMode
from app.infra.db import session
from app.infra.transactions import transaction
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in
from tests.integration.booking.test_request import HOUR, book, refused

SHUT = ["outside-opening-hours"]
WEEK = {f"day_{number}": "08:00-12:00, 14:00-18:00" for number in range(5)}
RULES = {
    "grid_minutes": "30", "min_minutes": "30", "max_minutes": "480", "lead_minutes": "0", "horizon_days": "90",
    "cancel_hours": "24", "early_start_minutes": "15", "late_start_minutes": "30", "buffer_before_minutes": "0",
    "buffer_after_minutes": "0",
}  # fmt: skip


def save(app: Flask, cast: Cast, **typed: str) -> Any:
    path = f"/manage/instruments/{cast.microscope.public_id}/opening"
    return send(signed_in(app, cast.administrator), path, **{**WEEK, **RULES, **typed})


def until(start: datetime, now: datetime) -> float:
    return (start - now) / HOUR


def test_a_week_as_saved_rules_new_bookings_and_leaves_those_there_are(app: Flask, cast: Cast, now: datetime) -> None:
    noon = until(datetime(2026, 11, 20, 4, tzinfo=UTC), now)  # Friday, when the saved week rests until 14:00
    kept = book(cast, now, hours=noon, length=1)
    assert save(app, cast).status_code == 302
    assert refused(cast, now, hours=noon + 1, length=1) == SHUT
    book(cast, now, hours=noon + 2, length=1)
    assert refused(cast, now, hours=noon + 24, length=1) == SHUT, "Saturday"
    assert session.get_one(Booking, kept.id).state == "confirmed"
    page = signed_in(app, cast.administrator).get(f"/manage/instruments/{cast.microscope.public_id}/opening").text
    assert page.count('value="08:00-12:00, 14:00-18:00"') == 5


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"min_minutes": "600"}, "时间单位须能整除一天"),
        ({"grid_minutes": "7"}, "时间单位须能整除一天"),
        ({"day_2": "from eight"}, "请按"),
        ({"day_2": "08:00-12:00, 11:00-14:00"}, "请按"),
        ({"horizon_days": "0"}, "1"),
    ],
)
def test_a_week_that_makes_no_sense_is_told_and_kept_as_typed(
    app: Flask, cast: Cast, typed: dict[str, str], words: str
) -> None:
    before = session.scalar(select(func.count()).select_from(OpeningSpan))
    answer = save(app, cast, **typed)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert all(f'value="{text}"' in answer.text for text in typed.values())
    assert session.scalar(select(func.count()).select_from(OpeningSpan)) == before


def test_a_day_may_differ_and_follows_the_week_again(app: Flask, cast: Cast, now: datetime) -> None:
    client, path = signed_in(app, cast.administrator), f"/manage/instruments/{cast.microscope.public_id}/exceptions"
    tomorrow = {"day": "2026-11-19", "reason": "Inventory"}
    assert send(client, path, **tomorrow).status_code == 302
    assert refused(cast, now) == SHUT
    assert "Inventory" in client.get(f"/manage/instruments/{cast.microscope.public_id}/opening").text
    assert send(client, path, **tomorrow, hours="08:00-12:00").status_code == 302
    assert "08:00-12:00" in client.get(f"/manage/instruments/{cast.microscope.public_id}/opening").text
    book(cast, now, length=1)
    assert refused(cast, now, hours=30, length=1) == SHUT
    assert send(client, f"{path}/remove", day="tomorrow").status_code == 400
    assert send(client, f"{path}/remove", day="2026-11-19").status_code == 302
    book(cast, now, hours=30, length=1)


def test_public_holidays_close_and_make_up_days_open_what_keeps_them(app: Flask, cast: Cast, now: datetime) -> None:
    with transaction():
        session.add(PublicHoliday(day=date(2026, 11, 19), off=True, name="A feast"))
        session.add(PublicHoliday(day=date(2026, 11, 22), off=False, name="Made up for"))
    book(cast, now, length=1)  # this one does not keep them
    assert save(app, cast, closed_on_holidays="y").status_code == 302
    assert refused(cast, now, hours=25, length=1) == SHUT
    book(cast, now, hours=4 * 24, length=1)  # Sunday, with Monday's hours


@pytest.mark.parametrize(
    ("mode", "outside", "inside"),
    [
        (ShareMode.EXTERNAL, "free", "free"),
        (ShareMode.INTERNAL, "refused", "free"),
        (ShareMode.NONE, "absent", "refused"),
    ],
)
def test_whom_an_instrument_is_shared_with_decides_who_books_it(
    app: Flask, cast: Cast, mode: ShareMode, outside: str, inside: str
) -> None:
    with transaction():
        cast.microscope.share_mode = mode
    found = []
    for who, client in ((cast.researcher, cast.firm), (cast.manager, cast.university)):
        browser = signed_in(app, who)
        asked = {"client": client.public_id, "starts_at": "2026-11-19 09:00", "ends_at": "2026-11-19 10:00"}
        page = browser.get(f"/instruments/{cast.microscope.public_id}/quote", query_string=asked)
        said = {
            "refused": "未向贵单位开放" in page.text,
            "free": "符合全部预约规则" in page.text,
            "absent": page.status_code == 404,
        }
        found += [word for word, holds in said.items() if holds]
    assert found == [outside, inside]
