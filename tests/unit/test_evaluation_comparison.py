"""The other methods and the national sheet, against the values that the domain gives, and their traps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.rules.comparison import (
    Direction,
    efficacy,
    entropy_weights,
    min_max,
    percentile,
    ratio_to_maximum,
    topsis,
)
from app.evaluation.rules.national_sheet import (
    GENERAL_QUOTA_HOURS,
    SPECIAL_QUOTA_HOURS,
    WEIGHTS,
    InstrumentYear,
    points,
    total,
)
from app.kernel.money import half_up

MORE, LESS = Direction.MORE, Direction.LESS


def numbers(*values: str | int) -> list[Decimal]:
    return [Decimal(v) for v in values]


def shown(values: list[Decimal]) -> list[str]:
    return [str(half_up(v, Decimal("0.0001"))) for v in values]


def test_entropy_weights_of_the_domain() -> None:
    matrix = [numbers(30, 30, 38, 29), numbers(19, 54, 86, 29), numbers(19, 15, 85, "28.9"), numbers(68, 70, 60, 29)]
    assert shown(entropy_weights(matrix)) == ["0.4630", "0.3992", "0.1378", "0.0000"]


def test_topsis_of_the_domain() -> None:
    matrix = [numbers(7, 9, 9, 8), numbers(8, 7, 8, 7), numbers(9, 6, 8, 9), numbers(6, 7, 8, 6)]
    found = topsis(matrix, numbers("0.2", "0.1", "0.4", "0.3"), [MORE, MORE, MORE, LESS])
    assert shown(found) == ["0.4545", "0.5678", "0.3703", "0.5527"]


def test_columns_that_tell_nobody_apart() -> None:
    constant, zero = [numbers(5, 1), numbers(5, 3)], [numbers(0, 1), numbers(0, 3)]
    assert entropy_weights(constant) == entropy_weights(zero) == [0, 1]
    assert entropy_weights([numbers(5, 5)] * 2) == numbers("0.5", "0.5")
    assert entropy_weights([numbers(5, 7)]) == numbers("0.5", "0.5")
    assert min_max(numbers(4, 4)) == [100, 100]
    assert ratio_to_maximum(numbers(0, 0)) == [0, 0]
    assert topsis([numbers(3, 0)], numbers(1, 1), [MORE, MORE]) == [1]


def test_a_zero_among_others_is_no_trap() -> None:
    weights = entropy_weights([numbers(0, 1), numbers(5, 2), numbers(5, 3)])
    assert sum(weights) == 1
    assert weights[0] > weights[1]


def test_simple_methods() -> None:
    values = numbers(10, 30, 50)
    assert ratio_to_maximum(values) == [20, 60, 100]
    assert min_max(values) == [0, 50, 100]
    assert efficacy(values) == [60, 80, 100]
    assert [half_up(p) for p in percentile(values)] == [33, 67, 100]
    assert percentile(numbers(5, 5)) == [100, 100]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_simple_methods_keep_the_order(plain: list[int]) -> None:
    values = [Decimal(v) for v in plain]
    for method in (ratio_to_maximum, min_max, efficacy, percentile):
        scores = method(values)
        assert all(0 <= s <= 100 for s in scores)
        assert all(
            (a < b) <= (s <= t)
            for a, s in zip(values, scores, strict=True)
            for b, t in zip(values, scores, strict=True)
        )


SHEET = InstrumentYear(
    effective_hours=Decimal(1120),
    quota_hours=GENERAL_QUOTA_HOURS,
    independent_users=3,
    assisted_users=5,
    demonstrated_to=60,
    national_awards=0,
    provincial_awards=1,
    university_awards=0,
    core_papers=4,
    income_yuan=Decimal(16000),
    functions=5,
    functions_used=5,
    new_functions=1,
)


def test_the_national_sheet_of_the_domain() -> None:
    found = points(SHEET)
    assert list(found.values()) == [80, 47, 80, 80, 70]
    assert total(found) == Decimal("72.9")
    assert sum(WEIGHTS.values()) == 1
    special = points(replace(SHEET, quota_hours=SPECIAL_QUOTA_HOURS, effective_hours=Decimal(200)))
    assert special["machine-time"] == 25


@pytest.mark.parametrize(("used", "part"), [(5, 60), (4, 48), (3, 36), (2, 24), (1, 12), (0, 0)])
def test_functions_in_steps(used: int, part: int) -> None:
    assert points(replace(SHEET, functions_used=used, new_functions=0))["functions"] == part


def test_no_part_has_more_than_a_hundred() -> None:
    great = replace(
        SHEET, effective_hours=Decimal(9000), independent_users=99, national_awards=1, university_awards=2,
        income_yuan=Decimal(10**6), new_functions=9,
    )  # fmt: skip
    assert set(points(great).values()) == {100}
    assert points(replace(SHEET, functions=0, functions_used=0))["functions"] == 10
    assert points(replace(SHEET, national_awards=1, provincial_awards=0, core_papers=0))["results"] == 80
    assert points(replace(SHEET, university_awards=1, provincial_awards=0))["results"] == 40


@pytest.mark.parametrize("wrong", [{"quota_hours": 0}, {"functions_used": 6}])
def test_impossible_sheets(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="quota"):
        replace(SHEET, **wrong)  # type: ignore[arg-type]
