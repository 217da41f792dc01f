# ruff: noqa: RUF001 - full-width characters are what is tested
"""Text, credit codes, canonical text, refusals and ids."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import canonical, errors, uscc
from app.kernel.errors import Refusal, Refused, Stale, refuse, refuse_all
from app.kernel.ids import new_public_id
from app.kernel.money import Money
from app.kernel.text import clean, fold, is_blank, number
from tests.unit.times import MONDAY


@pytest.mark.parametrize(
    ("text", "kept"),
    [("  a b \r\n c\r", "a b \n c"), ("e\u0301", "\u00e9"), ("𬭛", "𬭛"), ("\u3000电镜\u3000", "电镜"), ("", "")],
)
def test_text_is_cleaned(text: str, kept: str) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\ufeff", "\u2066", "\u00ad"])
def test_two_texts_that_look_alike_are_one(unseen: str) -> None:
    assert clean(f"{unseen}电{unseen}镜{unseen}") == "电镜"


@pytest.mark.parametrize("text", ["", " \t\n", "\u3000", "\u200b", "\u202e\u0301", "\u200d", "\u3164", "\x01"])
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "电", " - ", "\U0001f3db", "e\u0301", "\ue000", "𬭛"])
def test_what_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12.50", "12.50"), ("-1", "-1"), ("1,033,000.5", "1033000.5"), (" １２ ", "12"), ("+0.1", "0.1")],
)
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["1_000", "1e5", "\u0661\u0662", "12,5", "1,2,3", "1,", ".", "", "NaN", "Infinity", "0x10", "1 000", "--1"]
)
def test_what_only_programs_take_for_a_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="decimal number"):
        number(text)


@pytest.mark.parametrize("text", ["a\x00b", "\x00", "a\ud800b", "\udfff"])
def test_text_no_database_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must not contain"):
        clean(text)


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    try:
        once = clean(text)
    except ValueError:
        return
    assert clean(once) == once


def test_folding_makes_widths_and_cases_equal() -> None:
    assert fold("ＳＥＭ　") == fold("sem") == "sem"


GOOD = "91350100M000100Y43"  # the example of GB 32100-2015 itself


@pytest.mark.parametrize(
    "text", [GOOD, GOOD.lower(), " 9135 0100 M000100Y43\n", "９１３５０１００Ｍ０００１００Ｙ４３"]
)
def test_credit_codes_are_normalised(text: str) -> None:
    assert uscc.normalise(text) == GOOD
    assert uscc.fault(uscc.normalise(text)) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (GOOD[:-1], "uscc-length"),
        (GOOD + "0", "uscc-length"),
        ("", "uscc-length"),
        *[(GOOD[:5] + letter + GOOD[6:], "uscc-character") for letter in "IOSVZ"],
        (GOOD[:5] + "-" + GOOD[6:], "uscc-character"),
        (GOOD.lower(), "uscc-character"),
        (GOOD[:-1] + "4", "uscc-check"),
        ("19" + GOOD[2:], "uscc-check"),
    ],
)
def test_wrong_credit_codes_are_refused_with_the_reason(code: str, fault: str) -> None:
    assert uscc.fault(code) == fault


characters = st.text(uscc.ALPHABET, min_size=17, max_size=17)


@given(characters, st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_always_noticed(first: str, where: int, other: str) -> None:
    code = first + uscc.check_character(first)
    assert uscc.fault(code) is None
    changed = code[:where] + other + code[where + 1 :]
    assert (uscc.fault(changed) is None) == (changed == code)


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ([True, Colour.RED, "电镜"], '[true,"red","电镜"]'),
        (Decimal("1.50"), '"1.5"'),
        (Decimal("100"), '"100"'),
        (Decimal("1E+2"), '"100"'),
        (Decimal("-0.0"), '"0"'),
        (Decimal("0.10"), '"0.1"'),
        (Money(5), "5"),
        (MONDAY, '"2026-03-01T16:00:00Z"'),
        (date(2026, 3, 2), '"2026-03-02"'),
        (frozenset({"b", "a"}), '["a","b"]'),
        ({Colour.RED: (1, 2)}, '{"red":[1,2]}'),
    ],
)
def test_canonical_text(value: Any, text: str) -> None:
    assert canonical.text(value) == text


@pytest.mark.parametrize("value", [1.5, b"x", object(), {"a": 0.1}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        canonical.text(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity")])
def test_only_finite_decimals(value: Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        canonical.text(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_equal_decimals_have_one_text(value: Decimal) -> None:
    text = canonical.decimal_text(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert canonical.decimal_text(value * Decimal("1.00")) == text or len(value.as_tuple().digits) > 25


def test_the_digest_does_not_depend_on_key_order() -> None:
    assert canonical.digest({"a": 1, "b": 2}) == canonical.digest({"b": 2, "a": 1})
    assert canonical.digest({"a": 1}) != canonical.digest({"a": 2})
    assert canonical.digest("") == "12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126"


def test_refusals_travel_together_and_a_taken_slot_is_a_conflict() -> None:
    refused = Refused(Refusal("too-long"), Refusal("slot-taken"))
    assert (refused.status, [r.code for r in refused.refusals]) == (409, ["too-long", "slot-taken"])
    plain = refuse("too-long", "ends_at", limit=5)
    assert (plain.status, plain.refusals) == (422, (Refusal("too-long", {"limit": 5}, "ends_at"),))
    refuse_all([])
    with pytest.raises(Refused):
        refuse_all([Refusal("too-long")])
    assert Stale(7).refusals[0].params == {"present": 7}
    assert [errors.NotFound.status, errors.Forbidden.status, Stale.status] == [404, 403, 409]


def test_public_ids_are_version_7_and_sort_by_birth() -> None:
    made = [new_public_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert all((uuid.UUID(i).version, uuid.UUID(i).variant) == (7, uuid.RFC_4122) for i in made)
    stamps = [uuid.UUID(i).int >> 80 for i in made]
    assert stamps == sorted(stamps)
    born = datetime.fromtimestamp(stamps[0] / 1000, UTC)
    assert 2025 < born.year < 2100
