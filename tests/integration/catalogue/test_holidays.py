"""Public holidays: there from the first day, entered by the operator when a notice comes out, unknown until then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.catalogue.models import PublicHoliday
from app.catalogue.queries import announced
from app.catalogue.rules.holidays import Notice
from app.catalogue.seeds.holidays import notices
from app.catalogue.services import holidays
from app.infra.db import session
from app.infra.transactions import transaction
from app.kernel.errors import Refused
from tests.factories.actors import acting
from tests.factories.cast import Cast
from tests.factories.pages import send
from tests.factories.signing_in import signed_in, signed_in_english
from tests.integration.booking.test_request import book

PAGE = "/public-holidays"
NEXT_YEAR = "2027-01-01, 元旦, off\n2027-01-03, 元旦, work"


def seed(app: Flask) -> Result:
    session.rollback()
    return app.test_cli_runner().invoke(args=["seed"])


def known() -> int:
    return session.scalar(select(func.count()).select_from(PublicHoliday)) or 0


def test_a_new_platform_knows_every_announced_year(app: Flask) -> None:
    assert seed(app).output == "Public holidays noted: 2023, 2024, 2025, 2026.\n"
    assert known() == sum(map(len, notices().values()))
    assert announced(range(2022, 2028)) == {2023, 2024, 2025, 2026}
    assert seed(app).output == "Public holidays noted: nothing new.\n"


def test_what_the_operator_entered_or_removed_stays_so(app: Flask, cast: Cast, now: datetime) -> None:
    clerk = acting(cast.clerk)
    with transaction():
        holidays.enter([Notice(date(2026, 1, 1), "New Year", off=True)], actor=clerk, now=now)
    seed(app)
    assert [(row.day.isoformat(), row.name) for row in _days_of(2026)] == [("2026-01-01", "New Year")]
    with transaction():
        holidays.remove(date(2025, 10, 1), actor=clerk, now=now)
    seed(app)
    session.rollback()
    assert session.get(PublicHoliday, date(2025, 10, 1)) is None


def _days_of(year: int) -> list[PublicHoliday]:
    session.rollback()
    within = PublicHoliday.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(select(PublicHoliday).where(within)))


def test_two_starts_at_once_note_each_year_once(app: Flask) -> None:
    def start(_number: int) -> int:
        return seed_in_thread(app)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [0] * 4
    session.rollback()
    assert session.scalars(select(AuditEntry.action)).all() == ["reference.noted"]


def seed_in_thread(app: Flask) -> int:
    with app.app_context():
        try:
            return app.test_cli_runner().invoke(args=["seed"]).exit_code
        finally:
            session.remove()


def test_a_booking_on_national_day_is_refused_from_the_first_day(app: Flask, cast: Cast) -> None:
    seed(app)
    with transaction():
        cast.microscope.closed_on_holidays = True
        cast.microscope.horizon_days = 30
    before = datetime.fromisoformat("2026-09-29T01:00:00+00:00")
    with pytest.raises(Refused) as refused:
        book(cast, before, hours=48, length=1)  # 09:00 on 1 October
    assert [r.code for r in refused.value.refusals] == ["outside-opening-hours"]
    book(cast, before, hours=24, length=1)


@pytest.mark.parametrize(("language", "words"), [("en", "public holidays"), ("zh", "节假日和调休安排")])
def test_a_year_nobody_announced_is_said_to_be_unknown(app: Flask, cast: Cast, language: str, words: str) -> None:
    """On the pages that show opening hours, to the operator, and no longer once it is entered."""
    seed(app)
    sign_in = signed_in_english if language == "en" else signed_in
    with transaction():
        cast.microscope.closed_on_holidays = True
        cast.microscope.horizon_days = 90
    page, manage = f"/instruments/{cast.microscope.public_id}", f"/manage/instruments/{cast.microscope.public_id}"
    shown = [(cast.researcher, page), (cast.researcher, f"{page}/book"), (cast.manager, f"{manage}/opening")]
    told = [(cast.clerk, "/operation"), (cast.clerk, PAGE)]
    for who, address in (*shown, *told):
        assert _about_2027(sign_in(app, who).get(address).text, language), address
    clerk = signed_in(app, cast.clerk)
    assert send(clerk, f"{PAGE}/notice", lines=NEXT_YEAR).status_code == 302
    for who, address in shown:
        assert not _about_2027(sign_in(app, who).get(address).text, language), address
    for who, address in told:
        assert not _about_2027(sign_in(app, who).get(address).text, language), address


def _about_2027(page: str, language: str) -> bool:
    words = ("holidays", "of 2027", "unknown", "not been announced") if language == "en" else ("2027 年", "节假日")
    return any(all(w in line for w in words[:2]) for line in page.splitlines())


def test_an_instrument_that_ignores_holidays_says_nothing_of_them(app: Flask, cast: Cast) -> None:
    with transaction():
        cast.microscope.horizon_days = 90
    page = signed_in_english(app, cast.researcher).get(f"/instruments/{cast.microscope.public_id}").text
    assert "not been announced" not in page


def test_days_are_added_changed_and_removed_in_the_browser(app: Flask, cast: Cast) -> None:
    client = signed_in_english(app, cast.clerk)
    assert "No public holiday is known yet." in client.get(PAGE).text
    for name, kind in (("元旦", "off"), ("元旦", "work")):
        assert send(client, PAGE, day="2027-01-02", name=name, kind=kind).status_code == 302
    page = client.get(f"{PAGE}?day=2027-01-02").text
    assert "New Year&#39;s Day" in page
    assert 'value="2027-01-02"' in page
    assert "Make-up working day" in page
    assert "2027-01-02" in client.get(f"{PAGE}?year=2027&format=csv").text
    assert send(client, f"{PAGE}/remove", day="2027-01-02").status_code == 302
    assert send(client, f"{PAGE}/remove", day="2027-01-02").status_code == 404
    assert send(client, f"{PAGE}/remove", day="soon").status_code == 400
    assert known() == 0
    acts = select(AuditEntry.action, AuditEntry.subject_id, AuditEntry.before, AuditEntry.after)
    off, work = {"name": "元旦", "off": True}, {"name": "元旦", "off": False}
    assert session.execute(acts.where(AuditEntry.action.like("holiday.%")).order_by(AuditEntry.id)).all() == [
        ("holiday.changed", "2027-01-02", None, off),
        ("holiday.changed", "2027-01-02", off, work),
        ("holiday.removed", "2027-01-02", work, None),
    ]


def test_a_notice_comes_in_whole_or_not_at_all(app: Flask, cast: Cast) -> None:
    client = signed_in_english(app, cast.clerk)
    sent = send(client, f"{PAGE}/notice", lines=f"{NEXT_YEAR}\n2027-02-30, x, off\nnonsense")
    assert sent.status_code == 422
    for words in ("Line 3 cannot be read", "Line 4 cannot be read", "nonsense"):
        assert words in sent.text
    assert known() == 0
    assert send(client, f"{PAGE}/notice", lines="  ").status_code == 422
    sent = send(client, f"{PAGE}/notice", lines=NEXT_YEAR)
    assert "2 days entered or changed." in client.get(sent.location).text
    sent = send(client, f"{PAGE}/notice", lines=NEXT_YEAR)
    assert "0 days entered or changed." in client.get(sent.location).text
    assert known() == 2


@pytest.mark.parametrize("wrong", [{"day": "2027-02-30"}, {"name": ""}, {"kind": "maybe"}, {"name": "x" * 41}])
def test_a_day_that_cannot_be_is_refused_beside_its_field(app: Flask, cast: Cast, wrong: dict[str, str]) -> None:
    day = {"day": "2027-01-01", "name": "元旦", "kind": "off", **wrong}
    sent = send(signed_in_english(app, cast.clerk), PAGE, **day)
    assert (sent.status_code, known()) == (422, 0)
    assert "is-invalid" in sent.text
