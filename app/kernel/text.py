"""The one kind of text the platform stores, and how a number stands in it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

# Marks that show nothing and make two names look like one, or turn the order of what is read: zero-width space and
# joiner of words, byte order mark, soft hyphen, and whatever sets the direction of writing.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Controls, formats, separators, and marks that need a letter to stand on.
_SHOWS_NOTHING = frozenset({"Cc", "Cf", "Cs", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that are drawn as nothing
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)


def clean(text: str) -> str:
    """NFC, outer white space and unseen marks removed, line ends as LF; NUL and lone surrogates raise ValueError.

    PostgreSQL cannot store NUL and neither engine can store a lone surrogate, so both are
    refused before the database sees them.
    """
    if "\x00" in text:
        raise ValueError("text must not contain NUL")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text must not contain lone surrogates") from error
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", seen).strip()


def is_blank(text: str) -> bool:
    """Whether nobody would see anything of it."""
    return all(unicodedata.category(sign) in _SHOWS_NOTHING or sign in _FILLERS for sign in text)


def fold(text: str) -> str:
    """For comparing codes and search terms: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def number(text: str) -> Decimal:
    """A decimal as people write it: 1033.5, 1,033.5 or the same in full width; ValueError for anything else.

    Python would also take 1_000, 1e5 and digits of other scripts: who types them means something else, or mistyped.
    """
    plain = fold(text)
    if not _NUMBER.fullmatch(plain):
        raise ValueError("not a decimal number")
    return Decimal(plain.replace(",", ""))
