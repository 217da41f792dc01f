"""Public holidays: the days this version brings are those of the notices, and a notice is read line by line."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from app.catalogue.rules.holidays import Notice, read_notice
from app.catalogue.seeds.holidays import BETWEEN_NAMES, KINDS, english, notices
from app.kernel.errors import Refused
from tests.rig.plugin import EXTRA

# The notices as they were published, where the project's shared data lies.
PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "holidays" / "cn_holidays_2023_2026.csv"
KIND = {"off": True, "work": False}


def brought() -> list[Notice]:
    return [day for year in notices().values() for day in year]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason=f"{EXTRA} the published notices are not beside the checkout")
def test_the_days_are_those_of_the_published_notices() -> None:
    with PUBLISHED.open(encoding="utf-8-sig", newline="") as file:
        published = {date.fromisoformat(r["date"]): (KIND[r["day_type"]], r["name"]) for r in csv.DictReader(file)}
    until = max(published)
    ours = {day.day: day for day in brought() if day.day <= until}
    assert {day: row.off for day, row in ours.items()} == {day: off for day, (off, _) in published.items()}
    assert [day for day, row in ours.items() if row.name not in published[day][1].split(BETWEEN_NAMES)] == []


@pytest.mark.parametrize(("year", "off", "work"), [(2023, 27, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_every_announced_year_is_whole(year: int, off: int, work: int) -> None:
    days = notices()[year]
    assert (sum(day.off for day in days), sum(not day.off for day in days)) == (off, work)
    assert [day for day in days if not day.off and day.day.weekday() < 5] == []


def test_new_year_of_2023_began_in_december_and_the_weekend_before_2024_was_an_ordinary_one() -> None:
    assert notices()[2023][0] == Notice(date(2022, 12, 31), "元旦", off=True)
    assert notices()[2024][0] == Notice(date(2024, 1, 1), "元旦", off=True)


def test_names_have_english_ones() -> None:
    assert english("国庆节、中秋节") == "National Day, Mid-autumn Festival"
    assert english("冬奥会") == "冬奥会"


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-01,元旦,off\n2027-01-03,元旦,work",
        "date,name,day_type\n2027-01-01,元旦,off\n\n2027-01-03,元旦,work\n",
        "日期\t节日\t安排\n2027/1/1\t元旦\t休\n2027/1/3\t元旦\t班",
        "2027年1月1日，元旦，放假\n2027年1月3日；元旦；调休上班",
    ],
)
def test_a_notice_is_read_however_it_is_pasted(text: str) -> None:
    assert read_notice(text, KINDS) == [
        Notice(date(2027, 1, 1), "元旦", off=True),
        Notice(date(2027, 1, 3), "元旦", off=False),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["notice-empty"]),
        ("date,name,kind", ["notice-empty"]),
        ("2027-01-01,元旦", ["notice-line-unreadable"]),
        ("2027-01-01,,off", ["notice-line-unreadable"]),
        ("2027-01-01,元旦,maybe", ["notice-line-unreadable"]),
        ("2027-02-30,x,off\n1989-12-31,x,off\n2100-01-01,x,off", ["notice-line-unreadable"] * 3),
        (f"2027-01-01,{'x' * 41},off", ["notice-line-unreadable"]),
        ("2027-01-01,元旦,off\n2027-1-1,元旦,work", ["notice-day-twice"]),
    ],
)
def test_every_line_that_is_wrong_is_named_at_once(text: str, found: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_notice(text, KINDS)
    assert [r.code for r in refused.value.refusals] == found
