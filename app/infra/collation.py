"""One order of names on both engines: by pinyin, Latin letters among them."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from app.kernel.text import fold


def sort_key(name: str) -> str:
    """Plain letters that sort as a reader expects: 电镜 as `dian jing`. Compared byte by byte."""
    return " ".join(lazy_pinyin(fold(name), style=Style.NORMAL))[:200]
