"""Past use from another system: read, held against each other, reported to the minute."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.seeds.words import WORDS
from app.kernel.money import Money
from app.kernel.period import Period
from app.ledger.rules.history.checking import (
    Known,
    KnownInstrument,
    RowFate,
    Tally,
    check_history,
    report,
)
from app.ledger.rules.history.rows import (
    Clock,
    HistoryField,
    HistoryMapping,
    HistoryRow,
    PastUse,
    read_history_row,
    suggest_columns,
)
from app.ledger.seeds.words import HISTORY_HEADERS, PURPOSES
from tests.unit.times import MONDAY, hours, t

F = HistoryField
NOW = t("2026-03-10 00:00")
FIELDS = ["key", "instrument", "user", "booked_from", "booked_until", "used_from", "used_until"]
MAPPING = HistoryMapping({F(name): n for n, name in enumerate(FIELDS)}, {F.CLIENT: "firm"})
GOOD = ["S1", "dev-1", "0007", *(f"2026-03-02T{h}:00:00Z" for h in ("01", "04", "01", "03"))]


def read(changes: dict[str, str] | None = None, mapping: HistoryMapping = MAPPING) -> HistoryRow:
    cells = [(changes or {}).get(name, cell) for name, cell in zip(FIELDS, GOOD, strict=True)]
    return read_history_row(2, cells, mapping, WORDS, PURPOSES, now=NOW)


def test_a_row_is_read_with_constants_where_there_is_no_column() -> None:
    assert read().use == PastUse("S1", "dev-1", "firm", hours(9, 11), hours(9, 12), "0007")


def test_a_row_that_is_too_short_misses_what_it_does_not_have() -> None:
    row = read_history_row(2, GOOD[:6], MAPPING, WORDS, PURPOSES, now=NOW)
    assert [(p.field, p.code) for p in row.problems] == [("used_until", "value-missing")]


@pytest.mark.parametrize(
    ("cell", "purpose"),
    [("", "other"), ("法定检测", "statutory-test"), ("135", "research"), ("Teaching", "teaching"), ("度假", None)],
)
def test_a_purpose_is_read_by_its_word_or_refused(cell: str, purpose: str | None) -> None:
    mapping = HistoryMapping(MAPPING.columns, {**MAPPING.constants, F.PURPOSE: cell})
    row = read(mapping=mapping)
    assert (row.use and row.use.purpose) == purpose
    assert [(p.field, p.code) for p in row.problems] == ([] if purpose else [("purpose", "purpose-unknown")])


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"key": ""}, {("key", "value-missing")}),
        ({"used_from": "", "used_until": ""}, {("used_from", "value-missing"), ("used_until", "value-missing")}),
        ({"booked_until": ""}, {("booked_until", "value-missing")}),
        ({"used_from": "2026-03-02T01:00:00"}, {("used_from", "time-unreadable")}),
        ({"used_until": "2026-03-02T23:59:60Z"}, {("used_until", "time-unreadable")}),
        ({"used_until": "9999-12-31T00:00:00Z"}, {("used_until", "time-unreadable")}),
        ({"used_until": "2026-03-02T01:00:00Z"}, {("used_until", "ends-before-start")}),
        ({"booked_until": "2026-03-02T00:00:00Z"}, {("booked_until", "ends-before-start")}),
        ({"used_until": "2026-03-09T16:00:01Z"}, {("used_until", "in-the-future")}),
        ({"booked_from": "2026-03-02T03:00:00Z"}, {("used_from", "used-outside-booking")}),
        ({"user": "a\x00"}, {("user", "text-not-storable")}),
        ({"key": "", "used_from": "soon"}, {("key", "value-missing"), ("used_from", "time-unreadable")}),
    ],
)
def test_what_is_wrong_with_a_row_by_itself(changes: dict[str, str], problems: set[tuple[str, str]]) -> None:
    row = read(changes)
    assert row.use is None
    assert {(p.field, p.code) for p in row.problems} == problems


def test_booked_time_may_be_missing_and_use_may_overrun() -> None:
    alone = read({"booked_from": "", "booked_until": ""}).use
    assert alone is not None
    assert alone.held == hours(9, 11)
    over = read({"used_until": "2026-03-02T05:00:00Z"}).use
    assert over is not None
    assert over.held == hours(9, 13)


def test_a_file_without_offsets_needs_a_declared_clock() -> None:
    shanghai = HistoryMapping(MAPPING.columns, MAPPING.constants, Clock.SHANGHAI)
    row = read({"used_from": "2026-03-02 09:00", "used_until": "2026-03-02 11:00"}, shanghai)
    assert row.use == read().use


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026/3/2 9:00", "2026/3/2 11:00:00"),
        ("20260302 0900", "20260302 1100"),
        ("2026年3月2日 9:00", "2026年3月2日11:00"),
        ("46083.375", "46083.4583333333"),
    ],
)
def test_times_as_spreadsheets_write_them_need_a_declared_clock_too(first: str, last: str) -> None:
    times = {"used_from": first, "used_until": last}
    assert read(times, HistoryMapping(MAPPING.columns, MAPPING.constants, Clock.SHANGHAI)).use == read().use
    assert [(p.field, p.code) for p in read(times).problems] == [
        ("used_from", "time-unreadable"),
        ("used_until", "time-unreadable"),
    ]


def test_a_day_alone_is_no_time() -> None:
    shanghai = HistoryMapping(MAPPING.columns, MAPPING.constants, Clock.SHANGHAI)
    for day in ("2026-03-02", "2026年3月2日", "46083", "60"):
        assert [p.code for p in read({"used_from": day}, shanghai).problems] == ["time-unreadable"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (F.CHARGED, "120.50元", Money(120_50)),
        (F.RATING, "5", 5),
        (F.CONFIRMED_ON, "2026-03-03", date(2026, 3, 3)),
        (F.RECEIVED_ON, "2026/3/4", date(2026, 3, 4)),
        (F.INVOICED_ON, "20260305", date(2026, 3, 5)),
        (F.INVOICED_ON, "2026年3月5日", date(2026, 3, 5)),
        (F.INVOICED_ON, "46086", date(2026, 3, 5)),
        (F.INVOICED_ON, "2026/3/5 8:05", date(2026, 3, 5)),
        (F.RECEIVED_ON, "2026-03-04T16:08:00Z", date(2026, 3, 5)),  # a time stands for its day in Shanghai
        (F.RECEIVED_ON, "2026-03-04T15:59:59Z", date(2026, 3, 4)),
        (F.ORDER, "W-1", "W-1"),
    ],
)
def test_optional_facts(field: HistoryField, text: str, value: Any) -> None:
    mapping = HistoryMapping(MAPPING.columns, {**MAPPING.constants, field: text})
    assert getattr(read(mapping=mapping).use, field) == value


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (F.CHARGED, "120", "amount-needs-unit"),
        (F.RATING, "6", "rating-unreadable"),
        (F.CONFIRMED_ON, "yesterday", "time-unreadable"),
        (F.CONFIRMED_ON, "60", "time-unreadable"),
    ],
)
def test_optional_facts_that_cannot_be_read(field: HistoryField, text: str, code: str) -> None:
    row = read(mapping=HistoryMapping(MAPPING.columns, {**MAPPING.constants, field: text}))
    assert [(p.field, p.code) for p in row.problems] == [(field, code)]


def test_money_received_for_nothing_is_inconsistent() -> None:
    constants = {**MAPPING.constants, F.CHARGED: "0", F.RECEIVED_ON: "2026-03-03"}
    assert [p.code for p in read(mapping=HistoryMapping(MAPPING.columns, constants)).problems] == [
        "papers-out-of-order"
    ]


def test_columns_are_suggested() -> None:
    header = (
        "Session,ChargingStation,UserID,ConnectionStartDateTime,ConnectionEndDateTime,"
        "ChargingStartDateTime,ChargingEndDateTime,Energy"
    )
    assert suggest_columns(header.split(","), HISTORY_HEADERS) == MAPPING.columns
    chinese = "预约编号,仪器名称,用户单位,上机时间,下机时间,收费金额（元）"
    assert list(suggest_columns(chinese.split(","), HISTORY_HEADERS)) == [
        F.KEY, F.INSTRUMENT, F.CLIENT, F.USED_FROM, F.USED_UNTIL, F.CHARGED,
    ]  # fmt: skip


def row(line: int, start: float, end: float, **changes: Any) -> HistoryRow:
    facts: dict[str, Any] = {"key": f"S{line}", "instrument": "dev-1", "client": "firm", "used": hours(start, end)}
    return HistoryRow(line, PastUse(**facts | changes))


KNOWN = Known({"dev-1": KnownInstrument(), "pair": KnownInstrument(places=2)}, frozenset({"firm"}))


def fates(rows: list[HistoryRow], known: Known = KNOWN) -> list[tuple[str, list[str]]]:
    return [(c.fate.value, [str(p.code) for p in c.row.problems]) for c in check_history(rows, known)]


NEW: tuple[str, list[str]] = ("new", [])
TAKEN = ("refused", ["instrument-taken"])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(2, 9, 11), row(3, 11, 12)], [NEW, NEW]),
        ([row(2, 9, 11), row(3, 11 - 1 / 3600, 12)], [NEW, TAKEN]),
        ([row(2, 10, 12), row(3, 9, 11)], [TAKEN, NEW]),
        ([row(2, 9, 11), row(3, 9, 11)], [NEW, TAKEN]),
        ([row(2, 9, 11), row(3, 10, 12), row(4, 11, 13)], [NEW, TAKEN, NEW]),
        ([row(2, 9, 11), row(3, 9, 11, booked=hours(8, 9.5))], [TAKEN, NEW]),
        ([row(n, 9, 11, instrument="pair") for n in (2, 3, 4)], [NEW, NEW, TAKEN]),
        ([row(2, 9, 11), row(3, 9, 11, instrument="pair")], [NEW, NEW]),
        ([row(2, 9, 11), row(3, 12, 13, key="S2")], [NEW, ("refused", ["key-repeated"])]),
        (
            [row(2, 9, 11, instrument="x", client="y"), row(3, 9, 11)],
            [("refused", ["unknown-instrument", "unknown-client"]), NEW],
        ),
    ],
)
def test_rows_beside_each_other(rows: list[HistoryRow], expected: list[tuple[str, list[str]]]) -> None:
    assert fates(rows) == expected


def test_rows_beside_what_the_platform_knows() -> None:
    known = Known({"dev-1": KnownInstrument(taken=(hours(10, 12),))}, frozenset({"firm"}), frozenset({"S9"}))
    rows = [row(2, 9, 10), row(3, 9.5, 10.5), row(4, 11, 13), row(5, 12, 13), row(9, 10, 12)]
    assert [fate for fate, _ in fates(rows, known)] == ["new", "refused", "refused", "new", "same"]


def test_importing_again_changes_nothing() -> None:
    rows = [row(2, 9, 11), row(3, 10, 12)]
    first = check_history(rows, KNOWN)
    arrived = frozenset(c.row.use.key for c in first if c.row.use and not c.refused)
    taken = tuple(c.row.use.held for c in first if c.row.use and not c.refused)
    again = Known({"dev-1": KnownInstrument(taken=taken)}, KNOWN.clients, arrived)
    assert [fate for fate, _ in fates(rows, again)] == ["same", "refused"]


def test_the_report_adds_up() -> None:
    unreadable = HistoryRow(9, None, read({"key": ""}).problems)
    rows = [row(2, 9, 11, booked=hours(9, 12)), row(3, 10, 12), unreadable]
    found = report(check_history(rows, KNOWN))
    assert found.rows == 3
    assert found.tallies == {
        RowFate.NEW: Tally(1, 180, 120),
        RowFate.SAME: Tally(),
        RowFate.REFUSED: Tally(2, 0, 120),
    }
    assert found.reasons == {"instrument-taken": 1, "value-missing": 1}


def test_the_reasons_count_rows_and_not_problems() -> None:
    twice = HistoryRow(9, None, read({"used_from": "soon", "used_until": "later"}).problems)
    assert len(twice.problems) == 2
    assert report(check_history([twice], KNOWN)).reasons == {"time-unreadable": 1}


starts = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 20)), max_size=8)


@given(starts, starts, st.integers(1, 3))
def test_what_comes_in_never_exceeds_the_places(
    wishes: list[tuple[int, int]], held: list[tuple[int, int]], places: int
) -> None:
    def period(start: int, length: int) -> Period:
        return Period(MONDAY + timedelta(minutes=start), MONDAY + timedelta(minutes=start + length))

    taken = tuple(period(*h) for h in held)
    known = Known({"dev-1": KnownInstrument(places, taken)}, frozenset({"firm"}))
    rows = [HistoryRow(n, PastUse(str(n), "dev-1", "firm", period(*w))) for n, w in enumerate(wishes)]
    checked = check_history(rows, known)
    new = [c.row.use.held for c in checked if c.row.use and not c.refused]
    crowd = combinations([*new, *taken], places + 1)
    for group in crowd:
        together = max(p.start for p in group) < min(p.end for p in group)
        assert not together or not any(p in new for p in group)
    totals = report(checked)
    assert totals.rows == len(rows)
    assert sum(tally.used_minutes for tally in totals.tallies.values()) == sum(length for _, length in wishes)
