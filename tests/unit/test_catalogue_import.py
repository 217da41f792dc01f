"""Whole rows: suggested columns, drafts with every problem at once, repeats and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from app.catalogue.rules.amounts import PostedPrice
from app.catalogue.rules.instrument_rows import READERS, ColumnMapping, RowComparison, compare_row, read_row, row_digest
from app.catalogue.rules.mapping import Ground, suggest, unit_in_header
from app.catalogue.rules.national import (
    NATIONAL_FIELDS,
    ItemState,
    checklist,
    completeness,
    missing_for_listing,
    supervised,
)
from app.catalogue.rules.words import ColumnField, Origin, PriceUnit, ShareMode, SharingWord
from app.catalogue.seeds.words import WORDS
from app.kernel.money import Money

F = ColumnField


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "id,name,original_price,firm_model,parameter,functional_use,price_value,price_type",
            "inner_id,name,worth,maker_and_model,technical,function,price,price_unit",
        ),
        (
            "doc_id,equipment_id,name,category_general,org_name,prefecture,address_raw,external_use,source_url",
            "inner_id,,name,class_name,owning_unit,,address,share_mode,service_url",
        ),
        (
            "资产编号,仪器名称,原值（万元）,规格型号,生产厂家,启用日期,共享模式",
            "inner_id,name,worth,model,maker,acquired_on,share_mode",
        ),
        ("管理番号,装置名,メーカー,型番,設置場所,外部利用", "inner_id,name,maker,model,address,share_mode"),
        ("Asset No.,Instrument name,E-mail", ",name,email"),
        ("学院仪器名称全称,仪器原值合计", "name,worth"),
    ],
)
def test_columns_are_suggested_by_their_headers(header: str, fields: str) -> None:
    names = header.split(",")
    found = {s.column: s.field for s in suggest(names, [], WORDS)}
    assert [found.get(n, "") for n in range(len(names))] == fields.split(",")


def test_columns_without_a_telling_header_are_suggested_by_content() -> None:
    sample = [
        ["a1", "https://example.org/1", "x@example.org", "外部共享", "小时", "0101", "12 万元", "free words"],
        ["a2", "https://example.org/2", "y@example.org", "不共享", "天", "011300", "3,000元", ""],
    ]
    found = suggest(["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"], sample, WORDS)
    fields = [F.SERVICE_URL, F.EMAIL, F.SHARE_MODE, F.PRICE_UNIT, F.CLASS_CODE, F.WORTH]
    assert [(s.column, s.field, s.ground) for s in found] == [(n, f, Ground.CONTENT) for n, f in enumerate(fields, 1)]


def test_contents_must_convince() -> None:
    sample = [["12 万元"], ["about"], ["three"], ["words"]]
    assert suggest(["c0"], sample, WORDS) == ()


def test_units_in_headers() -> None:
    assert unit_in_header("原值（万元）", WORDS) == "万元"
    assert unit_in_header("原值", WORDS) is None


COLUMNS = {f: n for n, f in enumerate([F.INNER_ID, F.NAME, F.WORTH, F.MAKER_AND_MODEL, F.SHARE_MODE, F.CLASS_CODE])}


def test_a_good_row_is_read_whole() -> None:
    draft = read_row(
        ("7", " 电镜 ", "57", "日本甲乙公司；H-1", "要相談", "101"),
        ColumnMapping(COLUMNS, {F.OWNING_UNIT: "Centre"}, worth_unit="万元"),
        WORDS,
    )
    assert draft.problems == ()
    assert not draft.refused
    assert {k: v for k, v in draft.values.items() if k is not F.MAKER_AND_MODEL} == {
        F.INNER_ID: "7",
        F.NAME: "电镜",
        F.WORTH: Money.yuan(570_000),
        F.MAKER: "日本甲乙公司",
        F.MODEL: "H-1",
        F.NATION: "日本",
        F.SHARE_MODE: SharingWord(ShareMode.EXTERNAL, by_arrangement=True),
        F.CLASS_CODE: "0101",
        F.OWNING_UNIT: "Centre",
    }


def test_every_problem_of_a_row_is_told_at_once() -> None:
    draft = read_row(("", "x" * 201, "57", "", "maybe", "abc"), ColumnMapping(COLUMNS, {}), WORDS)
    assert {(p.field, p.code) for p in draft.problems} == {
        (F.INNER_ID, "value-missing"),
        (F.NAME, "text-too-long"),
        (F.WORTH, "amount-needs-unit"),
        (F.SHARE_MODE, "word-unknown"),
        (F.CLASS_CODE, "class-code-unreadable"),
    }
    assert draft.refused


@pytest.mark.parametrize(
    ("field", "cell", "value", "code"),
    [
        (F.SUBJECTS, "物理学、化学；physics/物理学", ["物理学", "化学", "physics"], None),
        (F.SUBJECTS, "a,b,c,d", ["a", "b", "c", "d"], None),
        (F.SUBJECTS, "a,b,c,d,e", None, "subjects-too-many"),
        (F.ORIGIN, "购置", Origin.PURCHASED, None),
        (F.ORIGIN, "found", None, "word-unknown"),
        *((field, absent, None, None) for field in READERS for absent in ("-", "暂无")),
    ],
)
def test_what_is_not_plain_text_is_read_by_its_field(field: F, cell: str, value: object, code: str | None) -> None:
    draft = read_row(("7", "name", cell), ColumnMapping({F.INNER_ID: 0, F.NAME: 1, field: 2}, {}), WORDS)
    told = [(field, code)] if code else []
    assert (draft.values.get(field), [(p.field, p.code) for p in draft.problems]) == (value, told)
    assert not draft.refused


def test_doubts_in_other_fields_do_not_keep_a_row_out() -> None:
    draft = read_row(("7", "name", "57", "", "不明", ""), ColumnMapping(COLUMNS, {}), WORDS)
    assert len(draft.problems) == 2
    assert not draft.refused


def test_longest_names_still_come_in() -> None:
    assert read_row(("7", "x" * 200), ColumnMapping({F.INNER_ID: 0, F.NAME: 1}, {}), WORDS).problems == ()


def test_a_column_of_its_own_beats_the_shared_cell() -> None:
    columns = {F.INNER_ID: 0, F.NAME: 1, F.MAKER_AND_MODEL: 2, F.MAKER: 3}
    draft = read_row(("7", "n", "甲乙公司；H-1", "丙公司"), ColumnMapping(columns, {}), WORDS)
    assert (draft.values[F.MAKER], draft.values[F.MODEL]) == ("丙公司", "H-1")


def test_the_unit_of_a_price_comes_from_beside_it_or_from_the_mapping() -> None:
    columns = {F.INNER_ID: 0, F.NAME: 1, F.PRICE: 2, F.PRICE_UNIT: 3}
    mapping = ColumnMapping(columns, {}, price_unit="hour")
    prices = [read_row(("7", "n", "400", unit), mapping, WORDS).values[F.PRICE] for unit in ("day", "")]
    assert prices == [PostedPrice(Money.yuan(400), u) for u in (PriceUnit.DAY, PriceUnit.HOUR)]


@pytest.mark.parametrize("cell", ["a\x00b", "a\ud800b"])
def test_text_no_database_can_hold_is_refused(cell: str) -> None:
    draft = read_row(("7", "name", "", cell), ColumnMapping(COLUMNS, {}), WORDS)
    assert draft.refused


def test_constants_fill_only_what_is_empty() -> None:
    mapping = ColumnMapping({F.INNER_ID: 0, F.NAME: 1}, {F.NAME: "constant"})
    assert read_row(("1", "own"), mapping, WORDS).values[F.NAME] == "own"
    assert read_row(("1", " "), mapping, WORDS).values[F.NAME] == "constant"
    assert read_row(("1",), mapping, WORDS).values[F.NAME] == "constant"


def test_repeats_and_conflicts() -> None:
    seen = {"7": row_digest(("7", "a"))}
    assert compare_row("8", row_digest(("8", "a")), seen) is RowComparison.NEW
    assert compare_row("7", row_digest((" 7", "a ")), seen) is RowComparison.REPEAT
    assert compare_row("7", row_digest(("7", "b")), seen) is RowComparison.CONFLICT
    assert row_digest(("a", "bc")) != row_digest(("ab", "c"))


@dataclass
class Bare:
    """An instrument of which nothing is known but its name."""

    name: str = "n"
    customs_supervised: bool = False

    def __getattr__(self, _: str) -> None:
        return None


def test_completeness_counts_the_fields_that_apply() -> None:
    items = checklist(Bare())
    assert len(items) == len(NATIONAL_FIELDS) - 4
    assert [i.field.name for i in items if i.state is ItemState.FILLED] == ["cname"]
    assert completeness(items) == Decimal(1) / 27
    assert len(checklist(Bare(customs_supervised=True))) == len(NATIONAL_FIELDS)


LIMITS = {
    "inner_id": 150, "class_code": 6, "technical": 500, "functions": 300, "service_content": 200,
    "achievements": 500, "requirements": 500, "fee_text": 500, "service_url": 150, "contact": 20, "email": 50,
    "address": 100, "postcode": 6,
}  # fmt: skip


@pytest.mark.parametrize(("ours", "longest"), LIMITS.items())
def test_too_long_for_the_national_platform_is_not_complete(ours: str, longest: int) -> None:
    instrument = Bare()
    for length, state in ((longest, ItemState.FILLED), (longest + 1, ItemState.TOO_LONG)):
        setattr(instrument, ours, "x" * length)
        assert {i.field.ours: i.state for i in checklist(instrument)}[ours] is state


@pytest.mark.parametrize(
    ("bound", "released", "held"),
    [
        (False, None, False),
        (True, None, True),
        (True, date(2026, 11, 19), True),
        (True, date(2026, 11, 18), False),
    ],
)
def test_supervision_ends_on_the_day_of_release(bound: bool, released: date | None, held: bool) -> None:
    assert supervised(bound=bound, released_on=released, today=date(2026, 11, 18)) is held


def test_four_subjects_are_enough() -> None:
    instrument = Bare()
    instrument.subjects = ["a"] * 5  # type: ignore[attr-defined]
    assert {i.field.ours: i.state for i in checklist(instrument)}["subjects"] is ItemState.TOO_LONG


def test_listing_needs_little() -> None:
    assert missing_for_listing(Bare()) == ("class_code", "provider_id", "share_mode")
