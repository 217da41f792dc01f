"""What a password must be: long rather than odd (ASVS 5.0 §6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from app.kernel.errors import Refusal
from app.kernel.text import fold

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
COMMON = ("password", "qwerty", "123456", "abcdef", "letmein", "admin", "iloveyou", "woaini", "a1b2c3")


def faults(password: str, *, known: tuple[str, ...] = ()) -> Iterator[Refusal]:
    """Every reason against `password`; `known` holds the person's name and addresses."""
    if len(password) < SHORTEST:
        yield Refusal("password-too-short", {"shortest": SHORTEST}, "password")
    if len(password) > LONGEST:
        yield Refusal("password-too-long", {"longest": LONGEST}, "password")
    plain = fold(password)
    rest = plain
    for word in COMMON:
        rest = rest.replace(word, "")
    if len(set(plain)) < FEWEST_DIFFERENT or len(rest) < SHORTEST // 2:
        yield Refusal("password-too-easy", {}, "password")
    if any(len(word) >= 4 and word in plain for word in map(_name_part, known)):
        yield Refusal("password-tells-who", {}, "password")


def _name_part(known: str) -> str:
    return fold(known).partition("@")[0]
