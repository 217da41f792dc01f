"""Values as people read them, cells as files hold them, and where a redirect may lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from app.features import FEATURES
from app.infra.feature import install
from app.kernel.errors import Refusal
from app.kernel.money import Money
from app.kernel.period import Period
from app.web import cells, formats, i18n, labels
from app.web.redirects import safe_path


@pytest.fixture(params=["zh_CN", "en"])
def language(request: pytest.FixtureRequest) -> object:
    app = Flask(__name__)
    i18n.init_app(app)
    install(FEATURES)
    with app.app_context(), force_locale(request.param):
        yield request.param


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_period_within_one_day(language: str) -> None:
    weekday = {"zh_CN": "周六", "en": "Sat"}[language]
    assert formats.span(Period(at(21, 6), at(21, 8, 30))) == f"2026-11-21 ({weekday}) 14:00–16:30"


def test_a_period_until_midnight_stays_on_its_day(language: str) -> None:
    assert formats.span(Period(at(21, 6), at(21, 16))).endswith(" 14:00–24:00")


def test_a_period_over_midnight_names_both_days(language: str) -> None:
    text = formats.span(Period(at(21, 6), at(21, 17)))
    assert "2026-11-21" in text
    assert "2026-11-22" in text


@pytest.mark.parametrize(
    ("fen", "bill", "column", "wan"),
    [
        (103333, "¥1,033.33", "1,033.33", "0.10"),
        (-5, "-¥0.05", "-0.05", "0.00"),
        (250_000_000, "¥2,500,000.00", "2,500,000.00", "250.00"),
    ],
)
def test_money(fen: int, bill: str, column: str, wan: str) -> None:
    assert (formats.money(Money(fen)), formats.yuan(Money(fen)), formats.wan(Money(fen))) == (bill, column, wan)


@pytest.mark.parametrize(
    "written",
    [formats.money, formats.yuan, formats.wan, formats.hours, formats.moment, formats.number, formats.percent],
)
def test_what_is_not_known_is_left_blank(written: Callable[[None], str]) -> None:
    assert written(None) == ""


@pytest.mark.parametrize(("by", "told"), [("2.31", "+2.31"), ("-0.50", "−0.50"), ("-1234", "−1,234"), ("0", "+0")])
def test_a_change_bears_its_sign(by: str, told: str) -> None:
    assert formats.change(Decimal(by)) == cells.display(Decimal(by), "change") == told


@pytest.mark.parametrize(("minutes", "hours"), [(150, "2.5"), (3, "0.1"), (2, "0.0"), (60000, "1,000.0")])
def test_hours_have_one_decimal_halves_up(minutes: int, hours: str) -> None:
    assert formats.hours(timedelta(minutes=minutes)) == formats.hours(minutes * 60) == hours


def test_people_are_told_hours_where_programs_read_minutes(language: str) -> None:
    told = labels.message(Refusal("too-long", {"asked_minutes": 1430, "limit_minutes": 45}))
    assert (
        told
        == {
            "zh_CN": "您申请 23 小时 50 分钟；每次预约最长 45 分钟。",
            "en": "You asked for 23 h 50 min; the longest booking is 45 min.",
        }[language]
    )


@pytest.mark.parametrize(
    ("code", "params", "told"),
    [
        ("slot-taken", {"next_free": []}, {"zh_CN": "无", "en": "none"}),
        ("slot-taken", {"next_free": [(at(21, 6), at(21, 8))]}, {"zh_CN": "(周六) 14:00–16:00", "en": "(Sat) 14:00"}),
        ("cut-off-too-early", {"earliest": date(2026, 12, 31)}, {"zh_CN": "2026-12-31 (周四)", "en": "(Thu)"}),
        ("of-old", {}, {"zh_CN": "of-old", "en": "Refused (of-old)."}),
    ],
)
def test_figures_of_a_refusal_are_written_as_people_write_them(
    language: str, code: str, params: dict[str, object], told: dict[str, str]
) -> None:
    assert told[language] in labels.message(Refusal(code, params))


def test_without_a_request_the_platform_speaks_chinese() -> None:
    app = Flask(__name__)
    i18n.init_app(app)
    with app.app_context():
        assert (i18n.selected_language(), i18n.spoken()) == ("zh_CN", "zh_CN")


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_looks_like_a_formula_is_kept_as_text(lead: str) -> None:
    assert cells.written(f"{lead}1+1") == f"'{lead}1+1"
    assert cells.written("1=1") == "1=1"


def test_figures_are_written_as_numbers() -> None:
    assert cells.written(Money(-12345)) == Decimal("-123.45")
    assert cells.written(-7) == -7
    wan = [str(cells.written(Money.yuan(yuan), "wan")) for yuan in (700_000, 3_600_000, 949_400, 0)]
    assert wan == ["70", "360", "94.94", "0"]  # never 7E+1
    assert cells.written(timedelta(minutes=90)) == Decimal("1.50")
    assert cells.written(5400, "hours") == Decimal("1.50")
    assert cells.written(at(21, 16)) == "2026-11-22 00:00:00"
    assert cells.written(date(2026, 11, 21)) == "2026-11-21"


@pytest.mark.parametrize("path", ["/", "/bookings/1?a=b#c", "/中文"])
def test_a_path_of_this_site_is_safe(path: str) -> None:
    assert safe_path(path) == path


OUTSIDE = (
    None,
    "",
    "bookings",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "http:/evil",
    "javascript:alert(1)",
    "/a\nLocation: //evil",
    "/\t/evil.example",
    " /a",
    "/%0a\x7f",
    "/" + "a" * 3000,
)


@pytest.mark.parametrize("target", OUTSIDE)
def test_everything_else_is_not(target: str | None) -> None:
    assert safe_path(target) is None
