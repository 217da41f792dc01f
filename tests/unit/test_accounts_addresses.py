"""The two kinds of address, in their one stored form."""

from __future__ import annotations

import pytest

from app.accounts.rules.addresses import LONGEST, masked, read

DOMAIN = "@" + "a." * 124 + "cn"


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        (" Li.Hua@Example.org ", "li.hua@example.org", "l***@example.org"),
        ("+86 138-0013-8000", "13800138000", "138****8000"),
        ("\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10", "13800138000", "138****8000"),
        (f"abc{DOMAIN}", f"abc{DOMAIN}", f"a***{DOMAIN}"),
    ],
)
def test_an_address_is_kept_in_one_form_and_shown_in_part(typed: str, stored: str, shown: str) -> None:
    address = read(typed)
    assert address is not None
    assert (address.text, masked(address)) == (stored, shown)


@pytest.mark.parametrize(
    "typed", ["", "li", "li@", "li@example", "li..hua@example.org", "12800138000", f"abcd{DOMAIN}"]
)
def test_anything_else_is_no_address(typed: str) -> None:
    assert read(typed) is None


def test_the_longest_address_is_the_longest_that_fits() -> None:
    assert len(f"abc{DOMAIN}") == LONGEST
