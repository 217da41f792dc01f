"""What a password must be."""

from __future__ import annotations

import pytest

from app.accounts.rules.passwords import LONGEST, faults

KNOWN = ("Li Na", "wangwu@example.org")


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("several words together", []),
        ("seldomheard1", []),
        ("seldomhear1", ["password-too-short"]),
        ("several words " * 9 + "ab", []),
        ("x1y2z" * 26, ["password-too-long"]),
        ("abababababab", ["password-too-easy"]),
        ("abcdabcdabcd", ["password-too-easy"]),
        ("password12345678", ["password-too-easy"]),
        ("\uff30ASSWORDqwertyzxcv", ["password-too-easy"]),
        ("the wangwu key 7", ["password-tells-who"]),
        ("the Li and the Na", []),
    ],
)
def test_every_reason_is_told(password: str, codes: list[str]) -> None:
    assert [fault.code for fault in faults(password, known=KNOWN)] == codes


def test_short_names_stand_in_many_words() -> None:
    assert len("several words " * 9 + "ab") == LONGEST
    assert list(faults("analysed together", known=("Na", "Lys"))) == []
