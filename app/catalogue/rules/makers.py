"""Maker and model that share one cell: "日本日立公司；H-7650", "AGILENT 5973N"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.catalogue.rules.words import Vocabulary
from app.kernel.text import fold

_LONGEST = 400  # no maker and model together are longer, and the patterns below take their time with long texts
_BETWEEN = re.compile(r"\s*[;,\n\uff1b\uff0c\u3001]\s*")
_PLACEHOLDER = re.compile(r"^[*_\s]+")
_IDEOGRAPHS = r"\u3400-\u9fff"
_NATIVE_THEN_LATIN = re.compile(rf"([{_IDEOGRAPHS}()\s]*[{_IDEOGRAPHS})])\s*([^{_IDEOGRAPHS}]*\d[^{_IDEOGRAPHS}]*)")


@dataclass(frozen=True, slots=True)
class MakerAndModel:
    """`certain` is false where the split was inferred from the shape of the words alone."""

    maker: str = ""
    model: str = ""
    nation: str = ""
    certain: bool = True


def split_maker_and_model(text: str, words: Vocabulary) -> MakerAndModel:
    """Split at a separator, else after a company word, else after a known maker, else by script."""
    if len(text) > _LONGEST:
        return MakerAndModel(model=text, certain=False)
    parts = [p for p in _BETWEEN.split(text.strip()) if p]
    if not parts:
        return MakerAndModel()
    if len(parts) > 1:
        found = MakerAndModel(parts[0], " ".join(parts[1:]))
    else:
        found = _after_company_word(parts[0], words) or _after_known_maker(parts[0], words) or _by_script(parts[0])
    nation = next((n for n in words.nations if found.maker.startswith(n)), "")
    if not nation and not found.maker:
        nation = next((n for n in words.nations if found.model.startswith(n)), "")
    if nation and not found.maker:
        found = replace(found, maker=found.model, model="")
    return replace(found, model=_PLACEHOLDER.sub("", found.model), nation=nation)


def _after_company_word(cell: str, words: Vocabulary) -> MakerAndModel | None:
    lowered = cell.casefold()
    ends = [lowered.rfind(word) + len(word) for word in words.company_ends if word in lowered]
    if not ends:
        return None
    return MakerAndModel(cell[: max(ends)].strip(), cell[max(ends) :].strip(" .:"))


def _after_known_maker(cell: str, words: Vocabulary) -> MakerAndModel | None:
    folded = fold(cell)
    if len(folded) != len(cell):
        return None
    known = [m for m in words.makers if folded.startswith(m)]
    if not known:
        return None
    length = max(map(len, known))
    return MakerAndModel(cell[:length].strip(), cell[length:].strip(" -:"))


def _by_script(cell: str) -> MakerAndModel:
    match = _NATIVE_THEN_LATIN.fullmatch(cell)
    if match:
        return MakerAndModel(match[1].strip(), match[2].strip(), certain=False)
    return MakerAndModel(model=cell, certain=False)
