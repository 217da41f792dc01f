"""One order of names on both engines: by pinyin, compared as plain bytes."""

from __future__ import annotations

from app.kernel.text import fold


def sort_key(name: str) -> str:
    """Latin names sort as written, Chinese ones by the sound of each character."""
    # Its dictionary takes 55 MB of every process, and most never write a name.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    return " ".join(lazy_pinyin(fold(name), style=Style.TONE3, neutral_tone_with_five=True))
