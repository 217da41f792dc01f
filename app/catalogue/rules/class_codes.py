"""Instrument class codes: text of two, four or six digits whose leading zeros spreadsheets lose."""

from __future__ import annotations

import re
import unicodedata

OTHER = "990000"
"""What the national platform calls any class outside its table."""

_SPREADSHEET_NUMBER = re.compile(r"(\d+)\.0+", re.ASCII)
_CODE = re.compile(r"\d{2}(\d{2}){0,2}", re.ASCII)


def normalise(text: str) -> str:
    """Give the code its digits back; raises ValueError for anything that is no code.

    "101", "101.0", "01.01" and full-width digits all mean 0101: every code has an even number of digits.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    number = _SPREADSHEET_NUMBER.fullmatch(plain)
    digits = number[1] if number else plain.replace(".", "").replace("-", "")
    if len(digits) % 2:
        digits = f"0{digits}"
    if not _CODE.fullmatch(digits) or digits.startswith("00"):
        raise ValueError("a class code has two, four or six digits")
    return digits


def parents(code: str) -> tuple[str, ...]:
    """The wider classes, widest first; the `xx0000` classes hang directly under their first level."""
    levels = (code[:2], code[:4])
    return tuple(level for level in levels if len(level) < len(code) and not level.endswith("00"))


def national(code: str) -> str:
    """The six digits that the national platform takes."""
    return code.ljust(6, "0")
