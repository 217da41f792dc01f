# ruff: noqa: RUF001 - full-width characters are what is tested
"""Cells as people write them: amounts, prices, makers, words, days and class codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.rules import class_codes
from app.catalogue.rules.amounts import PostedPrice, read_amount, read_price, read_price_unit
from app.catalogue.rules.dates import as_iso
from app.catalogue.rules.instrument_rows import read_day, read_sharing
from app.catalogue.rules.makers import MakerAndModel, split_maker_and_model
from app.catalogue.rules.words import PriceUnit, ShareMode, SharingWord
from app.catalogue.seeds.words import WORDS
from app.kernel.money import Money


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("360万元", "3600000"),
        ("94.94 万元", "949400"),
        ("125.5万元 ", "1255000"),
        ("167.197万元", "1671970"),
        ("１２．５万元", "125000"),
        ("5亿元", "500000000"),
        ("1,234,567.89元", "1234567.89"),
        ("1，234元", "1234"),
        ("¥1,200", "1200"),
        ("￥ 1200 元", "1200"),
        ("RMB 1200", "1200"),
        ("1200 yuan", "1200"),
        ("3千元", "3000"),
        (".5万元", "5000"),
        ("0", "0"),
    ],
)
def test_amounts(text: str, yuan: str) -> None:
    reading = read_amount(text, WORDS)
    assert (reading.value, reading.problem) == (Money.yuan(yuan), None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("57", "amount-needs-unit"),
        ("10-20万元", "amount-range"),
        ("10万元～20万元", "amount-range"),
        ("10万元至20万元", "amount-range"),
        ("3万美元", "amount-foreign-currency"),
        ("US$ 300", "amount-foreign-currency"),
        ("€300", "amount-foreign-currency"),
        ("面议", "amount-unreadable"),
        ("约50万元", "amount-unreadable"),
        ("-5万元", "amount-unreadable"),
        ("1,23元", "amount-unreadable"),
        ("1 2 元", None),
        ("3.001元", "amount-too-fine"),
        ("99999999999999亿元", "amount-too-large"),
        ("9" * 101, "amount-unreadable"),
    ],
)
def test_doubtful_amounts_are_never_guessed(text: str, code: str | None) -> None:
    problem = read_amount(text, WORDS).problem
    assert (problem.code if problem else None) == code


def test_a_bare_number_offers_what_it_could_mean() -> None:
    problem = read_amount("57", WORDS).problem
    assert problem is not None
    assert problem.params["candidates"] == [57_00, 570_000_00]
    assert read_amount("57", WORDS, unit="万元").value == Money.yuan(570_000)
    assert read_amount("57元", WORDS, unit="万元").value == Money.yuan(57)


@pytest.mark.parametrize("text", ["", "  ", "-", "/", "无", "N/A", "暂无"])
def test_absent_is_neither_value_nor_problem(text: str) -> None:
    reading = read_amount(text, WORDS)
    assert (reading.value, reading.problem) == (None, None)


@given(st.decimals(0, 10**6, places=2))
def test_what_is_written_with_a_unit_is_read_back(number: Decimal) -> None:
    assert read_amount(f"{number:,}元", WORDS).value == Money.yuan(number)
    assert read_amount(f"{number}万元", WORDS).value == Money.yuan(number * 10_000)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = read_amount(text, WORDS)
    assert reading.value is None or reading.value.fen >= 0


@pytest.mark.parametrize(
    ("text", "per", "price"),
    [
        ("402", "day", PostedPrice(Money.yuan(402), PriceUnit.DAY)),
        ("400", "小时", PostedPrice(Money.yuan(400), PriceUnit.HOUR)),
        ("100", "times", PostedPrice(Money.yuan(100), PriceUnit.USE)),
        ("400元/小时", "", PostedPrice(Money.yuan(400), PriceUnit.HOUR)),
        ("400元／样", "day", PostedPrice(Money.yuan(400), PriceUnit.SAMPLE)),
        ("400", "元/半天", PostedPrice(Money.yuan(400), PriceUnit.HALF_DAY)),
    ],
)
def test_prices(text: str, per: str, price: PostedPrice) -> None:
    assert read_price(text, WORDS, per=per).value == price


@pytest.mark.parametrize(
    ("text", "per", "code"),
    [("400", "", "value-missing"), ("400", "moon", "word-unknown"), ("面议", "day", "amount-unreadable")],
)
def test_prices_that_say_too_little(text: str, per: str, code: str) -> None:
    reading = read_price(text, WORDS, per=per)
    assert reading.value is None
    assert reading.problem is not None
    assert reading.problem.code == code


def test_no_price_is_no_problem() -> None:
    assert read_price("", WORDS, per="").problem is None
    assert read_price_unit("", WORDS).problem is None


@pytest.mark.parametrize(
    ("cell", "maker", "model", "nation", "certain"),
    [
        ("日本甲乙公司；H-100", "日本甲乙公司", "H-100", "日本", True),
        ("Nowhere Instruments Co\n*_iCAP1", "Nowhere Instruments Co", "iCAP1", "", True),
        ("甲乙科技有限公司，\nAbc70A/70C", "甲乙科技有限公司", "Abc70A/70C", "", True),
        ("甲乙公司 AS30", "甲乙公司", "AS30", "", True),
        ("Agilent 59N", "Agilent", "59N", "", True),
        ("Watersuplc/X", "Waters", "uplc/X", "", True),
        ("丙丁通用 TAS-9", "丙丁通用", "TAS-9", "", False),
        ("美国NOBODY", "美国NOBODY", "", "美国", False),
        ("*_TCS 5型", "", "TCS 5型", "", False),
        ("XYZ-QP1", "", "XYZ-QP1", "", False),
        ("ThermoﬁsherX-1", "", "ThermoﬁsherX-1", "", False),
        ("甲乙公司；" + "x" * 400, "", "甲乙公司；" + "x" * 400, "", False),
        (" \n ", "", "", "", True),
    ],
)
def test_maker_and_model_are_parted(cell: str, maker: str, model: str, nation: str, certain: bool) -> None:
    assert split_maker_and_model(cell, WORDS) == MakerAndModel(maker, model, nation, certain)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("可", SharingWord(ShareMode.EXTERNAL)),
        ("要相談", SharingWord(ShareMode.EXTERNAL, by_arrangement=True)),
        ("不可", SharingWord(ShareMode.NONE)),
        (" 外部共享 ", SharingWord(ShareMode.EXTERNAL)),
        ("内部共享", SharingWord(ShareMode.INTERNAL)),
        ("不共享", SharingWord(ShareMode.NONE)),
        ("External", SharingWord(ShareMode.EXTERNAL)),
    ],
)
def test_sharing_words(text: str, meaning: SharingWord) -> None:
    reading = read_sharing(text, WORDS)
    assert (reading.value, reading.problem) == (meaning, None)


def test_a_source_that_does_not_know_asks_for_confirmation() -> None:
    reading = read_sharing("不明", WORDS)
    assert reading.doubtful
    assert reading.value is not None
    assert reading.value.mode is ShareMode.INTERNAL
    assert read_sharing("maybe", WORDS).problem is not None
    assert read_sharing("", WORDS).problem is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-06", date(2019, 5, 6)),
        ("2019/5/6", date(2019, 5, 6)),
        ("2019.05.06", date(2019, 5, 6)),
        ("20190506", date(2019, 5, 6)),
        ("2019年5月6日", date(2019, 5, 6)),
        ("2019年5月", date(2019, 5, 1)),
        ("2019-05-06T00:00:00", date(2019, 5, 6)),
        ("2019 5 6", date(2019, 5, 6)),
        ("2019.5", date(2019, 5, 1)),
        ("2019/10/1 8:05", date(2019, 10, 1)),
        ("20191001 0805", date(2019, 10, 1)),
        ("2019年10月1日 8:05", date(2019, 10, 1)),
        ("2019-10-01T08:05:00.250Z", date(2019, 10, 1)),
        ("43739", date(2019, 10, 1)),
        ("43739.9999999", date(2019, 10, 2)),
        ("60", None),  # Excel's 29 February 1900
        ("2019", None),
        ("99999", None),
        ("2019-02-30", None),
        ("1900-01-01", date(1900, 1, 1)),
        ("1899-12-31", None),
        ("2099-12-31", date(2099, 12, 31)),
        ("2100-01-01", None),
        ("05/06/2019", None),
        ("soon", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    reading = read_day(text, WORDS)
    assert reading.value == day
    assert (reading.problem is None) == (day is not None)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2019/10/1 8:05", "2019-10-01 08:05:00"),
        ("2019/10/1 08:05:00", "2019-10-01 08:05:00"),
        ("20191001 0805", "2019-10-01 08:05:00"),
        ("20191001 080507", "2019-10-01 08:05:07"),
        ("20191001T0805Z", "2019-10-01 08:05:00Z"),
        ("2019年10月1日 8:05", "2019-10-01 08:05:00"),
        ("2019年10月1日8：05", "2019-10-01 08:05:00"),
        ("２０１９-10-1 8:05 +08:00", "2019-10-01 08:05:00+08:00"),
        ("43739.3368055556", "2019-10-01 08:05:00"),
        ("2019-10-01T08:05:00Z", "2019-10-01 08:05:00Z"),
        ("2019-10-01T08:05:00.5Z", "2019-10-01 08:05:00.5Z"),  # refused by the parser, for whole seconds only
        ("43739", "43739"),  # a day alone is no time
        ("2019/10/1", "2019/10/1"),
        ("60", "60"),
        ("60.5", "60.5"),
        ("10/1/2019 8:05", "10/1/2019 8:05"),
        ("2019/10/1 8:5", "2019/10/1 8:5"),
        ("2019/10/18:05", "2019/10/18:05"),
    ],
)
def test_times_of_spreadsheets_become_iso_and_others_stay(text: str, iso: str) -> None:
    assert as_iso(text) == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0101", "0101"),
        ("101", "0101"),
        ("101.0", "0101"),
        ("01.01", "0101"),
        ("１１３００", "011300"),
        ("1", "01"),
        ("990000", "990000"),
    ],
)
def test_class_codes_get_their_zeros_back(text: str, code: str) -> None:
    assert class_codes.normalise(text) == code


@pytest.mark.parametrize("text", ["", "A101", "0000", "12345678", "1.5e3"])
def test_what_is_no_class_code(text: str) -> None:
    with pytest.raises(ValueError, match="class code"):
        class_codes.normalise(text)


def test_class_parents() -> None:
    assert class_codes.parents("010203") == ("01", "0102")
    assert class_codes.parents("0102") == ("01",)
    assert class_codes.parents("011300") == ("01", "0113")
    assert class_codes.parents("120000") == ("12",)
    assert class_codes.parents("01") == ()
    assert class_codes.national("0102") == "010200"
