"""Short makers for hand-computed cases: one service of 106 元 with 6 元 tax, confirmed, and rounds closing in March."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from tests.oracle.model import SHANGHAI, Entry, Fen, Kind, Ledger, Record, Round, Rules
from tests.oracle.rounds import Result, run

YUAN = 100
SIMPLE = Rules(without_tax=False)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str, hour: int = 12) -> datetime:
    return datetime.combine(day(text), time(hour), SHANGHAI)


def record(key: str = "a", end: str = "2026-06-10", **changed: object) -> Record:
    """Two hours ending at noon, entered an hour later."""
    made = Record(
        key=key,
        provider="P",
        client="C",
        user="u",
        instrument="I",
        purpose="research",
        start=at(end, 10),
        end=at(end),
        entered=at(end, 13),
        charged=106 * YUAN,
        tax=6 * YUAN,
        effective_minutes=120,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def entry(kind: Kind, on: str, amount: Fen = 0, *, entered: str = "", key: str = "a", what: str = "") -> Entry:
    """Entered at noon of its own day unless said otherwise."""
    return Entry(key, kind, day(on), at(entered or on), amount, what, by="client")


def confirmed(key: str = "a", on: str = "2026-06-11") -> Entry:
    return entry(Kind.CONFIRMATION, on, key=key)


def paid(on: str, amount: Fen = 106 * YUAN, *, key: str = "a", entered: str = "") -> list[Entry]:
    return [confirmed(key), entry(Kind.RECEIPT, on, amount, key=key, entered=entered)]


def ledger(*records: Record, entries: Sequence[Entry], cutoffs: bool = True) -> Ledger:
    """Cut-offs: the last day of February of the next year."""
    published = {year: date(year + 1, 3, 1) - timedelta(days=1) for year in (2026, 2027, 2028)}
    return Ledger(records, tuple(entries), cutoffs=published if cutoffs else {})


def closing(year: int, rules: Rules = SIMPLE, *, final: bool = True, as_of: str = "") -> Round:
    return Round(year, at(as_of or f"{year + 1}-03-15"), rules, final=final)


def three_years(facts: Ledger, rules: Rules = SIMPLE) -> list[Result]:
    return run(facts, [closing(year, rules) for year in (2026, 2027, 2028)])


def counts(results: Sequence[Result], key: str = "a") -> list[int]:
    """What each round took of the service count; 0 where it does not see the record."""
    return [result.lines[key].count if key in result.lines else 0 for result in results]


def incomes(results: Sequence[Result], key: str = "a") -> list[Fen]:
    return [result.lines[key].income if key in result.lines else 0 for result in results]


def clients(results: Sequence[Result], key: str = "a") -> list[int]:
    return [result.lines[key].clients if key in result.lines else 0 for result in results]
