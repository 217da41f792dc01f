"""Which class the row of a foreign list belongs to: by its code, by the name of a class, or by its own name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from app.catalogue.rules.class_codes import parents
from app.kernel.text import fold

ClassWords = tuple[tuple[str, str], ...]
"""(folded word, code): the first word that stands in a text tells its class."""


def known_class(code: str | None, classes: Container[str]) -> str | None:
    """The class itself, or the narrowest one above it that the table has: 010203 is in 0102."""
    if code is None:
        return None
    return next((one for one in (code, *reversed(parents(code))) if one in classes), None)


def suggested_class(texts: Iterable[str], words: ClassWords) -> str | None:
    """What the first telling text says; a later one may only make it narrower."""
    found = [code for code in (_code_named_in(fold(text), words) for text in texts) if code]
    return max((code for code in found if code.startswith(found[0])), key=len, default=None)


def _code_named_in(text: str, words: ClassWords) -> str | None:
    return next((code for word, code in words if word in text and _stands(word, text)), None)


def _stands(word: str, text: str) -> bool:
    """A Latin word must stand by itself: no `ms` in `beams`."""
    return not word.isascii() or re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None
