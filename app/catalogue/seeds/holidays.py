"""The public holidays that this version of the platform brings, and the words of a notice.

They come from `chinesecalendar`, whose next edition carries the next year's notice. Years before `FIRST` are left out:
they were never compared with the notices themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from app.catalogue.rules.holidays import HolidayKind, Notice

FIRST = 2023
NEW_YEAR = Holiday.new_years_day.value

# The notice of 2024 calls 1 January a holiday "joined to the weekend", and names no day of that ordinary weekend.
NOT_NAMED = frozenset({date(2023, 12, 30), date(2023, 12, 31)})

# English name of the package → name in the notices.
NAMES: Mapping[str, str] = {
    NEW_YEAR: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.national_day.value: "国庆节",
}
ENGLISH: Mapping[str, str] = {name: english for english, name in NAMES.items()}
BETWEEN_NAMES = "、"

KINDS: Mapping[str, HolidayKind] = {
    **dict.fromkeys(("off", "休", "休息", "放假", "节假日"), HolidayKind.OFF),
    **dict.fromkeys(("work", "班", "上班", "补班", "调休", "调休上班"), HolidayKind.WORK),
}


def english(name: str) -> str:
    """A holiday's name for an English page; a name that no list has stays as it is."""
    return ", ".join(ENGLISH.get(part, part) for part in name.split(BETWEEN_NAMES))


@cache
def notices() -> Mapping[int, tuple[Notice, ...]]:
    """Year of the notice → its days; New Year may begin in December before."""
    found: defaultdict[int, list[Notice]] = defaultdict(list)
    for days, off in ((holidays, True), (workdays, False)):
        for day, name in days.items():
            year = day.year + (day.month == 12 and name == NEW_YEAR)
            if year >= FIRST and day not in NOT_NAMED:
                found[year].append(Notice(day, NAMES[name], off))
    return {year: tuple(sorted(days, key=lambda notice: notice.day)) for year, days in sorted(found.items())}
