"""The one kind of text the platform stores."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """NFC, outer white space removed, line ends as LF; NUL and lone surrogates raise ValueError.

    PostgreSQL cannot store NUL and neither engine can store a lone surrogate, so both are
    refused before the database sees them.
    """
    if "\x00" in text:
        raise ValueError("text must not contain NUL")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text must not contain lone surrogates") from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold(text: str) -> str:
    """For comparing codes and search terms: NFKC and case-folded."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
