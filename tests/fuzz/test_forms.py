"""Forms that come late, twice, or with more than was asked; and codes of organisations in every dress.

Stale forms, another site's forms and foreign ids are asked about in tests/integration/web and tests/access.
"""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.booking.models import Booking
from app.infra.db import session
from app.kernel.money import Money
from app.organisations.models import Application, Organisation
from app.web.i18n import CHINESE, COOKIE, ENGLISH
from tests.factories.cast import Cast
from tests.factories.pages import csrf_token, send
from tests.factories.signing_in import signed_in
from tests.fuzz.forms import forms_of
from tests.fuzz.traces import contents

CODE = "91110114MA00000013"


@pytest.fixture
def browser(app: Flask, cast: Cast) -> FlaskClient:
    client = signed_in(app, cast.researcher)
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/instruments/{cast.microscope.public_id}/book"


@pytest.fixture
def wish(cast: Cast) -> dict[str, Any]:
    times = {"starts_at": "2026-11-20T10:00", "ends_at": "2026-11-20T12:00"}
    return {**times, "client": cast.firm.public_id, "purpose": "research", "description": "断口 <b>分析</b>"}


def bookings() -> list[Booking]:
    session.rollback()
    return list(session.scalars(select(Booking)))


def test_an_expired_token_keeps_what_was_typed_and_one_more_press_sends_it(
    browser: FlaskClient, page: str, wish: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, old = contents(), csrf_token(browser)
    with monkeypatch.context() as later:
        later.setitem(browser.application.config, "WTF_CSRF_TIME_LIMIT", -1)
        expired = browser.post(page, data={**wish, "csrf_token": old})
    assert (expired.status_code, contents()) == (400, before)
    path, fields = next((p, f) for p, f in forms_of(page, expired.text) if "description" in f)
    assert {name: fields[name] for name in wish} == wish
    assert browser.post(path, data=fields).status_code == 302
    assert [row.description for row in bookings()] == ["断口 <b>分析</b>"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (CHINESE, ["2026-11-20 (周五) 10:00", "2026-11-20 (周五) 12:00", "科学研究", "断口 &lt;b&gt;分析&lt;/b&gt;"]),
        (ENGLISH, ["2026-11-20 (Fri) 10:00", "2026-11-20 (Fri) 12:00", "Research", "断口 &lt;b&gt;分析&lt;/b&gt;"]),
    ],
)
def test_what_was_typed_is_told_in_words_and_no_key_is(
    browser: FlaskClient, page: str, wish: dict[str, Any], language: str, told: list[str]
) -> None:
    browser.set_cookie(COOKIE, language)
    expired = browser.post(page, data=wish).text
    assert re.findall(r'<dd class="text-break shell-typed">(.*?)</dd>', expired) == told
    assert wish["client"] not in re.sub(r"<[^>]*>", "", expired)


def test_the_same_form_sent_twice_books_once(browser: FlaskClient, page: str, wish: dict[str, Any]) -> None:
    answers = [send(browser, page, **wish, idempotency_key="k") for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(bookings()) == 1
    other = send(browser, page, **{**wish, "description": "other"}, idempotency_key="k")
    assert (other.status_code, len(bookings())) == (422, 1)


def test_a_price_a_role_or_a_state_smuggled_in_changes_nothing(
    browser: FlaskClient, cast: Cast, page: str, wish: dict[str, Any]
) -> None:
    more = {"quoted": "1", "quoted_fen": "1", "hourly": "0", "state": "completed", "role": "operator", "rating": "5"}
    owners = {"user_id": str(cast.rival.id), "provider_id": "1", "client_id": str(cast.other_firm.id), "id": "7"}
    assert send(browser, page, **wish, **more, **owners).status_code == 302
    row = bookings()[0]
    assert (row.quoted, row.state.value, row.rating) == (Money(80_000), "confirmed", None)
    assert (row.user_id, row.client_id) == (cast.researcher.id, cast.firm.id)


def test_on_behalf_of_another_organisation_is_no_choice(
    browser: FlaskClient, cast: Cast, page: str, wish: dict[str, Any]
) -> None:
    before = contents()
    for language, words in (("en", "On behalf of: "), ("zh_CN", "不是有效的选择")):
        browser.set_cookie("language", language)
        refused = send(browser, page, **{**wish, "client": cast.other_firm.public_id})
        assert (refused.status_code, words in refused.text) == (422, True), language
    assert contents() == before


DRESSED = [
    "91110114ma00000013",
    "\uff19\uff11\uff11\uff11\uff10\uff11\uff11\uff14\uff2d\uff21\uff10\uff10\uff10\uff10\uff10\uff10\uff11\uff13",
    " 9111 0114 MA00 0000 13 ",
]
WRONG = [
    *(CODE[:8] + letter + CODE[9:] for letter in "IOSVZ"),
    CODE[:-1] + "9",
    CODE[:-1],
    CODE + "8",
    "\U0001d7d7" * 400,
]


def claim(code: str) -> dict[str, Any]:
    letter = (io.BytesIO(b"%PDF-1.7"), "letter.pdf")
    return {"uscc": code, "name": "新的企业 & Co", "kind": "enterprise", "roles": "client", "letter": letter}


def reason(page: str, name: str) -> str:
    """What stands below a field that was refused."""
    below = page.partition(f'id="{name}-error">')[2].partition("</div>")[0]
    return re.sub(r"<[^>]+>", "", below).strip()


@pytest.mark.parametrize("code", DRESSED)
def test_a_code_is_read_in_every_dress(browser: FlaskClient, code: str) -> None:
    sent = send(browser, "/organisations/apply", **claim(code))
    assert (sent.status_code, reason(sent.text, "uscc")) == (302, "")
    assert session.scalar(select(func.count()).where(Organisation.uscc == CODE)) == 1


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_code_is_refused_with_the_reason_and_all_is_kept(browser: FlaskClient, code: str) -> None:
    before = contents()
    said = set()
    for language in ("en", "zh_CN"):
        browser.set_cookie("language", language)
        refused = send(browser, "/organisations/apply", **claim(code))
        fields = next(f for _p, f in forms_of("/organisations/apply", refused.text) if "uscc" in f)
        assert (refused.status_code, fields["uscc"], fields["name"]) == (422, code, "新的企业 & Co")
        said.add(reason(refused.text, "uscc"))
    assert len(said) == 2
    assert all(len(why) > 10 for why in said)
    assert contents() == before
    assert session.scalar(select(func.count()).select_from(Application)) == 0
