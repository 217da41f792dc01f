"""Names kept in two languages: the registered Chinese one, and an English one where somebody has given it."""

from __future__ import annotations

from typing import Any, NamedTuple


class Names(NamedTuple):
    """The names alone, of a body or thing whose row nobody needs."""

    name: str
    name_en: str


def name_in(language: str, row: Any) -> str:
    """The name of an instrument, a facility or an organisation for a reader of this language; else the registered."""
    return str((language == "en" and row.name_en) or row.name)
