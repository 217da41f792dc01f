"""Amounts and prices as people write them: "94.94 万元", "¥1,200/小时", a bare "57"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.catalogue.rules.reading import ReadCode, Reading, problem
from app.catalogue.rules.words import PriceUnit, Vocabulary, is_absent, look_up
from app.kernel.money import Money

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", re.ASCII)
_RANGE = re.compile(r"\d[^\d,.]*(?:[-~\u2010-\u2015])[^\d]*\d", re.ASCII)
_GREATEST = Money.yuan(10**13)
_LONGEST = 100  # characters; the patterns above take their time with long texts


def read_amount(text: str, words: Vocabulary, *, unit: str | None = None) -> Reading[Money]:
    """Read an amount. `unit` (from the header or the mapping) is meant where the cell names none.

    A bare number without any unit is never guessed: the reading is a problem whose `candidates`
    are the amounts, in fen, that it could mean.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if is_absent(text, words):
        return Reading()
    if len(plain) > _LONGEST:
        return Reading(problem=problem(ReadCode.AMOUNT_UNREADABLE, text=text[:_LONGEST]))
    numbers = _NUMBER.findall(plain)
    if _RANGE.search(plain) or (len(numbers) > 1 and any(w in plain for w in words.range_words)):
        return Reading(problem=problem(ReadCode.AMOUNT_RANGE, text=text))
    around = _NUMBER.sub("", plain).casefold()
    if any(currency in around for currency in words.foreign_currencies):
        return Reading(problem=problem(ReadCode.AMOUNT_FOREIGN, text=text))
    if len(numbers) != 1 or (around and _factor(around, words.amount_units) is None):
        return Reading(problem=problem(ReadCode.AMOUNT_UNREADABLE, text=text))
    factor = _factor(around, words.amount_units) or _factor(unit or "", words.amount_units)
    number = Decimal(numbers[0].replace(",", ""))
    return _bare(number, text, words) if factor is None else _money(number * factor, text)


def _factor(unit: str, units: Mapping[str, Decimal]) -> Decimal | None:
    """Yuan per unit; a currency sign before the number and the unit after it may stand together."""
    folded = unicodedata.normalize("NFKC", unit).casefold().strip()
    known = units.get(folded)
    if known is not None or not folded:
        return known
    return units.get(folded[1:]) if folded[0] in units else None


def _bare(number: Decimal, text: str, words: Vocabulary) -> Reading[Money]:
    if number == 0:
        return Reading(Money(0))
    readings = (_money(number * factor, text).value for factor in (words.amount_units[u] for u in words.likely_units))
    candidates = [money.fen for money in readings if money is not None]
    return Reading(problem=problem(ReadCode.AMOUNT_NEEDS_UNIT, text=text, candidates=candidates))


def _money(yuan: Decimal, text: str) -> Reading[Money]:
    if yuan > _GREATEST.in_yuan():
        return Reading(problem=problem(ReadCode.AMOUNT_TOO_LARGE, text=text))
    if yuan * 100 % 1:
        return Reading(problem=problem(ReadCode.AMOUNT_TOO_FINE, text=text))
    return Reading(Money(int(yuan * 100)))


@dataclass(frozen=True, slots=True)
class PostedPrice:
    """A price as a list posts it, before it becomes a price list of this platform."""

    amount: Money
    unit: PriceUnit


def read_price_unit(text: str, words: Vocabulary) -> Reading[PriceUnit]:
    if is_absent(text, words):
        return Reading()
    # A unit column may repeat the money: 元/小时.
    unit = look_up(text.rpartition("/")[2], words.price_units)
    return Reading(unit) if unit else Reading(problem=problem(ReadCode.WORD_UNKNOWN, text=text))


def read_price(text: str, words: Vocabulary, *, per: str = "") -> Reading[PostedPrice]:
    """Read a price whose unit of use stands in the cell after a slash, or in `per`, the cell beside it.

    Prices of use are in yuan unless the cell says otherwise; only values are ever in 万元 by silence.
    """
    amount_text, _, own_unit = unicodedata.normalize("NFKC", text).partition("/")
    amount = read_amount(amount_text, words, unit=_yuan(words))
    unit = read_price_unit(own_unit or per, words)
    if amount.value is None or unit.value is None:
        missing = problem(ReadCode.VALUE_MISSING, text=text) if amount.value is not None else None
        return Reading(problem=amount.problem or unit.problem or missing)
    return Reading(PostedPrice(amount.value, unit.value))


def _yuan(words: Vocabulary) -> str:
    return next(word for word, factor in words.amount_units.items() if factor == 1)
