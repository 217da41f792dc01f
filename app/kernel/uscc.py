"""统一社会信用代码, the unified social credit code of GB 32100-2015."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # I, O, S, V and Z are left out by the standard
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def normalise(text: str) -> str:
    """NFKC (full-width letters become plain), upper case, inner white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def check_character(first17: str) -> str:
    """The 18th character (GB 32100-2015, annex A: weights 3^i mod 31, modulus 31)."""
    checksum = sum(ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-checksum % 31]


def fault(code: str) -> str | None:
    """Why a normalised code is not valid, as a refusal code; None if it is.

    Only the outer check character decides: valid codes exist whose inner GB 11714 digit is wrong.
    """
    if len(code) != 18:
        return "uscc-length"
    if any(c not in ALPHABET for c in code):
        return "uscc-character"
    if check_character(code[:17]) != code[17]:
        return "uscc-check"
    return None
